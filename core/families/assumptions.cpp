// SPDX-License-Identifier: Apache-2.0
#include "core/families/assumptions.h"

#include "core/base/error.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace rp::families {
namespace {

template<class T>
std::optional<T> parseWhole(std::string_view text) {
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    while (true) {
        const std::size_t at = text.find(separator);
        parts.push_back(text.substr(0, at));
        if (at == std::string_view::npos) return parts;
        text.remove_prefix(at + 1);
    }
}

/// "2", "2x1", "1x1x0x0": as many numbers as `counts` allows.
std::optional<std::vector<std::int64_t>> parseSizes(std::string_view text, bool four, std::int64_t least) {
    std::vector<std::int64_t> sizes;
    for (std::string_view part : split(text, 'x')) {
        const auto size = parseWhole<std::int64_t>(part);
        if (!size || *size < least || *size > 1'000'000) return std::nullopt;
        sizes.push_back(*size);
    }
    const bool right = sizes.size() <= 2 || (four && sizes.size() == 4);
    return right ? std::optional(sizes) : std::nullopt;
}

bool isPositive(std::string_view text) {
    const auto value = parseWhole<double>(text);
    return value && *value > 0 && *value < 1e6;
}
bool isShare(std::string_view text) {
    const auto value = parseWhole<double>(text);
    return value && *value >= 0 && *value <= 1;
}
bool isExtent(std::string_view text) { return parseSizes(text, false, 1).has_value(); }
bool isPadding(std::string_view text) { return parseSizes(text, true, -1'000'000).has_value(); }
bool isCount(std::string_view text) {
    const auto value = parseWhole<std::int64_t>(text);
    return value && *value >= 1;
}
bool isFlag(std::string_view text) { return text == "true" || text == "false"; }
bool isSePlace(std::string_view text) { return text == "none" || text == "before" || text == "after"; }
bool isActivation(std::string_view text) { return activationFrom(text).has_value(); }
bool isName(std::string_view text) { return !text.empty(); }

struct KeyRule {
    std::string_view key;
    bool (*accepts)(std::string_view);
    std::string_view expected;
};

constexpr std::array<KeyRule, 10> kKeys{{
    {"family", isName, "a family's name"},
    {"eps", isPositive, "a positive number"},
    {"momentum", isShare, "a number in [0, 1]"},
    {"stride", isExtent, "a size such as 2 or 2x1"},
    {"padding", isPadding, "a size such as 1, 1x0 or 1x1x0x0 (top, left, bottom, right)"},
    {"dilation", isExtent, "a size such as 2 or 2x1"},
    {"groups", isCount, "a positive integer"},
    {"identity", isFlag, "true or false"},
    {"se", isSePlace, "none, before or after"},
    {"activation", isActivation, "none, relu, relu6, leaky_relu:0.05, prelu, silu, gelu, hardswish, hardsigmoid, sigmoid or tanh"},
}};

[[noreturn]] void throwUsage(std::string_view text, std::string expected, std::string found) {
    throw Error(ErrorCode::usage, {fmt::format("--assume {}", text), std::move(expected), std::move(found), ""});
}

void check(std::string_view text, std::string_view key, std::string_view value) {
    const auto rule = std::ranges::find(kKeys, key, &KeyRule::key);
    if (rule == kKeys.end()) {
        std::vector<std::string_view> names;
        for (const KeyRule& row : kKeys) names.push_back(row.key);
        throwUsage(text, fmt::format("one of the keys {}", fmt::join(names, ", ")), fmt::format("'{}'", key));
    }
    if (!rule->accepts(value)) throwUsage(text, fmt::format("{} to be {}", key, rule->expected), fmt::format("'{}'", value));
}

std::string sizeText(Extent e) { return e.h == e.w ? fmt::format("{}", e.h) : fmt::format("{}x{}", e.h, e.w); }

std::string sizeText(const Padding& p) {
    if (p.top == p.bottom && p.left == p.right) return sizeText(Extent{p.top, p.left});
    return fmt::format("{}x{}x{}x{}", p.top, p.left, p.bottom, p.right);
}

} // namespace

