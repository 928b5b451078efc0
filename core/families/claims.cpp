// SPDX-License-Identifier: Apache-2.0
#include "core/families/claims.h"

#include <algorithm>
#include <charconv>
#include <unordered_set>

namespace rp::families {
namespace {

/// What stands before `ending` when the key ends in it at a dot.
std::optional<std::string_view> prefixBefore(std::string_view key, std::string_view ending) {
    if (!key.ends_with(ending)) return std::nullopt;
    const std::string_view prefix = key.substr(0, key.size() - ending.size());
    if (!prefix.empty() && prefix.back() != '.') return std::nullopt;
    return prefix;
}

class Finder {
public:
    Finder(const StateDict& tensors, const Assumptions& user) : m_tensors(tensors), m_user(user) {}

    void lookForBranches(const BlockKind& kind) {
        for (std::size_t i = 0; i < m_tensors.size(); ++i)
            if (const auto prefix = prefixBefore(m_tensors.nameOf(i), kind.signature.front())) claimTrain(kind, std::string(*prefix), i);
    }

    void lookForFused(const BlockKind& kind) {
        if (!kind.fusedIsTelling) return;
        const std::string ending = kind.fusedKey("weight");
        for (std::size_t i = 0; i < m_tensors.size(); ++i)
            if (const std::size_t rank = m_tensors.tensors()[i].tensor.shape().size(); rank == 4 || rank == 2)
                if (const auto prefix = prefixBefore(m_tensors.nameOf(i), ending))
                    add(kind, std::string(*prefix), false, i, {std::string(m_tensors.nameOf(i))});
    }

    std::vector<Claim> inOrder() {
        std::ranges::stable_sort(m_claims, {}, &Claim::firstKey);
        return std::move(m_claims);
    }

private:
    bool allows(const BlockKind& kind, const std::string& prefix) const {
        const auto stated = m_user.valueFor(blockName(kind, prefix), "family");
        return stated ? *stated == kind.family : !kind.onlyWhenStated;
    }

    bool fits(const BlockKind& kind, const std::string& prefix) const {
        if (!kind.fits) return true;
        std::vector<std::string> none;
        KeyTaker keys(m_tensors);
        return kind.fits(BlockKeys(keys, prefix, none));
    }

    void claimTrain(const BlockKind& kind, const std::string& prefix, std::size_t index) {
        std::vector<std::string> telling;
        for (const std::string& key : kind.signature) {
            telling.push_back(prefix + key);
            if (!m_tensors.find(telling.back())) return;
        }
        add(kind, prefix, true, index, std::move(telling));
    }

    void add(const BlockKind& kind, const std::string& prefix, bool train, std::size_t index, std::vector<std::string> telling) {
        const auto taken = [&](const std::string& key) { return m_keys.contains(key); };
        const std::string name = blockName(kind, prefix);
        if (m_names.contains(name) || std::ranges::any_of(telling, taken) || !allows(kind, prefix) || !fits(kind, prefix)) return;
        m_names.insert(name);
        m_keys.insert(telling.begin(), telling.end());
        m_claims.push_back({&kind, prefix, train, index, {}});
    }

    const StateDict& m_tensors;
    const Assumptions& m_user;
    std::vector<Claim> m_claims;
    std::unordered_set<std::string> m_names;
    std::unordered_set<std::string> m_keys;
};

} // namespace

bool anyKeyContains(const StateDict& tensors, std::string_view text) {
    return std::ranges::any_of(tensors.tensors(), [text](const NamedTensor& t) { return t.name.find(text) != std::string::npos; });
}

bool isYoloV6(const StateDict& tensors) { return anyKeyContains(tensors, "ERBlock_"); }

std::optional<int> parseIndex(std::string_view text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() && value >= 0 ? std::optional(value) : std::nullopt;
}

std::vector<Claim> findClaims(const StateDict& tensors, std::span<const BlockKind> kinds, const Assumptions& user) {
    Finder finder(tensors, user);
    // A fused kernel beside branches belongs to them (families.md 3.2), so all branches are looked for first.
    std::vector<const BlockKind*> possible;
    for (const BlockKind& kind : kinds)
        if (!kind.inFile || kind.inFile(tensors)) possible.push_back(&kind);
    for (const BlockKind* kind : possible) finder.lookForBranches(*kind);
    for (const BlockKind* kind : possible) finder.lookForFused(*kind);
    return finder.inOrder();
}

} // namespace rp::families
