// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/model/expr.h"

#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

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

/// A function of each element that is no activation. `clip` keeps [low, high]; the others ignore them.
struct Unary {
    enum class Kind { abs, sqrt, exp, log, erf, reciprocal, negate, floor, ceil, round, softplus, clip };
    Kind kind = Kind::abs;
    double low = 0, high = 0;
};

/// A function of two maps, element by element; shapes are broadcast as NumPy does.
struct Binary {
    enum class Kind { add, subtract, multiply, divide, power, minimum, maximum };
    Kind kind = Kind::add;
};

/// A map that is part of the network: no inputs, any rank.
struct Constant {
    Param value;
};

/// Several maps one behind the other along `axis` (negative ones count from the end, here and below).
struct Concatenate {
    std::int64_t axis = 1;
};

/// PyTorch's PixelShuffle: [n, c r r, h, w] to [n, c, h r, w r]. `channelFirst` false is ONNX's mode DCR, where the
/// position within the block is the slower part of the channel's number.
struct DepthToSpace {
    std::int64_t block = 2;
    bool channelFirst = true;
};

/// Its inverse, PyTorch's PixelUnshuffle; `channelFirst` false is ONNX's SpaceToDepth.
struct SpaceToDepth {
    std::int64_t block = 2;
    bool channelFirst = true;
};

/// (x - mean) / sqrt(var + eps) * gamma + beta with mean and biased variance over `axes` of the map itself. gamma and
/// beta are broadcast against the map ([c, 1, 1] for a norm over channels).
struct LayerNorm {
    std::vector<std::int64_t> axes{1};
    double eps = 1e-6;
    std::optional<Param> gamma, beta;
};

/// Largest value of each window of [n, c, h, w]; padding never wins.
struct MaxPool {
    Extent kernel;
    Extent stride;
    Padding padding;
    Extent dilation;
    bool ceilMode = false;
};

/// Over `axes`, all of them when empty.
struct Reduce {
    enum class Kind { mean, sum, maximum, minimum };
    Kind kind = Kind::mean;
    std::vector<std::int64_t> axes;
    bool keepAxes = true;
};

struct Softmax {
    std::int64_t axis = 1;
};

/// Product over the last two axes of two maps; the axes before them are broadcast.
struct MatMul {};

/// `shape` may hold one -1 (what is left) and 0 (the input's size on this axis).
struct Reshape {
    Shape shape;
};

/// Output axis i is input axis order[i].
struct Transpose {
    std::vector<std::int64_t> order;
};

/// Elements start, start + step … before end of each of `axes`, as ONNX counts: negative positions from the end,
/// positions beyond the map are clamped, negative steps go backwards.
struct Slice {
    std::vector<std::int64_t> axes, starts, ends, steps;
};

/// A border on every axis; negative sizes crop.
struct PadAxes {
    enum class Mode { constant, reflect, edge };
    std::vector<std::int64_t> before, after;
    Mode mode = Mode::constant;
    double value = 0;
};

/// The whole map `repeats[axis]` times.
struct Tile {
    std::vector<std::int64_t> repeats;
};

/// Resampling, one axis after the other. `scales` per axis; `sizes`, when given, are the output's and decide.
struct Resize {
    enum class Mode { nearest, linear, cubic };
    enum class Coordinates { halfPixel, pytorchHalfPixel, alignCorners, asymmetric };
    enum class Nearest { roundPreferFloor, roundPreferCeil, floor, ceil };
    Mode mode = Mode::nearest;
    Coordinates coordinates = Coordinates::asymmetric;
    Nearest nearest = Nearest::floor;
    std::vector<double> scales;
    Shape sizes;
    double cubicCoefficient = -0.75;
};

/// What is not merged: the tails of blocks, and the graph between them.
struct Operation {
    using Kind = std::variant<Activation, SqueezeExcite, GlobalAveragePool, Unary, Binary, Constant, Concatenate,
                              DepthToSpace, SpaceToDepth, LayerNorm, Scale, MaxPool, Reduce, Softmax, MatMul, Reshape,
                              Transpose, Slice, PadAxes, Tile, Resize>;
    std::string name;
    Kind kind;
};

std::string describe(const Operation& operation); ///< "ReLU", "SE 64-4-64" …
std::int64_t parametersOf(const Operation& operation);
std::int64_t macsOf(const Operation& operation, std::span<const Shape> inputs);

/// Shape of the result. Throws `shapeMismatch` naming the operation when the inputs do not fit it, and `limitExceeded`
/// for a result of more than 2^31 elements.
Shape outShapeOf(const Operation& operation, std::span<const Shape> inputs);

/// Both shapes made one as NumPy does; none when they do not fit.
std::optional<Shape> broadcast(const Shape& a, const Shape& b);

/// Slice's bounds on one axis of `size` elements: the first position, and how many.
struct SliceRange {
    std::int64_t first = 0, step = 1, count = 0;
};
SliceRange sliceRange(std::int64_t size, std::int64_t start, std::int64_t end, std::int64_t step);

/// Axis counted from the front; throws `shapeMismatch` naming `where` when there is none.
std::size_t axisOf(std::int64_t axis, std::size_t rank, const std::string& where);

} // namespace rp
