// SPDX-License-Identifier: Apache-2.0
#include "core/verify/guard.h"

#include "core/base/error.h"
#include "core/exec/network.h"
#include "core/verify/judge.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace rp::verify {
namespace {

constexpr std::int64_t kSide = 64;          ///< of the input: weights are judged, not pictures
constexpr std::int64_t kBlockSide = 9;
constexpr double kSameNetworkDb = 200;      ///< the same float32 kernels in float64: only the order of sums may differ
constexpr double kFloat16Db = 30, kBfloat16Db = 20; ///< of a whole network whose tensors are all rounded
constexpr double kKeptNormDb = 60;          ///< a norm that stays in the file is rounded apart from the kernel

/// Block SNR that a right file reaches, and the relative rounding of its numbers.
struct Precision {
    double db, epsilon;
};
Precision precisionOf(std::optional<DType> dtype) {
    if (dtype == DType::f16) return {60, 0x1p-10};
    if (dtype == DType::bf16) return {45, 0x1p-7};
    return {120, 0x1p-23};
}

Shape smallInput(const Model& model) {
    Shape shape = model.defaultInput;
    if (model.inputIsFixed || shape.size() != 4) return shape;
    for (std::size_t axis : {2, 3}) shape[axis] = std::min(shape[axis], kSide);
    return shape;
}

TensorD outputOf(const Model& model, const fusion::ModelFusion& fusion, const TensorD& input) {
    const std::unique_ptr<Engine> engine = makeReferenceEngine();
    Network network(model, fusion.forms(model), *engine);
    return engine->read(network.run(engine->load(input), Phase::deploy));
}

/// A file that was just written: its tensors, and the model that they make where a family knows them.
struct Written {
    io::Checkpoint tensors;
    std::optional<families::OpenedModel> opened;
    std::string whyNoModel;

    Written(const std::filesystem::path& path, const families::OpenOptions& options) : tensors(io::openCheckpoint(path, options.limits)) {
        try {
            opened = families::openModel(path, options);
        } catch (const Error& error) {
            whyNoModel = error.what(); // plain convolutions in a network of their own: their tensors tell enough
        }
    }
    ExprPtr kernelOf(const Model& model, std::size_t index, const fusion::BlockFusion& fused) const;
};

/// What the file computes in place of a block: from the tensors under the block's own fused names, else (in another
/// toolkit's names) from the block of the model that the file makes. Null when it has neither.
ExprPtr Written::kernelOf(const Model& model, std::size_t index, const fusion::BlockFusion& fused) const {
    const Block& ours = model.blocks[index];
    const StateDict& dict = tensors.weights({}).tensors;
    const StoredTensor *weight = dict.find(ours.fusedWeightKey), *bias = dict.find(ours.fusedBiasKey);
    Conv conv = std::get<Conv>(fused.stored->op);
    if (!ours.fusedWeightKey.empty() && weight && bias && countOf(weight->shape()) == conv.weight.count()) {
        conv.weight = Param(ours.fusedWeightKey, *weight).reshaped(conv.weight.shape());
        conv.bias = Param(ours.fusedBiasKey, *bias);
        ExprPtr kernel = makeExpr(ours.name, conv);
        if (ours.keptNorm.empty()) return kernel;
        return makeExpr(ours.name, Chain{{kernel, std::get<Chain>(ours.body->op).steps.back()}}); // that norm stays in the file
    }
    if (!opened) return nullptr;
    const std::vector<Block>& theirs = opened->model.blocks;
    const Block* partner = theirs.size() == model.blocks.size() ? &theirs[index] : opened->model.find(ours.name);
    return partner && partner->inChannels == ours.inChannels ? partner->body : nullptr;
}

/// The block as the file has it against its branches.
void checkBlock(const Block& ours, const ExprPtr& theirs, const Shape& window, Precision precision, WrittenCheck& check) {
    const std::unique_ptr<Engine> engine = makeReferenceEngine();
    const MapPtr x = engine->load(seededInput({2, ours.inChannels, std::max(kBlockSide, window[2]), std::max(kBlockSide, window[3])}, 3));
    double magnitude = 0;
    const MapPtr sum = forward(ours.body, Phase::eval, x, *engine, [&](const std::string&, const MapPtr& map) {
        for (double v : engine->read(map).values()) magnitude = std::max(magnitude, std::abs(v));
    });
    const TensorD branches = engine->read(sum), kernel = engine->read(forward(theirs, Phase::eval, x, *engine));
    if (branches.shape() != kernel.shape()) {
        check.problem = fmt::format("{} gives {} instead of {}", ours.name, toString(kernel.shape()), toString(branches.shape()));
        return;
    }
    const Comparison c = compare(branches, kernel);
    // Branches that cancel leave a small sum, whose decibels are low although every digit is right.
    const double bound = roundingBound(*ours.body, magnitude) * precision.epsilon / 0x1p-23;
    if (c.nonFinite || (c.snr && *c.snr < precision.db && c.maxAbs > bound))
        check.problem = fmt::format("{} differs from its branches: {:.1f} dB, max |Δ| {:.3g} of {:.3g}", ours.name, c.snr.value_or(0), c.maxAbs, c.referenceMax);
    if (c.snr) check.lowestDb = std::min(check.lowestDb.value_or(*c.snr), *c.snr);
    ++check.blocks;
}

/// `run` on a small seeded input, or on the network's own size where that is too small for it.
template<class Run>
auto onSmallInput(const Model& model, Run run) {
    try {
        return run(seededInput(smallInput(model)));
    } catch (const Error& error) {
        if (error.code() != ErrorCode::shapeMismatch && error.code() != ErrorCode::inputInvalid) throw;
        return run(seededInput(model.defaultInput));
    }
}

void checkNetwork(const families::OpenedModel& opened, const fusion::ModelFusion& fusion, const families::OpenedModel& written,
                  std::optional<DType> dtype, WrittenCheck& check) {
    const fusion::ModelFusion theirFusion = fusion::fuseModel(written.model);
    auto both = [&](const TensorD& input) { return std::pair(outputOf(opened.model, fusion, input), outputOf(written.model, theirFusion, input)); };
    auto [ours, theirs] = onSmallInput(opened.model, both);
    if (theirs.count() == ours.count()) theirs = theirs.reshaped(ours.shape()); // [n, k] and [n, k, 1, 1] hold the same numbers
    const Comparison c = compare(ours, theirs);
    const bool keepsNorm = std::ranges::any_of(opened.model.blocks, [](const Block& b) { return !b.keptNorm.empty(); });
    const double least = dtype == DType::f16 ? kFloat16Db : dtype == DType::bf16 ? kBfloat16Db : keepsNorm ? kKeptNormDb : kSameNetworkDb;
    check.network = true;
    check.outputDb = c.snr;
    if (c.nonFinite > 0)
        check.problem = fmt::format("the output of the written network holds {} values that are NaN or infinite", c.nonFinite);
    else if (c.snr && *c.snr < least)
        check.problem = fmt::format("the outputs agree to {:.1f} dB only, max |Δ| {:.3g} of {:.3g}", *c.snr, c.maxAbs, c.referenceMax);
}

} // namespace

