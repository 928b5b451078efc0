// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/tensor/tensor.h"

#include <optional>
#include <string>

namespace rp::verify {

/// What the difference of two maps [n, c, h, w] looks like: a hint where no known mistake explains it.
struct ResidualShape {
    /// Root mean square of the outermost ring of pixels over that of the rest: about 1 for most mistakes, far more for
    /// one of padding. Infinite when the rest is equal; none when there is no rest or no difference.
    std::optional<double> rimOverInside;
    /// Share of the squares, in [0, 1], that one constant per channel explains: about 1 for a bias or a mean.
    double constantShare = 0;
};

/// Of `theirs - ours`. Precondition: equal shapes of four axes; differences that are not finite are left out.
ResidualShape residualShape(const TensorD& ours, const TensorD& theirs);

/// One clause for people, empty when nothing stands out.
std::string describe(const ResidualShape& shape);

} // namespace rp::verify
