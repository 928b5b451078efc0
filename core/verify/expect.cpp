// SPDX-License-Identifier: Apache-2.0
#include "core/verify/expect.h"

#include "core/base/error.h"
#include "core/exec/libraries.h"
#include "core/exec/network.h"
#include "core/verify/judge.h"

#include <fmt/format.h>

namespace rp::verify {
namespace {

bool matches(const Comparison& c) {
    return c.nonFinite == 0 && c.relativeL2 <= 2e-3 && c.maxAbs <= 5e-3 * c.referenceMax;
}

/// [n, k] and [n, k, 1, 1] hold the same numbers.
TensorD shapedLike(const TensorD& expected, const TensorD& output) {
    auto bare = [](Shape shape) {
        while (shape.size() > 2 && shape.back() == 1) shape.pop_back();
        return shape;
    };
    if (bare(expected.shape()) == bare(output.shape())) return expected.reshaped(output.shape());
    throw Error(ErrorCode::shapeMismatch, {"--expect", toString(output.shape()), toString(expected.shape()),
                                           "the array must be the network's output for the same input"});
}

} // namespace

void addExpect(Report& report, const families::OpenedModel& opened, const fusion::ModelFusion& fusion, const TensorD& input,
               const TensorD& expected) {
    const std::unique_ptr<Engine> engine = makeReferenceEngine();
    Network network(opened.model, fusion.forms(opened.model), *engine);
    auto against = [&](Phase phase) {
        const TensorD ours = engine->read(network.run(engine->load(input), phase));
        return compare(ours, shapedLike(expected, ours));
    };
    auto add = [&](Finding::Severity severity, std::string code, std::string message, std::string remedy) {
        report.findings.push_back({severity, std::move(code), "", std::move(message), std::move(remedy)});
    };
    const Comparison eval = against(Phase::eval), deploy = against(Phase::deploy);
    const Comparison& best = eval.relativeL2 <= deploy.relativeL2 ? eval : deploy;
    if (matches(eval) || matches(deploy)) {
        add(Finding::Severity::note, "expected-output",
            fmt::format("the expected output agrees with phase {}: relative L2 {:.2g}, max |Δ| {:.2g} of {:.3g}", matches(eval) ? "eval" : "deploy",
                        best.relativeL2, best.maxAbs, best.referenceMax), "");
        report.verdict = overall(report);
        return;
    }
    std::optional<Comparison> train;
    try {
        train = against(Phase::train);
    } catch (const Error& error) {
        if (error.code() != ErrorCode::valueInvalid) throw; // one value per channel: no phase train to compare with
    }
    if (train && matches(*train))
        add(Finding::Severity::fail, "train-mode",
            fmt::format("the expected output is that of phase train (relative L2 {:.2g}), not of eval (relative L2 {:.2g})", train->relativeL2, eval.relativeL2),
            "call model.eval() before running or exporting");
    else
        add(Finding::Severity::fail, "expected-output",
            fmt::format("the expected output agrees with no phase: relative L2 {:.3g} from eval, {:.3g} from deploy{}", eval.relativeL2, deploy.relativeL2,
                        train ? fmt::format(", {:.3g} from train", train->relativeL2) : std::string()),
            "check input, normalisation, eps and weight set");
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
