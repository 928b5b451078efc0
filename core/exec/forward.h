// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/exec/engine.h"
#include "core/model/model.h"

#include <functional>
#include <string>

namespace rp {

/// Sees intermediate maps of an expression. `path` is the node's name within its block ("rbr_dense",
/// "rbr_dense.bn", "sum", "out"). While somebody watches, every step is computed on its own.
using Observer = std::function<void(const std::string& path, const MapPtr& map)>;

/// The one forward path of an affine expression (design, section 2). Only phases `train` and `eval` differ
/// here: which statistics a Norm takes. Throws `valueInvalid` in phase `train` when a Norm sees a single
/// value per channel.
/// `activation`, when given, is applied to the result (in the same pass where the engine can).
MapPtr forward(const ExprPtr& expr, Phase phase, const MapPtr& x, Engine& engine, const Observer& observer = {},
               const Activation* activation = nullptr);

/// One operation on its inputs, in order; the engine's own fast paths where it has one.
MapPtr forward(const Operation& operation, std::span<const MapPtr> inputs, Engine& engine);

/// The same from the statistics of a batch: mean and biased variance take the place of the running ones.
ChannelAffine affineOf(const Norm& norm, const Moments& batch);

} // namespace rp
