// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/model/model.h"
#include "core/tensor/state_dict.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rp::families {

/// What the user states with `--assume` because a state dict cannot: `eps=1e-3` for everything, or
/// `stage3.*:stride=2,groups=4` for blocks whose name matches the pattern (`*` and `?`). The last one wins.
class Assumptions {
public:
    Assumptions() = default;
    /// Throws `usage` for an unknown key or a value that does not parse.
    explicit Assumptions(const std::vector<std::string>& texts);

    /// The user's value of `key` for a block, if any. Marks it as used.
    std::optional<std::string> valueFor(std::string_view block, std::string_view key) const;

    /// Every value stated for `key`, for whichever blocks.
    std::vector<std::string> valuesOf(std::string_view key) const;

    /// Notes about assumptions that concerned no block.
    std::vector<std::string> unused() const;

private:
    struct Rule {
        std::string pattern;
        std::string key;
        std::string value;
        mutable bool used = false;
    };
    std::vector<Rule> m_rules;
};

/// Resolves the attributes of one block in order of authority: `--assume`, what the file says of its modules
/// (`StateDict::attribute`; only pickled modules say anything), the preset; and records each in `Model::assumptions` with
/// its origin. A file's value that no assumption could have is passed over.
class Attributes {
public:
    /// `prefix`: of the block's keys, with its last dot.
    Attributes(const Assumptions& user, const StateDict& tensors, std::string prefix, std::string block, std::vector<Assumption>& record)
        : m_user(user), m_tensors(tensors), m_prefix(std::move(prefix)), m_block(std::move(block)), m_record(record) {}

    /// The module below the prefix that states stride, padding, dilation and groups of the fused convolution.
    void setWindow(std::string module) { m_window = std::move(module); }
    /// What the file says of one module below the prefix, unless the user states `key` for the block.
    std::optional<double> ofModule(const std::string& module, std::string_view key) const;

    double number(std::string_view key, double preset, std::string_view origin);
    Extent extent(std::string_view key, Extent preset, std::string_view origin);
    std::int64_t integer(std::string_view key, std::int64_t preset, std::string_view origin);
    bool flag(std::string_view key, bool preset, std::string_view origin);
    std::string text(std::string_view key, std::string preset, std::string_view origin);
    Padding padding(Padding preset, std::string_view origin);

private:
    std::string resolve(std::string_view key, std::string preset, std::string_view origin);
    std::optional<std::string> fromFile(std::string_view key) const;
    std::optional<std::string> valid(const std::string& module, std::string_view key) const;
    std::optional<std::string> activation() const;

    const Assumptions& m_user;
    const StateDict& m_tensors;
    std::string m_prefix;
    std::string m_window;
    std::string m_block;
    std::vector<Assumption>& m_record;
};

/// `*` any text, `?` one character.
bool matchesPattern(std::string_view pattern, std::string_view text);

/// Assumptions with the same key, value and origin in one line each: "eps = 1e-05 (preset: RepVGG), all blocks".
std::vector<std::string> summarize(const std::vector<Assumption>& assumptions, std::size_t blocks);

} // namespace rp::families
