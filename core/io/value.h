// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/tensor/stored_tensor.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace rp::io {

class Value;
using ValuePtr = std::shared_ptr<Value>;

/// A list, tuple or dict keeps its kind, so that a writer can put back what a reader found.
struct Sequence {
    enum class Kind { list, tuple, set } kind = Kind::list;
    std::vector<ValuePtr> items;
};

struct Dict {
    bool ordered = false; ///< written as collections.OrderedDict
    std::vector<std::pair<ValuePtr, ValuePtr>> items;

    const ValuePtr* find(std::string_view key) const; ///< by string key
};

/// A symbol of a pickle that is not interpreted: shown, never resolved, never called.
struct Opaque {
    std::string symbol;          ///< "module.name"
    std::vector<ValuePtr> parts; ///< arguments and state, for finding tensors inside and for display
};

/// Bytes that a pickle held (not text).
struct Blob {
    SharedBytes bytes; ///< inside the file's mapping where the file has them as they are

    std::string_view text() const {
        return {reinterpret_cast<const char*>(bytes.bytes.data()), bytes.size()};
    }
};

/// Plain data as checkpoints hold it beside and around tensors. Shared nodes stay shared, so a small file may
/// describe a tree of exponential size: a walker remembers what it visited. What a reader returns has no
/// cycles and at most `kMaxNesting` levels, so that recursion (destructors too) is safe.
class Value {
public:
    using Data = std::variant<std::monostate, bool, std::int64_t, double, std::string, Blob, Sequence, Dict,
                              StoredTensor, Opaque>;

    Value() = default;
    explicit Value(Data data) : m_data(std::move(data)) {}

    Data& data() { return m_data; }
    const Data& data() const { return m_data; }
    template<class T>
    const T* as() const {
        return std::get_if<T>(&m_data);
    }
    template<class T>
    T* as() {
        return std::get_if<T>(&m_data);
    }

private:
    Data m_data;
};

inline constexpr int kMaxNesting = 500;

ValuePtr makeValue(Value::Data data);

/// Calls `visit(ValuePtr&)` (or `const ValuePtr&`) for everything that `value` holds directly.
template<class AnyValue, class Visit>
void forEachChild(AnyValue& value, Visit visit) {
    if (auto* sequence = value.template as<Sequence>()) {
        for (auto& item : sequence->items)
            visit(item);
    } else if (auto* dict = value.template as<Dict>()) {
        for (auto& [key, item] : dict->items) {
            visit(key);
            visit(item);
        }
    } else if (auto* opaque = value.template as<Opaque>()) {
        for (auto& part : opaque->parts)
            visit(part);
    }
}

/// Python's word for what `value` is: "None", "int", "dict", "tensor" …
std::string_view kindOf(const Value& value);

} // namespace rp::io
