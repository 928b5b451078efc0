// SPDX-License-Identifier: Apache-2.0
#include "core/io/pickled_module.h"

#include "core/base/error.h"

#include <algorithm>
#include <iterator>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace rp::io {
namespace {

constexpr std::size_t kMaxBytes = std::size_t{1} << 28; ///< of names and attributes of one tree
constexpr std::size_t kBytesPerEntry = 128;
constexpr std::size_t kMaxText = 200;
constexpr std::size_t kMaxSizes = 6;

/// The instance dict that BUILD gave to the object; null when it is no module.
const Dict* stateOf(const Value& value) {
    const auto* opaque = value.as<Opaque>();
    if (!opaque) return nullptr;
    for (const ValuePtr& part : opaque->parts)
        if (const auto* state = part->as<Dict>();
            state && (state->find("_modules") || state->find("_parameters")))
            return state;
    return nullptr;
}

const Dict* dictAt(const Dict& state, std::string_view key) {
    const ValuePtr* found = state.find(key);
    return found ? (*found)->as<Dict>() : nullptr;
}

/// copyreg._reconstructor(class, object, None) is how objects without NEWOBJ are made.
std::string classOf(const Opaque& object) {
    if (object.symbol.ends_with("._reconstructor") && !object.parts.empty())
        if (const auto* type = object.parts.front()->as<Opaque>()) return type->symbol;
    return object.symbol;
}

std::optional<std::string> sizesText(const Sequence& sequence) {
    std::vector<std::int64_t> sizes;
    if (sequence.items.empty() || sequence.items.size() > kMaxSizes) return std::nullopt;
    for (const ValuePtr& item : sequence.items) {
        const auto* number = item->as<std::int64_t>();
        if (!number) return std::nullopt;
        sizes.push_back(*number);
    }
    if (std::ranges::all_of(sizes, [&](std::int64_t size) { return size == sizes.front(); }))
        return fmt::format("{}", sizes.front());
    return fmt::format("{}", fmt::join(sizes, "x"));
}

/// As `--assume` spells it; nothing for what it has no spelling for.
std::optional<std::string> plainText(const Value& value) {
    if (const auto* flag = value.as<bool>()) return *flag ? "true" : "false";
    if (const auto* integer = value.as<std::int64_t>()) return fmt::format("{}", *integer);
    if (const auto* real = value.as<double>()) return fmt::format("{}", *real);
    if (const auto* text = value.as<std::string>(); text && text->size() <= kMaxText) return *text;
    if (const auto* sequence = value.as<Sequence>()) return sizesText(*sequence);
    return std::nullopt;
}

class Walker {
public:
    ModuleContent run(const Value& root) {
        charge(0);
        m_open.push_back({"", &root});
        while (!m_open.empty()) {
            const Open next = std::move(m_open.back());
            m_open.pop_back();
            visit(next);
        }
        return std::move(m_content);
    }

private:
    struct Open {
        std::string prefix; ///< with its last dot
        const Value* module;
    };

    void visit(const Open& open) {
        const Dict& state = *stateOf(*open.module);
        addAttributes(open, state);
        if (const Dict* parameters = dictAt(state, "_parameters")) addTensors(open, *parameters, {});
        if (const Dict* buffers = dictAt(state, "_buffers")) addTensors(open, *buffers, unsaved(state));
        const Dict* children = dictAt(state, "_modules");
        if (!children) return;
        for (auto it = children->items.rbegin(); it != children->items.rend(); ++it) {
            const auto* name = it->first->as<std::string>();
            if (!name || !isModule(*it->second)) continue;
            charge(open.prefix.size() + name->size());
            m_open.push_back({open.prefix + *name + ".", it->second.get()});
        }
    }

    static std::set<std::string, std::less<>> unsaved(const Dict& state) {
        std::set<std::string, std::less<>> names;
        const ValuePtr* found = state.find("_non_persistent_buffers_set");
        const auto* list = found ? (*found)->as<Sequence>() : nullptr;
        for (const ValuePtr& item : list ? list->items : std::vector<ValuePtr>{})
            if (const auto* name = item->as<std::string>()) names.insert(*name);
        return names;
    }

    void addTensors(const Open& open, const Dict& dict, const std::set<std::string, std::less<>>& skipped) {
        for (const auto& [key, value] : dict.items) {
            const auto* name = key->as<std::string>();
            if (!name || skipped.contains(*name) || value->as<std::monostate>()) continue;
            const auto* tensor = value->as<StoredTensor>();
            if (!tensor)
                throw Error(ErrorCode::unsupported,
                            {fmt::format("'{}{}'", open.prefix, *name), "a dense tensor",
                             std::string(kindOf(*value)), "convert it to a float tensor and save it again"});
            charge(open.prefix.size() + name->size());
            m_content.tensors.push_back({open.prefix + *name, *tensor});
        }
    }

    void addAttributes(const Open& open, const Dict& state) {
        const std::string path = open.prefix.substr(0, open.prefix.size() - (open.prefix.empty() ? 0 : 1));
        auto& attributes = m_content.modules[path];
        attributes["class"] = classOf(*open.module->as<Opaque>()).substr(0, kMaxText);
        for (const auto& [key, value] : state.items) {
            const auto* name = key->as<std::string>();
            if (!name || name->starts_with('_') || name->size() > kMaxText) continue;
            if (auto text = plainText(*value)) {
                charge(name->size() + text->size());
                attributes[*name] = std::move(*text);
            }
        }
    }

    /// Modules may be shared, so that a small file describes a tree of exponential size.
    void charge(std::size_t text) {
        m_used += kBytesPerEntry + text;
        if (m_used > kMaxBytes)
            throw Error(ErrorCode::limitExceeded,
                        {"module", fmt::format("names and attributes of at most {} bytes", kMaxBytes), "more",
                         "save the state dict instead"});
    }

    std::vector<Open> m_open;
    ModuleContent m_content;
    std::size_t m_used = 0;
};

} // namespace

bool isModule(const Value& value) {
    return stateOf(value) != nullptr;
}

ModuleContent contentOf(const Value& module) {
    return Walker().run(module);
}

} // namespace rp::io
