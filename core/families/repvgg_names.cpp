// SPDX-License-Identifier: Apache-2.0
#include "core/families/repvgg_names.h"

#include "core/base/error.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include <fmt/format.h>

namespace rp::families {
namespace {

/// One column of families.md's table: prefixes of what stands in a block, and where blocks and head stand.
struct Names {
    std::string_view layout;
    std::string_view stem, stage;
    int firstStage;
    std::string_view head;
    /// dense conv, dense norm, 1x1 conv, 1x1 norm, identity norm, fused kernel, SE down, SE up
    std::array<std::string_view, 8> parts;
    bool paddle;
};

constexpr std::array<std::string_view, 8> kOfficialParts{
    "rbr_dense.conv", "rbr_dense.bn", "rbr_1x1.conv", "rbr_1x1.bn", "rbr_identity", "rbr_reparam", "se.down", "se.up"};

constexpr std::array<Names, 4> kNames{{
    {"official", "stage0", "stage", 1, "linear", kOfficialParts, false},
    {"paddle", "stage0", "stage", 1, "linear", kOfficialParts, true},
    {"timm",
     "stem",
     "stages.",
     0,
     "head.fc",
     {"conv_kxk.conv", "conv_kxk.bn", "conv_1x1.conv", "conv_1x1.bn", "identity", "reparam_conv", "attn.fc1", "attn.fc2"},
     false},
    {"mmpretrain",
     "backbone.stem",
     "backbone.stage_",
     1,
     "head.fc",
     {"branch_3x3.conv", "branch_3x3.norm", "branch_1x1.conv", "branch_1x1.norm", "branch_norm", "branch_reparam",
      "se_layer.conv1.conv", "se_layer.conv2.conv"},
     false},
}};

const Names* namesOf(std::string_view layout) {
    const auto found = std::ranges::find(kNames, layout, &Names::layout);
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

std::string renamedEnd(std::string_view end, const Names& from, const Names& to) {
    constexpr std::pair<std::string_view, std::string_view> kStatistics[] = {{"running_mean", "_mean"}, {"running_var", "_variance"}};
    for (const auto& [torch, paddle] : kStatistics)
        if (end == (from.paddle ? paddle : torch)) return std::string(to.paddle ? paddle : torch);
    return std::string(end);
}

std::optional<std::string> renamed(std::string_view key, const Names& from, const Names& to) {
    std::string_view rest = key;
    if (takePrefix(rest, from.head) && takePrefix(rest, ".")) return fmt::format("{}.{}", to.head, rest);
    rest = key;
    const auto block = renamedBlock(rest, from, to);
    if (!block) return std::nullopt;
    for (std::size_t i = 0; i < from.parts.size(); ++i) {
        std::string_view end = rest;
        if (takePrefix(end, from.parts[i]) && takePrefix(end, "."))
            return fmt::format("{}.{}.{}", *block, to.parts[i], renamedEnd(end, from, to));
    }
    return std::nullopt;
}

StoredTensor transposed(const StoredTensor& matrix, const std::string& where) {
    const Shape shape{matrix.shape()[1], matrix.shape()[0]};
    const SharedBytes dense = matrix.bytes();
    return StoredTensor::view(matrix.dtype(), shape, {1, shape[0]}, 0, dense, where);
}

} // namespace

std::optional<NamedTensor> renamedRepVgg(NamedTensor tensor, std::string_view from, std::string_view to) {
    const Names* source = namesOf(from);
    const Names* target = namesOf(to);
    if (!source || !target)
        throw Error(ErrorCode::unsupported, {"--layout " + std::string(to), "RepVGG's names of official, timm, mmpretrain or paddle",
                                             "the layout " + std::string(source ? to : from), "write it in the source's own layout"});
    if (target->paddle && tensor.name.ends_with(".num_batches_tracked")) return std::nullopt;
    const auto name = renamed(tensor.name, *source, *target);
    if (!name)
        throw Error(ErrorCode::unsupported, {"'" + tensor.name + "'", fmt::format("a tensor of RepVGG in the {} layout", from), "another",
                                             "write it in the source's own layout"});
    tensor.name = *name;
    if (source->paddle != target->paddle && tensor.tensor.shape().size() == 2)
        tensor.tensor = transposed(tensor.tensor, "'" + tensor.name + "'");
    return tensor;
}

} // namespace rp::families
