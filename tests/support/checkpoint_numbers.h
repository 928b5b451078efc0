// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/checkpoint.h"

#include <string_view>
#include <vector>

namespace rp::test {

/// The numbers of a tensor of the preferred weight set; -999 alone when there is none of that name.
inline std::vector<double> numbers(const io::Checkpoint& checkpoint, std::string_view name) {
    const StoredTensor* tensor = checkpoint.weights({}).tensors.find(name);
    if (!tensor) return {-999};
    const TensorD values = tensor->toDouble();
    return {values.values().begin(), values.values().end()};
}

} // namespace rp::test
