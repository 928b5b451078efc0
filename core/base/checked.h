// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

namespace rp {

/// a + b and a * b of sizes that come from a file; empty when they overflow.
template<class T>
constexpr std::optional<T> checkedAdd(T a, T b) {
    T r{};
    if (__builtin_add_overflow(a, b, &r)) return std::nullopt;
    return r;
}

template<class T>
constexpr std::optional<T> checkedMul(T a, T b) {
    T r{};
    if (__builtin_mul_overflow(a, b, &r)) return std::nullopt;
    return r;
}

} // namespace rp
