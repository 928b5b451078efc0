// SPDX-License-Identifier: Apache-2.0
#include "core/io/safetensors.h"

#include "core/base/checked.h"
#include "core/base/error.h"
#include "core/io/atomic_file.h"
#include "core/io/utf8.h"

#include <algorithm>
#include <array>
#include <unordered_set>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace rp::io {
namespace {

constexpr std::uint64_t kMaxHeaderBytes = 100'000'000;
constexpr std::size_t kMaxRank = 64;

struct TypeRow {
    std::string_view name;
    int bits;
    std::optional<DType> type; ///< empty: known to the format, not read here
};

constexpr std::array<TypeRow, 22> kTypes{{
    {"F32", 32, DType::f32},     {"F16", 16, DType::f16}, {"BF16", 16, DType::bf16}, {"F64", 64, DType::f64},
    {"I64", 64, DType::i64},     {"I32", 32, DType::i32}, {"I16", 16, DType::i16},   {"I8", 8, DType::i8},
    {"U64", 64, DType::u64},     {"U32", 32, DType::u32}, {"U16", 16, DType::u16},   {"U8", 8, DType::u8},
    {"BOOL", 8, DType::boolean}, {"C64", 64, {}},         {"F8_E5M2", 8, {}},        {"F8_E4M3", 8, {}},
    {"F8_E8M0", 8, {}},          {"F8_E4M3FNUZ", 8, {}},  {"F8_E5M2FNUZ", 8, {}},    {"F4", 4, {}},
    {"F6_E2M3", 6, {}},          {"F6_E3M2", 6, {}},
}};

struct Entry {
    std::string name;
    const TypeRow* type = nullptr;
    bool hasShape = false;
    std::vector<std::uint64_t> shape;
    std::vector<std::uint64_t> offsets; ///< begin, end
};

[[noreturn]] void throwMalformed(std::string where, std::string expected, std::string found) {
    throw Error(ErrorCode::malformed, {std::move(where), std::move(expected), std::move(found),
                                       "the file is damaged; download or export it again"});
}

std::string inQuotes(std::string_view name) {
    return fmt::format("'{}'", name.substr(0, 200));
}

/// Receives the header's JSON event by event, so that duplicate names are seen and nothing nests deeper than
/// the format allows. Levels: 1 the header, 2 a tensor or `__metadata__`, 3 an array of numbers.
class HeaderReader {
public:
    using Json = nlohmann::json;

    std::vector<Entry> entries;
    Dict metadata;

    bool null() { unexpected("null"); }
    bool boolean(bool) { unexpected("a boolean"); }
    bool number_integer(Json::number_integer_t value) { unexpected(fmt::format("{}", value)); }
    bool number_float(Json::number_float_t, const std::string& text) { unexpected(text); }
    bool binary(Json::binary_t&) { unexpected("binary data"); }

    bool number_unsigned(Json::number_unsigned_t value) {
        if (m_level != 3) unexpected(fmt::format("{}", value));
        auto& numbers = m_field == "shape" ? entries.back().shape : entries.back().offsets;
        const std::size_t most = m_field == "shape" ? kMaxRank : 2;
        if (numbers.size() == most) throwMalformed(where(), fmt::format("at most {} numbers", most), "more");
        numbers.push_back(value);
        return true;
    }

    bool string(std::string& value) {
        if (m_inMetadata && m_level == 2) {
            metadata.items.emplace_back(makeValue(m_field), makeValue(value));
            return true;
        }
        if (m_level != 2 || m_field != "dtype") unexpected("a text");
        const auto row = std::ranges::find(kTypes, value, &TypeRow::name);
        if (row == kTypes.end())
            throw Error(ErrorCode::unsupported, {where(), "a dtype of the safetensors format",
                                                 inQuotes(value), "convert the tensor to F32"});
        entries.back().type = &*row;
        return true;
    }

    bool start_object(std::size_t) {
        if (++m_level > 2) unexpected("an object");
        if (m_level == 2 && !m_inMetadata) entries.push_back({m_name, nullptr, false, {}, {}});
        m_fields.clear();
        return true;
    }

    bool key(std::string& value) {
        if (m_level == 1) {
            if (!m_names.insert(value).second)
                throwMalformed(inQuotes(value), "every name once", "the name twice");
            m_name = value;
            m_inMetadata = value == "__metadata__";
            return true;
        }
        if (!m_fields.insert(value).second)
            throwMalformed(where(), "every field once", inQuotes(value) + " twice");
        if (!m_inMetadata && value != "dtype" && value != "shape" && value != "data_offsets")
            throwMalformed(where(), "dtype, shape and data_offsets only", inQuotes(value));
        m_field = value;
        return true;
    }

    bool end_object() {
        --m_level;
        return true;
    }

