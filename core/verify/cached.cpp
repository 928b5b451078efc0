// SPDX-License-Identifier: Apache-2.0
#include "core/verify/cached.h"

#include "core/verify/diagnosis/kernel_check.h"

#include <algorithm>

#include <fmt/format.h>

namespace rp::verify {

void addCachedKernels(const Model& model, std::vector<Finding>& findings, std::vector<Diagnosis>& diagnoses, const Job& job) {
    KernelCheckOptions options;
    options.whose = "the cached";
    for (const Block& block : model.blocks) {
        if (!block.cached || !block.body || block.form != Form::train) continue;
        KernelCheck check = checkKernel(block, block.cached, options, job);
        if (check.diagnosis.outcome == Diagnosis::Outcome::explained) options.likely = check.diagnosis.ranked.front().code;
        for (Finding& f : check.findings) {
            if (f.severity == Finding::Severity::note) continue;
            findings.push_back({Finding::Severity::warn, "stale-cached-kernel", block.name,
                                       fmt::format("the fused kernel kept in the file differs from its branches: {}", f.message),
                                       "the kernel folded from the branches is used; fuse the file again"});
        }
        if (!check.diagnosis.ranked.empty()) diagnoses.push_back(std::move(check.diagnosis));
    }
}

} // namespace rp::verify
