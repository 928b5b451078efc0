// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/bytes.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace rp::io {

struct ZipMember {
    std::string name;
    std::uint64_t offset = 0; ///< of the payload
    std::uint64_t packedBytes = 0;
    std::uint64_t bytes = 0;
    std::uint32_t crc = 0;
    bool deflated = false;
};

/// The directory of a mapped zip file, checked as a whole: no name twice, none with `..` or absolute, no
/// member encrypted, outside the file or overlapping another. Stored members are handed out without a copy.
class ZipArchive {
public:
    /// Throws `malformed`, `truncated`, `unsupported` (encryption, other compression).
    ZipArchive(SharedBytes file, std::uint64_t maxDecodedBytes);

    const std::vector<ZipMember>& members() const { return m_members; } ///< in the directory's order
    std::uint64_t fileBytes() const { return m_file.size(); }
    const ZipMember* find(std::string_view name) const;
    bool has(std::string_view name) const { return find(name) != nullptr; }
    /// Inflates a deflated member (checked against its CRC) within what is left of `maxDecodedBytes`, else
    /// throws `limitExceeded`. The CRC of a stored member is checked only when `checked`: it costs a full
    /// read.
    SharedBytes read(const ZipMember& member, bool checked = false);
    /// Takes `bytes` from what may be decoded, for what the caller makes of a member.
    void charge(const std::string& what, std::uint64_t bytes);

private:
    void list();
    void index();
    void rejectOverlap() const;
    SharedBytes inflated(const ZipMember& member);

    struct Extent { ///< local header and payload
        std::uint64_t begin, end;
        std::size_t member;
    };

    SharedBytes m_file;
    std::uint64_t m_left;
    std::uint64_t m_directory = 0; ///< where the central directory begins
    std::vector<ZipMember> m_members;
    std::vector<Extent> m_extents;
    std::unordered_map<std::string_view, std::size_t> m_byName;
};

} // namespace rp::io
