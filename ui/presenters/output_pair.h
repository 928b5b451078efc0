// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/jobs/snapshots.h"

#include <cstdint>
#include <optional>

namespace rp::ui {

/// True for an output [n, 1 or 3, h, w] with an extent: a network that makes pictures, values in [0, 1].
bool isPicture(const TensorD& output);

/// What two phases make of the input, where that is a picture.
struct OutputPair {
    PhaseRunPtr x, y;        ///< eval; train or deploy
    TensorD difference;      ///< [n, 1, h, w]: y - x in the channel where it is largest, so that it lies on the pictures
    double largest = 0;      ///< largest finite |difference|
    Shape largestAt;         ///< [n, c, h, w]; empty when no difference is finite or all are 0
    std::optional<double> psnr;       ///< 10 log10(1 / mean square) in dB; none when equal or not finite
    std::int64_t roundedOtherwise = 0; ///< elements that differ once each side is rounded to 8 bits
};

/// None as long as one of them is not there, or when they make no pictures of one size.
std::optional<OutputPair> outputPair(const PhaseRunPtr& x, const PhaseRunPtr& y);

} // namespace rp::ui
