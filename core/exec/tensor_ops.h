// SPDX-License-Identifier: Apache-2.0
// Operations that are not convolution-like, once for both precisions: plain loops over dense tensors of any rank.
#pragma once

#include "core/model/operation.h"
#include "core/tensor/tensor.h"

#include <span>

namespace rp {

/// One element. `slope` is PReLU's.
template<class T>
T activate(const Activation& activation, T slope, T x);

/// Result of one operation on dense tensors (`Constant`: on none). T is float or double; sums are formed in double.
/// Throws what `outShapeOf` throws. SqueezeExcite is a small network of its own and not among them (`internal`).
template<class T>
Tensor<T> evaluate(const Operation& operation, std::span<const Tensor<T>> inputs);

extern template float activate(const Activation&, float, float);
extern template double activate(const Activation&, double, double);
extern template TensorF evaluate(const Operation&, std::span<const TensorF>);
extern template TensorD evaluate(const Operation&, std::span<const TensorD>);

} // namespace rp
