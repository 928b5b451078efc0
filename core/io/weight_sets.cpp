// SPDX-License-Identifier: Apache-2.0
#include "core/io/weight_sets.h"

#include "core/base/error.h"
#include "core/io/pickled_module.h"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace rp::io {
namespace {

constexpr int kMaxWrappers = 4;                     ///< {"ema": {"state_dict": …}} is two
constexpr std::uint64_t kMaxPlainNodes = 1'000'000; ///< of one extra, written out as a tree
constexpr std::size_t kNamesShown = 5;

/// The order in which upstream scripts look (BasicSR prefers its averaged weights, others the plain ones).
constexpr std::array<std::string_view, 15> kPreference{
    "",       "state_dict", "model",     "model_state",    "model_state_dict",
    "net",    "network",    "module",    "weights",        "params_ema",
    "params", "ema",        "model_ema", "state_dict_ema", "ema_net"};

/// Entries that hold tensors of a training run, not of a network.
constexpr std::array<std::string_view, 22> kTrainingState{"optimizer",
                                                          "optimizers",
                                                          "optimizer_state",
                                                          "optimizer_states",
                                                          "optimizer_state_dict",
                                                          "optim",
                                                          "opt",
                                                          "state",
                                                          "param_groups",
                                                          "scheduler",
                                                          "scheduler_state_dict",
                                                          "lr_scheduler",
                                                          "lr_schedulers",
                                                          "scaler",
                                                          "grad_scaler",
                                                          "amp",
                                                          "amp_scaler",
                                                          "rng_state",
                                                          "message_hub",
                                                          "callbacks",
                                                          "loops",
                                                          "_metadata"};

template<std::size_t N>
std::size_t rankIn(const std::array<std::string_view, N>& names, std::string_view name) {
    return static_cast<std::size_t>(std::ranges::find(names, name) - names.begin());
}

bool isTrainingState(std::string_view key) {
    return rankIn(kTrainingState, key) < kTrainingState.size();
}

/// What lies anywhere below a value.
struct Facts {
    bool tensors = false;
    bool opaque = false;
    std::uint64_t nodes = 1; ///< as a tree, saturating
};

class Survey {
public:
    /// Recursion is bounded by kMaxNesting, work by the number of distinct values.
    const Facts& of(const Value& value) {
        if (const auto known = m_facts.find(&value); known != m_facts.end()) return known->second;
        Facts facts{value.as<StoredTensor>() != nullptr, value.as<Opaque>() != nullptr};
        forEachChild(value, [&](const ValuePtr& child) {
            const Facts& inner = of(*child);
            facts.tensors |= inner.tensors;
            facts.opaque |= inner.opaque;
            facts.nodes = std::min(facts.nodes + inner.nodes, 2 * kMaxPlainNodes);
        });
        return m_facts.emplace(&value, facts).first->second;
    }

private:
    std::unordered_map<const Value*, Facts> m_facts;
};

/// A tensor of a kind that is not read (quantised, sparse, complex …), or something standing where the key
/// says that a tensor belongs.
bool standsForTensor(std::string_view key, const Opaque& opaque) {
    if (key.ends_with("weight") || key.ends_with("bias") || key.ends_with("running_mean") ||
        key.ends_with("running_var"))
        return true;
    if (opaque.symbol.starts_with("torch.") && opaque.symbol.find("_rebuild") != std::string::npos)
        return true;
    return std::ranges::any_of(opaque.parts, [](const ValuePtr& part) {
        const auto* inner = part->as<Opaque>();
        return part->as<StoredTensor>() || (inner && inner->symbol.ends_with("Storage"));
    });
}

std::string join(const std::string& outer, std::string_view inner) {
    return outer.empty() ? std::string(inner) : fmt::format("{}.{}", outer, inner);
}

std::string shorten(const std::vector<std::string>& names) {
    const std::size_t shown = std::min(names.size(), kNamesShown);
    std::string text =
        fmt::format("{}", fmt::join(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(shown), ", "));
    if (names.size() > shown) text += fmt::format(" and {} more", names.size() - shown);
    return text;
}

class Finder {
public:
    explicit Finder(Checkpoint& checkpoint) : m_checkpoint(checkpoint) {}

