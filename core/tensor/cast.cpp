// SPDX-License-Identifier: Apache-2.0
#include "core/tensor/cast.h"

#include "core/base/error.h"

#include <cmath>
#include <cstring>

#include <fmt/format.h>

namespace rp {
namespace {

/// A binary format of 16 bits with `mantissa` stored bits; rounds to nearest, ties to even.
std::uint16_t narrow(double value, int mantissa) {
    const int exponentBits = 15 - mantissa;
    const int bias = (1 << (exponentBits - 1)) - 1;
    const std::uint32_t infinity = ((1u << exponentBits) - 1) << mantissa;
    const std::uint32_t sign = std::signbit(value) ? 0x8000u : 0;
    const double magnitude = std::abs(value);
    std::uint32_t bits = infinity;
    if (std::isnan(value)) {
        bits = infinity | 1u << (mantissa - 1);
    } else if (magnitude < std::ldexp(1.0, 1 - bias)) {
        // Subnormal: a multiple of the smallest number. Rounding up to the smallest normal one carries by itself.
        bits = static_cast<std::uint32_t>(std::nearbyint(std::ldexp(magnitude, bias - 1 + mantissa)));
    } else if (!std::isinf(value)) {
        int exponent = 0;
        const double fraction = std::frexp(magnitude, &exponent); // [0.5, 1)
        const auto digits = static_cast<std::uint32_t>(std::nearbyint(std::ldexp(fraction, mantissa + 1)));
        // A carry out of the digits raises the exponent by itself, up to infinity.
        const int biased = exponent - 1 + bias;
        if (biased <= 2 * bias)
            bits = (static_cast<std::uint32_t>(biased - 1) << mantissa) + digits;
    }
    return static_cast<std::uint16_t>(sign | bits);
}

template<class Stored, class Convert>
SharedBytes convertAll(const TensorD& values, const std::string& where, DType type, Convert convert) {
    std::string bytes(static_cast<std::size_t>(values.count()) * sizeof(Stored), '\0');
    for (std::int64_t i = 0; i < values.count(); ++i) {
        const auto [stored, back] = convert(values[i]);
        if (std::isinf(back) && std::isfinite(values[i]))
            throw Error(ErrorCode::valueInvalid,
                        {where, fmt::format("numbers that {} can hold", toString(type)),
                         fmt::format("{:.6g} at element {}", values[i], i), "choose bfloat16 or float32"});
        std::memcpy(bytes.data() + static_cast<std::size_t>(i) * sizeof(Stored), &stored, sizeof(Stored));
    }
    return ownBytes(std::move(bytes));
}

} // namespace

std::uint16_t halfFrom(double value) { return narrow(value, 10); }

std::uint16_t bfloatFrom(double value) { return narrow(value, 7); }

StoredTensor castTo(DType type, const StoredTensor& tensor, const std::string& where) {
    if (tensor.dtype() == type) return tensor;
    const TensorD values = tensor.toDouble();
    SharedBytes bytes;
    switch (type) {
    case DType::f16:
        bytes = convertAll<std::uint16_t>(values, where, type, [](double v) {
            const std::uint16_t bits = halfFrom(v);
            return std::pair(bits, halfToFloat(bits));
        });
        break;
    case DType::bf16:
        bytes = convertAll<std::uint16_t>(values, where, type, [](double v) {
            const std::uint16_t bits = bfloatFrom(v);
            return std::pair(bits, bfloatToFloat(bits));
        });
        break;
    case DType::f32:
        bytes = convertAll<float>(values, where, type, [](double v) { return std::pair(static_cast<float>(v), static_cast<float>(v)); });
        break;
    case DType::f64:
        return StoredTensor::of(values);
    default:
        throw Error(ErrorCode::internal, {where, "a floating type", std::string(toString(type)), ""});
    }
    return StoredTensor::dense(type, tensor.shape(), std::move(bytes), where);
}

} // namespace rp
