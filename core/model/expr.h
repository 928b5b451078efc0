// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/model/param.h"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace rp {

/// Vertical and horizontal extent, in that order everywhere.
struct Extent {
    std::int64_t h = 1;
    std::int64_t w = 1;
    friend bool operator==(const Extent&, const Extent&) = default;
};

/// Pixels added on each side; negative ones are cropped (ACNet with padding < k/2).
struct Padding {
    std::int64_t top = 0, left = 0, bottom = 0, right = 0;
    static Padding same(std::int64_t all) { return {all, all, all, all}; }
    bool isZero() const { return *this == Padding{}; }
    friend bool operator==(const Padding&, const Padding&) = default;
};

struct Expr;
using ExprPtr = std::shared_ptr<const Expr>;

/// Cross-correlation. weight [oc, ic/groups, kh, kw], bias [oc] or none; dilation 1 is dense.
struct Conv {
    Param weight;
    std::optional<Param> bias;
    Extent stride;
    Padding padding;
    Extent dilation;
    std::int64_t groups = 1;
};

/// Batch normalisation: y = gamma (x - mean) / sqrt(var + eps) + beta. Phase `train` takes the batch's mean
/// and biased variance instead, unless `alwaysRunning`. Missing gamma is 1, missing beta is 0.
struct Norm {
    std::optional<Param> gamma, beta;
    Param mean, var;
    double eps = 1e-5;
    double momentum = 0.1; ///< in PyTorch's sense: running = (1 - momentum) running + momentum batch
    bool alwaysRunning = false;
    bool biasedUpdate = false; ///< Paddle's rule: the running variance takes up the batch's biased one, PyTorch's the unbiased
};

/// y = a[c] x + c[c]; either may be absent.
struct Scale {
    std::optional<Param> factor, offset;
};

/// Average pooling. With padding it is affine only if the padding is counted.
struct AvgPool {
    Extent kernel;
    Extent stride;
    Padding padding;
    bool countsPadding = true;
    bool ceilMode = false;
};

/// A border of constant value: one per channel, or what the steps before it in the chain make of zero input.
struct ConstantPad {
    Padding padding;
    std::optional<Param> value; ///< none: the image of zero under the preceding steps
};

struct Identity {};

struct Chain {
    std::vector<ExprPtr> steps; ///< first applied first
};

struct Sum {
    std::vector<ExprPtr> terms;
};

/// Along channels.
struct Concat {
    std::vector<ExprPtr> parts;
};

/// A node of an affine expression: data, not behaviour. `name` is the branch or step name relative to its
/// block ("rbr_dense", "rbr_dense.bn").
struct Expr {
    using Op = std::variant<Conv, Norm, Scale, AvgPool, ConstantPad, Identity, Chain, Sum, Concat>;
    std::string name;
    Op op;
};

ExprPtr makeExpr(std::string name, Expr::Op op);
std::string_view kindOf(const Expr& expr); ///< "conv", "norm", … for drawings and descriptions

/// Output channels, from `inChannels` and the expression alone. Throws `shapeMismatch` naming the step.
std::int64_t outChannelsOf(const Expr& expr, std::int64_t inChannels);

/// Output size of one window operation: floor((in + before + after - ((k - 1) dilation + 1)) / stride) + 1.
std::int64_t windowOutput(std::int64_t in, std::int64_t kernel, std::int64_t stride, std::int64_t before,
                          std::int64_t after, std::int64_t dilation = 1);

/// Shape [n, oc, oh, ow] for input [n, ic, h, w]. Throws `shapeMismatch` naming the step that does not fit.
Shape outShapeOf(const Expr& expr, const Shape& in);

/// Multiplications and additions of one forward pass for input `in` (convolutions and linear layers only).
std::int64_t macsOf(const Expr& expr, const Shape& in);

/// Trainable elements: kernels, biases, gammas, betas, scales; not running statistics.
std::int64_t parametersOf(const Expr& expr);

/// Template for visitors over `Expr::Op`.
template<class... F>
struct Overload : F... {
    using F::operator()...;
};
template<class... F>
Overload(F...) -> Overload<F...>;

} // namespace rp
