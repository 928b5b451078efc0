// SPDX-License-Identifier: Apache-2.0
#include "core/io/picture_header.h"

#include "core/base/error.h"

#include <algorithm>
#include <bit>
#include <string_view>

#include <fmt/format.h>

namespace rp::io {
namespace {

using namespace std::string_view_literals;

[[noreturn]] void throwMalformed(std::string expected, std::string found) {
    throw Error(ErrorCode::malformed,
                {"picture", std::move(expected), std::move(found), "the picture is damaged"});
}

std::string_view textOf(Bytes file) {
    return {reinterpret_cast<const char*>(file.data()), file.size()};
}

std::uint16_t swap16(std::uint16_t value) {
    return static_cast<std::uint16_t>(value << 8 | value >> 8);
}
std::uint32_t big32(ByteReader& in) {
    return __builtin_bswap32(in.u32());
}
std::uint16_t big16(ByteReader& in) {
    return swap16(in.u16());
}

PictureHeader png(ByteReader& in) {
    in.seek(12);
    if (in.text(4) != "IHDR") throwMalformed("a PNG that begins with IHDR", "another chunk");
    PictureHeader header;
    header.width = big32(in);
    header.height = big32(in);
    header.bits = in.u8();
    switch (in.u8()) {
    case 0:
        header.kind = "grey";
        break;
    case 2:
        header.kind = "RGB";
        break;
    case 3:
        header.kind = "palette";
        break;
    case 4:
        header.kind = "grey with alpha";
        break;
    case 6:
        header.kind = "RGBA";
        break;
    default:
        throwMalformed("a PNG colour type of 0, 2, 3, 4 or 6", "another");
    }
    return header;
}

/// Walks the markers up to the start of frame.
PictureHeader jpeg(ByteReader& in) {
    in.seek(2);
    for (;;) {
        if (in.u8() != 0xff) throwMalformed("a JPEG marker", "other bytes");
        std::uint8_t marker = in.u8();
        while (marker == 0xff)
            marker = in.u8();
        if (marker == 0x01 || (marker >= 0xd0 && marker <= 0xd8)) continue; // no length
        const std::uint16_t length = big16(in);
        if (length < 2 || marker == 0xd9 || marker == 0xda)
            throwMalformed("a JPEG frame header", "none before the data");
        const bool frame =
            marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
        if (!frame) {
            in.take(length - 2u);
            continue;
        }
        PictureHeader header;
        header.bits = in.u8();
        header.height = big16(in);
        header.width = big16(in);
        const int components = in.u8();
        header.kind = components == 1 ? "grey" : components == 4 ? "CMYK" : "RGB";
        return header;
    }
}

PictureHeader bmp(ByteReader& in) {
    in.seek(14);
    PictureHeader header;
    const bool old = in.u32() == 12;
    const auto magnitude = [](std::int32_t v) {
        return v < 0 ? 0u - static_cast<std::uint32_t>(v) : static_cast<std::uint32_t>(v);
    };
    header.width = old ? in.u16() : magnitude(in.i32());
    header.height = old ? in.u16() : magnitude(in.i32()); // negative: top row first
    in.u16();
    const int depth = in.u16();
    header.kind = depth <= 8 ? "palette" : depth == 32 ? "RGBA" : "RGB";
    return header;
}

PictureHeader webp(ByteReader& in) {
    in.seek(12);
    const std::string_view chunk = in.text(4);
    in.u32();
    const auto little24 = [&in] { return static_cast<std::uint32_t>(in.u16() | in.u8() << 16); };
    PictureHeader header;
    header.kind = "RGB";
    if (chunk == "VP8X") {
        if ((in.u8() & 0x10) != 0) header.kind = "RGBA";
        in.take(3);
        header.width = little24() + 1;
        header.height = little24() + 1;
    } else if (chunk == "VP8L") {
        if (in.u8() != 0x2f) throwMalformed("a WebP lossless signature", "another byte");
        const std::uint32_t bits = in.u32();
        header.width = (bits & 0x3fff) + 1;
        header.height = (bits >> 14 & 0x3fff) + 1;
    } else if (chunk == "VP8 ") {
        in.take(6); // frame tag and start code
        header.width = in.u16() & 0x3fff;
        header.height = in.u16() & 0x3fff;
    } else {
        throwMalformed("a WebP picture", "another chunk");
    }
    return header;
}

/// The first directory's ImageWidth 256, ImageLength 257, BitsPerSample 258, SamplesPerPixel 277,
/// SampleFormat 339 (3: floating point).
PictureHeader tiff(ByteReader& in) {
    in.seek(0);
    const bool big = in.text(2) == "MM";
    const auto read16 = [&] { return big ? big16(in) : in.u16(); };
    const auto read32 = [&] { return big ? big32(in) : in.u32(); };
    if (read16() != 42) throwMalformed("a classic TIFF", "another version");
    in.seek(read32());
    PictureHeader header;
    std::uint32_t samples = 1;
    for (int left = read16(); left > 0; --left) {
        const std::uint16_t tag = read16();
        const std::uint16_t type = read16();
        const std::uint32_t count = read32();
        const std::size_t next = in.offset() + 4;
        if ((tag == 258 || tag == 339) && count > 2) in.seek(read32()); // the values do not fit in here
        const std::uint32_t value = type == 3 ? read16() : read32();
        if (tag == 256) header.width = value;
        if (tag == 257) header.height = value;
        if (tag == 258) header.bits = static_cast<int>(std::min<std::uint32_t>(value, 64));
        if (tag == 277) samples = value;
        if (tag == 339) header.floating = value == 3;
        in.seek(next);
    }
    header.kind = samples == 1 ? "grey" : samples == 4 ? "RGBA" : "RGB";
    return header;
}

std::uint64_t pnmNumber(ByteReader& in) {
    char c = static_cast<char>(in.u8());
    while (std::string_view(" \t\r\n#").find(c) != std::string_view::npos) {
        while (c == '#' && in.u8() != '\n') {
        }
        c = static_cast<char>(in.u8());
    }
    std::uint64_t value = 0;
    for (; c >= '0' && c <= '9'; c = static_cast<char>(in.u8())) {
        value = value * 10 + static_cast<std::uint64_t>(c - '0');
        if (value > 0xffffffffu) throwMalformed("a PNM size of 32 bits", "a larger one");
    }
    return value;
}

PictureHeader pnm(ByteReader& in) {
    in.seek(1);
    const int variant = in.u8() - '0';
    PictureHeader header;
    header.width = pnmNumber(in);
    header.height = pnmNumber(in);
    const bool bitmap = variant == 1 || variant == 4;
    header.bits = bitmap ? 1 : pnmNumber(in) > 255 ? 16 : 8;
    header.kind = variant == 3 || variant == 6 ? "RGB" : "grey";
    return header;
}

using Reader = PictureHeader (*)(ByteReader&);

Reader readerOf(std::string_view text) {
    if (text.starts_with("\x89PNG\r\n\x1a\n"sv)) return png;
    if (text.starts_with("\xff\xd8\xff"sv)) return jpeg;
    if (text.starts_with("BM"sv) && text.size() > 26 && text.substr(6, 4) == "\0\0\0\0"sv) return bmp;
    if (text.starts_with("RIFF"sv) && text.size() > 12 && text.substr(8, 4) == "WEBP") return webp;
    if (text.starts_with("II*\0"sv) || text.starts_with("MM\0*"sv)) return tiff;
    if (text.size() > 2 && text[0] == 'P' && text[1] >= '1' && text[1] <= '6' &&
        " \t\r\n#"sv.find(text[2]) != text.npos)
        return pnm;
    return nullptr;
}

/// Decoders fill what a cut file lacks with grey, or with whatever is in memory. `after` is behind the frame header, so that the end of
/// a thumbnail does not count.
void checkEnd(Reader reader, std::string_view text, std::size_t after) {
    const std::string_view end = reader == jpeg ? "\xff\xd9"sv : reader == png ? "IEND"sv : ""sv;
    if (text.find(end, std::min(after, text.size())) == text.npos)
        throw Error(ErrorCode::truncated, {"picture", "the marker that ends it", fmt::format("{} bytes without one", text.size()), "the picture is damaged"});
}

} // namespace

bool isPicture(Bytes file) {
    return readerOf(textOf(file)) != nullptr;
}

PictureHeader readPictureHeader(Bytes file) {
    const Reader reader = readerOf(textOf(file));
    if (!reader) throwMalformed("a PNG, JPEG, BMP, WebP, TIFF or PNM picture", "something else");
    ByteReader in(file, "picture");
    PictureHeader header = reader(in);
    checkEnd(reader, textOf(file), in.offset());
    if (header.width == 0 || header.height == 0)
        throwMalformed("a width and height of 1 or more", fmt::format("{}x{}", header.width, header.height));
    return header;
}

} // namespace rp::io
