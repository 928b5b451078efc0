// SPDX-License-Identifier: Apache-2.0
#include "core/io/value.h"

#include <array>

namespace rp::io {

const ValuePtr* Dict::find(std::string_view key) const {
    for (const auto& [name, value] : items) {
        const auto* text = name->as<std::string>();
        if (text && *text == key) return &value;
    }
    return nullptr;
}

std::string_view kindOf(const Value& value) {
    static constexpr std::array<std::string_view, std::variant_size_v<Value::Data>> kNames{
        "None", "bool", "int", "float", "str", "bytes", "list", "dict", "tensor", "object"};
    if (const auto* sequence = value.as<Sequence>()) {
        if (sequence->kind == Sequence::Kind::tuple) return "tuple";
        if (sequence->kind == Sequence::Kind::set) return "set";
    }
    return kNames[value.data().index()];
}

ValuePtr makeValue(Value::Data data) {
    return std::make_shared<Value>(std::move(data));
}

} // namespace rp::io
