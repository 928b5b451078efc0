// SPDX-License-Identifier: Apache-2.0
#include "core/io/file_kind.h"

#include "core/io/picture_header.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace rp::io {
namespace {

using namespace std::string_view_literals;

struct Magic {
    std::string_view bytes;
    FileKind kind;
};

constexpr std::array<Magic, 12> kMagics{{
    {"PK\x03\x04"sv, FileKind::zip},
    {"PK\x05\x06"sv, FileKind::zip},
    {"\x93NUMPY"sv, FileKind::npy},
    {"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19"sv, FileKind::torchLegacy},
    {"\x80\x02"sv, FileKind::pickle},
    {"\x80\x03"sv, FileKind::pickle},
    {"\x80\x04"sv, FileKind::pickle},
    {"\x80\x05"sv, FileKind::pickle},
    {"\x89HDF\r\n\x1a\n"sv, FileKind::hdf5},
    {"<!DOCTYPE"sv, FileKind::webPage},
    {"<html"sv, FileKind::webPage},
    {"version https://git-lfs"sv, FileKind::lfsPointer},
}};

bool isSafetensors(std::string_view text) {
    if (text.size() < 9 || text[8] != '{') return false;
    // The length is at most 100,000,000, so its upper bytes are zero; a text file is told apart by that.
    return text.substr(4, 4) == "\0\0\0\0"sv;
}

/// ModelProto: field 1 (ir_version, a small number) followed by a field that may come next.
bool isOnnx(std::string_view text) {
    return text.size() > 3 && text[0] == '\x08' && text[1] > 0 && text[1] < 32 &&
           "\x12\x1a\x22\x2a\x32\x3a\x42\x72"sv.find(text[2]) != std::string_view::npos;
}

} // namespace

FileKind fileKindOf(Bytes file) {
    const std::string_view text(reinterpret_cast<const char*>(file.data()),
                                std::min<std::size_t>(file.size(), 512));
    for (const Magic& magic : kMagics)
        if (text.starts_with(magic.bytes)) return magic.kind;
    if (text.size() > 262 && text.substr(257, 5) == "ustar") return FileKind::torchTar;
    if (isSafetensors(text)) return FileKind::safetensors;
    if (isPicture(file)) return FileKind::picture;
    if (isOnnx(text)) return FileKind::onnx;
    return FileKind::unknown;
}

} // namespace rp::io
