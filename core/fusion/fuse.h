// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/fusion/step.h"
#include "core/model/model.h"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace rp::fusion {

using rp::toString; // shapes are std::vector, so lookup by argument does not find it

/// How far the fused convolution equals the expression.
enum class Exactness { everywhere, inside, notAffine };
std::string_view toString(Exactness exactness); ///< "everywhere", "inside", "not affine"

/// One convolution that computes what the expression computes.
struct Fused {
    Kernel kernel;
    Extent stride;
    Padding padding;
    Exactness exactness = Exactness::everywhere;
    std::int64_t rim = 0; ///< pixels of border that differ when `exactness` is `inside`
    std::string rimReason;
};

/// Why an expression cannot be one convolution, and the step that is to blame.
struct Refusal {
    std::string step;
    std::string reason;
};

struct FuseResult {
    std::variant<Fused, Refusal> outcome;
    std::vector<Step> steps;
    std::vector<std::pair<std::string, Kernel>> branches; ///< each term's kernel, embedded like the sum; empty without steps

    const Fused* fused() const { return std::get_if<Fused>(&outcome); }
    const Refusal* refusal() const { return std::get_if<Refusal>(&outcome); }
};

/// Walks the expression and folds it, in float64. `inChannels` is the expression's input width. Refusing is a
/// value; only broken shapes throw. `keepSteps` false spares the memory of log and branches.
FuseResult fuse(const Expr& expr, std::int64_t inChannels, bool keepSteps = true);

/// The kernel as a convolution: rounded once to float32 (as stored), or unrounded for the algebra check.
ExprPtr toStoredConv(const Fused& fused, const std::string& name);
ExprPtr toExactConv(const Fused& fused, const std::string& name);

} // namespace rp::fusion
