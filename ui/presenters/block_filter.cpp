// SPDX-License-Identifier: Apache-2.0
#include "ui/presenters/block_filter.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <array>
#include <cmath>
#include <limits>

namespace rp::ui {
namespace {

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(BlockFilter)
};

using Number = std::optional<double>;

Number toNumber(std::int64_t value) {
    return static_cast<double>(value);
}
Number toNumber(const std::optional<std::int64_t>& value) {
    return value ? Number(static_cast<double>(*value)) : std::nullopt;
}

/// A figure that terms may name: one of the two functions tells it.
struct Figure {
    const char* name;
    Number (*number)(const BlockFacts&);
    QString (*text)(const BlockFacts&);
};

constexpr std::array kFigures{
    Figure{"name", nullptr, [](const BlockFacts& f) { return f.name; }},
    Figure{"family", nullptr, [](const BlockFacts& f) { return f.family; }},
    Figure{"form", nullptr, [](const BlockFacts& f) { return f.form; }},
    Figure{"exactness", nullptr, [](const BlockFacts& f) { return f.exactness; }},
    Figure{"verdict", nullptr, [](const BlockFacts& f) { return f.verdict; }},
    Figure{"k", [](const BlockFacts& f) { return f.kernel.h == f.kernel.w ? toNumber(f.kernel.h) : std::nullopt; },
           [](const BlockFacts& f) { return QStringLiteral("%1x%2").arg(f.kernel.h).arg(f.kernel.w); }},
    Figure{"stride", [](const BlockFacts& f) { return toNumber(f.stride.h); }, nullptr},
    Figure{"groups", [](const BlockFacts& f) { return toNumber(f.groups); }, nullptr},
    Figure{"in", [](const BlockFacts& f) { return toNumber(f.inChannels); }, nullptr},
    Figure{"out", [](const BlockFacts& f) { return toNumber(f.outChannels); }, nullptr},
    Figure{"channels", [](const BlockFacts& f) { return toNumber(f.outChannels); }, nullptr},
    Figure{"branches", [](const BlockFacts& f) { return toNumber(f.branches); }, nullptr},
    Figure{"params", [](const BlockFacts& f) { return toNumber(f.parameters); }, nullptr},
    Figure{"macs", [](const BlockFacts& f) { return toNumber(f.macs); }, nullptr},
    Figure{"snr", [](const BlockFacts& f) { return f.snr; }, nullptr},
    Figure{"error", [](const BlockFacts& f) { return f.error; }, nullptr},
    Figure{"cumulative", [](const BlockFacts& f) { return f.cumulative; }, nullptr},
};

/// Parts between blanks; blanks within quotes do not count, and quotes go.
struct Parts {
    QStringList terms;
    bool isClosed = true;
};
Parts split(const QString& text) {
    Parts parts;
    QString term;
    bool isQuoted = false, isBegun = false;
    for (QChar c : text) {
        if (c == QLatin1Char('"')) {
            isQuoted = !isQuoted;
            isBegun = true;
        } else if (c.isSpace() && !isQuoted) {
            if (isBegun) parts.terms << term;
            term.clear();
            isBegun = false;
        } else {
            term += c;
            isBegun = true;
        }
    }
    if (isBegun) parts.terms << term;
    parts.isClosed = !isQuoted;
    return parts;
}

/// "3x1"
bool isSize(const QString& text) {
    static const QRegularExpression size(QStringLiteral("^\\d+[xX]\\d+$"));
    return size.match(text).hasMatch();
}

} // namespace

BlockFilter::BlockFilter(const QString& text) {
    const Parts parts = split(text);
    for (const QString& term : parts.terms)
        if (isValid()) addTerm(term);
    if (isValid() && !parts.isClosed) m_error = Texts::tr("A quote is not closed.");
}

QStringList BlockFilter::figures() {
    QStringList names;
    for (const Figure& figure : kFigures) names << QString::fromLatin1(figure.name);
    return names;
}

QString BlockFilter::help() {
    return Texts::tr("Words that name, family or form contain, and terms such as\nk=3  groups>1  snr<100  params>=1M  "
                      "name~stage3  exactness!=everywhere\nAll must hold. Figures: %1")
        .arg(figures().join(QStringLiteral(", ")));
}

