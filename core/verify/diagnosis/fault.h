// SPDX-License-Identifier: Apache-2.0
// The diagnosis backwards: a known mistake is put into a block, to see what it does and whether it is recognised.
#pragma once

#include "core/base/job.h"
#include "core/verify/compare.h"
#include "core/verify/diagnosis/diagnosis.h"

#include "core/model/expr.h"

#include <optional>
#include <string>
#include <vector>

namespace rp::verify {

/// A mistake that can be made with a block.
struct Fault {
    std::string code;     ///< as in Hypothesis; and "train-mode", "zero-padding", "merged-border"
    std::string sentence; ///< what was done, as a clause
    std::string remedy;
};

/// Every fault that concerns this body, in a stable order: `injectFault` takes the index.
std::vector<Fault> faultsOf(const ExprPtr& body, std::int64_t inChannels);

/// Where two maps differ.
enum class Reach { nothing, border, oneChannel, someChannels, everywhere };
/// `right` and `faulty` [n, c, h, w] of equal shape. A difference counts from 1e-10 of the largest |right| on; `rim` pixels at each side are border.
Reach reachOf(const TensorD& right, const TensorD& faulty, std::int64_t rim);

struct FaultOutcome {
    Fault fault;
    TensorD right, faulty; ///< what the block gives for the input without tail, float64 [n, c, h, w]
    Comparison comparison;
    Reach reach = Reach::nothing;
    std::optional<Diagnosis> diagnosis; ///< of the faulty kernel; none where the fault is not one of a kernel
    std::string said;                   ///< what the diagnosis says in one sentence; for other faults what their difference looks like
};

/// Runs the body right and with the fault, both in float64, and has the faulty kernel diagnosed as somebody else's. Throws
/// `unsupported` when the faulty body cannot be folded, `usage` for an index out of range.
FaultOutcome injectFault(const ExprPtr& body, std::int64_t inChannels, std::size_t index, const TensorD& input, const Job& job = {});

} // namespace rp::verify
