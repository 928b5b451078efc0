// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/fusion/algebra.h"

#include <optional>
#include <string>
#include <vector>

namespace rp::fusion {

/// What a step does to its operands. `Step::rule` names the rule as families.md counts them; this is what programs ask.
enum class Rewriting {
    norm,         ///< F1: operands K and a norm's γ, β, μ, var
    scale,        ///< F5: operands K and a scale's a, c
    identity,     ///< F4: no operand
    average,      ///< F10: no operand
    undilate,     ///< F12: operand K, `by` the dilation
    regroup,      ///< F9: operand K
    embed,        ///< F3: operand K, `by` the rows and columns before it
    affineBefore, ///< F14: operands a diagonal kernel (s, t) and K
    compose,      ///< F6, F7: operands the first and the second kernel, `by` the first one's stride
    add,          ///< F2: operands of equal shape
    stack,        ///< F8: operands along output channels
};

/// One number per output channel of the kernel that a norm or scale is folded into.
struct ChannelValues {
    std::string symbol; ///< "γ", "var", "a" …
    std::vector<double> values;
};

/// What a step took: a kernel, or the numbers of a norm or scale. Buffers are shared with the steps that made them.
struct Operand {
    std::string name;
    std::optional<Kernel> kernel;
    std::vector<ChannelValues> channels = {};

    std::string label() const; ///< name and shape
};

/// One rule applied while walking an expression, with everything it took; shown to users as it is.
struct Step {
    Rewriting rewriting = Rewriting::identity;
    std::string title;   ///< "fold BN into rbr_dense.conv"
    std::string rule;    ///< "F1"
    std::string formula; ///< "K' = gamma / sqrt(var + eps) · K; …"
    std::vector<Operand> operands;
    std::string name; ///< of the result
    Kernel result;
    Extent by = {1, 1}; ///< see Rewriting
    double eps = 0;     ///< of a norm

    std::string output() const; ///< name and shape of the result
};

} // namespace rp::fusion
