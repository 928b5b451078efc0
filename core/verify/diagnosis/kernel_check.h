// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/job.h"
#include "core/verify/compare.h"
#include "core/verify/diagnosis/kernel_diagnosis.h"

#include <optional>
#include <string>
#include <vector>

namespace rp {
struct Block;
struct Finding;
}

namespace rp::verify {

/// What came of comparing somebody's convolution with the branches that it stands for.
struct KernelCheck {
    std::optional<Comparison> comparison; ///< weight, or bias where that is worse; none when the shapes differ
    Diagnosis diagnosis;
    std::vector<Finding> findings;        ///< none: it agrees
};

struct KernelCheckOptions {
    std::string whose = "the other file's"; ///< for messages: "the other file's kernel is …"
    std::string likely;                     ///< see DiagnosisOptions
    std::vector<std::pair<std::string, ExprPtr>> others = {}; ///< see KernelCase
};

/// `theirs` against what `body` (of `inChannels` inputs) folds to: window, stride, padding and dilation first, then the
/// numbers, with the cause of every difference. Severities follow verification.md D.4: from 120 dB on a difference is a
/// note, from 90 dB a warning; a coarser number format is judged by its own figures. `block` names the block in findings.
KernelCheck checkKernel(const std::string& block, const ExprPtr& body, std::int64_t inChannels, const ExprPtr& theirs,
                        const KernelCheckOptions& options, const Job& job = {});

/// The same for a block; a norm that its deploy layout keeps beside the kernel may be in `theirs` or not.
KernelCheck checkKernel(const Block& block, const ExprPtr& theirs, const KernelCheckOptions& options, const Job& job = {});

/// A convolution, or a body that can be folded, in one window; none when it cannot be folded.
std::optional<fusion::Fused> windowOf(const ExprPtr& body, std::int64_t inChannels);

} // namespace rp::verify
