// SPDX-License-Identifier: Apache-2.0
#include "core/base/mapped_file.h"

#include "core/base/error.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace rp {
namespace {

struct Descriptor {
    explicit Descriptor(int descriptor) : fd(descriptor) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (fd >= 0) ::close(fd);
    }
    int release() { return std::exchange(fd, -1); }
    int fd;
};

class Mapping;

/// A mapping as the signal handler sees it: a row of a table of fixed size, without locks or memory of its own.
struct Watched {
    std::atomic<std::uintptr_t> begin{0}, end{0}; ///< `end` 0: free, or about to be
    std::atomic<bool> isTaken{false}, isLost{false};
    std::atomic<const Mapping*> owner{nullptr};
};
std::array<Watched, 256> watched;
struct sigaction previousAction;

Watched* watchedAt(std::uintptr_t address) {
    for (Watched& mapping : watched)
        if (address < mapping.end.load() && address >= mapping.begin.load()) return &mapping;
    return nullptr;
}

/// Zeros from the page that is missing to the end of its mapping; after that the instruction runs again.
void onMissingPage(int signal, siginfo_t* info, void* context) {
    const int savedErrno = errno;
    const auto address = reinterpret_cast<std::uintptr_t>(info->si_addr);
    if (Watched* mapping = info->si_code == BUS_ADRERR ? watchedAt(address) : nullptr) {
        const auto page = address & ~(static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE)) - 1);
        void* const zeros = ::mmap(reinterpret_cast<void*>(page), mapping->end.load() - page, PROT_READ,
                                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
        if (zeros != MAP_FAILED) {
            mapping->isLost = true;
            errno = savedErrno;
            return;
        }
    }
    // Not ours: whoever was there before, or the default, which ends the program at the same instruction.
    if (previousAction.sa_flags & SA_SIGINFO)
        previousAction.sa_sigaction(signal, info, context);
    else if (previousAction.sa_handler != SIG_DFL && previousAction.sa_handler != SIG_IGN)
        previousAction.sa_handler(signal);
    else
        ::signal(signal, SIG_DFL);
    errno = savedErrno;
}

void installHandler() {
    static const bool isInstalled = [] {
        struct sigaction action {};
        action.sa_sigaction = onMissingPage;
        action.sa_flags = SA_SIGINFO;
        sigemptyset(&action.sa_mask);
        return ::sigaction(SIGBUS, &action, &previousAction) == 0;
    }();
    (void)isInstalled;
}

[[noreturn]] void throwUnreadable(const std::filesystem::path& path, std::string found) {
    throw Error(ErrorCode::fileUnreadable,
                {path.string(), "a readable regular file", std::move(found), "check the path and its permissions"});
}

class Mapping {
public:
    /// Takes the descriptor: what becomes of the file is asked through it, whatever stands under its name by then.
    Mapping(void* address, const struct stat& info, Watched* row, int fd, std::string name)
        : m_address(address), m_info(info), m_row(row), m_file(fd), m_name(std::move(name)) {
        m_row->isLost = false;
        m_row->owner = this;
        m_row->begin = reinterpret_cast<std::uintptr_t>(address);
        m_row->end = reinterpret_cast<std::uintptr_t>(address) + static_cast<std::uintptr_t>(info.st_size);
    }
    Mapping(const Mapping&) = delete;
    Mapping& operator=(const Mapping&) = delete;
    ~Mapping() {
        m_row->end = 0;
        ::munmap(m_address, static_cast<std::size_t>(m_info.st_size));
        m_row->isTaken = false;
    }
    const std::string& name() const { return m_name; }
    bool isIntact() const {
        struct stat now {};
        return !m_row->isLost && ::fstat(m_file.fd, &now) == 0 && now.st_size == m_info.st_size &&
               now.st_mtim.tv_sec == m_info.st_mtim.tv_sec && now.st_mtim.tv_nsec == m_info.st_mtim.tv_nsec;
    }

private:
    void* const m_address;
    const struct stat m_info;
    Watched* const m_row;
    const Descriptor m_file;
    const std::string m_name;
};

/// None when more files are mapped than the handler can watch.
Watched* takeRow() {
    for (Watched& row : watched)
        if (!row.isTaken.exchange(true)) return &row;
    return nullptr;
}

SharedBytes readWhole(const std::filesystem::path& path, int fd, std::size_t size) {
    std::string content(size, '\0');
    for (std::size_t at = 0; at < size;) {
        const ssize_t count = ::pread(fd, content.data() + at, size - at, static_cast<off_t>(at));
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) throwUnreadable(path, count < 0 ? std::strerror(errno) : "a file that becomes shorter while it is read");
        at += static_cast<std::size_t>(count);
    }
    return ownBytes(std::move(content));
}

} // namespace

SharedBytes mapFile(const std::filesystem::path& path) {
    // O_NONBLOCK: a named pipe must not make us wait for a writer.
    Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (file.fd < 0) {
        if (errno == ENOENT || errno == ENOTDIR)
            throw Error(ErrorCode::fileMissing, {path.string(), "a file", "nothing there", "check the path"});
        throwUnreadable(path, std::strerror(errno));
    }
    struct stat info {};
    if (::fstat(file.fd, &info) != 0) throwUnreadable(path, std::strerror(errno));
    if (S_ISDIR(info.st_mode)) throwUnreadable(path, "a directory");
    if (!S_ISREG(info.st_mode)) throwUnreadable(path, "a device, pipe or socket");
    if (info.st_size == 0)
        throw Error(ErrorCode::truncated, {path.string(), "content", "an empty file", "download or export it again"});

    installHandler();
    const auto size = static_cast<std::size_t>(info.st_size);
    Watched* const row = takeRow();
    if (!row) return readWhole(path, file.fd, size);
    void* const address = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.fd, 0);
    if (address == MAP_FAILED) {
        const int reason = errno;
        row->isTaken = false;
        throwUnreadable(path, std::strerror(reason));
    }
    auto owner = std::make_shared<const Mapping>(address, info, row, file.release(), path.string());
    return {std::move(owner), Bytes(static_cast<const std::byte*>(address), size)};
}

void requireIntact(Bytes bytes) {
    const Watched* const row = bytes.empty() ? nullptr : watchedAt(reinterpret_cast<std::uintptr_t>(bytes.data()));
    if (!row || row->owner.load()->isIntact()) return;
    throw Error(ErrorCode::truncated, {row->owner.load()->name(), "the content that it had when it was opened",
                                       "a file that was written or cut short since", "open it again"});
}

} // namespace rp
