// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/tensor/stored_tensor.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace rp {

struct NamedTensor {
    std::string name; ///< as it stands in the file
    StoredTensor tensor;
};

/// What a file says of its modules beside their tensors: module path -> attribute -> value, spelled as `--assume`
/// takes it ("2", "2x1", "0.001", "true"; "class" is the module's class). Only pickled modules say any of it.
using ModuleAttributes = std::map<std::string, std::map<std::string, std::string, std::less<>>, std::less<>>;

/// Tensors by name, in the file's order. Names are looked up without the wrapper prefix that all of them share
/// (`module.`, `_orig_mod.` …), which is kept for writing: file name = prefix + name.
class StateDict {
public:
    StateDict() = default;
    /// Throws `malformed` for a name that occurs twice.
    explicit StateDict(std::vector<NamedTensor> tensors, ModuleAttributes modules = {});
    StateDict(StateDict&&) = default;
    StateDict& operator=(StateDict&&) = default;
    StateDict(const StateDict&) = delete; // the index points into the names
    StateDict& operator=(const StateDict&) = delete;

    std::size_t size() const { return m_tensors.size(); }
    const std::vector<NamedTensor>& tensors() const { return m_tensors; } ///< with the names of the file
    const std::string& strippedPrefix() const { return m_prefix; }
    std::string_view nameOf(std::size_t index) const; ///< without the prefix, where it has one
    const StoredTensor* find(std::string_view name) const;
    std::string fileNameOf(std::string_view name) const; ///< the name as it stands in the file
    const ModuleAttributes& modules() const { return m_modules; } ///< by path as in the file
    /// What the file says of `key` of the module `path` (without the prefix); null when it does not.
    const std::string* attribute(std::string_view path, std::string_view key) const;

private:
    std::optional<std::size_t> buildIndex(); ///< the first tensor whose name was there already

    std::vector<NamedTensor> m_tensors;
    std::string m_prefix;
    ModuleAttributes m_modules;
    std::unordered_map<std::string_view, std::size_t> m_index; ///< views of `m_tensors`' names
};

} // namespace rp
