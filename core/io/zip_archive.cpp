// SPDX-License-Identifier: Apache-2.0
#include "core/io/zip_archive.h"

#include "core/base/error.h"

#include <algorithm>
#include <cstring>
#include <new>

#include <fmt/format.h>
#include <minizip/unzip.h>
#include <zlib.h>

namespace rp::io {
namespace {

[[noreturn]] void throwMalformed(std::string where, std::string expected, std::string found) {
    throw Error(ErrorCode::malformed,
                {std::move(where), std::move(expected), std::move(found),
                 "the zip file is damaged or was tampered with; download or export it again"});
}

[[noreturn]] void throwNoDirectory() {
    throw Error(ErrorCode::truncated, {"zip", "a central directory at the end", "none",
                                       "the file is cut short; download or export it again"});
}

/// minizip's view of the mapping: a read position over bytes that stay where they are.
struct MemoryStream {
    Bytes bytes;
    std::uint64_t at = 0;

    static voidpf open(voidpf opaque, const void*, int) { return opaque; }

    static uLong read(voidpf, voidpf stream, void* to, uLong size) {
        auto* self = static_cast<MemoryStream*>(stream);
        const std::uint64_t count = std::min<std::uint64_t>(size, self->bytes.size() - self->at);
        std::memcpy(to, self->bytes.data() + self->at, count);
        self->at += count;
        return static_cast<uLong>(count);
    }

    static uLong write(voidpf, voidpf, const void*, uLong) { return 0; }
    static ZPOS64_T tell(voidpf, voidpf stream) { return static_cast<MemoryStream*>(stream)->at; }

    static long seek(voidpf, voidpf stream, ZPOS64_T offset, int origin) {
        auto* self = static_cast<MemoryStream*>(stream);
        const std::uint64_t base = origin == ZLIB_FILEFUNC_SEEK_CUR   ? self->at
                                   : origin == ZLIB_FILEFUNC_SEEK_END ? self->bytes.size()
                                                                      : 0;
        if (offset > self->bytes.size() - base) return -1;
        self->at = base + offset;
        return 0;
    }

    static int close(voidpf, voidpf) { return 0; }
    static int error(voidpf, voidpf) { return 0; }
};

struct Unzip {
    explicit Unzip(MemoryStream& stream) {
        zlib_filefunc64_def functions{
            &MemoryStream::open, &MemoryStream::read,  &MemoryStream::write, &MemoryStream::tell,
            &MemoryStream::seek, &MemoryStream::close, &MemoryStream::error, &stream};
        handle = unzOpen2_64("", &functions);
        if (!handle) throwNoDirectory();
    }
    Unzip(const Unzip&) = delete;
    Unzip& operator=(const Unzip&) = delete;
    ~Unzip() { unzClose(handle); }
    unzFile handle = nullptr;
};

/// A raw deflate stream, decoded into exactly the bytes that it was declared to have.
class Inflater {
public:
    Inflater() {
        if (inflateInit2(&m_stream, -MAX_WBITS) != Z_OK) throw std::bad_alloc();
    }
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;
    ~Inflater() { inflateEnd(&m_stream); }

