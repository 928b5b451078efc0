// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/model/expr.h"

#include <array>
#include <optional>
#include <string_view>

namespace rp::verify {

/// How a kernel is stored. The integers are symmetric with one step for each output channel, or for the whole tensor:
/// step = max|K| / (2^(bits-1) - 1), round to nearest even. Biases stay float32, as integer runtimes keep them.
enum class KernelFormat { float32, float16, bfloat16, int8, int8Tensor, int4, int4Tensor };
inline constexpr std::array kKernelFormats{KernelFormat::float32,    KernelFormat::float16, KernelFormat::bfloat16, KernelFormat::int8,
                                    KernelFormat::int8Tensor, KernelFormat::int4,    KernelFormat::int4Tensor};
/// "float32", "int8 per channel", "int8 per tensor" …
std::string_view toString(KernelFormat format);

/// The kernel [oc, ic/groups, kh, kw] and bias [oc] as that format holds them, as numbers again; none when a finite
/// number becomes infinite (float16 beyond 65504).
std::optional<Conv> rounded(const Conv& conv, KernelFormat format);

/// Steps of the integer formats, one for each output channel.
std::vector<double> stepsOf(const TensorD& weight, KernelFormat format);

} // namespace rp::verify
