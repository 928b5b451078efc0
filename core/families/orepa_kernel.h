// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/model/param.h"

#include <optional>
#include <string>
#include <vector>

namespace rp::families {

/// What OREPA generates a k x k kernel from (families.md 4.9). W = sum over j of diag(vector[j]) W_j with rows origin, average,
/// prior, 1x1 before kxk, [1x1,] depthwise and pointwise. g groups, ic / g = origin's second dimension.
struct OrepaParts {
    Param origin;                 ///< [oc, ic/g, k, k]
    Param vector;                 ///< [6 or 5, oc]; a further row is unused
    Param averageConv, average;   ///< [oc, ic/g, 1, 1], [k, k]
    Param priorConv, prior;       ///< [oc, ic/g, 1, 1], [oc, k, k]
    Param first, second;          ///< [m, ic/g, 1, 1], [oc, m/g, k, k]
    std::optional<Param> identity; ///< added to `first`
    std::optional<Param> one;     ///< [oc, ic/g, 1, 1]
    Param depthwise, pointwise;   ///< [8 ic, 1, k, k], [oc, 8 ic/g, 1, 1]
};

/// Throws `BlockDefect` when widths do not fit together.
void checkOrepa(const OrepaParts& parts, const std::string& where);

Param orepaKernel(const OrepaParts& parts);

/// v0 origin + v1 (second o first), all 1x1.
Param orepaPointwise(const Param& origin, const Param& first, const Param& second, const Param& vector);

/// The stacked 3x3 kernels as one: the transposed running kernel is correlated with the next one, padded by 2. This is OREPA's
/// own definition, not the composition of real convolutions (that would flip the next kernel).
Param orepaLarge(const std::vector<Param>& stack);

} // namespace rp::families
