// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/job.h"
#include "core/tensor/dtype.h"
#include "core/verify/diagnosis/diagnosis.h"
#include "core/verify/diagnosis/hypothesis.h"

#include <optional>
#include <string>
#include <vector>

namespace rp::verify {

/// How far a kernel is from another one. Output channels count alike, whatever their scale, and each is measured by the
/// magnitudes that were added up to make it (`magnitudesOf`), so that branches which cancel do not look worse than they are.
struct Misfit {
    double squares = 0; ///< mean over output channels of |Δ|^2 / |magnitudes|^2, weights plus biases
    double worst = 0;   ///< largest |Δ| of an element in units of what rounding may do to it
    double beyond = 0;  ///< share of elements that are further off than a float32 fold may be: ties of a coarser format

    double decibels() const; ///< -10 log10(squares); 300 at most
    bool isRounding() const;
};

/// A fused kernel that somebody else made from the branches of a block.
struct KernelCase {
    ExprPtr body; ///< the branches
    std::int64_t inChannels = 0;
    fusion::Kernel observed; ///< dense, in the window `extent` …
    Padding padding;         ///< … that stands so on the map
    DType storedAs = DType::f32;
    /// Other weights from which it may have been folded: what they are called, and the block's body with them.
    std::vector<std::pair<std::string, ExprPtr>> others = {};
};

struct DiagnosisOptions {
    std::string likely;           ///< a code that explained a neighbour: tried first, and alone when it suffices
    std::size_t runnersUp = 3;
};

/// Re-folds the block under every hypothesis and ranks them by what they leave unexplained; two faults at once are
/// found greedily, the second on top of the best firsts. A kernel that agrees costs one fold.
Diagnosis diagnoseKernel(const KernelCase& kernel, const DiagnosisOptions& options = {}, const Job& job = {});

} // namespace rp::verify
