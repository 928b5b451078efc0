// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/model/expr.h"

#include <optional>
#include <string>
#include <variant>

namespace rp {

/// Element-wise function. `parameter` is leaky_relu's slope; `slopes` are PReLU's, one per channel.
struct Activation {
    enum class Kind { none, relu, relu6, leakyRelu, prelu, silu, gelu, hardswish, hardsigmoid, sigmoid, tanh };
    Kind kind = Kind::relu;
    double parameter = 0;
    std::optional<Param> slopes;
};

std::string_view toString(Activation::Kind kind); ///< the spelling of `--assume activation=…`
std::optional<Activation> activationFrom(std::string_view text); ///< "leaky_relu:0.05" …

/// Squeeze and excitation: x * gate(up(inner(down(mean over h, w of x)))); `down` [c/r, c, 1, 1] and `up`
/// [c, c/r, 1, 1] are `Conv`s with bias.
struct SqueezeExcite {
    ExprPtr down, up;
    Activation inner{Activation::Kind::relu, 0, {}};
    Activation gate{Activation::Kind::sigmoid, 0, {}};
};

/// Mean over h and w: [n, c, h, w] to [n, c, 1, 1].
struct GlobalAveragePool {};

/// What is not merged: the tails of blocks, and the graph between them.
struct Operation {
    using Kind = std::variant<Activation, SqueezeExcite, GlobalAveragePool>;
    std::string name;
    Kind kind;
};

std::string describe(const Operation& operation); ///< "ReLU", "SE 64-4-64" …
std::int64_t parametersOf(const Operation& operation);
std::int64_t macsOf(const Operation& operation, const Shape& in);
Shape outShapeOf(const Operation& operation, const Shape& in);

} // namespace rp
