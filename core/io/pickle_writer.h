// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/value.h"
#include "core/tensor/shape.h"

#include <functional>
#include <unordered_map>

namespace rp::io {

/// Writes plain data as a pickle; what tensors look like is the format's own affair, which joins the pieces.
class PickleWriter {
public:
    /// `tensor` writes a tensor that stands among plain data.
    explicit PickleWriter(int protocol, std::function<void(const StoredTensor&)> tensor = {})
        : m_out{'\x80', static_cast<char>(protocol)}, m_tensor(std::move(tensor)) {}

    /// Throws `unsupported` for opaque symbols, and for tensors when nobody writes them.
    void value(const Value& value);
    void integer(std::int64_t number);
    void real(double number);
    void string(std::string_view text);
    void blob(std::string_view bytes);
    void symbol(std::string_view module, std::string_view name);
    void sizes(const Shape& sizes); ///< as a tuple
    void beginDict(bool ordered);
    void op(std::string_view opcodes) { m_out += opcodes; }
    void little(std::uint64_t number, int bytes);

    /// What was written since the last call.
    std::string take();

private:
    void shared(const Value& value);
    void sequence(const Sequence& sequence);
    void dict(const Dict& dict);

    std::string m_out;
    std::function<void(const StoredTensor&)> m_tensor;
    std::unordered_map<const Value*, std::uint32_t> m_memo; ///< containers met before: sharing is kept
};

} // namespace rp::io
