// SPDX-License-Identifier: Apache-2.0
#include "core/verify/rounded_kernel.h"

#include "core/base/error.h"
#include "core/tensor/cast.h"

#include <algorithm>
#include <cmath>

namespace rp::verify {
namespace {

struct Integers {
    int bits;
    bool perTensor;
};

std::optional<Integers> integersOf(KernelFormat format) {
    switch (format) {
    case KernelFormat::int8: return Integers{8, false};
    case KernelFormat::int8Tensor: return Integers{8, true};
    case KernelFormat::int4: return Integers{4, false};
    case KernelFormat::int4Tensor: return Integers{4, true};
    default: return std::nullopt;
    }
}

TensorD toFloating(const TensorD& values, KernelFormat format) {
    const TensorF single = toFloat(values);
    if (format == KernelFormat::float32) return toDouble(single);
    const DType type = format == KernelFormat::float16 ? DType::f16 : DType::bf16;
    return castTo(type, StoredTensor::of(single), "kernel").toDouble();
}

TensorD toIntegers(TensorD weight, KernelFormat format) {
    const std::vector<double> steps = stepsOf(weight, format);
    const auto perChannel = static_cast<std::size_t>(weight.count()) / steps.size();
    const std::span<double> values = weight.edit();
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double step = steps[i / perChannel];
        if (step > 0) values[i] = std::nearbyint(values[i] / step) * step;
    }
    return weight;
}

} // namespace

std::string_view toString(KernelFormat format) {
    switch (format) {
    case KernelFormat::float32: return "float32";
    case KernelFormat::float16: return "float16";
    case KernelFormat::bfloat16: return "bfloat16";
    case KernelFormat::int8: return "int8 per channel";
    case KernelFormat::int8Tensor: return "int8 per tensor";
    case KernelFormat::int4: return "int4 per channel";
    case KernelFormat::int4Tensor: return "int4 per tensor";
    }
    return "float32";
}

std::vector<double> stepsOf(const TensorD& weight, KernelFormat format) {
    const Integers integers = integersOf(format).value();
    std::vector<double> steps(static_cast<std::size_t>(weight.size(0)), 0.0);
    const std::size_t perChannel = steps.empty() ? 0 : static_cast<std::size_t>(weight.count()) / steps.size();
    for (std::size_t i = 0; i < static_cast<std::size_t>(weight.count()); ++i)
        steps[i / perChannel] = std::max(steps[i / perChannel], std::abs(weight.values()[i]));
    if (integers.perTensor && !steps.empty()) std::ranges::fill(steps, std::ranges::max(steps));
    for (double& step : steps) step /= static_cast<double>((1 << (integers.bits - 1)) - 1);
    return steps;
}

std::optional<Conv> rounded(const Conv& conv, KernelFormat format) {
    Conv result = conv;
    try {
        const TensorD weight = conv.weight.toDouble();
        const bool isInteger = integersOf(format).has_value();
        result.weight = Param(isInteger ? toIntegers(weight, format) : toFloating(weight, format));
        if (conv.bias) result.bias = Param(toFloating(conv.bias->toDouble(), isInteger ? KernelFormat::float32 : format));
    } catch (const Error& error) {
        if (error.code() != ErrorCode::valueInvalid) throw;
        return std::nullopt;
    }
    return result;
}

} // namespace rp::verify