    void run(const ValuePtr& root) {
        collect("", root, 0);
        const auto* dict = root->as<Dict>();
        if (m_checkpoint.sets.empty() && dict && hasTensors(*dict)) addSet("", *dict);
        if (m_checkpoint.sets.empty()) throwNoWeights(*root);
        choose();
        if (dict) keepExtras(*dict);
    }

private:
    static bool hasTensors(const Dict& dict) {
        return std::ranges::any_of(dict.items, [](const auto& item) {
            return item.first->template as<std::string>() && item.second->template as<StoredTensor>();
        });
    }

    /// Tensors under names, and nothing beside them that might be the actual weights.
    bool isWeightSet(const Dict& dict) {
        if (!hasTensors(dict)) return false;
        return std::ranges::none_of(dict.items, [this](const auto& item) {
            const auto* key = item.first->template as<std::string>();
            if (!key || isTrainingState(*key)) return false;
            const Value& value = *item.second;
            const bool nested = value.as<Dict>() || value.as<Sequence>() || isModule(value);
            return nested && m_survey.of(value).tensors;
        });
    }

    void collect(const std::string& name, const ValuePtr& value, int depth) {
        // Without this a few nested lists that repeat each other would be walked exponentially often.
        if (depth > kMaxWrappers || !m_visited.insert(value.get()).second || !m_survey.of(*value).tensors)
            return;
        if (isModule(*value)) {
            addModule(name, *value);
        } else if (const auto* dict = value->as<Dict>()) {
            if (isWeightSet(*dict)) return addSet(name, *dict);
            for (const auto& [key, item] : dict->items)
                if (const auto* text = key->as<std::string>(); text && !isTrainingState(*text))
                    collect(join(name, *text), item, depth + 1);
        } else if (const auto* sequence = value->as<Sequence>()) {
            for (std::size_t i = 0; i < sequence->items.size(); ++i)
                collect(join(name, std::to_string(i)), sequence->items[i], depth + 1);
        }
    }

    void addSet(const std::string& name, const Dict& dict) {
        std::vector<NamedTensor> tensors;
        std::vector<std::string> skipped;
        for (const auto& [key, value] : dict.items) {
            const auto* text = key->as<std::string>();
            const auto* tensor = value->as<StoredTensor>();
            if (text && tensor) {
                tensors.push_back({*text, *tensor});
            } else {
                if (const auto* opaque = value->as<Opaque>();
                    text && opaque && standsForTensor(*text, *opaque))
                    throwOpaque(join(name, *text), *opaque);
                if (!text || *text != "_metadata")
                    skipped.push_back(text ? *text : fmt::format("a key of type {}", kindOf(*key)));
            }
        }
        if (!skipped.empty())
            note(
                fmt::format("{}not tensors, skipped: {}", name.empty() ? "" : name + ": ", shorten(skipped)));
        m_checkpoint.sets.push_back({name, StateDict(std::move(tensors)), dict.ordered});
    }

    void addModule(const std::string& name, const Value& module) {
        ModuleContent content = contentOf(module);
        if (content.tensors.empty()) return;
        note(fmt::format("{} a pickled module: its tensors and attributes are read, its classes are not needed",
                         name.empty() ? "the file is" : fmt::format("'{}' is", name)));
        m_checkpoint.sets.push_back(
            {name, StateDict(std::move(content.tensors), std::move(content.modules))});
    }

