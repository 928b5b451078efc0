// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/fusion/fuse_model.h"

#include <optional>
#include <string>
#include <vector>

namespace rp::verify {

/// A part of a model that is one convolution in phase deploy: a block, or an affine region that has one form only.
struct Unit {
    std::string name;
    ExprPtr body;                      ///< branches, or the convolution of a block in deploy form
    ExprPtr deploy;                    ///< what phase deploy runs
    std::int64_t inChannels = 0;
    std::optional<std::size_t> block;  ///< index; none for a region
    std::optional<std::size_t> node;   ///< of the graph; none when the model has none
};

/// In order of computation; blocks alone when there is no graph. What cannot be folded is left out.
std::vector<Unit> unitsOf(const Model& model, const fusion::ModelFusion& fusion);

/// For each of `ours` the index of the unit of `theirs` that stands for it, if any: by name, by what their kernels have in
/// common, and by depth, among those of the same shape. Toolkits name the same block differently, and an exporter may give
/// no names at all. A name alone pairs two units even when their shapes differ: that is then a finding.
std::vector<std::optional<std::size_t>> pairUnits(const std::vector<Unit>& ours, const std::vector<Unit>& theirs);

} // namespace rp::verify
