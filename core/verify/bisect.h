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

inline constexpr int kBisectRuns = 600;

/// Finds the smallest set of blocks whose merging moves the output of phase eval by more than `tolerance` of its largest
/// magnitude, in float32: single blocks; then the worst ones together until they do, without those that are not needed; then every
/// set that is smaller than that one, by size, the most promising first. Errors of blocks may cancel or add up, so only having tried
/// all smaller sets proves one the smallest; where that takes more than `runs` runs of the network the set found is minimal (each
/// of its blocks is needed), and the result says so. Throws `unsupported` when the network cannot be run whole.
Bisection bisect(const Model& model, const ModelForms& forms, const TensorD& input, double tolerance, const Job& job = {}, int runs = kBisectRuns);

} // namespace rp::verify
