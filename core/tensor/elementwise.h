// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/tensor/tensor.h"

#include <algorithm>

namespace rp {

/// operation(a, b) of each pair of elements, as `std::minus<>()`. Precondition: equal shapes.
template<class Operation>
TensorD combined(const TensorD& a, const TensorD& b, Operation operation) {
    TensorD result = a;
    std::ranges::transform(a.values(), b.values(), result.edit().begin(), operation);
    return result;
}

} // namespace rp
