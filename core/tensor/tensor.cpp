// SPDX-License-Identifier: Apache-2.0
#include "core/tensor/tensor.h"

#include <algorithm>

namespace rp {

TensorD toDouble(const TensorF& tensor) {
    std::vector<double> values(tensor.values().begin(), tensor.values().end());
    return {tensor.shape(), std::move(values)};
}

TensorF toFloat(const TensorD& tensor) {
    std::vector<float> values(tensor.values().size());
    std::ranges::transform(tensor.values(), values.begin(), [](double v) { return static_cast<float>(v); });
    return {tensor.shape(), std::move(values)};
}

} // namespace rp
