// SPDX-License-Identifier: Apache-2.0
// One number of a step's result as the sum of products that it is, with the place of every factor: what a person checks by hand.
#pragma once

#include "core/fusion/step.h"

#include <optional>
#include <string>
#include <vector>

namespace rp::fusion {

/// An element of a kernel: weight [o, i, y, x], or the bias of o.
struct Cell {
    bool isBias = false;
    std::int64_t o = 0, i = 0, y = 0, x = 0;
    friend bool operator==(const Cell&, const Cell&) = default;
};

/// γ / √(var + ε) of one channel.
struct NormScale {
    double gamma = 1, var = 1, eps = 0;
    double value() const;
};

struct Factor {
    std::string symbol; ///< "K", "γ / √(var + ε)", an operand's name …
    double value = 0;
    int operand = -1;   ///< index into Step::operands; -1: a constant of the rule
    Cell cell = {};     ///< in that operand; of a norm or scale, `o` is the channel
    std::optional<NormScale> scale = {}; ///< what `value` was computed from, where it is a norm's scale
};

struct Term {
    std::vector<Factor> factors; ///< multiplied
    bool isNegative = false;
    double value() const;
};

/// The cell's value is the sum of the terms; none: a zero of the rule (outside what was embedded, another group …).
struct Explanation {
    std::vector<Term> terms;
    double value() const;
};

/// How `cell` of `step.result` comes about. Precondition: the result has this cell.
Explanation explainCell(const Step& step, const Cell& cell);

/// The slice [o, i] of an operand's kernel that slice [o, i] of the result is made of: for a product of kernels the one of
/// intermediate channel `middle`. None where the operand has no part in the slice, or is no kernel.
struct SliceAt {
    std::int64_t o = 0, i = 0;
    friend bool operator==(const SliceAt&, const SliceAt&) = default;
};
std::optional<SliceAt> operandSlice(const Step& step, std::size_t operand, SliceAt result, std::int64_t middle = 0);

/// Intermediate channels over which a product of kernels sums for one output channel; 0 for all other steps.
std::int64_t middleChannels(const Step& step);

} // namespace rp::fusion
