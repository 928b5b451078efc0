// SPDX-License-Identifier: Apache-2.0
#include "core/fusion/write_fused.h"

#include "core/base/error.h"
#include "core/io/safetensors.h"
#include "core/io/torch_zip.h"

#include <unordered_map>

#include <fmt/format.h>

namespace rp::fusion {
namespace {

constexpr std::size_t kKept = static_cast<std::size_t>(-1);

/// Which fused block each tensor of the file goes into.
std::unordered_map<std::string, std::size_t> ownersOf(const Model& model, const ModelFusion& fusion) {
    std::unordered_map<std::string, std::size_t> owners;
    for (std::size_t i = 0; i < model.blocks.size(); ++i) {
        if (!fusion.blocks[i].fusable) continue;
        for (const std::string& key : model.blocks[i].branchKeys) owners.emplace(key, i);
        owners.emplace(model.blocks[i].fusedWeightKey, i);
        owners.emplace(model.blocks[i].fusedBiasKey, i);
    }
    return owners;
}

/// safetensors metadata holds strings only; other plain data beside the weights has no place in it.
io::Dict stringsOf(const io::Checkpoint& checkpoint, std::vector<std::string>& notes) {
    io::Dict strings;
    for (const auto& item : checkpoint.extras.items) {
        const std::string* key = item.first->as<std::string>();
        if (key && item.second->as<std::string>())
            strings.items.push_back(item);
        else if (key)
            notes.push_back(fmt::format("'{}' is not carried over: safetensors holds text only beside its tensors", *key));
    }
    return strings;
}

} // namespace

std::vector<NamedTensor> fusedTensors(const Model& model, const ModelFusion& fusion, const StateDict& source) {
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
        const auto& conv = std::get<Conv>(fusion.blocks[block].stored->op);
        const Block& b = model.blocks[block];
        result.push_back({source.strippedPrefix() + b.fusedWeightKey, StoredTensor::of(conv.weight.toFloat())});
        result.push_back({source.strippedPrefix() + b.fusedBiasKey, StoredTensor::of(conv.bias->toFloat())});
    }
    return result;
}

WriteReport writeFused(const std::filesystem::path& target, const Model& model, const ModelFusion& fusion,
                       const io::Checkpoint& checkpoint, const io::WeightSet& weights) {
    const std::string suffix = target.extension().string();
    const bool torch = suffix == ".pth" || suffix == ".pt";
    if (!torch && suffix != ".safetensors")
        throw Error(ErrorCode::usage, {"--output " + target.string(), "a name that ends in .safetensors, .pth or .pt",
                                       suffix.empty() ? "no suffix" : suffix, ""});
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
    const std::vector<NamedTensor> tensors = fusedTensors(model, fusion, weights.tensors);
    report.tensorsBefore = static_cast<std::int64_t>(weights.tensors.size());
    report.tensorsAfter = static_cast<std::int64_t>(tensors.size());
    if (torch)
        io::writeTorchZip(target, tensors, weights.name, weights.ordered, checkpoint.extras);
    else
        io::writeSafetensors(target, tensors, stringsOf(checkpoint, report.notes));
    return report;
}

} // namespace rp::fusion