    /// False unless `packed` ends a stream that fills `out` to its last byte.
    bool fill(std::string& out, Bytes packed) {
        char surplus = 0; // a stream that writes here is longer than declared
        std::size_t made = 0;
        int status = Z_OK;
        while (status == Z_OK) {
            const bool full = made == out.size();
            // zlib counts in 32 bits: in and out go piece by piece.
            const uInt room = full ? 1u : static_cast<uInt>(std::min(out.size() - made, kPiece));
            const uInt fed = static_cast<uInt>(std::min(packed.size(), kPiece));
            m_stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(packed.data()));
            m_stream.avail_in = fed;
            m_stream.next_out = reinterpret_cast<Bytef*>(full ? &surplus : out.data() + made);
            m_stream.avail_out = room;
            status = inflate(&m_stream, Z_NO_FLUSH);
            packed = packed.subspan(fed - m_stream.avail_in);
            const uInt written = room - m_stream.avail_out;
            if (full && written > 0) return false;
            made += written;
        }
        return status == Z_STREAM_END && made == out.size();
    }

private:
    static constexpr std::size_t kPiece = std::size_t{1} << 30;
    z_stream m_stream{};
};

void rejectName(const std::string& name) {
    bool bad = name.empty() || name.front() == '/' || name.find('\0') != std::string::npos ||
               name.find('\\') != std::string::npos;
    for (std::size_t start = 0; start <= name.size() && !bad;) {
        const std::size_t end = std::min(name.find('/', start), name.size());
        bad = std::string_view(name).substr(start, end - start) == "..";
        start = end + 1;
    }
    if (bad) throwMalformed("zip", "relative member names without '..'", fmt::format("'{}'", name));
}

void rejectMethod(const std::string& name, const unz_file_info64& info) {
    if ((info.flag & 1u) != 0)
        throw Error(ErrorCode::unsupported, {name, "a member without encryption", "an encrypted one",
                                             "export it without a password"});
    if (info.compression_method != 0 && info.compression_method != Z_DEFLATED)
        throw Error(ErrorCode::unsupported, {name, "a stored or deflated member",
                                             fmt::format("compression method {}", info.compression_method),
                                             "pack it again with store or deflate"});
    if (info.compression_method == 0 && info.compressed_size != info.uncompressed_size)
        throwMalformed(name, "one size for a stored member",
                       fmt::format("{} and {} bytes", info.compressed_size, info.uncompressed_size));
}

std::string nameOf(unzFile handle, unz_file_info64& info) {
    if (unzGetCurrentFileInfo64(handle, &info, nullptr, 0, nullptr, 0, nullptr, 0) != UNZ_OK)
        throwMalformed("zip", "a readable central directory", "a damaged entry");
    std::string name(info.size_filename, '\0');
    if (unzGetCurrentFileInfo64(handle, &info, name.data(), static_cast<uLong>(name.size()), nullptr, 0,
                                nullptr, 0) != UNZ_OK)
        throwMalformed("zip", "a readable central directory", "a damaged entry");
    return name;
}

} // namespace

ZipArchive::ZipArchive(SharedBytes file, std::uint64_t maxDecodedBytes)
    : m_file(std::move(file)), m_left(maxDecodedBytes) {
    list();
    index();
    rejectOverlap();
}

void ZipArchive::list() {
    const std::string_view text(reinterpret_cast<const char*>(m_file.bytes.data()), m_file.size());
    if (text.starts_with("PK\x05\x06")) return; // an empty archive, which minizip takes for a damaged one
    // minizip reads zeros behind the end of the file and would not miss the last bytes.
    const std::size_t end = text.rfind("PK\x05\x06");
    if (end == std::string_view::npos || text.size() - end < 22) throwNoDirectory();
    MemoryStream stream{m_file.bytes};
    const Unzip zip(stream);
    unz_global_info64 global{};
    if (unzGetGlobalInfo64(zip.handle, &global) != UNZ_OK)
        throwMalformed("zip", "a central directory", "a damaged one");
    if (global.number_entry == 0) return;
    int status = unzGoToFirstFile(zip.handle);
    unz64_file_pos position{};
    if (status == UNZ_OK && unzGetFilePos64(zip.handle, &position) == UNZ_OK)
        m_directory = position.pos_in_zip_directory;
    for (; status == UNZ_OK; status = unzGoToNextFile(zip.handle)) {
        unz_file_info64 info{};
        std::string name = nameOf(zip.handle, info);
        rejectName(name);
        rejectMethod(name, info);
        // Opened raw only to learn where the payload begins; this also compares local and central header.
        int method = 0;
        int level = 0;
        if (unzOpenCurrentFile2(zip.handle, &method, &level, 1) != UNZ_OK)
            throwMalformed(name, "a local header that agrees with the directory", "another");
        const std::uint64_t offset = unzGetCurrentFileZStreamPos64(zip.handle);
        const int extra = unzGetLocalExtrafield(zip.handle, nullptr, 0);
        unzCloseCurrentFile(zip.handle);
        const std::uint64_t header = 30 + name.size() + static_cast<std::uint64_t>(std::max(extra, 0));
        m_extents.push_back({offset - std::min(offset, header), offset, m_members.size()});
        m_members.push_back({std::move(name), offset, info.compressed_size, info.uncompressed_size,
                             static_cast<std::uint32_t>(info.crc), info.compression_method != 0});
    }
    if (status != UNZ_END_OF_LIST_OF_FILE || m_members.size() != global.number_entry)
        throwMalformed("zip", fmt::format("{} readable directory entries", global.number_entry),
                       fmt::format("{}", m_members.size()));
}

