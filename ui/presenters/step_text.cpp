// SPDX-License-Identifier: Apache-2.0
#include "ui/presenters/step_text.h"

#include "ui/presenters/display_text.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace rp::ui {
namespace {

using fusion::Cell;
using fusion::Factor;
using fusion::Rewriting;
using fusion::Step;
using fusion::Term;

constexpr int kDigits = 4;

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(StepText)
};

QString placeText(const Cell& cell) {
    if (cell.isBias) return QStringLiteral("[%1]").arg(cell.o);
    return QStringLiteral("[%1, %2, %3, %4]").arg(cell.o).arg(cell.i).arg(cell.y).arg(cell.x);
}

QString symbolText(const Step& step, const Factor& factor) {
    const QString symbol = toQString(factor.symbol);
    if (factor.operand < 0 || factor.scale) return symbol;
    const bool isChannel = !step.operands[static_cast<std::size_t>(factor.operand)].kernel;
    return symbol + (isChannel ? QStringLiteral("[%1]").arg(factor.cell.o) : placeText(factor.cell));
}

QString numberIn(double value, bool isFirst) {
    const QString text = numberText(value, kDigits);
    return value < 0 && !isFirst ? QStringLiteral("(%1)").arg(text) : text;
}

QString factorNumber(const Factor& factor, bool isFirst) {
    if (factor.scale)
        return QStringLiteral("%1 / √(%2 + %3)")
            .arg(numberIn(factor.scale->gamma, isFirst), numberText(factor.scale->var, kDigits), numberText(factor.scale->eps, kDigits));
    if (factor.operand < 0) return toQString(factor.symbol);
    return numberIn(factor.value, isFirst);
}

template<class Text>
QString joined(const Term& term, Text text) {
    QStringList factors;
    for (std::size_t f = 0; f < term.factors.size(); ++f) factors << text(term.factors[f], f == 0);
    return factors.join(QStringLiteral(" · "));
}

/// The terms that are shown, in their order: all, or the largest.
std::vector<std::size_t> shownTerms(const std::vector<Term>& terms, std::size_t most) {
    std::vector<std::size_t> order(terms.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    if (terms.size() <= most) return order;
    std::ranges::partial_sort(order, order.begin() + static_cast<std::ptrdiff_t>(most), std::greater<>(),
                              [&](std::size_t t) { return std::abs(terms[t].value()); });
    order.resize(most);
    std::ranges::sort(order);
    return order;
}

double resultAt(const Step& step, const Cell& cell) {
    const Shape& s = step.result.weight.shape();
    return cell.isBias ? step.result.bias[cell.o] : step.result.weight[((cell.o * s[1] + cell.i) * s[2] + cell.y) * s[3] + cell.x];
}

QString zeroReason(const Step& step) {
    switch (step.rewriting) {
    case Rewriting::identity: return Texts::tr("output o takes nothing from another input");
    case Rewriting::average: return Texts::tr("an average adds no bias");
    case Rewriting::regroup: return Texts::tr("this output does not read this input");
    case Rewriting::embed: return Texts::tr("outside the smaller kernel");
    case Rewriting::undilate: return Texts::tr("between the taps");
    default: return Texts::tr("no product falls here");
    }
}

} // namespace

QString CellText::plain() const {
    return QStringLiteral("%1\n%2 = %3").arg(symbols, numbers, value);
}

QString CellText::html(const QString& accent) const {
    return QStringLiteral("%1<br>%2 = <b style=\"color:%3\">%4</b>").arg(symbols.toHtmlEscaped(), numbers.toHtmlEscaped(), accent, value);
}

CellText cellText(const Step& step, const Cell& cell, std::size_t most) {
    const fusion::Explanation e = fusion::explainCell(step, cell);
    CellText text;
    text.value = numberText(resultAt(step, cell), 6);
    const QString left = (cell.isBias ? QStringLiteral("b'") : QStringLiteral("K'")) + placeText(cell);
    if (e.terms.empty()) {
        text.symbols = QStringLiteral("%1 = 0").arg(left);
        text.numbers = zeroReason(step);
        return text;
    }
    const std::vector<std::size_t> shown = shownTerms(e.terms, most);
    double rest = e.value();
    for (std::size_t n = 0; n < shown.size(); ++n) {
        const Term& term = e.terms[shown[n]];
        rest -= term.value();
        const QString sign = term.isNegative ? QStringLiteral(" − ") : n ? QStringLiteral(" + ") : QString();
        text.symbols += sign + joined(term, [&](const Factor& factor, bool) { return symbolText(step, factor); });
        text.numbers += sign + joined(term, [n, &term](const Factor& factor, bool isFirst) { return factorNumber(factor, isFirst && n == 0 && !term.isNegative); });
    }
    if (shown.size() < e.terms.size()) {
        text.symbols += QStringLiteral(" + …");
        text.numbers += Texts::tr(" + %1 of %2 more products").arg(numberText(rest, kDigits)).arg(e.terms.size() - shown.size());
    }
    text.symbols = QStringLiteral("%1 = %2").arg(left, text.symbols);
    return text;
}

QString operandTitle(const Step& step, std::size_t operand) {
    const QString name = toQString(step.operands[operand].name);
    switch (step.rewriting) {
    case Rewriting::compose: return operand == 0 ? Texts::tr("K1: %1").arg(name) : Texts::tr("K2: %1").arg(name);
    case Rewriting::affineBefore: return operand == 0 ? Texts::tr("s, t: %1").arg(name) : Texts::tr("K: %1").arg(name);
    default: return name.isEmpty() ? Texts::tr("the input") : name;
    }
}

QString signBefore(const Step& step, std::size_t operand) {
    if (operand == 0) return {};
    switch (step.rewriting) {
    case Rewriting::add: return QStringLiteral("+");
    case Rewriting::compose: return QStringLiteral("∗");
    case Rewriting::stack: return QStringLiteral(";");
    default: return QStringLiteral("·");
    }
}

} // namespace rp::ui