    bool start_array(std::size_t) {
        if (m_level != 2 || m_inMetadata || m_field == "dtype") unexpected("an array");
        m_level = 3;
        if (m_field == "shape") entries.back().hasShape = true;
        return true;
    }

    bool end_array() {
        m_level = 2;
        return true;
    }

    bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception& error) {
        throwMalformed(fmt::format("header: byte {}", position + 8), "UTF-8 JSON", error.what());
    }

private:
    std::string where() const {
        return m_level < 2 ? inQuotes(m_name) : fmt::format("{}: {}", inQuotes(m_name), m_field);
    }

    [[noreturn]] void unexpected(std::string found) const {
        if (m_level == 0) throwMalformed("header", "a JSON object", std::move(found));
        throwMalformed(where(), "what the safetensors format has there", std::move(found));
    }

    int m_level = 0;
    bool m_inMetadata = false;
    std::string m_name;
    std::string m_field;
    std::unordered_set<std::string> m_names;
    std::unordered_set<std::string> m_fields;
};

/// The bytes of `entry` from its shape and dtype; throws unless its offsets say the same.
void checkSize(const Entry& entry) {
    if (!entry.type || !entry.hasShape || entry.offsets.size() != 2)
        throwMalformed(inQuotes(entry.name), "dtype, shape and two data_offsets", "one of them missing");
    std::optional<std::uint64_t> bits = static_cast<std::uint64_t>(entry.type->bits);
    for (std::uint64_t size : entry.shape)
        bits = bits ? checkedMul(*bits, size) : bits;
    const auto fits = [](std::uint64_t size) { return size <= static_cast<std::uint64_t>(INT64_MAX); };
    if (!bits || !std::ranges::all_of(entry.shape, fits))
        throw Error(ErrorCode::limitExceeded,
                    {inQuotes(entry.name), "a size that 64 bits hold",
                     fmt::format("[{}]", fmt::join(entry.shape, ", ")), "the file is damaged"});
    const std::uint64_t begin = entry.offsets[0];
    const std::uint64_t end = entry.offsets[1];
    if (end < begin)
        throwMalformed(inQuotes(entry.name), "an end behind its begin", fmt::format("[{}, {}]", begin, end));
    if (*bits % 8 != 0 || *bits / 8 != end - begin)
        throw Error(
            ErrorCode::shapeMismatch,
            {inQuotes(entry.name),
             fmt::format("{} bits for {} [{}]", *bits, entry.type->name, fmt::join(entry.shape, ", ")),
             fmt::format("{} bytes at [{}, {}]", end - begin, begin, end), "the file is damaged"});
}

/// The tensors must cover the buffer exactly: no hole, no overlap, nothing behind the last.
void checkTiling(const std::vector<Entry>& entries, std::uint64_t bufferBytes) {
    std::vector<const Entry*> sorted;
    for (const Entry& entry : entries)
        sorted.push_back(&entry);
    std::ranges::sort(sorted, {},
                      [](const Entry* entry) { return std::pair(entry->offsets[0], entry->offsets[1]); });
    std::uint64_t at = 0;
    for (const Entry* entry : sorted) {
        if (entry->offsets[0] != at)
            throwMalformed(inQuotes(entry->name), fmt::format("a begin at byte {} of the buffer", at),
                           fmt::format("{}, which leaves a hole or overlaps", entry->offsets[0]));
        at = entry->offsets[1];
    }
    if (at == bufferBytes) return;
    throw Error(at > bufferBytes ? ErrorCode::truncated : ErrorCode::malformed,
                {"buffer", fmt::format("{} bytes", at), fmt::format("{}", bufferBytes),
                 at > bufferBytes ? "the file is cut short; download it again"
                                  : "the file has bytes that belong to no tensor"});
}

std::string_view headerText(ByteReader& in) {
    const std::uint64_t length = in.u64();
    if (length > kMaxHeaderBytes)
        throw Error(ErrorCode::limitExceeded,
                    {"header", fmt::format("at most {} bytes", kMaxHeaderBytes), fmt::format("{}", length),
                     "this is no safetensors file, or a damaged one"});
    const std::string_view text = in.text(length);
    if (!text.starts_with('{')) throwMalformed("header", "a JSON object", "something else");
    return text;
}

NamedTensor tensorOf(const Entry& entry, const SharedBytes& buffer) {
    if (!entry.type->type)
        throw Error(ErrorCode::unsupported, {inQuotes(entry.name), "a dtype that is read here",
                                             std::string(entry.type->name), "convert the tensor to F32"});
    const SharedBytes bytes = buffer.slice(entry.offsets[0], entry.offsets[1] - entry.offsets[0], entry.name);
    Shape shape(entry.shape.begin(), entry.shape.end());
    return {entry.name,
            StoredTensor::dense(*entry.type->type, std::move(shape), bytes, inQuotes(entry.name))};
}

