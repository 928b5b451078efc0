// SPDX-License-Identifier: Apache-2.0
#include "core/verify/expect.h"

#include "core/exec/libraries.h"
#include "core/verify/diagnosis/output_diagnosis.h"
#include "core/verify/diagnosis/residual_shape.h"
#include "core/verify/judge.h"

#include <fmt/format.h>

namespace rp::verify {
namespace {

/// The block that is compared when there is no network, or when one is asked for.
std::optional<std::size_t> blockOf(const Model& model, const VerifyOptions& options) {
    if (options.block)
        for (std::size_t i = 0; i < model.blocks.size(); ++i)
            if (model.blocks[i].name == *options.block) return i;
    return model.graph.empty() && model.blocks.size() == 1 ? std::optional<std::size_t>(0) : std::nullopt;
}

} // namespace

void addExpect(Report& report, const families::OpenedModel& opened, const fusion::ModelFusion& fusion, const TensorD& input,
               const TensorD& expected, const VerifyOptions& options, const Job& job) {
    Setup setup{opened.model, std::make_shared<const fusion::ModelFusion>(fusion), Phase::eval, input, blockOf(opened.model, options)};
    auto against = [&](Phase phase) {
        setup.phase = phase;
        const TensorD ours = outputOf(setup, EngineKind::float64);
        return compare(ours, shapedLike(expected, ours));
    };
    auto add = [&](Finding::Severity severity, std::string code, std::string message, std::string remedy) {
        report.findings.push_back({severity, std::move(code), "", std::move(message), std::move(remedy)});
    };
    const Comparison eval = against(Phase::eval), deploy = against(Phase::deploy);
    const Comparison& best = eval.relativeL2 <= deploy.relativeL2 ? eval : deploy;
    if (sameOutput(eval) || sameOutput(deploy)) {
        add(Finding::Severity::note, "expected-output",
            fmt::format("the expected output agrees with phase {}: relative L2 {:.2g}, max |Δ| {:.2g} of {:.3g}", sameOutput(eval) ? "eval" : "deploy",
                        best.relativeL2, best.maxAbs, best.referenceMax), "");
        report.verdict = overall(report);
        return;
    }
    setup.phase = Phase::deploy;
    Diagnosis diagnosis = diagnoseOutput(setup, opened, expected, job);
    const std::string figures = fmt::format("relative L2 {:.3g} from eval, {:.3g} from deploy", eval.relativeL2, deploy.relativeL2);
    if (diagnosis.ranked.empty()) {
        const TensorD ours = outputOf(setup, EngineKind::float64);
        const std::string shape = ours.shape().size() == 4 ? describe(residualShape(ours, shapedLike(expected, ours))) : std::string();
        add(Finding::Severity::fail, "expected-output",
            fmt::format("the expected output agrees with no phase ({}), and no known cause explains it{}{}", figures, shape.empty() ? "" : "; ", shape),
            "check input, normalisation, eps and weight set");
    } else {
        const Explanation& cause = diagnosis.ranked.front();
        add(Finding::Severity::fail, cause.code,
            fmt::format("the expected output agrees with no phase of ours that it should ({}); {}: {} (explains it to {:.0f} dB)", figures,
                        cause.complete ? "the cause" : "most likely", cause.sentence, cause.decibels),
            cause.remedy);
        report.diagnoses.push_back(std::move(diagnosis));
    }
    report.verdict = overall(report);
}

Report reportWithoutFusion(const families::OpenedModel& opened, const VerifyOptions& options) {
    Report report;
    report.file = opened.checkpoint->path.filename().string();
    report.variant = opened.model.variant;
    report.input = options.inputName;
    report.assumptions = opened.model.assumptions;
    report.findings = opened.model.findings;
    report.preprocessing = opened.preprocessing.describe();
    report.reproduce = options.reproduce;
    report.versions = versionsLine();
    for (const Block& block : opened.model.blocks) {
        if (options.block && block.name != *options.block) continue;
        BlockReport entry;
        entry.name = block.name;
        entry.family = block.family;
        entry.exactness = fusion::Exactness::everywhere;
        entry.reason = block.refusal.value_or(block.leave.empty() ? "already in deploy form" : block.leave);
        entry.left = !block.leave.empty();
        report.blocks.push_back(std::move(entry));
    }
    Questions& q = report.questions;
    for (Answer* answer : {&q.structure, &q.algebra, &q.rounding, &q.drift, &q.decision})
        *answer = {Verdict::pass, "nothing to fuse in this file", std::nullopt, false};
    report.verdict = overall(report);
    return report;
}

} // namespace rp::verify
