// SPDX-License-Identifier: Apache-2.0
#include "tests/support/file_builder.h"

#include <bit>
#include <fstream>
#include <iterator>

#include <zlib.h>

namespace rp::test {
namespace {

std::uint32_t crcOf(const std::string& data) {
    return static_cast<std::uint32_t>(
        crc32(0, reinterpret_cast<const Bytef*>(data.data()), static_cast<uInt>(data.size())));
}

std::string join(std::initializer_list<std::string> items) {
    std::string text;
    for (const std::string& item : items)
        text += item;
    return text;
}

std::string sizes(std::initializer_list<std::int32_t> values) {
    std::string text = "(";
    for (std::int32_t value : values)
        text += pickle::num(value);
    return text + "t";
}

} // namespace

std::string little(std::uint64_t value, int bytes) {
    std::string text;
    for (int i = 0; i < bytes; ++i)
        text += static_cast<char>(value >> (8 * i) & 0xff);
    return text;
}

namespace pickle {

std::string str(std::string_view text) {
    return "X" + little(text.size(), 4) + std::string(text);
}

std::string num(std::int32_t value) {
    return "J" + little(static_cast<std::uint32_t>(value), 4);
}

std::string real(double value) {
    const std::string bytes = little(std::bit_cast<std::uint64_t>(value), 8);
    return "G" + std::string(bytes.rbegin(), bytes.rend());
}

std::string global(std::string_view module, std::string_view name) {
    return "c" + std::string(module) + "\n" + std::string(name) + "\n";
}

std::string tuple(std::initializer_list<std::string> items) {
    return "(" + join(items) + "t";
}

std::string list(std::initializer_list<std::string> items) {
    return "](" + join(items) + "e";
}

std::string dict(std::initializer_list<std::string> pairs) {
    return "}(" + join(pairs) + "u";
}

std::string reduce(const std::string& callable, const std::string& arguments) {
    return callable + arguments + "R";
}

std::string storage(std::string_view type, std::string_view key, std::int32_t elements) {
    return tuple({str("storage"), global("torch", type), str(key), str("cpu"), num(elements)}) + "Q";
}

std::string tensor(const std::string& storage, std::int32_t offset, std::initializer_list<std::int32_t> shape,
                   std::initializer_list<std::int32_t> strides) {
    return reduce(global("torch._utils", "_rebuild_tensor_v2"),
                  tuple({storage, num(offset), sizes(shape), sizes(strides), "\x89",
                         reduce(global("collections", "OrderedDict"), ")")}));
}

std::string file(const std::string& value) {
    return "\x80\x02" + value + ".";
}

} // namespace pickle

std::string zip(const std::vector<ZipEntry>& entries) {
    std::string out;
    std::string directory;
    for (const ZipEntry& entry : entries) {
        const auto size = static_cast<std::uint32_t>(entry.payload.size());
        const std::string local = entry.localName.value_or(entry.name);
        const auto offset = entry.localOffset.value_or(static_cast<std::uint32_t>(out.size()));
        const std::string common =
            little(20, 2) + little(entry.flags, 2) + little(entry.method, 2) + little(0, 2) +
            little(0x21, 2) + little(entry.crc.value_or(crcOf(entry.payload)), 4) +
            little(entry.packedBytes.value_or(size), 4) + little(entry.bytes.value_or(size), 4);
        out += "PK\3\4" + common + little(local.size(), 2) + little(0, 2) + local + entry.payload;
        directory += "PK\1\2" + little(20, 2) + common + little(entry.name.size(), 2) +
                     std::string(12, '\0') + little(offset, 4) + entry.name;
    }
    const std::size_t begin = out.size();
    return out + directory + "PK\5\6" + little(0, 4) + little(entries.size(), 2) + little(entries.size(), 2) +
           little(directory.size(), 4) + little(begin, 4) + little(0, 2);
}

ZipEntry deflated(std::string name, const std::string& data) {
    z_stream stream{};
    deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
    std::string packed(data.size() + 1000, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));
    stream.avail_in = static_cast<uInt>(data.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    deflate(&stream, Z_FINISH);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    ZipEntry entry{std::move(name), std::move(packed)};
    entry.method = 8;
    entry.crc = crcOf(data);
    entry.bytes = static_cast<std::uint32_t>(data.size());
    return entry;
}

std::string torchFile(const std::string& pickle, const std::vector<std::string>& storages,
                      std::vector<ZipEntry> more) {
    std::vector<ZipEntry> entries{{"archive/data.pkl", pickle}};
    for (std::size_t i = 0; i < storages.size(); ++i)
        entries.push_back({"archive/data/" + std::to_string(i), storages[i]});
    entries.push_back({"archive/version", "3\n"});
    for (ZipEntry& entry : more)
        entries.push_back(std::move(entry));
    return zip(entries);
}

std::string safetensors(std::string_view header, std::string_view buffer) {
    return little(header.size(), 8) + std::string(header) + std::string(buffer);
}

std::string npy(std::string_view header, std::string_view data) {
    return "\x93NUMPY" + little(1, 2) + little(header.size(), 2) + std::string(header) + std::string(data);
}

std::string png(std::uint32_t width, int bits, int colourType, const std::vector<std::string>& rows,
                std::optional<std::uint32_t> declaredWidth) {
    const auto big = [](std::uint64_t value) {
        const std::string bytes = little(value, 4);
        return std::string(bytes.rbegin(), bytes.rend());
    };
    const auto chunk = [&](const std::string& type, const std::string& data) {
        return big(data.size()) + type + data + big(crcOf(type + data));
    };
    std::string lines;
    for (const std::string& row : rows)
        lines += std::string(1, '\0') + row; // filter 0
    uLongf size = compressBound(static_cast<uLong>(lines.size()));
    std::string packed(size, '\0');
    compress(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<const Bytef*>(lines.data()),
             static_cast<uLong>(lines.size()));
    packed.resize(size);
    const std::string header = big(declaredWidth.value_or(width)) + big(rows.size()) +
                               static_cast<char>(bits) + static_cast<char>(colourType) + std::string(3, '\0');
    return "\x89PNG\r\n\x1a\n" + chunk("IHDR", header) + chunk("IDAT", packed) + chunk("IEND", "");
}

std::string jpegBlackWhite(int orientation) {
    const auto segment = [](char marker, const std::string& data) {
        const std::size_t length = data.size() + 2;
        return std::string("\xff") + marker + static_cast<char>(length >> 8) +
               static_cast<char>(length & 0xff) + data;
    };
    std::string file = "\xff\xd8";
    if (orientation != 0)
        file += segment('\xe1', std::string("Exif\0\0", 6) + "II*" + std::string(1, '\0') + little(8, 4) +
                                    little(1, 2) + little(0x112, 2) + little(3, 2) + little(1, 4) +
                                    little(static_cast<std::uint64_t>(orientation), 4) + little(0, 4));
    file += segment('\xdb', std::string(1, '\0') + std::string(64, '\x08')); // quantisation: all 8
    file +=
        segment('\xc0', std::string("\x08\0\x08\0\x10\x01\x01\x11\0", 9)); // 8 bits, 8 high, 16 wide, grey
    const std::string oneCode = "\x01" + std::string(15, '\0');            // one code of one bit
    file += segment('\xc4', std::string(1, '\0') + oneCode + "\x08");      // DC: always 8 bits follow
    file += segment('\xc4', "\x10" + oneCode + std::string(1, '\0'));      // AC: always end of block
    file += segment('\xda', std::string("\x01\x01\0\0\x3f\0", 6));
    // 0 01111111 0: DC -128, end; 0 11111111 0: difference 255, end; padded with ones
    return file + "\x3f\x9f\xef" + "\xff\xd9";
}

void save(const std::filesystem::path& path, std::string_view bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
}

std::string load(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

} // namespace rp::test
