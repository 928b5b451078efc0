// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/tensor/tensor.h"

#include <optional>
#include <span>

namespace rp::verify {

/// How far `other` is from `reference`. Computed in float64 over all elements.
struct Comparison {
    std::int64_t count = 0;
    double maxAbs = 0;          ///< largest |other - reference|
    Shape maxAt;                ///< where
    double referenceThere = 0, otherThere = 0;
    double meanAbs = 0;
    double relativeL2 = 0;      ///< |other - reference|_2 / |reference|_2; 0 when both are zero
    std::optional<double> snr;  ///< 20 log10(1 / relativeL2) in dB; none when exact
    double oneMinusCosine = 0;
    double referenceMax = 0;    ///< largest |reference|
    std::int64_t nonFinite = 0; ///< elements that are NaN or infinite on either side
    bool exact = false;         ///< every element equal
};

/// Throws `shapeMismatch`. NaN equals nothing: it counts as non-finite and makes the comparison inexact.
Comparison compare(const TensorD& reference, const TensorD& other);

/// a·b / (|a| |b|); 0 when one of them is zero. Precondition: as many elements.
double cosine(std::span<const double> a, std::span<const double> b);
/// Its signal-to-noise ratio, where there is a comparison and a difference.
inline std::optional<double> snrDb(const std::optional<Comparison>& comparison) { return comparison ? comparison->snr : std::nullopt; }

} // namespace rp::verify
