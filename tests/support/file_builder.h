// SPDX-License-Identifier: Apache-2.0
// Builds the bytes of files by hand, valid or wrong on purpose. Shares nothing with core's readers and
// writers.
#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rp::test {

std::string little(std::uint64_t value, int bytes);

template<class T>
std::string raw(std::initializer_list<T> values) {
    return {reinterpret_cast<const char*>(values.begin()), values.size() * sizeof(T)};
}

/// Opcodes of pickle protocol 2, as text to be joined.
namespace pickle {
std::string str(std::string_view text);                             ///< BINUNICODE
std::string num(std::int32_t value);                                ///< BININT
std::string real(double value);                                     ///< BINFLOAT
std::string global(std::string_view module, std::string_view name); ///< GLOBAL
std::string tuple(std::initializer_list<std::string> items);        ///< MARK … TUPLE
std::string list(std::initializer_list<std::string> items);         ///< EMPTY_LIST MARK … APPENDS
/// EMPTY_DICT MARK … SETITEMS; `pairs` are key, value, key, value …
std::string dict(std::initializer_list<std::string> pairs);
std::string reduce(const std::string& callable, const std::string& arguments);
std::string storage(std::string_view type, std::string_view key, std::int32_t elements); ///< persistent id
/// _rebuild_tensor_v2 of a storage.
std::string tensor(const std::string& storage, std::int32_t offset, std::initializer_list<std::int32_t> sizes,
                   std::initializer_list<std::int32_t> strides);
std::string file(const std::string& value); ///< PROTO 2 … STOP
} // namespace pickle

/// One zip member; what is set lies about what would be right.
struct ZipEntry {
    std::string name;
    std::string payload;      ///< as it stands in the file
    std::uint16_t method = 0; ///< 0 stored, 8 deflated
    std::uint16_t flags = 0;
    std::optional<std::uint32_t> crc = {};
    std::optional<std::uint32_t> packedBytes = {};
    std::optional<std::uint32_t> bytes = {};
    std::optional<std::uint32_t> localOffset = {}; ///< in the central directory
    std::optional<std::string> localName = {};
};

std::string zip(const std::vector<ZipEntry>& entries);
/// `data` deflated, with the right CRC and sizes.
ZipEntry deflated(std::string name, const std::string& data);

/// A checkpoint as torch.save makes it: data.pkl and one member per storage, keys "0", "1" …
std::string torchFile(const std::string& pickle, const std::vector<std::string>& storages,
                      std::vector<ZipEntry> more = {});

std::string safetensors(std::string_view header, std::string_view buffer);
std::string npy(std::string_view header, std::string_view data); ///< version 1.0, header as given

/// A PNG whose scan lines are `rows` (raw samples, big-endian when 16 bits); `declaredWidth` may lie.
std::string png(std::uint32_t width, int bits, int colourType, const std::vector<std::string>& rows,
                std::optional<std::uint32_t> declaredWidth = {});
/// A baseline JPEG of 16x8 grey pixels, the left half black, the right half white; EXIF orientation if not 0.
std::string jpegBlackWhite(int orientation = 0);

void save(const std::filesystem::path& path, std::string_view bytes);
std::string load(const std::filesystem::path& path);

} // namespace rp::test