bool matchesPattern(std::string_view pattern, std::string_view text) {
    std::size_t p = 0, t = 0, star = std::string_view::npos, resume = 0;
    while (t < text.size()) {
        if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t]) && pattern[p] != '*') {
            ++p;
            ++t;
        } else if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            resume = t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++resume;
        } else {
            return false;
        }
    }
    return std::ranges::all_of(pattern.substr(p), [](char c) { return c == '*'; });
}

Assumptions::Assumptions(const std::vector<std::string>& texts) {
    for (const std::string& text : texts) {
        // A pattern ends at the first colon that stands before any '='; `leaky_relu:0.05` has its colon behind one.
        const std::size_t colon = text.find(':'), equals = text.find('=');
        const bool hasPattern = colon != std::string::npos && colon < equals;
        const std::string pattern = hasPattern ? text.substr(0, colon) : "*";
        const std::string_view rest = std::string_view(text).substr(hasPattern ? colon + 1 : 0);
        for (std::string_view pair : split(rest, ',')) {
            const std::size_t at = pair.find('=');
            if (at == std::string_view::npos) throwUsage(text, "key=value", fmt::format("'{}'", pair));
            check(text, pair.substr(0, at), pair.substr(at + 1));
            m_rules.push_back({pattern, std::string(pair.substr(0, at)), std::string(pair.substr(at + 1))});
        }
    }
}

std::optional<std::string> Assumptions::valueFor(std::string_view block, std::string_view key) const {
    std::optional<std::string> value;
    for (const Rule& rule : m_rules) {
        if (rule.key != key || !matchesPattern(rule.pattern, block)) continue;
        rule.used = true;
        value = rule.value;
    }
    return value;
}

std::vector<std::string> Assumptions::valuesOf(std::string_view key) const {
    std::vector<std::string> values;
    for (const Rule& rule : m_rules)
        if (rule.key == key) values.push_back(rule.value);
    return values;
}

std::vector<std::string> Assumptions::unused() const {
    std::vector<std::string> notes;
    for (const Rule& rule : m_rules)
        if (!rule.used)
            notes.push_back(fmt::format("--assume {}:{}={} concerns no block here and is ignored", rule.pattern, rule.key, rule.value));
    return notes;
}

std::string Attributes::resolve(std::string_view key, std::string preset, std::string_view origin) {
    const auto stated = m_user.valueFor(m_block, key);
    const auto file = stated ? std::nullopt : fromFile(key);
    Assumption& entry = m_record.emplace_back();
    entry = {m_block, std::string(key), stated ? *stated : file ? *file : std::move(preset), stated ? "--assume" : file ? "file" : std::string(origin)};
    return entry.value;
}

std::optional<std::string> Attributes::fromFile(std::string_view key) const {
    if (m_tensors.modules().empty()) return std::nullopt;
    if (key == "activation") return activation();
    if (key == "stride" || key == "padding" || key == "dilation" || key == "groups") return valid(m_window, key);
    if (key != "eps" && key != "momentum") return std::nullopt;
    const std::string prefix = m_tensors.strippedPrefix() + m_prefix;
    for (auto it = m_tensors.modules().lower_bound(prefix); it != m_tensors.modules().end() && it->first.starts_with(prefix); ++it)
        if (auto value = valid(it->first.substr(prefix.size()), key)) return value;
    return std::nullopt;
}

std::optional<std::string> Attributes::valid(const std::string& module, std::string_view key) const {
    // A module that is the block itself stands without the prefix's dot.
    const std::string path = module.empty() ? m_prefix.substr(0, m_prefix.size() - (m_prefix.empty() ? 0 : 1)) : m_prefix + module;
    const std::string* value = m_tensors.attribute(path, key);
    const auto rule = std::ranges::find(kKeys, key, &KeyRule::key);
    return value && rule != kKeys.end() && rule->accepts(*value) ? std::optional(*value) : std::nullopt;
}

