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

std::string describe(const Operation& operation) {
    return std::visit(Overload{
                          [](const Activation& a) {
                              return a.kind == Kind::leakyRelu ? fmt::format("LeakyReLU {}", a.parameter)
                                                               : std::string(rowOf(a.kind).title);
                          },
                          [](const SqueezeExcite& se) {
                              const Shape& up = std::get<Conv>(se.up->op).weight.shape();
                              return fmt::format("SE {}-{}-{}", up[0], up[1], up[0]);
                          },
                          [](const GlobalAveragePool&) { return std::string("global average pool"); },
                      },
                      operation.kind);
}

std::int64_t parametersOf(const Operation& operation) {
    return std::visit(Overload{
                          [](const Activation& a) { return a.slopes ? a.slopes->count() : std::int64_t{0}; },
                          [](const SqueezeExcite& se) {
                              return parametersOf(*se.down) + parametersOf(*se.up);
                          },
                          [](const GlobalAveragePool&) { return std::int64_t{0}; },
                      },
                      operation.kind);
}

std::int64_t macsOf(const Operation& operation, const Shape& in) {
    const auto* se = std::get_if<SqueezeExcite>(&operation.kind);
    return se ? macsOf(*se->down, {in[0], in[1], 1, 1}) + macsOf(*se->up, {in[0], outChannelsOf(*se->down, in[1]), 1, 1}) : 0;
}

Shape outShapeOf(const Operation& operation, const Shape& in) {
    return std::holds_alternative<GlobalAveragePool>(operation.kind) ? Shape{in[0], in[1], 1, 1} : in;
}

} // namespace rp
