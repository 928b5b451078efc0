// SPDX-License-Identifier: Apache-2.0
// What the interpreters of pickle symbols ask of arguments; all throw `malformed`.
#pragma once

#include "core/io/value.h"

#include <array>
#include <optional>

namespace rp::io {

[[noreturn]] void throwMalformed(std::string where, std::string expected, std::string found);

std::string symbolOf(const ValuePtr& value);
std::int64_t integer(const Sequence& arguments, std::size_t at, const std::string& where);
Shape sizes(const Value& value, const std::string& where);
void requireArguments(const Sequence& arguments, std::size_t least, const std::string& where);

/// Text or bytes as the bytes they were written from (Python 2 writers have no separate bytes type).
std::optional<std::string_view> rawBytes(const Value& value);

/// `text.encode('latin1')`: every code point of the UTF-8 text is one byte.
std::string latin1(std::string_view text, const std::string& where);

struct TypeName {
    std::string_view name;
    DType type;
};

template<std::size_t N>
std::optional<DType> typeNamed(const std::array<TypeName, N>& rows, std::string_view name) {
    for (const TypeName& row : rows)
        if (row.name == name) return row.type;
    return std::nullopt;
}

} // namespace rp::io
