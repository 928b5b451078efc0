// SPDX-License-Identifier: Apache-2.0
#include "core/verify/against.h"

#include "core/base/error.h"
#include "core/exec/network.h"
#include "core/verify/judge.h"

#include <algorithm>

#include <fmt/format.h>

namespace rp::verify {
namespace {

struct Threshold {
    double pass, warn; ///< dB
    std::string_view name;
};

/// Kernel SNR that a correct fusion reaches in each storage type.
Threshold thresholdFor(DType type) {
    if (type == DType::f16) return {60, 50, "float16"};
    if (type == DType::bf16) return {45, 38, "bfloat16"};
    return {120, 90, "float32"};
}

/// The convolution that a model runs for a block in phase deploy; null when it runs branches.
ExprPtr deployConv(const Block& block, const fusion::BlockFusion& fused) {
    if (fused.fusable) return fused.stored;
    return block.form == Form::deploy ? block.body : nullptr;
}

void addFinding(Report& report, Finding::Severity severity, std::string code, std::string block, std::string message, std::string remedy) {
    report.findings.push_back({severity, std::move(code), std::move(block), std::move(message), std::move(remedy)});
}

void compareBlock(Report& report, BlockReport& entry, const ExprPtr& ours, const ExprPtr& theirs) {
    const auto& a = std::get<Conv>(ours->op);
    const auto& b = std::get<Conv>(theirs->op);
    if (a.weight.shape() != b.weight.shape()) {
        entry.verdict = Verdict::fail;
        addFinding(report, Finding::Severity::fail, "against-shape", entry.name,
                   fmt::format("the other file's kernel is {}, expected {}", toString(b.weight.shape()), toString(a.weight.shape())), "");
        return;
    }
    entry.against = compare(a.weight.toDouble(), b.weight.toDouble());
    if (a.bias && b.bias) keepWorse(entry.against, compare(a.bias->toDouble(), b.bias->toDouble()));
    const Threshold limit = thresholdFor(b.weight.storedAs());
    const double snr = entry.against->snr.value_or(limit.pass);
    if (!entry.against->nonFinite && snr >= limit.pass) return;
    const bool warn = !entry.against->nonFinite && snr >= limit.warn;
    entry.verdict = worse(entry.verdict, warn ? Verdict::warn : Verdict::fail);
    addFinding(report, warn ? Finding::Severity::warn : Finding::Severity::fail, "against-kernel", entry.name,
               fmt::format("{}: the other file's kernel agrees to {:.1f} dB only, max |Δ| {:.3g}; a correct {} fusion reaches {:.0f} dB", entry.name, snr,
                           entry.against->maxAbs, limit.name, limit.pass),
               "fuse the train file again, or check that both files come from the same weights and eps");
}

/// The other file's block for each of ours: by position when both have as many (names differ between toolkits), else by name.
std::vector<const Block*> partnersOf(const Model& ours, const Model& theirs) {
    std::vector<const Block*> partners;
    const bool sameCount = ours.blocks.size() == theirs.blocks.size();
    for (std::size_t i = 0; i < ours.blocks.size(); ++i) partners.push_back(sameCount ? &theirs.blocks[i] : theirs.find(ours.blocks[i].name));
    return partners;
}

/// Output of the deploy phase in float32.
TensorD deployOutput(const families::OpenedModel& opened, const fusion::ModelFusion& fusion, const TensorD& input) {
    const std::unique_ptr<Engine> engine = makeFloat32Engine();
    Network network(opened.model, fusion.forms(opened.model), *engine);
    return engine->read(network.run(engine->load(input), Phase::deploy));
}

} // namespace

void addAgainst(Report& report, const families::OpenedModel& opened, const fusion::ModelFusion& fusion,
                const families::OpenedModel& other, const TensorD& input) {
    const fusion::ModelFusion otherFusion = fusion::fuseModel(other.model);
    const std::vector<const Block*> partners = partnersOf(opened.model, other.model);
    if (std::ranges::all_of(partners, [](const Block* block) { return !block; }))
        throw Error(ErrorCode::shapeMismatch,
                    {"--against " + other.checkpoint->path.filename().string(), fmt::format("{} blocks", opened.model.blocks.size()),
                     fmt::format("{} blocks ({})", other.model.blocks.size(), other.model.variant), "both files must hold the same network"});
    for (std::size_t i = 0; i < partners.size(); ++i) {
        const std::string& name = opened.model.blocks[i].name;
        if (!partners[i]) {
            addFinding(report, Finding::Severity::warn, "against-missing", name, "the other file has no such block", "it may be used in training only");
            continue;
        }
        const ExprPtr ours = deployConv(opened.model.blocks[i], fusion.blocks[i]);
        const ExprPtr theirs = deployConv(*partners[i], otherFusion.blocks[static_cast<std::size_t>(partners[i] - other.model.blocks.data())]);
        for (BlockReport& entry : report.blocks)
            if (entry.name == name && ours && theirs) compareBlock(report, entry, ours, theirs);
    }
    if (!opened.model.graph.empty() && !other.model.graph.empty() && input.size(1) == inputChannelsOf(opened.model)) {
        const Comparison output = compare(deployOutput(opened, fusion, input), deployOutput(other, otherFusion, input));
        addFinding(report, output.nonFinite ? Finding::Severity::fail : Finding::Severity::note, "against-output", "",
                   output.exact ? std::string("the outputs of both deploy forms are equal")
                                : fmt::format("the outputs of both deploy forms agree to {:.1f} dB, max |Δ| {:.3g} of {:.3g}",
                                              output.snr.value_or(0), output.maxAbs, output.referenceMax),
                   "");
    }
    report.verdict = overall(report);
}

} // namespace rp::verify