std::optional<double> BlockFilter::numberFrom(QString text) {
    if (text.compare(QLatin1String("exact"), Qt::CaseInsensitive) == 0) return std::numeric_limits<double>::infinity();
    double unit = 1;
    const QChar last = text.isEmpty() ? QChar() : text.back();
    if (last == QLatin1Char('k')) unit = 1e3;
    if (last == QLatin1Char('M')) unit = 1e6;
    if (last == QLatin1Char('G')) unit = 1e9;
    if (unit > 1) text.chop(1);
    bool isNumber = false;
    const double value = text.toDouble(&isNumber); // C locale: what is typed does not depend on the user's
    if (!isNumber || !std::isfinite(value)) return std::nullopt;
    return value * unit;
}

void BlockFilter::addTerm(const QString& text) {
    static const std::array<std::pair<QLatin1String, Operator>, 8> operators{
        // the longer ones first
        std::pair{QLatin1String("!="), Operator::unequal}, {QLatin1String("!~"), Operator::lacks},
        {QLatin1String("<="), Operator::atMost},           {QLatin1String(">="), Operator::atLeast},
        {QLatin1String("="), Operator::equal},             {QLatin1String("<"), Operator::less},
        {QLatin1String(">"), Operator::more},              {QLatin1String("~"), Operator::contains}};
    qsizetype at = text.size();
    const std::pair<QLatin1String, Operator>* found = nullptr;
    for (const auto& candidate : operators)
        if (const qsizetype i = text.indexOf(candidate.first); i >= 0 && i < at) {
            at = i;
            found = &candidate;
        }
    if (!found) {
        m_terms.push_back({-1, Operator::contains, text});
        return;
    }
    const QString name = text.left(at), value = text.mid(at + found->first.size());
    const qsizetype figure = figures().indexOf(name.toLower());
    if (figure < 0) {
        m_error = Texts::tr("%1: there is no figure \"%2\". There are: %3.").arg(text, name, figures().join(QStringLiteral(", ")));
        return;
    }
    if (value.isEmpty()) {
        m_error = Texts::tr("%1: a value is missing.").arg(text);
        return;
    }
    const Figure& of = kFigures[static_cast<std::size_t>(figure)];
    const bool comparesText = found->second == Operator::contains || found->second == Operator::lacks;
    const bool comparesOrder = found->second != Operator::equal && found->second != Operator::unequal && !comparesText;
    const std::optional<double> number = of.number ? numberFrom(value) : std::nullopt;
    if (comparesOrder && !of.number)
        m_error = Texts::tr("%1: %2 is a text; it takes = != ~ !~.").arg(text, name);
    else if (comparesText && !of.text)
        m_error = Texts::tr("%1: %2 is a number; it takes = != < <= > >=.").arg(text, name);
    else if ((comparesOrder || !of.text || (of.number && !comparesText && !isSize(value))) && !number)
        m_error = Texts::tr("%1: \"%2\" is not a number.").arg(text, value);
    if (!isValid()) return;
    m_terms.push_back({static_cast<int>(figure), found->second, number && !comparesText ? Value(*number) : Value(value)});
}

bool BlockFilter::holds(const Term& term, const BlockFacts& facts) {
    auto contains = [](const QString& text, const QString& part) { return text.contains(part, Qt::CaseInsensitive); };
    if (term.figure < 0) {
        const QString& word = std::get<QString>(term.value);
        return contains(facts.name, word) || contains(facts.family, word) || contains(facts.form, word);
    }
    const Figure& figure = kFigures[static_cast<std::size_t>(term.figure)];
    if (const auto* value = std::get_if<QString>(&term.value)) {
        const QString text = figure.text(facts);
        const bool isEqual = text.compare(*value, Qt::CaseInsensitive) == 0;
        switch (term.op) {
        case Operator::equal: return isEqual;
        case Operator::unequal: return !isEqual;
        case Operator::lacks: return !contains(text, *value);
        default: return contains(text, *value);
        }
    }
    const Number number = figure.number(facts);
    if (!number) return term.op == Operator::unequal && figure.text; // a kernel of 1x3 is not 3, nor any number
    const double value = std::get<double>(term.value);
    switch (term.op) {
    case Operator::unequal: return *number != value;
    case Operator::less: return *number < value;
    case Operator::atMost: return *number <= value;
    case Operator::more: return *number > value;
    case Operator::atLeast: return *number >= value;
    default: return *number == value;
    }
}

bool BlockFilter::accepts(const BlockFacts& facts) const {
    for (const Term& term : m_terms)
        if (!holds(term, facts)) return false;
    return true;
}

} // namespace rp::ui
