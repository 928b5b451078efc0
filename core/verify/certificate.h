// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/fusion/fuse_model.h"
#include "core/model/model.h"
#include "core/verify/rounded_kernel.h"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace rp::verify {

/// How far the two forms of a block can be apart, by output channel, for every input of a range. The difference
/// Δy = kernel as stored - branches is affine in the input: ΔK x + Δb.
struct Bounds {
    std::vector<double> symmetric; ///< |x| <= r: largest |Δy| = r Σ|ΔK| + |Δb|
    std::vector<double> low, high; ///< x in [0, r]: Δy lies in [Δb - r ΣΔK⁻, Δb + r ΣΔK⁺]

    std::size_t worst() const;          ///< channel of the largest `symmetric`
    double largestSymmetric() const;
    double largestNonNegative() const;  ///< largest |Δy| for x in [0, r]
};

/// For the kernel in one storage format, activations exact.
struct FormatCertificate {
    KernelFormat format = KernelFormat::float32;
    std::string none;             ///< why there is no certificate (a number overflows); the bounds are empty then
    Bounds inside;                ///< pixels whose window lies inside the map
    std::optional<Bounds> border; ///< worst over all cases of a border, maps smaller than the window among them; none when the block does not pad
    double largest() const;       ///< for |x| <= r, over all channels, inside and at borders
};

/// For a block whose forms are affine. Every figure follows from the branches' own numbers read backwards in float64
/// (`Pullback`), not from the fuser, and is checked against the float64 forward pass before it is stated.
struct Certificate {
    double range = 1;                    ///< r
    std::string none;                    ///< why nothing can be certified; all else is empty then
    std::vector<FormatCertificate> formats;
    std::vector<double> float32Rounding; ///< by channel: what float32 arithmetic may add to the difference of both forms
    std::vector<double> float64Rounding; ///< the same for float64: what a measured difference may exceed the bounds by
    double largestFloat32Rounding() const;
};

/// Precondition: `stored` is the block's fused convolution, rounded to float32. Rounding bounds are a priori: n u S / (1 - n u) with
/// n roundings on the longest way, u = 2^-24 (2^-53), S the sum of the magnitudes of all terms (Higham, Accuracy and
/// Stability of Numerical Algorithms, 3.1); they hold for direct convolutions in any order of summation.
Certificate certify(const Block& block, const fusion::BlockFusion& stored, double range);

/// One input for each output channel that attains the bound, as one batch.
struct WorstInputs {
    TensorD inputs;             ///< [oc, ic, h, w]
    std::vector<std::array<std::int64_t, 2>> at; ///< row and column of the output pixel for input o
    std::vector<double> bounds; ///< |Δy| of output channel o for input o
};
enum class InputRange { symmetric, nonNegative }; ///< |x| <= r, or x in [0, r]
enum class Pixels { inside, border };
/// At the border: on that map, of all sizes that have a case of their own, on which the largest difference of all is attained; each
/// channel at its own worst pixel of it. With stride 1 and forms that agree at borders this is every channel's bound.
/// Throws `unsupported` when the format cannot hold the kernel, or when there is no border.
WorstInputs worstInputs(const Block& block, const fusion::BlockFusion& stored, double range, InputRange kind,
                        KernelFormat format = KernelFormat::float32, Pixels pixels = Pixels::inside);

} // namespace rp::verify