    static std::pair<std::size_t, std::size_t> rank(const WeightSet& set) {
        const std::string& name = set.name;
        // YOLO, whose files hold modules, runs its averaged weights.
        if (name == "ema" && !set.tensors.modules().empty()) return {0, 0};
        const std::size_t dot = std::min(name.find('.'), name.size());
        const std::string_view outer = std::string_view(name).substr(0, dot);
        const std::string_view inner = dot < name.size() ? std::string_view(name).substr(dot + 1) : "";
        return {rankIn(kPreference, outer), rankIn(kPreference, inner)};
    }

    void choose() {
        const auto& sets = m_checkpoint.sets;
        const auto best = std::ranges::min_element(sets, {}, rank);
        m_checkpoint.preferred = static_cast<std::size_t>(best - sets.begin());
        if (sets.size() < 2) return;
        std::vector<std::string> names;
        for (const WeightSet& set : sets)
            names.push_back(set.name);
        note(fmt::format("{} sets of weights: {}; used unless another is named: {}", sets.size(),
                         shorten(names), best->name));
    }

    bool isPartOfSets(std::string_view key) const {
        return std::ranges::any_of(m_checkpoint.sets, [&](const WeightSet& set) {
            return set.name == key || set.name.starts_with(std::string(key) + ".");
        });
    }

    void keepExtras(const Dict& root) {
        if (m_checkpoint.sets.front().name.empty()) return; // its other entries were named already
        m_checkpoint.extras.ordered = root.ordered;
        std::vector<std::string> tensors;
        std::vector<std::string> opaque;
        for (const auto& [key, value] : root.items) {
            const auto* text = key->as<std::string>();
            const std::string name = text ? *text : fmt::format("a key of type {}", kindOf(*key));
            const Facts& facts = m_survey.of(*value);
            if (text && isPartOfSets(*text)) continue;
            if (facts.tensors)
                tensors.push_back(name);
            else if (facts.opaque || m_survey.of(*key).opaque)
                opaque.push_back(name);
            else if (facts.nodes > kMaxPlainNodes)
                note(fmt::format("'{}' is too large to keep", name));
            else
                m_checkpoint.extras.items.emplace_back(key, value);
        }
        if (!tensors.empty()) note(fmt::format("left out, because they hold tensors: {}", shorten(tensors)));
        if (!opaque.empty())
            note(fmt::format("left out, because they hold symbols that are not interpreted: {}",
                             shorten(opaque)));
    }

    void note(std::string text) { m_checkpoint.notes.push_back(std::move(text)); }

    [[noreturn]] static void throwOpaque(const std::string& key, const Opaque& opaque) {
        throw Error(ErrorCode::unsupported, {fmt::format("'{}'", key), "a dense tensor",
                                             fmt::format("{}, which is not interpreted", opaque.symbol),
                                             "convert it to a float tensor and save the state dict again"});
    }

    [[noreturn]] static void throwNoWeights(const Value& root) {
        std::string found = fmt::format("a {}", kindOf(root));
        if (const auto* opaque = root.as<Opaque>())
            found = fmt::format("{}, which is not interpreted", opaque->symbol);
        if (const auto* dict = root.as<Dict>()) {
            std::vector<std::string> names;
            for (const auto& item : dict->items)
                if (const auto* text = item.first->as<std::string>()) names.push_back(*text);
            found = names.empty() ? "a dict without names" : fmt::format("a dict with {}", shorten(names));
        }
        throw Error(ErrorCode::unsupported,
                    {"", "a dict of names and tensors, bare or under a key such as state_dict",
                     std::move(found), R"(save the weights: torch.save(model.state_dict(), "weights.pth"))"});
    }

    Checkpoint& m_checkpoint;
    Survey m_survey;
    std::unordered_set<const Value*> m_visited;
};

} // namespace

void findWeightSets(Checkpoint& checkpoint, const ValuePtr& root,
                    const std::set<std::string>& opaqueSymbols) {
    for (const std::string& symbol : opaqueSymbols)
        checkpoint.notes.push_back(fmt::format("symbol {} is not interpreted", symbol));
    Finder(checkpoint).run(root);
}

} // namespace rp::io
