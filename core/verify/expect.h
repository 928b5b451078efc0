// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/verify/verify.h"

namespace rp::verify {

/// Compares an output that somebody else's framework returned for `input` with every phase of ours in float64.
/// Passes when relative L2 <= 2e-3 and max |Δ| <= 5e-3 max |y| against eval or deploy (design section 6); a match
/// with `train` fails with the finding `train-mode`. Adds findings and updates the verdict.
void addExpect(Report& report, const families::OpenedModel& opened, const fusion::ModelFusion& fusion, const TensorD& input,
               const TensorD& expected);

/// A report for a model that has nothing to fuse, for when only the other side is to be checked.
Report reportWithoutFusion(const families::OpenedModel& opened, const VerifyOptions& options);

} // namespace rp::verify
