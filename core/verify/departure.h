// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/job.h"
#include "core/verify/pairing.h"

#include <optional>
#include <string>
#include <vector>

namespace rp::verify {

/// One side of a comparison of two networks.
struct Side {
    const Model& model;
    const fusion::ModelFusion& fusion;
    const std::vector<Unit>& units; ///< of this model
};

/// Where two networks that take the same input first give something else.
struct Departure {
    std::string unit;   ///< ours
    std::string before; ///< the unit before it, which still agreed; may be empty
    std::string what;   ///< "relative L2 0.31", "shape [1, 8, 30, 30] instead of …"
};

/// Runs both in float64, phase deploy, and compares what the paired convolutions return before any tail, on elements
/// spread over each map. None when all of them agree.
std::optional<Departure> firstDeparture(const Side& ours, const Side& theirs, const std::vector<std::optional<std::size_t>>& partners,
                                        const TensorD& input, const Job& job = {});

} // namespace rp::verify
