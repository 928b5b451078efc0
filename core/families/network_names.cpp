// SPDX-License-Identifier: Apache-2.0
#include "core/families/network_names.h"

#include "core/base/error.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include <fmt/format.h>

namespace rp::families {
namespace {

/// One column of a table of families.md (4.3, 4.10): modules of a block, and where blocks and head stand.
struct Names {
    std::string_view family, layout;
    std::string_view stem, stage;
    int firstStage;
    std::string_view head;
    std::array<std::string_view, 6> modules; ///< branches, identity norm, fused kernel, SE down, SE up
    std::string_view norm;                   ///< behind a branch's convolution
    bool paddle = false;
};

using Modules = std::array<std::string_view, 6>;
constexpr Modules kOfficial{"rbr_dense", "rbr_1x1", "rbr_identity", "rbr_reparam", "se.down", "se.up"};

constexpr std::array<Names, 7> kNames{{
    {"RepVGG", "official", "stage0", "stage", 1, "linear", kOfficial, "bn"},
    {"RepVGG", "paddle", "stage0", "stage", 1, "linear", kOfficial, "bn", true},
    {"RepVGG", "timm", "stem", "stages.", 0, "head.fc", {"conv_kxk", "conv_1x1", "identity", "reparam_conv", "attn.fc1", "attn.fc2"}, "bn"},
    {"RepVGG",
     "mmpretrain",
     "backbone.stem",
     "backbone.stage_",
     1,
     "head.fc",
     {"branch_3x3", "branch_1x1", "branch_norm", "branch_reparam", "se_layer.conv1.conv", "se_layer.conv2.conv"},
     "norm"},
    {"MobileOne", "official", "stage0", "stage", 1, "linear", {"rbr_conv", "rbr_scale", "rbr_skip", "reparam_conv", "se.reduce", "se.expand"}, "bn"},
    {"MobileOne", "timm", "stem", "stages.", 0, "head.fc", {"conv_kxk", "conv_scale", "identity", "reparam_conv", "attn.fc1", "attn.fc2"}, "bn"},
    {"MobileOne",
     "mmpretrain",
     "backbone.stage0",
     "backbone.stage",
     1,
     "head.fc",
     {"branch_conv_list", "branch_scale", "branch_norm", "branch_reparam", "se.conv1.conv", "se.conv2.conv"},
     "norm"},
}};

const Names* namesOf(std::string_view family, std::string_view layout) {
    if (layout == "apple") layout = "official"; // MobileOne's own
    const auto found = std::ranges::find_if(kNames, [&](const Names& row) { return row.family == family && row.layout == layout; });
    return found == kNames.end() ? nullptr : &*found;
}

/// The number at the front of `text`, which is then shorter by it.
std::optional<int> takeNumber(std::string_view& text) {
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || number < 0) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return number;
}

bool takePrefix(std::string_view& text, std::string_view prefix) {
    if (!text.starts_with(prefix)) return false;
    text.remove_prefix(prefix.size());
    return true;
}

/// The block's prefix in `to`; `key` is then what stands behind the block's dot.
std::optional<std::string> renamedBlock(std::string_view& key, const Names& from, const Names& to) {
    std::string_view stem = from.stem, stage = from.stage;
    // `backbone.` is gone when every key had it.
    if (!key.starts_with("backbone.")) {
        takePrefix(stem, "backbone.");
        takePrefix(stage, "backbone.");
    }
    std::string_view rest = key;
    if (takePrefix(rest, stem) && takePrefix(rest, ".")) {
        key = rest;
        return std::string(to.stem);
    }
    rest = key;
    if (!takePrefix(rest, stage)) return std::nullopt;
    const auto number = takeNumber(rest);
    if (!number || *number < from.firstStage || !takePrefix(rest, ".")) return std::nullopt;
    const auto index = takeNumber(rest);
    if (!index || !takePrefix(rest, ".")) return std::nullopt;
    key = rest;
    return fmt::format("{}{}.{}", to.stage, *number - from.firstStage + to.firstStage, *index);
}

/// What stands behind a module: a branch's number and norm, a norm's statistics.
std::string renamedEnd(std::string_view end, const Names& from, const Names& to) {
    std::string result(end);
    const std::size_t last = result.rfind('.');
    const std::size_t start = last == std::string::npos ? 0 : result.rfind('.', last - 1) == std::string::npos ? 0 : result.rfind('.', last - 1) + 1;
    if (last != std::string::npos && std::string_view(result).substr(start, last - start) == from.norm) result.replace(start, last - start, to.norm);
    constexpr std::pair<std::string_view, std::string_view> kStatistics[] = {{"running_mean", "_mean"}, {"running_var", "_variance"}};
    for (const auto& [torch, paddle] : kStatistics) {
        const std::string_view own = from.paddle ? paddle : torch;
        if (std::string_view(result).substr(result.rfind('.') + 1) == own) result.replace(result.rfind('.') + 1, std::string::npos, to.paddle ? paddle : torch);
    }
    return result;
}

std::optional<std::string> renamed(std::string_view key, const Names& from, const Names& to) {
    std::string_view rest = key;
    if (takePrefix(rest, from.head) && takePrefix(rest, ".")) return fmt::format("{}.{}", to.head, rest);
    rest = key;
    const auto block = renamedBlock(rest, from, to);
    if (!block) return std::nullopt;
    for (std::size_t i = 0; i < from.modules.size(); ++i) {
        std::string_view end = rest;
        if (takePrefix(end, from.modules[i]) && takePrefix(end, "."))
            return fmt::format("{}.{}.{}", *block, to.modules[i], renamedEnd(end, from, to));
    }
    return std::nullopt;
}

StoredTensor transposed(const StoredTensor& matrix, const std::string& where) {
    const Shape shape{matrix.shape()[1], matrix.shape()[0]};
    const SharedBytes dense = matrix.bytes();
    return StoredTensor::view(matrix.dtype(), shape, {1, shape[0]}, 0, dense, where);
}

} // namespace

std::optional<NamedTensor> renamedTensor(NamedTensor tensor, std::string_view family, std::string_view from, std::string_view to) {
    const Names* source = namesOf(family, from);
    const Names* target = namesOf(family, to);
    if (!source || !target)
        throw Error(ErrorCode::unsupported, {"--layout " + std::string(to), "RepVGG's names of official, timm, mmpretrain or paddle, or MobileOne's of the first three",
                                             fmt::format("{} in the layout {}", family, source ? to : from), "write it in the source's own layout"});
    if (target->paddle && tensor.name.ends_with(".num_batches_tracked")) return std::nullopt;
    const auto name = renamed(tensor.name, *source, *target);
    if (!name)
        throw Error(ErrorCode::unsupported, {"'" + tensor.name + "'", fmt::format("a tensor of {} in the {} layout", family, from), "another",
                                             "write it in the source's own layout"});
    tensor.name = *name;
    if (source->paddle != target->paddle && tensor.tensor.shape().size() == 2)
        tensor.tensor = transposed(tensor.tensor, "'" + tensor.name + "'");
    return tensor;
}

} // namespace rp::families