std::string_view nameOf(DType type) {
    return std::ranges::find(kTypes, std::optional(type), &TypeRow::type)->name;
}

/// Where each tensor goes: wide elements first, so that every one is aligned to its own size.
std::vector<std::size_t> layout(const std::vector<NamedTensor>& tensors) {
    std::vector<std::size_t> order(tensors.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        order[i] = i;
    std::ranges::stable_sort(order, std::greater<>(),
                             [&](std::size_t i) { return sizeOf(tensors[i].tensor.dtype()); });
    return order;
}

std::string jsonText(const std::string& text) {
    if (!isUtf8(text))
        throw Error(ErrorCode::malformed, {inQuotes(text), "UTF-8", "other bytes", "rename it"});
    return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string metadataText(const Dict& metadata) {
    std::string text;
    for (const auto& [key, value] : metadata.items) {
        const auto* name = key->as<std::string>();
        const auto* content = value->as<std::string>();
        if (!name || !content)
            throw Error(ErrorCode::unsupported,
                        {"__metadata__", "texts only", std::string(kindOf(*(name ? value : key))),
                         "write a .pth file to keep other plain data"});
        text += fmt::format("{}{}:{}", text.empty() ? "" : ",", jsonText(*name), jsonText(*content));
    }
    return text;
}

std::string headerOf(const std::vector<NamedTensor>& tensors, const std::vector<std::size_t>& order,
                     const Dict& metadata) {
    std::vector<std::uint64_t> begins(tensors.size());
    std::uint64_t at = 0;
    const auto bytesOf = [](const StoredTensor& t) {
        return static_cast<std::uint64_t>(t.count()) * sizeOf(t.dtype());
    };
    for (std::size_t i : order) {
        begins[i] = at;
        at += bytesOf(tensors[i].tensor);
    }
    std::unordered_set<std::string_view> names{"__metadata__"};
    std::string text = "{";
    if (!metadata.items.empty()) text += fmt::format("\"__metadata__\":{{{}}}", metadataText(metadata));
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        const auto& [name, tensor] = tensors[i];
        if (!names.insert(name).second)
            throw Error(
                ErrorCode::malformed,
                {inQuotes(name), "every name once, and none called __metadata__", "this name", "rename it"});
        text += fmt::format(R"({}{}:{{"dtype":"{}","shape":[{}],"data_offsets":[{},{}]}})",
                            text.size() > 1 ? "," : "", jsonText(name), nameOf(tensor.dtype()),
                            fmt::join(tensor.shape(), ","), begins[i], begins[i] + bytesOf(tensor));
    }
    text += '}';
    text.append((8 - text.size() % 8) % 8, ' ');
    return text;
}

} // namespace

Checkpoint readSafetensors(const std::filesystem::path& path, SharedBytes file, const Limits&) {
    ByteReader in(file.bytes, "header");
    const std::string_view text = headerText(in);
    HeaderReader header;
    nlohmann::json::sax_parse(text, &header);

    const SharedBytes buffer = file.slice(in.offset(), in.left(), "buffer");
    for (const Entry& entry : header.entries)
        checkSize(entry);
    checkTiling(header.entries, buffer.size());
    std::vector<NamedTensor> tensors;
    tensors.reserve(header.entries.size());
    for (const Entry& entry : header.entries)
        tensors.push_back(tensorOf(entry, buffer));
    if (tensors.empty())
        throw Error(ErrorCode::unsupported, {"", "tensors", "none", "export the weights again"});

    Checkpoint checkpoint;
    checkpoint.path = path;
    checkpoint.format = Format::safetensors;
    checkpoint.fileBytes = file.size();
    checkpoint.sets.push_back({"", StateDict(std::move(tensors)), false});
    checkpoint.extras = std::move(header.metadata);
    return checkpoint;
}

void writeSafetensors(AtomicFile& file, const std::vector<NamedTensor>& tensors, const Dict& metadata) {
    const std::vector<std::size_t> order = layout(tensors);
    const std::string header = headerOf(tensors, order, metadata);
    std::string length(8, '\0');
    for (std::size_t i = 0; i < length.size(); ++i)
        length[i] = static_cast<char>(header.size() >> (8 * i) & 0xff);
    file.write(length);
    file.write(header);
    for (std::size_t i : order)
        file.write(tensors[i].tensor.bytes().bytes);
}

void writeSafetensors(const std::filesystem::path& path, const std::vector<NamedTensor>& tensors,
                      const Dict& metadata) {
    AtomicFile file(path);
    writeSafetensors(file, tensors, metadata);
    file.commit();
}

} // namespace rp::io
