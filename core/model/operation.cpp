// SPDX-License-Identifier: Apache-2.0
#include "core/model/operation.h"

#include <array>
#include <charconv>

#include <fmt/format.h>

namespace rp {
namespace {

struct ActivationName {
    Activation::Kind kind;
    std::string_view name;  ///< as `--assume activation=` spells it
    std::string_view title; ///< as people write it
};

using Kind = Activation::Kind;
constexpr std::array<ActivationName, 11> kActivations{{
    {Kind::none, "none", "none"},
    {Kind::relu, "relu", "ReLU"},
    {Kind::relu6, "relu6", "ReLU6"},
    {Kind::leakyRelu, "leaky_relu", "LeakyReLU"},
    {Kind::prelu, "prelu", "PReLU"},
    {Kind::silu, "silu", "SiLU"},
    {Kind::gelu, "gelu", "GELU"},
    {Kind::hardswish, "hardswish", "Hardswish"},
    {Kind::hardsigmoid, "hardsigmoid", "Hardsigmoid"},
    {Kind::sigmoid, "sigmoid", "Sigmoid"},
    {Kind::tanh, "tanh", "Tanh"},
}};

const ActivationName& rowOf(Kind kind) { return kActivations[static_cast<std::size_t>(kind)]; }

} // namespace

std::string_view toString(Activation::Kind kind) { return rowOf(kind).name; }

std::optional<Activation> activationFrom(std::string_view text) {
    const std::string_view name = text.substr(0, text.find(':'));
    for (const ActivationName& row : kActivations) {
        if (row.name != name) continue;
        Activation activation{row.kind, row.kind == Kind::leakyRelu ? 0.01 : 0.0, {}};
        if (name.size() == text.size()) return activation;
        const std::string_view number = text.substr(name.size() + 1);
        const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), activation.parameter);
        const bool whole = error == std::errc{} && end == number.data() + number.size();
        return whole && row.kind == Kind::leakyRelu ? std::optional(activation) : std::nullopt;
    }
    return std::nullopt;
}

namespace {

template<class Kind, std::size_t n>
std::string titled(Kind kind, const std::array<std::string_view, n>& titles) {
    return std::string(titles[static_cast<std::size_t>(kind)]);
}

constexpr std::array<std::string_view, 12> kUnary{"abs",    "sqrt",  "exp",  "log",   "erf",      "reciprocal",
                                                  "negate", "floor", "ceil", "round", "softplus", "clip"};
constexpr std::array<std::string_view, 7> kBinary{"add", "subtract", "multiply", "divide", "power", "minimum", "maximum"};
constexpr std::array<std::string_view, 4> kReduce{"mean", "sum", "maximum", "minimum"};
constexpr std::array<std::string_view, 3> kPad{"constant", "reflect", "edge"};
constexpr std::array<std::string_view, 3> kResize{"nearest", "linear", "cubic"};

struct Describer {
    std::string operator()(const Activation& a) const {
        return a.kind == Kind::leakyRelu ? fmt::format("LeakyReLU {}", a.parameter) : std::string(rowOf(a.kind).title);
    }
    std::string operator()(const SqueezeExcite& se) const {
        const Shape& up = std::get<Conv>(se.up->op).weight.shape();
        return fmt::format("SE {}-{}-{}", up[0], up[1], up[0]);
    }
    std::string operator()(const GlobalAveragePool&) const { return "global average pool"; }
    std::string operator()(const Unary& u) const {
        return u.kind == Unary::Kind::clip ? fmt::format("clip {} to {}", u.low, u.high) : titled(u.kind, kUnary);
    }
    std::string operator()(const Binary& b) const { return titled(b.kind, kBinary); }
    std::string operator()(const Constant& c) const { return fmt::format("constant {}", toString(c.value.shape())); }
    std::string operator()(const Concatenate& c) const { return fmt::format("concat along axis {}", c.axis); }
    std::string operator()(const DepthToSpace& d) const { return fmt::format("pixel shuffle {}", d.block); }
    std::string operator()(const SpaceToDepth& d) const { return fmt::format("pixel unshuffle {}", d.block); }
    std::string operator()(const LayerNorm&) const { return "layer norm"; }
    std::string operator()(const Scale&) const { return "scale"; }
    std::string operator()(const MaxPool& p) const { return fmt::format("max pool {}x{}", p.kernel.h, p.kernel.w); }
    std::string operator()(const Reduce& r) const { return fmt::format("{} over axes", titled(r.kind, kReduce)); }
    std::string operator()(const Softmax&) const { return "softmax"; }
    std::string operator()(const MatMul&) const { return "matrix product"; }
    std::string operator()(const Reshape& r) const { return fmt::format("reshape {}", toString(r.shape)); }
    std::string operator()(const Transpose&) const { return "transpose"; }
    std::string operator()(const Slice&) const { return "slice"; }
    std::string operator()(const PadAxes& p) const { return fmt::format("{} pad", titled(p.mode, kPad)); }
    std::string operator()(const Tile&) const { return "tile"; }
    std::string operator()(const Resize& r) const { return fmt::format("{} resize", titled(r.mode, kResize)); }
};

std::int64_t countOf(const std::optional<Param>& param) { return param ? param->count() : 0; }

} // namespace

std::string describe(const Operation& operation) { return std::visit(Describer{}, operation.kind); }

std::int64_t parametersOf(const Operation& operation) {
    return std::visit(Overload{
                          [](const Activation& a) { return countOf(a.slopes); },
                          [](const SqueezeExcite& se) { return parametersOf(*se.down) + parametersOf(*se.up); },
                          [](const LayerNorm& norm) { return countOf(norm.gamma) + countOf(norm.beta); },
                          [](const Scale& scale) { return countOf(scale.factor) + countOf(scale.offset); },
                          [](const Constant& constant) { return constant.value.count(); },
                          [](const auto&) { return std::int64_t{0}; },
                      },
                      operation.kind);
}

std::int64_t macsOf(const Operation& operation, std::span<const Shape> inputs) {
    return std::visit(Overload{
                          [&](const SqueezeExcite& se) {
                              const Shape& in = inputs.front();
                              return macsOf(*se.down, {in[0], in[1], 1, 1}) +
                                     macsOf(*se.up, {in[0], outChannelsOf(*se.down, in[1]), 1, 1});
                          },
                          [&](const MatMul&) { return rp::countOf(outShapeOf(operation, inputs)) * inputs.front().back(); },
                          [](const auto&) { return std::int64_t{0}; },
                      },
                      operation.kind);
}

} // namespace rp
