// SPDX-License-Identifier: Apache-2.0
#include "ui/presenters/core_text.h"

#include "ui/presenters/core_sentences.h"
#include "ui/presenters/language.h"

#include <QCoreApplication>
#include <QHash>
#include <QMutex>
#include <QStringList>

#include <algorithm>
#include <optional>
#include <vector>

namespace rp::ui {
namespace {

constexpr int kMostNesting = 4; ///< a sentence within a sentence within …
constexpr qsizetype kMostRemembered = 20000;
constexpr qsizetype kLongestSentence = 2000; ///< a file's names are in it, and may be made to be long

/// A sentence with gaps: what stands before, between and behind them.
struct Pattern {
    const char* source;
    QStringList pieces;
    bool hasFront = false, hasBack = false; ///< core joins it to a name in front, or behind: "described " + kind
    qsizetype letters = 0;
};

Pattern patternOf(const char* source) {
    Pattern pattern{source, {QString()}};
    QStringList& pieces = pattern.pieces;
    const QString text = QString::fromUtf8(source);
    for (qsizetype i = 0; i < text.size(); ++i) {
        const qsizetype end = text[i] == QLatin1Char('{') ? text.indexOf(QLatin1Char('}'), i) : -1;
        if (end < 0) {
            pieces.back() += text[i];
        } else {
            pieces << QString();
            i = end;
        }
    }
    for (const QString& piece : pieces) pattern.letters += piece.size();
    pattern.hasFront = text.startsWith(QLatin1Char(' ')) || text.startsWith(QStringLiteral(", ")) || text.startsWith(QStringLiteral(": "));
    pattern.hasBack = text.endsWith(QLatin1Char(' '));
    if (pattern.hasFront) pieces.prepend(QString());
    if (pattern.hasBack) pieces << QString();
    return pattern;
}

struct Patterns {
    QHash<QString, const char*> whole; ///< without gaps
    std::vector<Pattern> gapped;       ///< most letters first: the most telling one wins
};

const Patterns& patterns() {
    static const Patterns all = [] {
        Patterns made;
        for (const char* source : coreSentences()) {
            Pattern pattern = patternOf(source);
            if (pattern.pieces.size() == 1) {
                made.whole.insert(pattern.pieces.front(), source);
                continue;
            }
            made.gapped.push_back(std::move(pattern));
        }
        std::ranges::stable_sort(made.gapped, std::greater{}, &Pattern::letters);
        return made;
    }();
    return all;
}

/// What stands in the gaps; nothing when the pattern does not fit.
std::optional<QStringList> gapsOf(const QString& text, const QStringList& pieces) {
    if (!text.startsWith(pieces.front()) || !text.endsWith(pieces.back())) return std::nullopt;
    const qsizetype end = text.size() - pieces.back().size();
    qsizetype at = pieces.front().size();
    QStringList gaps;
    for (qsizetype i = 1; i + 1 < pieces.size(); ++i) {
        const qsizetype next = text.indexOf(pieces[i], at);
        if (next < 0 || next + pieces[i].size() > end) return std::nullopt;
        gaps << text.mid(at, next - at);
        at = next + pieces[i].size();
    }
    if (at > end) return std::nullopt;
    gaps << text.mid(at, end - at);
    return gaps;
}

QString translated(const char* source) {
    return QCoreApplication::translate("Core", source);
}

/// `text` with its gaps, `{}` in turn or `{1}` by number, replaced.
QString filled(const QString& text, const QStringList& gaps) {
    QString out;
    qsizetype next = 0;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const qsizetype end = text[i] == QLatin1Char('{') ? text.indexOf(QLatin1Char('}'), i) : -1;
        if (end < 0) {
            out += text[i];
            continue;
        }
        bool isNumber = false;
        const int number = text.mid(i + 1, end - i - 1).toInt(&isNumber);
        const qsizetype gap = isNumber ? number : next++;
        if (gap < gaps.size()) out += gaps[gap];
        i = end;
    }
    return out;
}

QString sentence(const QString& text, int nesting) {
    if (text.size() < 3 || nesting > kMostNesting) return text;
    const Patterns& all = patterns();
    if (const char* source = all.whole.value(text, nullptr)) return translated(source);
    for (const Pattern& pattern : all.gapped) {
        if (pattern.letters > text.size()) continue;
        std::optional<QStringList> gaps = gapsOf(text, pattern.pieces);
        if (!gaps) continue;
        for (QString& gap : *gaps) gap = sentence(gap, nesting + 1);
        const QString front = pattern.hasFront ? gaps->takeFirst() : QString();
        const QString back = pattern.hasBack ? gaps->takeLast() : QString();
        return front + filled(translated(pattern.source), *gaps) + back;
    }
    for (const QString& mark : {QStringLiteral("; "), QStringLiteral(": "), QStringLiteral(", ")})
        if (const qsizetype at = text.indexOf(mark); at > 0)
            return sentence(text.left(at), nesting + 1) + mark + sentence(text.mid(at + mark.size()), nesting);
    // A name and what is the matter with it.
    if (const char* source = all.whole.value(text.section(QLatin1Char(' '), 1), nullptr))
        return text.section(QLatin1Char(' '), 0, 0) + QLatin1Char(' ') + translated(source);
    return text;
}

} // namespace

QString coreText(const QString& text) {
    if (text.size() > kLongestSentence || currentLanguage() == languages().front().code) return text;
    static QMutex mutex; // jobs word their errors on the worker
    const QMutexLocker lock(&mutex);
    static QHash<QString, QString> said; // the window asks for the same ones again and again
    static QString language;
    if (language != currentLanguage() || said.size() > kMostRemembered) said.clear();
    language = currentLanguage();
    const auto found = said.constFind(text);
    return found != said.constEnd() ? *found : *said.insert(text, sentence(text, 0)); // a copy
}

QString coreText(std::string_view text) {
    return coreText(QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())));
}

} // namespace rp::ui
