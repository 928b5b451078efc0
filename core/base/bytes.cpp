// SPDX-License-Identifier: Apache-2.0
#include "core/base/bytes.h"

#include "core/base/error.h"

#include <algorithm>

#include <fmt/format.h>

namespace rp {

SharedBytes SharedBytes::slice(std::uint64_t offset, std::uint64_t length, std::string_view where) const {
    if (offset > bytes.size() || length > bytes.size() - offset)
        throw Error(ErrorCode::truncated,
                    {std::string(where), fmt::format("{} bytes at byte {}", length, offset),
                     fmt::format("{} bytes in all", bytes.size()), "the file is cut short or its directory is wrong"});
    return {owner, bytes.subspan(offset, length)};
}

SharedBytes ownBytes(std::string data) {
    auto owner = std::make_shared<const std::string>(std::move(data));
    Bytes bytes = std::as_bytes(std::span(owner->data(), owner->size()));
    return {std::move(owner), bytes};
}

SharedBytes swappedBytes(Bytes bytes, std::size_t width) {
    std::string copy(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    for (std::size_t at = 0; at + width <= copy.size(); at += width)
        std::reverse(copy.begin() + static_cast<std::ptrdiff_t>(at),
                     copy.begin() + static_cast<std::ptrdiff_t>(at + width));
    return ownBytes(std::move(copy));
}

Bytes ByteReader::take(std::uint64_t count) {
    if (count > left())
        throw Error(ErrorCode::truncated, {fmt::format("{}: byte {}", m_where, m_offset), fmt::format("{} more bytes", count),
                                           fmt::format("{} left", left()), "the file is cut short"});
    Bytes taken = m_bytes.subspan(m_offset, count);
    m_offset += count;
    return taken;
}

std::string_view ByteReader::text(std::uint64_t count) {
    Bytes taken = take(count);
    return {reinterpret_cast<const char*>(taken.data()), taken.size()};
}

void ByteReader::seek(std::uint64_t offset) {
    if (offset > m_bytes.size())
        throw Error(ErrorCode::truncated, {m_where, fmt::format("a byte {}", offset),
                                           fmt::format("{} bytes in all", m_bytes.size()), "the file is cut short"});
    m_offset = offset;
}

std::uint64_t ByteReader::little(std::size_t count) {
    Bytes taken = take(count);
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < count; ++i) value |= std::to_integer<std::uint64_t>(taken[i]) << (8 * i);
    return value;
}

} // namespace rp