std::string WrittenCheck::sentence() const {
    std::string text = "read back:";
    if (blocks > 0)
        text += fmt::format(" {} block{} equal{} the branches to {}", blocks, blocks == 1 ? "" : "s", blocks == 1 ? "s" : "",
                            lowestDb ? fmt::format("{:.0f} dB or better", *lowestDb) : std::string("the last bit"));
    if (network) text += fmt::format("{} the network's outputs agree to {}", blocks > 0 ? "," : "", outputDb ? fmt::format("{:.0f} dB", *outputDb) : std::string("the last bit"));
    return text;
}

Report reportBeforeWriting(const families::OpenedModel& opened, const Job& job) {
    const fusion::ModelFusion fusion = fusion::fuseModel(opened.model);
    if (fusion.fusedCount() == 0) return {};
    VerifyOptions options;
    options.inputIsNoise = true;
    options.certify = false;
    return onSmallInput(opened.model, [&](const TensorD& input) { return verifyModel(opened, fusion, input, options, job); });
}

WrittenCheck checkWritten(const std::filesystem::path& path, const families::OpenedModel& opened, const fusion::ModelFusion& fusion,
                          const families::OpenOptions& options, std::optional<DType> dtype, const Job& job) {
    const Model& model = opened.model;
    const Written written(path, options);
    WrittenCheck check;
    std::int64_t missing = 0;
    for (std::size_t i = 0; i < model.blocks.size() && check.problem.empty(); ++i) {
        const Block& block = model.blocks[i];
        job.step(static_cast<double>(i) / static_cast<double>(model.blocks.size()), fmt::format("checking {}", block.name));
        // What is merged inexactly was asked for; its kernel is not the branches'.
        if (!fusion.blocks[i].fusable || fusion.blocks[i].exactness != fusion::Exactness::everywhere) continue;
        if (const ExprPtr kernel = written.kernelOf(model, i, fusion.blocks[i]))
            checkBlock(block, kernel, std::get<Conv>(fusion.blocks[i].stored->op).weight.shape(), precisionOf(dtype), check);
        else
            ++missing;
    }
    const bool bothRun = !model.graph.empty() && written.opened && !written.opened->model.graph.empty() &&
                         std::ranges::none_of(fusion.blocks, &fusion::BlockFusion::valueInvalid);
    if (check.problem.empty() && bothRun) checkNetwork(opened, fusion, *written.opened, dtype, check);
    if (check.problem.empty() && missing > 0 && !check.network)
        check.problem = fmt::format("{} of the fused blocks cannot be found in it{}{}", missing, written.whyNoModel.empty() ? "" : ": ", written.whyNoModel);
    return check;
}

} // namespace rp::verify
