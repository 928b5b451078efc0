// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace rp {

using Bytes = std::span<const std::byte>;

/// Bytes together with whatever keeps them alive: a mapped file or an owned buffer.
struct SharedBytes {
    std::shared_ptr<const void> owner;
    Bytes bytes;

    std::size_t size() const { return bytes.size(); }
    /// [offset, offset + length); throws `truncated` when that is not inside.
    SharedBytes slice(std::uint64_t offset, std::uint64_t length, std::string_view where) const;
};

SharedBytes ownBytes(std::string data);

/// A copy in which the bytes of every element of `width` bytes are reversed: big-endian data made little-endian.
SharedBytes swappedBytes(Bytes bytes, std::size_t width);

/// Maps a regular file for reading. Throws `fileMissing`, `fileUnreadable` (directory, device, permission),
/// `truncated` (an empty file).
SharedBytes mapFile(const std::filesystem::path& path);

/// Reads little-endian numbers from bounded bytes; every read that would pass the end throws `truncated`
/// with `where`, the offset, the bytes needed and the bytes left.
class ByteReader {
public:
    ByteReader(Bytes bytes, std::string where) : m_bytes(bytes), m_where(std::move(where)) {}

    std::size_t offset() const { return m_offset; }
    std::size_t left() const { return m_bytes.size() - m_offset; }
    Bytes rest() const { return m_bytes.subspan(m_offset); } ///< what is left, without taking it
    bool atEnd() const { return left() == 0; }
    const std::string& where() const { return m_where; }

    Bytes take(std::uint64_t count);
    std::string_view text(std::uint64_t count);
    std::uint8_t u8() { return static_cast<std::uint8_t>(take(1)[0]); }
    std::uint16_t u16() { return static_cast<std::uint16_t>(little(2)); }
    std::uint32_t u32() { return static_cast<std::uint32_t>(little(4)); }
    std::uint64_t u64() { return little(8); }
    std::int32_t i32() { return static_cast<std::int32_t>(u32()); }
    void seek(std::uint64_t offset);

private:
    std::uint64_t little(std::size_t count);

    Bytes m_bytes;
    std::string m_where;
    std::size_t m_offset = 0;
};

} // namespace rp
