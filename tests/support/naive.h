// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/exec/engine.h"

#include <random>

/// Operations of the engines written down again from their definitions, in double, with nothing but loops:
/// what the engines' tests compare with. Slow and free of every convention of the engines (no layouts, no
/// early exits).
namespace rp::naive {

TensorD convolve(const Conv& conv, const TensorD& x);
/// scale[c] x + shift[c] + addend, then the activation; absent parts are skipped.
TensorD finish(TensorD x, const ChannelAffine* affine, const TensorD* addend, const Activation* activation);
double activate(const Activation& activation, std::int64_t channel, double x);
TensorD pad(const Padding& padding, const std::vector<double>& value, const TensorD& x);
TensorD averagePool(const AvgPool& pool, const TensorD& x, std::int64_t oh, std::int64_t ow);
TensorD concat(const std::vector<TensorD>& parts);
Moments moments(const TensorD& x);

/// Numbers that float32 holds exactly: small integers, or uniform in [-1, 1).
TensorD integers(Shape shape, std::mt19937_64& generator, int limit = 3);
TensorD reals(Shape shape, std::mt19937_64& generator);

double largest(const TensorD& x); ///< max |x|
double largestDifference(const TensorD& a,
                         const TensorD& b); ///< infinity when the shapes differ; NaN counts too

} // namespace rp::naive
