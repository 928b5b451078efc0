// SPDX-License-Identifier: Apache-2.0
// Shapes and constants: exporters spell sizes as arithmetic on them, and all of it folds.
#include "core/graph/lowering.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace rp::graph {
namespace {

using Type = Known::Type;

Known vector(const std::vector<std::int64_t>& values) {
    return Known::of(TensorD(Shape{std::ssize(values)}, std::vector<double>(values.begin(), values.end())), Type::integer);
}

void shapeOfMap(Call& call) {
    const Shape& shape = call.shape(0);
    const auto rank = std::ssize(shape);
    auto bound = [rank](std::int64_t i) { return std::clamp<std::int64_t>(i < 0 ? i + rank : i, 0, rank); };
    const std::int64_t start = bound(std::max(call.integer("start", 0), -rank)), end = bound(std::max(call.integer("end", rank), -rank));
    Known result = vector(start < end ? Shape(shape.begin() + start, shape.begin() + end) : Shape());
    result.fromSize = call.isKnown(0) ? call.known(0).fromSize : true;
    result.isShape = start == 0 && end == rank && !call.isKnown(0);
    call.give(std::move(result));
}

void size(Call& call) {
    Known result = Known::of(TensorD(Shape{}, {static_cast<double>(countOf(call.shape(0)))}), Type::integer);
    result.fromSize = call.isKnown(0) ? call.known(0).fromSize : true;
    call.give(std::move(result));
}

void constant(Call& call) {
    const io::OnnxNode& node = call.node;
    auto numbers = [&](std::string_view name, Type type) {
        if (const auto* one = node.attribute<double>(name)) return call.give(Known::of(TensorD(Shape{}, {*one}), type));
        if (const auto* one = node.attribute<std::int64_t>(name)) return call.give(Known::of(TensorD(Shape{}, {static_cast<double>(*one)}), type));
        if (const auto* many = node.attribute<std::vector<std::int64_t>>(name)) return call.give(vector(*many));
        if (const auto* many = node.attribute<std::vector<double>>(name)) return call.give(Known::of(TensorD(Shape{std::ssize(*many)}, *many), type));
    };
    if (const auto* tensor = node.attribute<StoredTensor>("value")) return call.give(Known::of(node.outputs.front(), *tensor));
    for (const char* name : {"value_float", "value_floats"}) numbers(name, Type::floating);
    for (const char* name : {"value_int", "value_ints"}) numbers(name, Type::integer);
    if (!call.outputs().front()) throw Refused{"a constant of a kind that is not known here"};
}

void constantOfShape(Call& call) {
    const Known& shape = call.known(0);
    const Shape sizes = shape.integers();
    call.lowering.budget().take(sizes, call.node.name);
    const auto* tensor = call.node.attribute<StoredTensor>("value");
    const Known value = tensor ? Known::of("", *tensor) : Known::of(TensorD(Shape{1}, {0.0}), Type::floating);
    if (countOf(value.shape()) != 1) throw Refused{"its value is not one number"};
    TensorD filled(sizes);
    std::ranges::fill(filled.edit(), value.numbers()[0]);
    call.give(Known::of(std::move(filled), value.type, std::vector<const Known*>{&shape}));
}

void range(Call& call) {
    const double start = call.known(0).numbers()[0], limit = call.known(1).numbers()[0], step = call.known(2).numbers()[0];
    const double count = step == 0 ? 0 : std::max(0.0, std::ceil((limit - start) / step));
    if (!(count < 0x1p40)) throw Refused{"a range without end"};
    const auto n = static_cast<std::int64_t>(count);
    call.lowering.budget().take({n}, call.node.name);
    TensorD values(Shape{n});
    for (std::int64_t i = 0; double& v : values.edit()) v = start + static_cast<double>(i++) * step;
    call.give(Known::of(std::move(values), call.known(0).type, std::vector<const Known*>{&call.known(0), &call.known(1), &call.known(2)}));
}

/// The known inputs brought to one shape.
std::vector<TensorD> alike(Call& call, std::vector<const Known*>& parts) {
    Shape shape;
    for (std::size_t i = 0; i < call.count(); ++i) {
        parts.push_back(&call.known(i));
        const auto both = broadcast(shape, parts.back()->shape());
        if (!both) throw Refused{"its inputs do not fit each other"};
        shape = *both;
    }
    std::vector<TensorD> values;
    for (const Known* part : parts) {
        Shape wide(shape.size() - part->shape().size(), 1);
        wide.insert(wide.end(), part->shape().begin(), part->shape().end());
        Tile t;
        for (std::size_t a = 0; a < wide.size(); ++a) t.repeats.push_back(wide[a] == shape[a] ? 1 : shape[a]);
        const Known reshaped = part->reshaped(wide);
        const Known* const one[] = {&reshaped};
        values.push_back(fold(Operation{call.node.name, t}, one, call.lowering.budget()).numbers());
    }
    return values;
}

void where(Call& call) {
    std::vector<const Known*> parts;
    const std::vector<TensorD> v = alike(call, parts);
    if (v.size() != 3) throw Refused{"it takes three inputs"};
    TensorD result(v[0].shape());
    const std::span<double> y = result.edit();
    for (std::int64_t i = 0; i < result.count(); ++i) y[static_cast<std::size_t>(i)] = v[0][i] != 0 ? v[1][i] : v[2][i];
    call.give(Known::of(std::move(result), parts[1]->type, parts));
}

template<class Compare>
void compare(Call& call) {
    std::vector<const Known*> parts;
    const std::vector<TensorD> v = alike(call, parts);
    if (v.size() != 2) throw Refused{"it takes two inputs"};
    TensorD result(v[0].shape());
    std::ranges::transform(v[0].values(), v[1].values(), result.edit().begin(), [](double a, double b) { return Compare{}(a, b) ? 1.0 : 0.0; });
    call.give(Known::of(std::move(result), Type::boolean, parts));
}

void logicalNot(Call& call) {
    const Known& x = call.known(0);
    TensorD result = x.numbers();
    for (double& v : result.edit()) v = v == 0 ? 1.0 : 0.0;
    call.give(Known::of(std::move(result), Type::boolean, std::vector<const Known*>{&x}));
}

void cast(Call& call) {
    constexpr std::int64_t kFloat = 1, kHalf = 10, kDouble = 11, kBool = 9, kBrain = 16;
    const std::int64_t to = call.integer("to", 0);
    const bool floating = to == kFloat || to == kHalf || to == kDouble || to == kBrain;
    if (!call.isKnown(0)) {
        if (!floating) throw Refused{"maps of whole numbers are not known here"};
        return call.give(call.value(0));
    }
    Known result = call.known(0);
    if (floating) {
        result.type = Type::floating;
        return call.give(std::move(result));
    }
    TensorD values = result.numbers();
    for (double& v : values.edit()) v = to == kBool ? (v != 0 ? 1.0 : 0.0) : std::trunc(v);
    call.give(Known::of(std::move(values), to == kBool ? Type::boolean : Type::integer, std::vector<const Known*>{&call.known(0)}));
}

} // namespace

const OperatorTable& shapeOperators() {
    static const OperatorTable table{
        {"Shape", &shapeOfMap},
        {"Size", &size},
        {"Constant", &constant},
        {"ConstantOfShape", &constantOfShape},
        {"Range", &range},
        {"Where", &where},
        {"Equal", &compare<std::equal_to<>>},
        {"Less", &compare<std::less<>>},
        {"Greater", &compare<std::greater<>>},
        {"Not", &logicalNot},
        {"Cast", &cast},
    };
    return table;
}

} // namespace rp::graph
