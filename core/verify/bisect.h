// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/job.h"
#include "core/model/forms.h"
#include "core/model/model.h"
#include "core/tensor/tensor.h"
#include "core/verify/bisection.h"

#include <vector>

namespace rp::verify {

/// Forms of a hybrid network: phase deploy runs the kernel where `merged` says so and the branches elsewhere. A block without
/// branches, or without a kernel, runs what it has.
ModelForms hybridForms(const ModelForms& forms, const std::vector<bool>& merged);

/// Finds the smallest set of blocks whose merging moves the output of phase eval by more than `tolerance` of its largest
/// magnitude, in float32: single blocks first, then the worst ones together until they do, then none that is not needed. (Errors of
/// several blocks may cancel, so that no order of removal proves the very smallest; the set is minimal in that each of its blocks is
/// needed.) Throws `unsupported` when the network cannot be run whole.
Bisection bisect(const Model& model, const ModelForms& forms, const TensorD& input, double tolerance, const Job& job = {});

} // namespace rp::verify
