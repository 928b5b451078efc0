// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/fusion/algebra.h"

#include <optional>
#include <string>
#include <vector>

namespace rp::fusion {

using Constants = std::vector<double>; ///< one value per channel

/// A folded part of an expression, on its way to becoming the whole.
struct Part {
    std::string name;
    Kernel kernel;
    Extent stride;
    Padding padding;
    std::int64_t rim = 0; ///< border pixels of its output that differ from the expression
    std::string rimReason;
    /// What its padding must hold, where that is not zero: a border of a stated value whose reason stands outside this part
    /// (the bias of a convolution before the enclosing sum).
    std::optional<Constants> surround = {};
    bool isIdentity = false;
};

/// A border waiting for the next step of a chain.
struct Border {
    Padding padding;
    const ConstantPad* pad = nullptr;
};

/// A 1x1 depthwise kernel: a factor and an offset per channel.
bool isDiagonal(const Part& part);
ChannelAffine diagonalOf(const Kernel& kernel);
Padding plus(const Padding& a, const Padding& b);
std::int64_t widest(const Padding& p); ///< of its four sides
/// Equal up to the rounding of how a framework stored them; none is zeros.
bool sameConstants(const std::optional<Constants>& a, const std::optional<Constants>& b);
/// What a part makes of a map that holds its surround (or zero) everywhere.
Constants answerToPadding(const Part& part);

} // namespace rp::fusion
