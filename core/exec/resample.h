// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/model/operation.h"
#include "core/tensor/tensor.h"

namespace rp {

/// `x` with axis `axis` resampled to `size` points; `scale` is output over input, as the file states it. Formulas of
/// ONNX's Resize: x_in = (i + 0.5) / scale - 0.5 (half pixel), i (in - 1) / (out - 1) (align corners), i / scale
/// (asymmetric); beyond the map its edge goes on.
template<class T>
Tensor<T> resampled(const Tensor<T>& x, std::size_t axis, std::int64_t size, double scale, const Resize& resize);

extern template TensorF resampled(const TensorF&, std::size_t, std::int64_t, double, const Resize&);
extern template TensorD resampled(const TensorD&, std::size_t, std::int64_t, double, const Resize&);

} // namespace rp
