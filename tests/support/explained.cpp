// SPDX-License-Identifier: Apache-2.0
#include "tests/support/explained.h"

#include <cmath>

namespace rp::test {
namespace {

bool agrees(const fusion::Explanation& e, double value) {
    double magnitudes = 0;
    for (const fusion::Term& term : e.terms) magnitudes += std::abs(term.value());
    return std::abs(e.value() - value) <= 1e-15 * static_cast<double>(8 + e.terms.size()) * magnitudes;
}

QString said(const fusion::Step& step, const fusion::Cell& c, double value, const fusion::Explanation& e) {
    return QStringLiteral("%1: [%2, %3, %4, %5] %6 is %7, explained as %8")
        .arg(QString::fromStdString(step.title))
        .arg(c.o).arg(c.i).arg(c.y).arg(c.x)
        .arg(c.isBias ? QStringLiteral("bias") : QString())
        .arg(value, 0, 'g', 17)
        .arg(e.value(), 0, 'g', 17);
}

} // namespace

QString unexplainedNumber(const fusion::FuseResult& result, std::int64_t stride) {
    for (const fusion::Step& step : result.steps) {
        const Shape& s = step.result.weight.shape();
        for (std::int64_t n = 0; n < step.result.weight.count(); n += stride) {
            const fusion::Cell cell{false, n / (s[1] * s[2] * s[3]), n / (s[2] * s[3]) % s[1], n / s[3] % s[2], n % s[3]};
            const fusion::Explanation e = fusion::explainCell(step, cell);
            if (!agrees(e, step.result.weight[n])) return said(step, cell, step.result.weight[n], e);
        }
        for (std::int64_t o = 0; o < s[0]; ++o) {
            const fusion::Explanation e = fusion::explainCell(step, {true, o});
            if (!agrees(e, step.result.bias[o])) return said(step, {true, o}, step.result.bias[o], e);
        }
    }
    return {};
}

} // namespace rp::test
