// SPDX-License-Identifier: Apache-2.0
#include "ui/presenters/fuzzy_match.h"

#include <QStringList>

#include <algorithm>
#include <limits>

namespace rp::ui {
namespace {

constexpr int kNone = std::numeric_limits<int>::min() / 4;
constexpr int kLetter = 2, kBeginning = 8, kInRow = 6, kGap = 3;

bool beginsWord(const QString& text, qsizetype place) {
    if (place == 0) return true;
    const QChar before = text[place - 1], here = text[place];
    return !before.isLetterOrNumber() || (before.isLower() && here.isUpper()) || (before.isLetter() && here.isDigit());
}

/// The best places of one word: for each letter and place the best score of the letters so far that ends there.
std::optional<FuzzyMatch> matchWord(const QString& word, const QString& text) {
    const qsizetype letters = word.size(), length = text.size();
    if (letters > length) return std::nullopt;
    const auto at = [length](qsizetype letter, qsizetype place) { return static_cast<std::size_t>(letter * length + place); };
    std::vector<int> score(static_cast<std::size_t>(letters * length), kNone), from(score.size(), -1);
    for (qsizetype letter = 0; letter < letters; ++letter) {
        int best = kNone, bestPlace = -1; // of the letter before, with a gap behind it
        for (qsizetype place = 0; place < length; ++place) {
            if (letter > 0 && place >= 2 && score[at(letter - 1, place - 2)] > best) {
                best = score[at(letter - 1, place - 2)];
                bestPlace = static_cast<int>(place - 2);
            }
            if (text[place].toCaseFolded() != word[letter].toCaseFolded()) continue;
            int before = letter == 0 ? 0 : best - kGap;
            int origin = letter == 0 ? -1 : bestPlace;
            if (letter > 0 && place >= 1 && score[at(letter - 1, place - 1)] + kInRow > before) {
                before = score[at(letter - 1, place - 1)] + kInRow;
                origin = static_cast<int>(place - 1);
            }
            if (before < kNone / 2) continue; // no way to here
            score[at(letter, place)] = before + kLetter + (beginsWord(text, place) ? kBeginning : 0);
            from[at(letter, place)] = origin;
        }
    }
    const auto last = score.begin() + static_cast<std::ptrdiff_t>(at(letters - 1, 0));
    const auto found = std::max_element(last, score.end());
    if (*found < kNone / 2) return std::nullopt;
    FuzzyMatch match{*found, {}};
    int place = static_cast<int>(found - last);
    for (qsizetype letter = letters - 1; letter >= 0; --letter) {
        match.places.push_back(place);
        place = from[at(letter, place)];
    }
    return match;
}

} // namespace

std::optional<FuzzyMatch> fuzzyMatch(const QString& query, const QString& text) {
    FuzzyMatch whole;
    const QStringList words = query.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    if (words.isEmpty()) return whole;
    for (const QString& word : words) {
        const std::optional<FuzzyMatch> match = matchWord(word, text);
        if (!match) return std::nullopt;
        whole.score += match->score;
        whole.places.insert(whole.places.end(), match->places.begin(), match->places.end());
    }
    std::ranges::sort(whole.places);
    const auto twice = std::ranges::unique(whole.places);
    whole.places.erase(twice.begin(), twice.end());
    whole.score = whole.score * 128 - static_cast<int>(std::min<qsizetype>(text.size(), 127));
    return whole;
}

} // namespace rp::ui
