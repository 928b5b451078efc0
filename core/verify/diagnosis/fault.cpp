// SPDX-License-Identifier: Apache-2.0
#include "core/verify/diagnosis/fault.h"

#include "core/base/error.h"
#include "core/exec/forward.h"
#include "core/model/model.h"
#include "core/verify/diagnosis/hypothesis.h"
#include "core/verify/diagnosis/kernel_check.h"
#include "core/verify/diagnosis/residual_shape.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace rp::verify {
namespace {

/// A fault and how the block computes with it.
struct Made {
    Fault fault;
    ExprPtr computes;
    Phase phase = Phase::eval;
    bool isKernel = false;
};

/// Far from what is right, and one of those that toolkits have as default.
double wrongEps(double right) { return right < 1e-4 ? 1e-3 : 1e-5; }

bool takesBatchStatistics(const Expr& expr) {
    const auto* norm = std::get_if<Norm>(&expr.op);
    return norm && !norm->alwaysRunning;
}

bool holdsWhatComesBefore(const Expr& expr) {
    const auto* pad = std::get_if<ConstantPad>(&expr.op);
    return pad && !pad->value && !pad->padding.isZero();
}

/// Chains whose border holds what the steps before it make of zero, with a border of zeros instead.
ExprPtr zeroPadded(const ExprPtr& body, std::int64_t inChannels) {
    ExprPtr edited = body;
    for (const Site& site : sitesOf(body, holdsWhatComesBefore)) {
        ConstantPad pad = std::get<ConstantPad>(site.node->op);
        pad.value = Param(TensorD(Shape{channelsAt(body, site.path, inChannels)}));
        edited = replacedAt(edited, site.path, makeExpr(site.node->name, std::move(pad)));
    }
    return edited;
}

std::vector<Hypothesis> hypothesesOf(const ExprPtr& body, std::int64_t inChannels, const fusion::Fused& right) {
    std::vector<Hypothesis> all = hypothesesFor(body, {inChannels, right.kernel.groups, right.kernel.extent(), right.padding});
    for (Hypothesis& h : all)
        if (h.withEps) h.sentence = fmt::format("{} is folded with eps {:.4g}, here it is {:.4g}", h.sentence, wrongEps(h.eps), h.eps);
    return all;
}

/// What is no mistake of folding, and how the block computes with it.
std::vector<Made> otherFaults(const ExprPtr& body, std::int64_t inChannels, const fusion::Fused& fused) {
    std::vector<Made> made;
    if (!sitesOf(body, takesBatchStatistics).empty())
        made.push_back({{"train-mode", "the block runs in train mode: its norms take the statistics of this input", "switch the model to eval before export"},
                        body, Phase::train});
    if (const ExprPtr zeros = zeroPadded(body, inChannels); zeros != body)
        made.push_back({{"zero-padding", "the border between two steps holds zeros", "pad with what the steps before make of zero"}, zeros});
    if (fused.exactness == fusion::Exactness::inside)
        made.push_back({{"merged-border", "the steps are merged although the border between them holds zeros", "leave such a block unmerged, or pad with what the steps before make of zero"},
                        fusion::toExactConv(fused, "fused"), Phase::eval, true});
    return made;
}

fusion::Fused foldedOrThrow(const ExprPtr& body, std::int64_t inChannels) {
    const fusion::FuseResult result = fusion::fuse(*body, inChannels, false);
    if (const fusion::Fused* fused = result.fused()) return *fused;
    throw Error(ErrorCode::unsupported, {result.refusal()->step, "a body that can be folded", result.refusal()->reason, "choose another fault or block"});
}

Made made(const Hypothesis& h, std::int64_t inChannels) {
    fusion::Fused fused = foldedOrThrow(h.withEps ? h.withEps(wrongEps(h.eps)) : h.body, inChannels);
    if (h.map) fused.kernel = h.map(std::move(fused.kernel));
    return {{h.code, h.sentence, h.remedy}, fusion::toExactConv(fused, "fused"), Phase::eval, true};
}

Made makeFault(const ExprPtr& body, std::int64_t inChannels, std::size_t index) {
    const fusion::Fused right = foldedOrThrow(body, inChannels);
    const std::vector<Hypothesis> hypotheses = hypothesesOf(body, inChannels, right);
    if (index < hypotheses.size()) return made(hypotheses[index], inChannels);
    const std::vector<Made> others = otherFaults(body, inChannels, right);
    if (index - hypotheses.size() >= others.size())
        throw Error(ErrorCode::usage, {"fault", fmt::format("a number below {}", hypotheses.size() + others.size()), std::to_string(index), ""});
    return others[index - hypotheses.size()];
}

std::string sentenceOf(const FaultOutcome& outcome, const KernelCheck& check) {
    if (!check.findings.empty()) return check.findings.front().message;
    if (outcome.reach == Reach::nothing) return "the kernel is the right one: this fault changes nothing here";
    return "the kernel is the right one: nothing is wrong with the folding";
}

} // namespace

