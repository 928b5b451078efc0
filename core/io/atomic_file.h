// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/bytes.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace rp::io {

/// A file that appears under its name only when it is complete: written beside the target, synced, renamed.
/// Without `commit()` nothing is left behind. A link stays a link: the file behind it is replaced. An
/// existing file's permissions are kept. Every failure throws `writeFailed`.
class AtomicFile {
public:
    explicit AtomicFile(std::filesystem::path target);
    ~AtomicFile();
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;

    void write(Bytes bytes);
    void write(std::string_view text);
    std::uint64_t offset() const { return m_offset; }
    /// Where the content stands until `commit`; all that was written can be read there.
    const std::filesystem::path& temporary() const { return m_temporary; }
    void commit();

private:
    void discard() noexcept;
    [[noreturn]] void fail(const char* doing) const;

    std::filesystem::path m_target;
    std::filesystem::path m_temporary;
    int m_fd = -1;
    std::uint64_t m_offset = 0;
};

/// `text` into `target`, atomically.
void writeText(const std::filesystem::path& target, std::string_view text);

} // namespace rp::io
