// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

#include <optional>
#include <vector>

namespace rp::ui {

/// How a text answers what was typed.
struct FuzzyMatch {
    int score = 0;           ///< more is better; 0 for an empty query
    std::vector<int> places; ///< of the letters found, ascending
};

/// Every word of `query` must be found in `text`, its letters in order, gaps allowed, case ignored. Letters in a row
/// and at the beginning of a word count most, and of texts that match alike the shorter one is better.
std::optional<FuzzyMatch> fuzzyMatch(const QString& query, const QString& text);

} // namespace rp::ui