std::optional<double> Attributes::ofModule(const std::string& module, std::string_view key) const {
    if (m_tensors.modules().empty() || m_user.valueFor(m_block, key)) return std::nullopt;
    const auto value = valid(module, key);
    return value ? parseWhole<double>(*value) : std::nullopt;
}

/// By the class of the module that implementations call so.
std::optional<std::string> Attributes::activation() const {
    constexpr std::pair<std::string_view, std::string_view> kClasses[] = {
        {".ReLU", "relu"},           {".ReLU6", "relu6"},           {".SiLU", "silu"},       {".GELU", "gelu"},        {".Hardswish", "hardswish"},
        {".Hardsigmoid", "hardsigmoid"}, {".Sigmoid", "sigmoid"}, {".Tanh", "tanh"}, {".Identity", "none"}};
    for (const char* name : {"act", "nonlinearity", "nonlinear", "activation"}) {
        const std::string* type = m_tensors.attribute(m_prefix + name, "class");
        if (!type) continue;
        for (const auto& [ending, text] : kClasses)
            if (type->starts_with("torch.nn.") && type->ends_with(ending)) return std::string(text);
        const std::string* slope = m_tensors.attribute(m_prefix + name, "negative_slope");
        if (slope && type->ends_with(".LeakyReLU") && isActivation("leaky_relu:" + *slope)) return "leaky_relu:" + *slope;
    }
    return std::nullopt;
}

double Attributes::number(std::string_view key, double preset, std::string_view origin) {
    return *parseWhole<double>(resolve(key, fmt::format("{}", preset), origin));
}

std::int64_t Attributes::integer(std::string_view key, std::int64_t preset, std::string_view origin) {
    return *parseWhole<std::int64_t>(resolve(key, fmt::format("{}", preset), origin));
}

bool Attributes::flag(std::string_view key, bool preset, std::string_view origin) {
    return resolve(key, preset ? "true" : "false", origin) == "true";
}

std::string Attributes::text(std::string_view key, std::string preset, std::string_view origin) {
    return resolve(key, std::move(preset), origin);
}

Extent Attributes::extent(std::string_view key, Extent preset, std::string_view origin) {
    const auto sizes = *parseSizes(resolve(key, sizeText(preset), origin), false, 1);
    return {sizes.front(), sizes.back()};
}

Padding Attributes::padding(Padding preset, std::string_view origin) {
    const auto s = *parseSizes(resolve("padding", sizeText(preset), origin), true, -1'000'000);
    if (s.size() == 4) return {s[0], s[1], s[2], s[3]};
    return {s.front(), s.back(), s.front(), s.back()};
}

std::vector<std::string> summarize(const std::vector<Assumption>& assumptions, std::size_t blocks) {
    std::vector<std::array<std::string, 3>> order;
    std::map<std::array<std::string, 3>, std::vector<std::string>> groups;
    for (const Assumption& a : assumptions) {
        auto [it, fresh] = groups.try_emplace({a.key, a.value, a.origin});
        if (fresh) order.push_back(it->first);
        it->second.push_back(a.block);
    }
    std::vector<std::string> lines;
    for (const auto& key : order) {
        const std::vector<std::string>& names = groups[key];
        const std::string where = names.size() >= blocks && blocks > 1 ? "all blocks"
                                  : names.size() > 4 ? fmt::format("{}, {} … {} ({} blocks)", names[0], names[1], names.back(), names.size())
                                                     : fmt::format("{}", fmt::join(names, ", "));
        lines.push_back(fmt::format("{} = {} ({}): {}", key[0], key[1], key[2], where));
    }
    return lines;
}

} // namespace rp::families
