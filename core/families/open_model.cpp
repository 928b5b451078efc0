// SPDX-License-Identifier: Apache-2.0
#include "core/families/open_model.h"

#include "core/base/error.h"
#include "core/families/described_block.h"
#include "core/families/family.h"
#include "core/families/graph_assumptions.h"
#include "core/graph/import.h"

#include <array>

#include <fmt/format.h>

namespace rp::families {
namespace {

/// Looks up `key` in a dict value; null when it is none or has none.
const io::Value* lookUp(const io::Value* value, std::string_view key) {
    const io::Dict* dict = value ? value->as<io::Dict>() : nullptr;
    const io::ValuePtr* found = dict ? dict->find(key) : nullptr;
    return found ? found->get() : nullptr;
}

std::vector<std::string> textsOf(const io::Value* value) {
    std::vector<std::string> texts;
    if (const auto* sequence = value ? value->as<io::Sequence>() : nullptr)
        for (const io::ValuePtr& item : sequence->items)
            if (const auto* text = item->as<std::string>()) texts.push_back(*text);
    return texts;
}

std::optional<double> numberOf(const io::Value* value) {
    if (!value) return std::nullopt;
    if (const auto* integer = value->as<std::int64_t>()) return static_cast<double>(*integer);
    if (const auto* real = value->as<double>()) return *real;
    return std::nullopt;
}

std::vector<double> numbersOf(const io::Value* value) {
    std::vector<double> numbers;
    if (const auto* sequence = value ? value->as<io::Sequence>() : nullptr)
        for (const io::ValuePtr& item : sequence->items)
            if (const auto number = numberOf(item.get())) numbers.push_back(*number);
    return numbers;
}

/// Where toolkits keep such data: beside the weights, under `meta` (mmpretrain, ours), or one level deeper.
std::vector<const io::Value*> placesOf(const io::Value& extras) {
    std::vector<const io::Value*> places{&extras};
    for (std::string_view key : {"meta", "pretrained_cfg", "dataset_meta"})
        if (const io::Value* found = lookUp(&extras, key)) places.push_back(found);
    if (const io::Value* deeper = lookUp(lookUp(&extras, "meta"), "dataset_meta")) places.push_back(deeper);
    return places;
}

bool isImageSize(double value) { return value >= 1 && value <= 16384; }

/// Class names, input size and normalisation, where the file states them.
void readMetadata(const io::Dict& extras, OpenedModel& opened) {
    const io::Value root{extras};
    io::Preprocessing recipe = opened.preprocessing;
    bool stated = false;
    for (const io::Value* place : placesOf(root)) {
        for (std::string_view key : {"classes", "CLASSES", "label_names"})
            if (auto names = textsOf(lookUp(place, key)); !names.empty()) opened.model.classNames = std::move(names);
        const std::vector<double> size = numbersOf(lookUp(place, "input_size"));
        if (size.size() >= 2 && isImageSize(size[size.size() - 2]) && isImageSize(size.back())) {
            recipe.cropHeight = static_cast<std::int64_t>(size[size.size() - 2]);
            recipe.cropWidth = static_cast<std::int64_t>(size.back());
            recipe.resizeShortSide = std::min(recipe.cropHeight, recipe.cropWidth);
            stated = true;
        }
        if (const auto resize = numberOf(lookUp(place, "resize")); resize && isImageSize(*resize)) {
            recipe.resizeShortSide = static_cast<std::int64_t>(*resize);
            stated = true;
        }
        const std::vector<double> mean = numbersOf(lookUp(place, "mean")), deviation = numbersOf(lookUp(place, "std"));
        if (mean.size() == 3 && deviation.size() == 3 && deviation[0] > 0 && deviation[1] > 0 && deviation[2] > 0) {
            recipe.mean = {mean[0], mean[1], mean[2]};
            recipe.deviation = {deviation[0], deviation[1], deviation[2]};
            stated = true;
        }
    }
    if (!stated) return;
    recipe.origin = "file";
    opened.preprocessing = recipe;
    opened.model.defaultInput = {1, 3, recipe.cropHeight, recipe.cropWidth};
}

void assemble(const OpenOptions& options, const std::vector<BlockKind>& described, OpenedModel& opened) {
    opened.model = assembleModel(opened.weights->tensors, Assumptions(options.assumptions), described,
                                 options.deployOf ? deployKindsOf(*options.deployOf) : std::vector<BlockKind>());
    const std::int64_t side = opened.model.pictureSize;
    io::Preprocessing& recipe = opened.preprocessing;
    recipe.cropHeight = recipe.cropWidth = side;
    // 256 for 224, the published recipe; a network tested at another size is not cropped.
    recipe.resizeShortSide = side == 224 ? 256 : side;
    recipe.origin = "preset: ImageNet, as " + opened.model.family;
    if (!opened.model.takesPlainPicture) return;
    recipe.mean = {0, 0, 0};
    recipe.deviation = {1, 1, 1};
    recipe.origin = "preset: the picture as it is, as " + opened.model.family;
}

/// A graph says everything but what its numbers mean. One that makes a picture takes it as it is.
void importGraph(const OpenOptions& options, OpenedModel& opened) {
    graph::ImportOptions importing;
    importing.foldBytes = options.limits.decodedBytes;
    graph::Imported imported = graph::importOnnx(*opened.checkpoint->onnx, importing);
    opened.model = std::move(imported.model);
    applyToGraph(Assumptions(options.assumptions), opened.model);
    const Shape& input = opened.model.defaultInput;
    const bool makesPicture = imported.output.size() == 4 && imported.output[2] > 1;
    io::Preprocessing& recipe = opened.preprocessing;
    recipe.cropHeight = input[2];
    recipe.cropWidth = input[3];
    recipe.resizeShortSide = std::min(input[2], input[3]) == 224 ? 256 : std::min(input[2], input[3]);
    recipe.origin = "preset: ImageNet, as the graph states none";
    if (!makesPicture) return;
    recipe.mean = {0, 0, 0};
    recipe.deviation = {1, 1, 1};
    recipe.origin = "preset: values in [0, 1], as the graph makes a picture";
    if (opened.model.inputIsFixed) return;
    recipe.resizeShortSide = recipe.cropHeight = recipe.cropWidth = 0;
}

} // namespace

OpenedModel openModel(const std::filesystem::path& path, const OpenOptions& options) {
    std::vector<BlockKind> described;
    for (const std::string& file : options.blocks)
        for (BlockKind& kind : describedBlocksFile(file)) described.push_back(std::move(kind));
    OpenedModel opened;
    opened.checkpoint = std::make_shared<const io::Checkpoint>(io::openCheckpoint(path, options.limits));
    opened.weights = &opened.checkpoint->weights(options.weights);
    try {
        if (opened.checkpoint->onnx)
            importGraph(options, opened);
        else
            assemble(options, described, opened);
    } catch (const Error& error) {
        if (error.code() == ErrorCode::usage) throw;
        throw error.within(path.string());
    }
    readMetadata(opened.checkpoint->extras, opened);
    for (const std::string& note : opened.checkpoint->notes)
        opened.model.findings.push_back({Finding::Severity::note, "file-note", "", note, ""});
    return opened;
}

} // namespace rp::families
