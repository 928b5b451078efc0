// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/job.h"
#include "core/verify/compare.h"
#include "core/verify/diagnosis/diagnosis.h"
#include "core/verify/diagnosis/output_faults.h"

namespace rp::verify {

/// Whether an output is the same for all that matters: relative L2 <= 2e-3 and max |Δ| <= 5e-3 max |y| (design, section 6).
bool sameOutput(const Comparison& comparison);

/// The array under the shape of `output`: [n, k] and [n, k, 1, 1] hold the same numbers. Throws `shapeMismatch`.
TensorD shapedLike(const TensorD& expected, const TensorD& output);

/// Why `expected` is not what `right` gives: runs the network under every fault in float32 and ranks them; a second fault is
/// sought on top of the best ones. Each explanation is as good as the relative L2 that it leaves, in dB.
Diagnosis diagnoseOutput(const Setup& right, const families::OpenedModel& opened, const TensorD& expected, const Job& job = {});

} // namespace rp::verify
