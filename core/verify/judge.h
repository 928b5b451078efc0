// SPDX-License-Identifier: Apache-2.0
// From measurements to answers: thresholds of design section 5.
#pragma once

#include "core/verify/verify.h"

namespace rp::verify {

/// Network outputs in float32, where the network could be run.
struct Outputs {
    std::optional<TensorD> train, eval, deploy;
    std::string trainProblem;
};

/// Keeps the comparison with the larger relative error.
void keepWorse(std::optional<Comparison>& kept, Comparison next);

/// 8 · 2^-23 · sqrt(K) · M.
double roundingBound(const Expr& body, double magnitude);

Verdict judgeAlgebra(const BlockReport& block);
Verdict judgeRounding(const BlockReport& block);
Verdict judgeBlock(const BlockReport& block);

Questions answer(const Report& report, const Outputs& outputs, const VerifyOptions& options);
Verdict overall(const Report& report);

/// The model's own findings, and what fusing found: refused blocks, invalid kernels, stale cached
/// kernels with the cause of each in `diagnoses`.
std::vector<Finding> findingsOf(const Model& model, const fusion::ModelFusion& fusion, std::vector<Diagnosis>& diagnoses, const Job& job = {});

std::array<PhaseReport, 3> phaseReports(const Model& model, const fusion::ModelFusion& fusion, const Shape& input,
                                        const Outputs& outputs);

} // namespace rp::verify
