// SPDX-License-Identifier: Apache-2.0
#include "core/fusion/write_fused.h"

#include "core/base/error.h"
#include "core/io/write_checkpoint.h"
#include "core/tensor/cast.h"

#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

namespace rp::fusion {
namespace {

constexpr std::size_t kKept = static_cast<std::size_t>(-1);

/// Which fused block each tensor of the file goes into.
std::unordered_map<std::string, std::size_t> ownersOf(const Model& model, const ModelFusion& fusion) {
    std::unordered_map<std::string, std::size_t> owners;
    for (std::size_t i = 0; i < model.blocks.size(); ++i) {
        const Block& block = model.blocks[i];
        if (!fusion.blocks[i].fusable) continue;
        for (const std::string& key : block.branchKeys)
            if (block.keptNorm.empty() || !key.starts_with(block.keptNorm + ".")) owners.emplace(key, i);
        owners.emplace(block.fusedWeightKey, i);
        owners.emplace(block.fusedBiasKey, i);
    }
    return owners;
}

/// The body as the source's deploy layout has it in the kernel: without the norm that stays a tensor of its own.
ExprPtr mergedPart(const Block& block) {
    if (block.keptNorm.empty()) return block.body;
    const auto* chain = std::get_if<Chain>(&block.body->op);
    if (!chain || chain->steps.size() < 2 || !std::holds_alternative<Norm>(chain->steps.back()->op))
        throw Error(ErrorCode::internal, {block.name, "a body that ends with the norm " + block.keptNorm, "another", ""});
    return makeExpr(block.body->name, Chain{{chain->steps.begin(), chain->steps.end() - 1}});
}

/// The fused convolution, rounded to float32, or unrounded where it is rounded to another type later: once is enough.
Conv deployConv(const Block& block, const BlockFusion& fusion, bool rounded) {
    if (block.keptNorm.empty() && rounded) return std::get<Conv>(fusion.stored->op);
    const FuseResult fused = fuse(*mergedPart(block), block.inChannels, false);
    if (!fused.fused()) // the norm behind it changes nothing about whether it can be fused
        throw Error(ErrorCode::internal, {block.name, "a body that can be fused", fused.refusal()->reason, ""});
    return std::get<Conv>((rounded ? toStoredConv(*fused.fused(), block.name) : toExactConv(*fused.fused(), block.name))->op);
}

/// Whether the block is a linear layer [oc, ic] in the source; then the fused one is, too.
bool isLinear(const Block& block, const Shape& kernel, const StateDict& source) {
    return kernel[2] == 1 && kernel[3] == 1 && std::ranges::any_of(block.branchKeys, [&](const std::string& key) {
        const StoredTensor* tensor = source.find(key);
        return tensor && key.ends_with("weight") && tensor->shape() == Shape{kernel[0], kernel[1]};
    });
}

/// Tensors that share a file's views keep them; only a cast or another layout makes new ones.
std::vector<NamedTensor> finished(std::vector<NamedTensor> tensors, const StateDict& source, const WriteOptions& options) {
    std::vector<NamedTensor> result;
    for (NamedTensor& named : tensors) {
        if (options.relabel) {
            const std::string_view name = named.name;
            const bool prefixed = name.starts_with(source.strippedPrefix());
            std::optional<NamedTensor> other =
                options.relabel({std::string(prefixed ? name.substr(source.strippedPrefix().size()) : name), named.tensor});
            if (!other) continue;
            named = std::move(*other);
        }
        if (options.dtype && isFloating(named.tensor.dtype()))
            named.tensor = castTo(*options.dtype, named.tensor, "'" + named.name + "'");
        result.push_back(std::move(named));
    }
    return result;
}

} // namespace

std::vector<NamedTensor> fusedTensors(const Model& model, const ModelFusion& fusion, const StateDict& source, bool rounded) {
    auto stored = [rounded](const Param& param) { return rounded ? StoredTensor::of(param.toFloat()) : StoredTensor::of(param.toDouble()); };
    const auto owners = ownersOf(model, fusion);
    std::vector<bool> written(model.blocks.size(), false);
    std::vector<NamedTensor> result;
    for (std::size_t t = 0; t < source.size(); ++t) {
        const auto owner = owners.find(std::string(source.nameOf(t)));
        const std::size_t block = owner == owners.end() ? kKept : owner->second;
        if (block == kKept) {
            result.push_back(source.tensors()[t]);
            continue;
        }
        if (written[block]) continue;
        written[block] = true;
        const Block& b = model.blocks[block];
        const Conv conv = deployConv(b, fusion.blocks[block], rounded);
        const Shape& shape = conv.weight.shape();
        const Param weight = isLinear(b, shape, source) ? conv.weight.reshaped({shape[0], shape[1]}) : conv.weight;
        result.push_back({source.strippedPrefix() + b.fusedWeightKey, stored(weight)});
        result.push_back({source.strippedPrefix() + b.fusedBiasKey, stored(*conv.bias)});
    }
    return result;
}

WriteReport writeFused(const std::filesystem::path& target, const Model& model, const ModelFusion& fusion,
                       const io::Checkpoint& checkpoint, const io::WeightSet& weights, const WriteOptions& options) {
    const std::optional<io::Format> format = io::formatForSuffix(target);
    if (!format)
        throw Error(ErrorCode::usage,
                    {"--output " + target.string(), "a name that ends in .safetensors, .pth, .pt, .npz or .pdparams",
                     target.has_extension() ? target.extension().string() : "no suffix", ""});
    if (fusion.fusedCount() == 0)
        throw Error(ErrorCode::nothingToFuse,
                    {checkpoint.path.string(), "at least one block in train form",
                     fmt::format("{} blocks, form {}", model.blocks.size(), toString(model.form)),
                     model.form == Form::deploy ? "the file is fused already; use it as it is" : "see `inspect` for each block's reason"});
    WriteReport report;
    report.fusedBlocks = fusion.fusedCount();
    for (std::size_t i = 0; i < model.blocks.size(); ++i)
        if (!fusion.blocks[i].fusable)
            report.notes.push_back(fmt::format("{} is left as it is: {}", model.blocks[i].name, fusion.blocks[i].reason));
    const bool rounded = !options.dtype || *options.dtype == DType::f32;
    const io::CheckpointContent content{finished(fusedTensors(model, fusion, weights.tensors, rounded), weights.tensors, options),
                                        weights.name, weights.ordered, checkpoint.extras};
    report.tensorsBefore = static_cast<std::int64_t>(weights.tensors.size());
    report.tensorsAfter = static_cast<std::int64_t>(content.tensors.size());
    for (std::string& text : io::writeCheckpoint(target, *format, content)) report.notes.push_back(std::move(text));
    return report;
}

} // namespace rp::fusion
