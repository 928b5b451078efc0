// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/model/model.h"

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

/// Resolves the attributes of one block in order of authority: `--assume`, what the family read from the file,
/// the preset; and records each in `Model::assumptions` with its origin.
class Attributes {
public:
    Attributes(const Assumptions& user, std::string block, std::vector<Assumption>& record)
        : m_user(user), m_block(std::move(block)), m_record(record) {}

    double number(std::string_view key, double preset, std::string_view origin);
    Extent extent(std::string_view key, Extent preset, std::string_view origin);
    std::int64_t integer(std::string_view key, std::int64_t preset, std::string_view origin);
    bool flag(std::string_view key, bool preset, std::string_view origin);
    std::string text(std::string_view key, std::string preset, std::string_view origin);
    Padding padding(Padding preset, std::string_view origin);

private:
    std::string resolve(std::string_view key, std::string preset, std::string_view origin);

    const Assumptions& m_user;
    std::string m_block;
    std::vector<Assumption>& m_record;
};

/// `*` any text, `?` one character.
bool matchesPattern(std::string_view pattern, std::string_view text);

/// Assumptions with the same key, value and origin in one line each: "eps = 1e-05 (preset: RepVGG), all blocks".
std::vector<std::string> summarize(const std::vector<Assumption>& assumptions, std::size_t blocks);

} // namespace rp::families
