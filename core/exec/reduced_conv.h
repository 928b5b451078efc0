// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/model/expr.h"

#include <optional>
#include <string>

namespace rp {

/// A convolution that was really run with reduced numbers.
struct ReducedRun {
    TensorD output;             ///< [n, oc, oh, ow]; sums are float32
    std::string implementation; ///< oneDNN's name of what ran: "jit:avx512_core_bf16", "ref:any" …
};

/// Weights and activations as bfloat16, sums as float32, by oneDNN. None where this machine's oneDNN has no such
/// convolution (it needs AVX-512), or the window crops.
std::optional<ReducedRun> convolveBfloat16(const Conv& conv, const TensorD& x);

/// Weights [oc, …] as signed 8-bit integers, weight = step[o] · integer, by oneDNN. Activations are 8-bit integers with one step for
/// the whole map: unsigned max(x)/255 where x >= 0, else signed max|x|/127. None as above, and for maps without a finite, positive maximum.
/// On machines without VNNI oneDNN halves the weights for signed activations, which costs them a bit, and its sums of two products may
/// saturate at 16 bits: that is what users' runtimes meet there.
std::optional<ReducedRun> convolveInt8(const Conv& conv, const std::vector<double>& steps, const TensorD& x);

} // namespace rp
