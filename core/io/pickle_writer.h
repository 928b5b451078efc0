// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/value.h"
#include "core/tensor/state_dict.h"

#include <unordered_map>

namespace rp::io {

/// Writes values as a pickle of protocol 2 in the shape that torch.save gives it: tensors become
/// `_rebuild_tensor_v2` of a storage whose key is a running number. Throws `unsupported` for what torch 1.13
/// has no type for, and for opaque symbols.
class PickleWriter {
public:
    PickleWriter() { m_out = "\x80\x02"; }

    /// `extras` with `tensors` under `setName` ("a.b" nests), or the tensors alone when it is empty.
    void write(const std::vector<NamedTensor>& tensors, const std::string& setName, bool ordered,
               const Dict& extras);

    const std::string& text() const { return m_out; }
    const std::vector<StoredTensor>& storages() const { return m_storages; } ///< member `data/<index>`, dense

private:
    void value(const Value& value);
    void shared(const Value& value);
    void sequence(const Sequence& sequence);
    void dict(const Dict& dict);
    void weights(const std::vector<NamedTensor>& tensors, bool ordered);
    void beginDict(bool ordered);
    void tensor(const StoredTensor& tensor, const std::string& where);
    void sizes(const Shape& sizes);
    void integer(std::int64_t number);
    void real(double number);
    void string(std::string_view text);
    void blob(std::string_view bytes);
    void symbol(std::string_view module, std::string_view name);
    void little(std::uint64_t number, int bytes);

    std::string m_out;
    std::vector<StoredTensor> m_storages;
    std::unordered_map<const Value*, std::uint32_t> m_memo; ///< containers met before: sharing is kept
};

} // namespace rp::io
