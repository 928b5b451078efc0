// SPDX-License-Identifier: Apache-2.0
#include "core/graph/lowering.h"

#include <cmath>
#include <limits>

namespace rp::graph {
namespace {

using B = Binary::Kind;

/// Whether `constant` holds one number, or one per channel of a feature map of shape `map`.
bool isPerChannel(const Shape& constant, const Shape& map) {
    if (map.size() != 4 || constant.size() > 4) return false;
    if (countOf(constant) == 1) return true;
    Shape four(4 - constant.size(), 1);
    four.insert(four.end(), constant.begin(), constant.end());
    return four == Shape{1, map[1], 1, 1};
}

Param mapped(const Known& known, double (*function)(double)) {
    const Shape flat{countOf(known.shape())};
    return Param(flat, known.param.keys(), [known, flat, function] {
        TensorD values = known.numbers().reshaped(flat);
        for (double& v : values.edit()) v = function(v);
        return values;
    });
}

/// x ∘ constant as a per-channel Scale, where it is one.
std::optional<Scale> scaleOf(B kind, const Known& constant, bool constantFirst) {
    const Param same = constant.param.reshaped({countOf(constant.shape())});
    const auto negative = [](double v) { return -v; };
    switch (kind) {
    case B::add: return Scale{{}, same};
    case B::multiply: return Scale{same, {}};
    case B::subtract:
        if (constantFirst) return Scale{Param(TensorD(Shape{1}, {-1.0})), same};
        return Scale{{}, mapped(constant, negative)};
    case B::divide:
        if (constantFirst) return std::nullopt;
        return Scale{mapped(constant, [](double v) { return 1 / v; }), {}};
    default: return std::nullopt;
    }
}

Value combined(Call& call, B kind, const Value& a, const Value& b) {
    const auto *first = std::get_if<Known>(&a), *second = std::get_if<Known>(&b);
    const Shape &as = call.lowering.shapeOf(a), &bs = call.lowering.shapeOf(b);
    if (!first != !second) {
        const Known& constant = first ? *first : *second;
        const Value& map = first ? b : a;
        if (isPerChannel(constant.shape(), first ? bs : as) && !constant.fromSize)
            if (auto scale = scaleOf(kind, constant, first)) return call.affine(*std::move(scale), map);
    }
    if (!first && !second && as.size() == 4 && as == bs) {
        if (kind == B::add) return call.join(false, {a, b});
        if (kind == B::subtract) return call.join(false, {a, call.affine(Scale{Param(TensorD(Shape{1}, {-1.0})), {}}, b)});
    }
    return call.operation(Binary{kind}, {a, b});
}

template<B kind>
void binary(Call& call) {
    Value result = combined(call, kind, call.value(0), call.value(1));
    for (std::size_t i = 2; i < call.count(); ++i) result = combined(call, kind, result, call.value(i));
    call.give(std::move(result));
}

/// Sum, Min and Max take any number of inputs, one included.
template<B kind>
void several(Call& call) {
    if (call.count() == 1) return call.give(call.value(0));
    binary<kind>(call);
}

template<Unary::Kind kind>
void unary(Call& call) {
    call.give(call.operation(Unary{kind}, {call.value(0)}));
}

template<Activation::Kind kind>
void activation(Call& call) {
    call.give(call.operation(Activation{kind, 0, {}}, {call.value(0)}));
}

void leakyRelu(Call& call) {
    call.give(call.operation(Activation{Activation::Kind::leakyRelu, call.number("alpha", 0.01), {}}, {call.value(0)}));
}

void prelu(Call& call) {
    const Known& slope = call.known(1);
    if (!isPerChannel(slope.shape(), call.shape(0))) throw Refused{"its slopes are not one per channel"};
    call.give(call.operation(Activation{Activation::Kind::prelu, 0, slope.param.reshaped({countOf(slope.shape())})}, {call.value(0)}));
}

void hardSigmoid(Call& call) {
    const double alpha = call.number("alpha", 0.2), beta = call.number("beta", 0.5);
    if (std::abs(alpha - 1.0 / 6) < 1e-6 && beta == 0.5) return activation<Activation::Kind::hardsigmoid>(call);
    const Value line = combined(call, B::add, combined(call, B::multiply, call.value(0), Known::of(TensorD(Shape{1}, {alpha}), Known::Type::floating)),
                                Known::of(TensorD(Shape{1}, {beta}), Known::Type::floating));
    call.give(call.operation(Unary{Unary::Kind::clip, 0, 1}, {line}));
}

void gelu(Call& call) {
    if (call.text("approximate", "none") != "none") throw Refused{"its approximation by tanh is not known here"};
    activation<Activation::Kind::gelu>(call);
}

void clip(Call& call) {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    auto bound = [&](std::size_t input, const char* name, double none) {
        if (!call.has(input)) return call.number(name, none);
        const TensorD value = call.known(input).numbers();
        if (value.count() != 1) throw Refused{"its bounds are not single numbers"};
        return value[0];
    };
    const double low = bound(1, "min", -kInfinity), high = bound(2, "max", kInfinity);
    if (low == 0 && high == 6) return activation<Activation::Kind::relu6>(call);
    if (low == 0 && high == kInfinity) return activation<Activation::Kind::relu>(call);
    call.give(call.operation(Unary{Unary::Kind::clip, low, high}, {call.value(0)}));
}

void same(Call& call) { call.give(call.value(0)); }

} // namespace

const OperatorTable& arithmeticOperators() {
    using U = Unary::Kind;
    using A = Activation::Kind;
    static const OperatorTable table{
        {"Add", &binary<B::add>},
        {"Sub", &binary<B::subtract>},
        {"Mul", &binary<B::multiply>},
        {"Div", &binary<B::divide>},
        {"Pow", &binary<B::power>},
        {"Sum", &several<B::add>},
        {"Min", &several<B::minimum>},
        {"Max", &several<B::maximum>},
        {"Abs", &unary<U::abs>},
        {"Sqrt", &unary<U::sqrt>},
        {"Exp", &unary<U::exp>},
        {"Log", &unary<U::log>},
        {"Erf", &unary<U::erf>},
        {"Reciprocal", &unary<U::reciprocal>},
        {"Neg", &unary<U::negate>},
        {"Floor", &unary<U::floor>},
        {"Ceil", &unary<U::ceil>},
        {"Round", &unary<U::round>},
        {"Softplus", &unary<U::softplus>},
        {"Clip", &clip},
        {"Relu", &activation<A::relu>},
        {"LeakyRelu", &leakyRelu},
        {"PRelu", &prelu},
        {"Sigmoid", &activation<A::sigmoid>},
        {"HardSigmoid", &hardSigmoid},
        {"HardSwish", &activation<A::hardswish>},
        {"Tanh", &activation<A::tanh>},
        {"Gelu", &gelu},
        {"Identity", &same},
        {"Dropout", &same},
    };
    return table;
}

} // namespace rp::graph
