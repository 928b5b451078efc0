// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/fusion/explain.h"

#include <QString>

namespace rp::ui {

/// "K'[3, 5, 1, 1] = γ / √(var + ε) · K[3, 5, 1, 1]" and the same with its numbers, one line each. Sums of many products show
/// the largest `most` of them and how much the others add. `plain` holds no markup.
struct CellText {
    QString symbols, numbers, value;
    QString plain() const;
    QString html(const QString& accent) const; ///< the value in bold and in this colour
};
CellText cellText(const fusion::Step& step, const fusion::Cell& cell, std::size_t most = 6);

/// "rbr_dense: K" … what the grid of an operand is called.
QString operandTitle(const fusion::Step& step, std::size_t operand);
/// The sign between the grids of operands: "·", "+", "∗", "," …
QString signBefore(const fusion::Step& step, std::size_t operand);

} // namespace rp::ui
