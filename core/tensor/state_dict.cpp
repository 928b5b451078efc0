// SPDX-License-Identifier: Apache-2.0
#include "core/tensor/state_dict.h"

#include "core/base/error.h"

#include <algorithm>
#include <array>

namespace rp {
namespace {

/// Wrappers that put themselves in front of every key (families.md 3.1). `backbone.` and `encoder.` are
/// stripped only when every key has them; a network with a head keeps them, and its layout table knows them.
constexpr std::array<std::string_view, 6> kPrefixes{"module.", "_orig_mod.", "model.", "backbone.", "net.", "encoder."};

/// Only dotted keys are candidates: an averaged model keeps a counter such as `n_averaged` beside them.
bool isCandidate(std::string_view name) { return name.find('.') != std::string_view::npos; }

std::string sharedPrefix(const std::vector<NamedTensor>& tensors) {
    std::string prefix;
    for (bool grown = true; grown;) {
        grown = false;
        for (std::string_view next : kPrefixes) {
            const std::string longer = prefix + std::string(next);
            bool any = false;
            const bool all = std::ranges::all_of(tensors, [&](const NamedTensor& t) {
                if (!isCandidate(t.name)) return true;
                any = true;
                return t.name.starts_with(longer);
            });
            if (any && all) {
                prefix = longer;
                grown = true;
                break;
            }
        }
    }
    return prefix;
}

} // namespace

StateDict::StateDict(std::vector<NamedTensor> tensors, ModuleAttributes modules)
    : m_tensors(std::move(tensors)), m_prefix(sharedPrefix(m_tensors)), m_modules(std::move(modules)) {
    // Without the prefix `module.weight` may meet a `weight` that has none; then all keep their full names.
    std::optional<std::size_t> clash = buildIndex();
    if (clash && !m_prefix.empty()) {
        m_prefix.clear();
        clash = buildIndex();
    }
    if (clash)
        throw Error(ErrorCode::malformed, {m_tensors[*clash].name, "every name once", "the name twice", "the file is damaged"});
}

std::optional<std::size_t> StateDict::buildIndex() {
    m_index.clear();
    for (std::size_t i = 0; i < m_tensors.size(); ++i)
        if (!m_index.emplace(nameOf(i), i).second) return i;
    return std::nullopt;
}

std::string_view StateDict::nameOf(std::size_t index) const {
    const std::string_view name = m_tensors[index].name;
    return name.starts_with(m_prefix) ? name.substr(m_prefix.size()) : name;
}

const StoredTensor* StateDict::find(std::string_view name) const {
    const auto it = m_index.find(name);
    return it == m_index.end() ? nullptr : &m_tensors[it->second].tensor;
}

std::string StateDict::fileNameOf(std::string_view name) const {
    const auto it = m_index.find(name);
    return it == m_index.end() ? m_prefix + std::string(name) : m_tensors[it->second].name;
}

const std::string* StateDict::attribute(std::string_view path, std::string_view key) const {
    const auto module = m_modules.find(m_prefix + std::string(path));
    if (module == m_modules.end()) return nullptr;
    const auto value = module->second.find(key);
    return value == module->second.end() ? nullptr : &value->second;
}

} // namespace rp
