// SPDX-License-Identifier: Apache-2.0
#include "core/io/pickle_arguments.h"

#include "core/base/error.h"

#include <fmt/format.h>

namespace rp::io {
namespace {

std::optional<std::int64_t> integerOf(const Value& value) {
    if (const auto* number = value.as<std::int64_t>()) return *number;
    if (const auto* flag = value.as<bool>()) return *flag ? 1 : 0;
    return std::nullopt;
}

} // namespace

void throwMalformed(std::string where, std::string expected, std::string found) {
    throw Error(ErrorCode::malformed, {std::move(where), std::move(expected), std::move(found),
                                       "the file is damaged or not from torch.save"});
}

std::string symbolOf(const ValuePtr& value) {
    const auto* opaque = value->as<Opaque>();
    return opaque ? opaque->symbol : std::string(kindOf(*value));
}

std::int64_t integer(const Sequence& arguments, std::size_t at, const std::string& where) {
    const auto number = integerOf(*arguments.items[at]);
    if (!number)
        throwMalformed(where, fmt::format("an integer as argument {}", at),
                       std::string(kindOf(*arguments.items[at])));
    return *number;
}

Shape sizes(const Value& value, const std::string& where) {
    const auto* sequence = value.as<Sequence>();
    if (!sequence) throwMalformed(where, "a tuple of sizes", std::string(kindOf(value)));
    Shape shape;
    shape.reserve(sequence->items.size());
    for (std::size_t i = 0; i < sequence->items.size(); ++i)
        shape.push_back(integer(*sequence, i, where));
    return shape;
}

void requireArguments(const Sequence& arguments, std::size_t least, const std::string& where) {
    if (arguments.items.size() < least)
        throwMalformed(where, fmt::format("at least {} arguments", least),
                       fmt::format("{}", arguments.items.size()));
}

std::optional<std::string_view> rawBytes(const Value& value) {
    if (const auto* blob = value.as<Blob>()) return blob->text();
    if (const auto* text = value.as<std::string>()) return *text;
    return std::nullopt;
}

std::string latin1(std::string_view text, const std::string& where) {
    std::string bytes;
    bytes.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto lead = static_cast<unsigned char>(text[i]);
        if (lead < 0x80) {
            bytes += text[i];
            continue;
        }
        const bool pair = (lead == 0xc2 || lead == 0xc3) && i + 1 < text.size() &&
                          (static_cast<unsigned char>(text[i + 1]) & 0xc0) == 0x80;
        if (!pair) throwMalformed(where, "characters up to U+00FF", "another");
        bytes += static_cast<char>(((lead & 0x03) << 6) | (static_cast<unsigned char>(text[++i]) & 0x3f));
    }
    return bytes;
}

} // namespace rp::io
