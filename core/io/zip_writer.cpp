// SPDX-License-Identifier: Apache-2.0
#include "core/io/zip_writer.h"

#include "core/base/error.h"

#include <limits>

#include <zlib.h>

namespace rp::io {
namespace {

constexpr std::uint64_t kAlignment = 64;
constexpr std::uint64_t kMax32 = std::numeric_limits<std::uint32_t>::max() - 1u; ///< 2^32 - 1 announces zip64

void little(std::string& to, std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i)
        to += static_cast<char>(value >> (8 * i) & 0xff);
}

/// Version needed to name length: the same in both headers.
std::string common(std::uint32_t crc, std::uint64_t size, std::size_t nameLength) {
    std::string text;
    little(text, 20, 2);     // version needed
    little(text, 0x0800, 2); // names are UTF-8
    little(text, 0, 2);      // stored
    little(text, 0, 2);      // time
    little(text, 0x21, 2);   // 1 January 1980, so that equal content gives equal files
    little(text, crc, 4);
    little(text, size, 4);
    little(text, size, 4);
    little(text, nameLength, 2);
    return text;
}

/// Bytes of extra field (at least its own 4) that move a payload to a multiple of the alignment.
std::size_t padding(std::uint64_t unpadded) {
    return 4 + static_cast<std::size_t>((kAlignment - (unpadded + 4) % kAlignment) % kAlignment);
}

[[noreturn]] void throwTooLarge() {
    throw Error(ErrorCode::unsupported, {"", "less than 4 GiB and 65535 tensors in a zip file", "more",
                                         "write .safetensors instead"});
}

} // namespace

void ZipWriter::add(const std::string& name, std::span<const Bytes> parts) {
    std::uint64_t size = 0;
    uLong crc = 0;
    for (const Bytes part : parts) {
        size += part.size();
        if (!part.empty()) // zlib takes no data for the wish to begin anew
            crc = crc32_z(crc, reinterpret_cast<const Bytef*>(part.data()), part.size());
    }
    const std::uint64_t begin = m_file.offset();
    const std::size_t extra = padding(begin + 30 + name.size());
    if (begin + 30 + name.size() + extra + size > kMax32 || m_count == 65534) throwTooLarge();
    std::string local;
    little(local, 0x04034b50, 4);
    local += common(static_cast<std::uint32_t>(crc), size, name.size());
    little(local, extra, 2);
    local += name;
    little(local, 0x4246, 2); // "FB", PyTorch's own padding field
    little(local, extra - 4, 2);
    local.append(extra - 4, 'Z');
    m_file.write(local);
    for (const Bytes part : parts)
        m_file.write(part);

    little(m_directory, 0x02014b50, 4);
    little(m_directory, 20, 2); // made by: version 2.0
    m_directory += common(static_cast<std::uint32_t>(crc), size, name.size());
    m_directory.append(2 + 2 + 2 + 2 + 4, '\0'); // extra, comment, disk, attributes
    little(m_directory, begin, 4);
    m_directory += name;
    ++m_count;
}

void ZipWriter::add(const std::string& name, std::string_view text) {
    const Bytes bytes = std::as_bytes(std::span(text.data(), text.size()));
    add(name, std::span(&bytes, 1));
}

void ZipWriter::finish() {
    const std::uint64_t begin = m_file.offset();
    if (begin + m_directory.size() > kMax32) throwTooLarge();
    m_file.write(m_directory);
    std::string end;
    little(end, 0x06054b50, 4);
    little(end, 0, 4); // disks
    little(end, m_count, 2);
    little(end, m_count, 2);
    little(end, m_directory.size(), 4);
    little(end, begin, 4);
    little(end, 0, 2); // comment
    m_file.write(end);
}

} // namespace rp::io
