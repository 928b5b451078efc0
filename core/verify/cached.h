// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/job.h"
#include "core/model/model.h"
#include "core/verify/diagnosis/diagnosis.h"

namespace rp::verify {

/// Fused kernels that a train file keeps beside its branches, against what the branches fold to: one that differs is a
/// warning, because it is never used, with the cause as its diagnosis.
void addCachedKernels(const Model& model, std::vector<Finding>& findings, std::vector<Diagnosis>& diagnoses, const Job& job = {});

} // namespace rp::verify