void ZipArchive::index() {
    for (std::size_t i = 0; i < m_members.size(); ++i)
        if (!m_byName.emplace(m_members[i].name, i).second)
            throwMalformed(m_members[i].name, "every member name once", "the name twice");
}

void ZipArchive::rejectOverlap() const {
    auto extents = m_extents;
    for (Extent& extent : extents) {
        const ZipMember& member = m_members[extent.member];
        if (member.offset > m_directory || member.packedBytes > m_directory - member.offset)
            throwMalformed(
                member.name,
                fmt::format("{} bytes before the directory at byte {}", member.packedBytes, m_directory),
                fmt::format("a payload that begins at byte {}", member.offset));
        extent.end = member.offset + member.packedBytes;
    }
    std::ranges::sort(extents, {}, &Extent::begin);
    for (std::size_t i = 1; i < extents.size(); ++i)
        if (extents[i].begin < extents[i - 1].end)
            throwMalformed(m_members[extents[i].member].name, "members that do not overlap",
                           fmt::format("one that begins inside '{}'", m_members[extents[i - 1].member].name));
}

const ZipMember* ZipArchive::find(std::string_view name) const {
    const auto it = m_byName.find(name);
    return it == m_byName.end() ? nullptr : &m_members[it->second];
}

SharedBytes ZipArchive::read(const ZipMember& member, bool checked) {
    if (member.deflated) return inflated(member);
    SharedBytes bytes = m_file.slice(member.offset, member.packedBytes, member.name);
    if (checked && crc32_z(0, reinterpret_cast<const Bytef*>(bytes.bytes.data()), bytes.size()) != member.crc)
        throwMalformed(member.name, "content that agrees with its CRC", "other content");
    return bytes;
}

void ZipArchive::charge(const std::string& what, std::uint64_t bytes) {
    if (bytes > m_left)
        throw Error(ErrorCode::limitExceeded,
                    {what, fmt::format("at most {} more decoded bytes", m_left), fmt::format("{}", bytes),
                     "raise the limit if the file is trusted"});
    m_left -= bytes;
}

SharedBytes ZipArchive::inflated(const ZipMember& member) {
    charge(member.name, member.bytes);
    // Deflate's best ratio is 1032; a member that declares more lies, and must not make us allocate.
    if (member.bytes / 1032 > member.packedBytes)
        throwMalformed(member.name,
                       fmt::format("at most {} bytes from {} packed ones", member.packedBytes * 1032,
                                   member.packedBytes),
                       fmt::format("{}", member.bytes));
    const Bytes packed = m_file.slice(member.offset, member.packedBytes, member.name).bytes;
    std::string out(member.bytes, '\0');
    if (!Inflater().fill(out, packed))
        throwMalformed(member.name, fmt::format("a deflate stream of {} bytes", out.size()),
                       "a damaged, shorter or longer one");
    if (crc32_z(0, reinterpret_cast<const Bytef*>(out.data()), out.size()) != member.crc)
        throwMalformed(member.name, "content that agrees with its CRC", "other content");
    return ownBytes(std::move(out));
}

} // namespace rp::io
