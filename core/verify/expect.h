// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/verify/verify.h"

namespace rp::verify {

/// Compares an output that somebody else's framework returned for `input` with phases eval and deploy in float64; passes
/// when relative L2 <= 2e-3 and max |Δ| <= 5e-3 max |y| against either (design section 6). Otherwise the finding names what explains it:
/// `train-mode`, an SE layer skipped, another eps, BGR for RGB … (diagnosis/output_diagnosis.h). With `VerifyOptions::block`, or for a file of
/// one block without a network, it is that block's output. Adds a diagnosis and findings, and updates the verdict.
void addExpect(Report& report, const families::OpenedModel& opened, const fusion::ModelFusion& fusion, const TensorD& input,
               const TensorD& expected, const VerifyOptions& options = {}, const Job& job = {});

/// A report for a model that has nothing to fuse, for when only the other side is to be checked.
Report reportWithoutFusion(const families::OpenedModel& opened, const VerifyOptions& options);

} // namespace rp::verify