std::vector<Fault> faultsOf(const ExprPtr& body, std::int64_t inChannels) {
    std::vector<Fault> faults;
    const fusion::FuseResult result = fusion::fuse(*body, inChannels, false);
    const fusion::Fused* fused = result.fused();
    if (!fused) return faults;
    for (const Hypothesis& h : hypothesesOf(body, inChannels, *fused)) faults.push_back({h.code, h.sentence, h.remedy});
    for (const Made& other : otherFaults(body, inChannels, *fused)) faults.push_back(other.fault);
    return faults;
}

Reach reachOf(const TensorD& right, const TensorD& faulty, std::int64_t rim) {
    double most = 0;
    for (double v : right.values())
        if (std::isfinite(v)) most = std::max(most, std::abs(v));
    const std::int64_t channels = right.size(1), h = right.size(2), w = right.size(3);
    std::vector<bool> differs(static_cast<std::size_t>(channels));
    bool isInside = false;
    for (std::int64_t i = 0; i < right.count(); ++i) {
        if (std::abs(right[i] - faulty[i]) <= 1e-10 * most) continue; // NaN differs
        differs[static_cast<std::size_t>(i / (h * w) % channels)] = true;
        const std::int64_t y = i / w % h, x = i % w;
        isInside = isInside || (y >= rim && x >= rim && y < h - rim && x < w - rim);
    }
    const auto count = std::ranges::count(differs, true);
    if (count == 0) return Reach::nothing;
    if (!isInside) return Reach::border;
    if (count == channels && channels > 1) return Reach::everywhere;
    return count == 1 && channels > 1 ? Reach::oneChannel : channels == 1 ? Reach::everywhere : Reach::someChannels;
}

FaultOutcome injectFault(const ExprPtr& fileBody, std::int64_t inChannels, std::size_t index, const TensorD& input, const Job& job) {
    job.step(0, "breaking the block");
    const ExprPtr body = loaded(fileBody);
    const Made broken = makeFault(body, inChannels, index);
    const auto engine = makeReferenceEngine();
    const MapPtr x = engine->load(input);
    FaultOutcome outcome;
    outcome.fault = broken.fault;
    outcome.right = engine->read(forward(body, Phase::eval, x, *engine));
    job.step(0.2, "breaking the block");
    outcome.faulty = engine->read(forward(broken.computes, broken.phase, x, *engine));
    outcome.comparison = compare(outcome.right, outcome.faulty);
    const Padding padding = foldedOrThrow(body, inChannels).padding;
    const std::int64_t rim = std::max<std::int64_t>(1, std::max({padding.top, padding.left, padding.bottom, padding.right}));
    outcome.reach = reachOf(outcome.right, outcome.faulty, rim);
    if (broken.isKernel) {
        KernelCheckOptions options;
        options.whose = "the broken block's";
        const KernelCheck check = checkKernel("", body, inChannels, broken.computes, options, job);
        outcome.diagnosis = check.diagnosis;
        outcome.said = sentenceOf(outcome, check);
    } else {
        const std::string shape = describe(residualShape(outcome.right, outcome.faulty));
        outcome.said = "the kernel is right, so it cannot tell; the outputs do" + (shape.empty() ? std::string() : ": " + shape);
    }
    return outcome;
}

} // namespace rp::verify
