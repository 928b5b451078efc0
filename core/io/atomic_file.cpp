// SPDX-License-Identifier: Apache-2.0
#include "core/io/atomic_file.h"

#include "core/base/error.h"
#include "core/base/mapped_file.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <optional>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace rp::io {
namespace {

[[noreturn]] void throwWriteFailed(const std::filesystem::path& target, std::string expected,
                                   std::string found, std::string remedy) {
    throw Error(ErrorCode::writeFailed,
                {target.string(), std::move(expected), std::move(found), std::move(remedy)});
}

/// Where a chain of symbolic links ends: the link stays, the file behind it is replaced.
std::filesystem::path behindLinks(std::filesystem::path target) {
    std::error_code error;
    for (int hops = 0; std::filesystem::is_symlink(std::filesystem::symlink_status(target, error)); ++hops) {
        const std::filesystem::path next = std::filesystem::read_symlink(target, error);
        if (error || hops > 40)
            throwWriteFailed(target, "a file or a link to one", "a circle of links", "choose another name");
        target = next.is_absolute() ? next : target.parent_path() / next;
    }
    return target;
}

std::filesystem::path directoryOf(const std::filesystem::path& file) {
    return file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
}

/// The mode of a file that will be replaced; throws when it must not be.
std::optional<mode_t> modeOfExisting(const std::filesystem::path& target) {
    struct stat info {};
    if (::stat(target.c_str(), &info) != 0) {
        // A missing directory is ENOENT as well, and is met when the temporary is created.
        if (errno != ENOENT)
            throwWriteFailed(target, "a place for a file", std::strerror(errno), "choose another name");
        return std::nullopt;
    }
    if (!S_ISREG(info.st_mode))
        throwWriteFailed(target, "a regular file",
                         S_ISDIR(info.st_mode) ? "a directory" : "a device, pipe or socket",
                         "choose another name");
    if (::access(target.c_str(), W_OK) != 0)
        throwWriteFailed(target, "a file that may be overwritten", std::strerror(errno),
                         "choose another name");
    return info.st_mode & 07777u;
}

/// The kernel cannot read from a mapped file that was cut short.
void requireReadable(Bytes bytes) {
    requireIntact(bytes);
    errno = EFAULT;
}

} // namespace

AtomicFile::AtomicFile(std::filesystem::path target) : m_target(behindLinks(std::move(target))) {
    if (!m_target.has_filename()) throwWriteFailed(m_target, "a file name", "a directory", "add a file name");
    const auto mode = modeOfExisting(m_target);
    static std::atomic<unsigned> counter{0};
    // A short name: the target's own may already be as long as the file system allows.
    for (int attempt = 0; m_fd < 0 && attempt < 100; ++attempt) {
        m_temporary = directoryOf(m_target) / fmt::format(".repscope-{}-{}.tmp", ::getpid(), counter++);
        m_fd = ::open(m_temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (m_fd < 0 && errno != EEXIST) break;
    }
    if (m_fd < 0) fail("creating a file beside it");
    if (mode && ::fchmod(m_fd, *mode) != 0) {
        const int reason = errno;
        discard();
        errno = reason;
        fail("keeping its permissions");
    }
}

AtomicFile::~AtomicFile() {
    discard();
}

void AtomicFile::discard() noexcept {
    if (m_fd < 0) return;
    ::close(m_fd);
    ::unlink(m_temporary.c_str());
    m_fd = -1;
}

void AtomicFile::write(Bytes bytes) {
    while (!bytes.empty()) {
        // Linux writes at most 2 GiB at once.
        const ssize_t done =
            ::write(m_fd, bytes.data(), std::min<std::size_t>(bytes.size(), std::size_t{1} << 30));
        if (done < 0 && errno == EINTR) continue;
        if (done < 0) {
            if (errno == EFAULT) requireReadable(bytes);
            fail("writing");
        }
        bytes = bytes.subspan(static_cast<std::size_t>(done));
        m_offset += static_cast<std::uint64_t>(done);
    }
}

void AtomicFile::write(std::string_view text) {
    write(std::as_bytes(std::span(text.data(), text.size())));
}

void AtomicFile::commit() {
    if (::fsync(m_fd) != 0) fail("flushing to disk");
    if (::rename(m_temporary.c_str(), m_target.c_str()) != 0) fail("renaming into place");
    ::close(m_fd);
    m_fd = -1;
    // Makes the rename durable. Some file systems cannot sync a directory; the file itself is complete.
    const int directory = ::open(directoryOf(m_target).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) return;
    ::fsync(directory);
    ::close(directory);
}

void AtomicFile::fail(const char* doing) const {
    const int reason = errno;
    throwWriteFailed(m_target, fmt::format("success in {}", doing), std::strerror(reason),
                     reason == ENOENT ? "create the directory first" : "check permissions and free space");
}

void writeText(const std::filesystem::path& target, std::string_view text) {
    AtomicFile file(target);
    file.write(text);
    file.commit();
}

} // namespace rp::io
