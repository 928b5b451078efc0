// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace rp {

/// Sizes of a tensor's axes, outermost first; feature maps are [n, c, h, w], kernels [oc, ic/groups, kh, kw].
using Shape = std::vector<std::int64_t>;

/// Number of elements (1 for rank 0). Precondition: the product fits, see `checkedCount`.
std::int64_t countOf(const Shape& shape);

/// Number of elements; throws `malformed` for a negative size and `limitExceeded` when the product overflows.
std::int64_t checkedCount(const Shape& shape, const std::string& where);

std::string toString(const Shape& shape); ///< "[64, 3, 3, 3]"

/// Position of flat element `index` in row-major `shape`.
Shape positionOf(std::int64_t index, const Shape& shape);

} // namespace rp
