// SPDX-License-Identifier: Apache-2.0
#include "core/graph/lowering.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

namespace rp::graph {
namespace {

/// The same reshaping in words that do not depend on the input's size, as far as there are any: leading sizes that stay
/// become 0, and one of the others -1. `isExact` tells whether nothing else depends on it.
Shape flexible(const Shape& from, const Shape& to, bool& isExact) {
    Shape result = to;
    std::size_t kept = 0;
    for (; kept < to.size() && kept < from.size() && to[kept] == from[kept]; ++kept) result[kept] = 0;
    const auto rest = std::ranges::count_if(result, [](std::int64_t s) { return s > 1; });
    isExact = rest <= 1;
    for (std::int64_t& size : result)
        if (size > 1 && rest == 1) size = -1;
    return result;
}

Value reshapedTo(Call& call, const Value& x, const Shape& to) {
    if (const auto* known = std::get_if<Known>(&x)) return known->reshaped(to);
    bool isExact = false;
    const Shape words = flexible(call.lowering.shapeOf(x), to, isExact);
    if (!isExact) call.dependsOnSize();
    return call.operation(Reshape{words}, {x});
}

void reshape(Call& call) {
    const Known& target = call.known(1);
    const Shape to = target.integers();
    if (call.integer("allowzero", 0) != 0 && std::ranges::find(to, 0) != to.end()) throw Refused{"sizes of 0 are not known here"};
    const std::vector<Shape> shapes{call.shape(0)};
    const Shape result = outShapeOf(Operation{call.node.name, Reshape{to}}, shapes);
    if (target.fromSize) return call.give(reshapedTo(call, call.value(0), result));
    call.give(call.isKnown(0) ? Value(call.known(0).reshaped(result)) : call.operation(Reshape{to}, {call.value(0)}));
}

void flatten(Call& call) {
    const Shape& shape = call.shape(0);
    const auto rank = static_cast<std::int64_t>(shape.size());
    const std::int64_t axis = call.integer("axis", 1);
    if (axis < -rank || axis > rank) throw Refused{fmt::format("there is no axis {}", axis)};
    Shape to{1, 1};
    for (std::int64_t a = 0; a < rank; ++a) to[a < (axis < 0 ? axis + rank : axis) ? 0 : 1] *= shape[static_cast<std::size_t>(a)];
    call.give(reshapedTo(call, call.value(0), to));
}

void squeeze(Call& call) {
    const Shape& shape = call.shape(0);
    std::vector<bool> drop(shape.size(), false);
    const std::vector<std::int64_t> axes = call.list("axes", 1);
    for (std::size_t a = 0; a < shape.size(); ++a) drop[a] = axes.empty() && shape[a] == 1;
    for (std::int64_t a : axes) drop[axisOf(a, shape.size(), call.node.name)] = true;
    Shape to;
    for (std::size_t a = 0; a < shape.size(); ++a) {
        if (drop[a] && shape[a] != 1) throw Refused{fmt::format("axis {} of {} is not 1", a, toString(shape))};
        if (!drop[a]) to.push_back(shape[a]);
    }
    call.give(reshapedTo(call, call.value(0), to));
}

void unsqueeze(Call& call) {
    const Shape& shape = call.shape(0);
    const std::vector<std::int64_t> axes = call.list("axes", 1);
    if (axes.size() > 16) throw Refused{"too many axes"};
    Shape to(shape.size() + axes.size(), -1);
    for (std::int64_t a : axes) to[axisOf(a, to.size(), call.node.name)] = 1;
    auto next = shape.begin();
    for (std::int64_t& size : to)
        if (size == -1) size = next == shape.end() ? throw Refused{"an axis is named twice"} : *next++;
    call.give(reshapedTo(call, call.value(0), to));
}

void transpose(Call& call) {
    std::vector<std::int64_t> order = call.integers("perm");
    if (order.empty())
        for (std::int64_t a = std::ssize(call.shape(0)); a-- > 0;) order.push_back(a);
    call.give(call.operation(Transpose{std::move(order)}, {call.value(0)}));
}

void concat(Call& call) {
    std::vector<Value> parts;
    bool features = true;
    for (std::size_t i = 0; i < call.count(); ++i) {
        parts.push_back(call.value(i));
        features = features && !call.isKnown(i) && call.shape(i).size() == 4;
    }
    if (parts.empty()) throw Refused{"it has no inputs"};
    const std::int64_t axis = call.integer("axis", 1);
    std::vector<Shape> shapes;
    for (const Value& part : parts) shapes.push_back(call.lowering.shapeOf(part));
    const Concatenate operation{axis};
    outShapeOf(Operation{call.node.name, operation}, shapes); // checks that they fit
    const bool channels = features && axisOf(axis, 4, call.node.name) == 1;
    call.give(channels ? call.join(true, parts) : call.operation(operation, parts));
}

void slice(Call& call) {
    Slice s;
    s.starts = call.list("starts", 1);
    s.ends = call.list("ends", 2);
    s.axes = call.list("axes", 3);
    s.steps = call.list("steps", 4);
    for (std::size_t i = 0; s.axes.size() < s.starts.size(); ++i) s.axes.push_back(static_cast<std::int64_t>(i));
    s.steps.resize(s.starts.size(), 1);
    call.give(call.operation(std::move(s), {call.value(0)}));
}

void split(Call& call) {
    const std::int64_t axis = call.integer("axis", 0);
    const std::int64_t size = call.shape(0)[axisOf(axis, call.shape(0).size(), call.node.name)];
    std::vector<std::int64_t> sizes = call.list("split", 1);
    const auto parts = std::ssize(call.node.outputs);
    if (sizes.empty()) {
        const std::int64_t each = (size + parts - 1) / std::max<std::int64_t>(parts, 1);
        for (std::int64_t i = 0; i < parts; ++i) sizes.push_back(std::clamp<std::int64_t>(size - i * each, 0, each));
        if (axis > 1 || axis < 0) call.dependsOnSize();
    }
    if (std::ssize(sizes) != parts) throw Refused{fmt::format("{} sizes for {} outputs", sizes.size(), parts)};
    std::int64_t start = 0;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        if (sizes[i] < 0 || sizes[i] > size - start) throw Refused{"its parts do not fit the map"};
        if (!call.node.outputs[i].empty())
            call.give(call.operation(Slice{{axis}, {start}, {start + sizes[i]}, {1}}, {call.value(0)}), i);
        start += sizes[i];
    }
}

void gather(Call& call) {
    const Shape shape = call.shape(0);
    const std::size_t axis = axisOf(call.integer("axis", 0), shape.size(), call.node.name);
    const Known& indices = call.known(1);
    if (!call.isKnown(0)) {
        if (countOf(indices.shape()) != 1) throw Refused{"only single positions of a map are known here"};
        const std::int64_t at = indices.integers()[0];
        if (at < -shape[axis] || at >= shape[axis]) throw Refused{fmt::format("there is no position {}", at)};
        const auto a = static_cast<std::int64_t>(axis);
        const std::int64_t end = at == -1 ? std::numeric_limits<std::int64_t>::max() : at + 1;
        const Value one = call.operation(Slice{{a}, {at}, {end}, {1}}, {call.value(0)});
        if (!indices.shape().empty()) return call.give(one);
        Shape to = shape;
        to.erase(to.begin() + a);
        return call.give(reshapedTo(call, one, to));
    }
    Shape to(shape.begin(), shape.begin() + static_cast<std::ptrdiff_t>(axis));
    to.insert(to.end(), indices.shape().begin(), indices.shape().end());
    to.insert(to.end(), shape.begin() + static_cast<std::ptrdiff_t>(axis) + 1, shape.end());
    call.lowering.budget().take(to, call.node.name);
    std::int64_t outer = 1, inner = 1;
    for (std::size_t a = 0; a < shape.size(); ++a) (a < axis ? outer : a > axis ? inner : outer) *= a == axis ? 1 : shape[a];
    const TensorD from = call.known(0).numbers();
    const std::vector<std::int64_t> positions = indices.integers();
    std::vector<double> values;
    for (std::int64_t o = 0; o < outer; ++o)
        for (std::int64_t position : positions) {
            if (position < -shape[axis] || position >= shape[axis]) throw Refused{fmt::format("there is no position {}", position)};
            const std::int64_t row = (o * shape[axis] + (position < 0 ? position + shape[axis] : position)) * inner;
            for (std::int64_t i = 0; i < inner; ++i) values.push_back(from[row + i]);
        }
    const Known& data = call.known(0);
    Known result = Known::of(TensorD(to, std::move(values)), data.type, std::vector<const Known*>{&data, &indices});
    // The number of channels does not depend on the input's size.
    if (data.isShape && std::ranges::all_of(positions, [](std::int64_t p) { return p == 1 || p == -3; }) && shape[0] == 4) result.fromSize = indices.fromSize;
    call.give(std::move(result));
}

/// Rank 4 with a constant border is affine; any other pad is an operation.
void pad(Call& call) {
    const Shape& shape = call.shape(0);
    const std::size_t rank = shape.size();
    const std::vector<std::int64_t> pads = call.list("pads", 1), axes = call.has(3) ? call.known(3).integers() : std::vector<std::int64_t>();
    const std::size_t count = axes.empty() ? rank : axes.size();
    constexpr std::int64_t kLargest = std::int64_t{1} << 31; // sums of such stay far from overflowing
    if (pads.size() != 2 * count || std::ranges::any_of(pads, [](std::int64_t p) { return p < -kLargest || p > kLargest; }))
        throw Refused{"pads are not two sizes per axis"};
    PadAxes p{Shape(rank, 0), Shape(rank, 0), PadAxes::Mode::constant, 0};
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t a = axes.empty() ? i : axisOf(axes[i], rank, call.node.name);
        p.before[a] = pads[i];
        p.after[a] = pads[count + i];
    }
    const std::string mode = call.text("mode", "constant");
    if (mode == "reflect" || mode == "edge")
        p.mode = mode == "edge" ? PadAxes::Mode::edge : PadAxes::Mode::reflect;
    else if (mode != "constant")
        throw Refused{"mode " + mode + " is not known here"};
    if (call.has(2)) {
        const TensorD value = call.known(2).numbers();
        if (value.count() != 1) throw Refused{"its value is not one number"};
        p.value = value[0];
    } else {
        p.value = call.number("value", 0);
    }
    const std::vector<Shape> shapes{shape};
    const Shape padded = outShapeOf(Operation{call.node.name, p}, shapes);
    const bool spatial = rank == 4 && !call.isKnown(0) && p.mode == PadAxes::Mode::constant && p.before[0] == 0 && p.before[1] == 0 &&
                         p.after[0] == 0 && p.after[1] == 0 && padded[2] > 0 && padded[3] > 0;
    if (!spatial) return call.give(call.operation(std::move(p), {call.value(0)}));
    const Padding border{p.before[2], p.before[3], p.after[2], p.after[3]};
    TensorD values(Shape{shape[1]});
    std::ranges::fill(values.edit(), p.value);
    const Value x = call.value(0), result = call.affine(ConstantPad{border, Param(values)}, x);
    if (call.lowering.isOverwritten(call.node.outputs.front()) && std::min({border.top, border.left, border.bottom, border.right}) >= 0) {
        call.lowering.budget().take(padded, call.node.name);
        call.lowering.keepOverlay(std::get<std::int64_t>(result), Overlay(std::get<std::int64_t>(x), border, padded, p.value));
    }
    call.give(result);
}

/// Exporters write `y[:, :, 0:1, :] = b` behind a pad as a chain of these; together they are one constant border.
void scatterNd(Call& call) {
    if (call.text("reduction", "none") != "none") throw Refused{"it adds to a map"};
    const Known &indices = call.known(1), &updates = call.known(2);
    std::optional<Overlay> taken = call.lowering.takeOverlay(call.value(0));
    if (!taken) throw Refused{"it overwrites a map that is no constant border, or that another node overwrites"};
    Overlay& overlay = *taken;
    const std::vector<std::int64_t> positions = indices.integers();
    const TensorD values = updates.numbers();
    if (!overlay.write(indices.shape(), positions, values.values())) throw Refused{"its positions do not fit the map"};
    const Value source{overlay.source};
    if (const auto border = overlay.border()) {
        const Known* const parts[] = {&updates};
        const Known value = Known::of(TensorD(Shape{std::ssize(*border)}, *border), Known::Type::floating, parts);
        call.give(call.affine(ConstantPad{overlay.padding, value.param}, source));
    } else { // one side of several: only the next of the chain takes it
        const Unknown partial{fmt::format("node '{}' (ScatterND): it overwrites part of a map", call.node.name)};
        const std::int64_t step = call.lowering.add({call.node.name, "", partial, {overlay.source}, overlay.shape, false});
        call.give(step);
        call.lowering.keepOverlay(step, std::move(overlay));
    }
}

void tile(Call& call) {
    const std::vector<std::int64_t> repeats = call.list("repeats", 1);
    if (std::ranges::any_of(repeats, [](std::int64_t r) { return r < 0; })) throw Refused{"negative repeats"};
    call.give(call.operation(Tile{repeats}, {call.value(0)}));
}

void expand(Call& call) {
    const Shape from = call.shape(0);
    const auto to = broadcast(from, call.known(1).integers());
    if (!to) throw Refused{fmt::format("{} cannot be expanded to {}", toString(from), toString(call.known(1).integers()))};
    if (call.known(1).fromSize) call.dependsOnSize();
    Shape wide(to->size() - from.size(), 1);
    wide.insert(wide.end(), from.begin(), from.end());
    Tile t;
    for (std::size_t a = 0; a < wide.size(); ++a) t.repeats.push_back(wide[a] == (*to)[a] ? 1 : (*to)[a]);
    const Value x = wide == from ? call.value(0) : reshapedTo(call, call.value(0), wide);
    Value result = call.operation(std::move(t), {x});
    if (auto* known = std::get_if<Known>(&result)) known->fromSize = known->fromSize || call.known(1).fromSize;
    call.give(std::move(result));
}

void depthToSpace(Call& call) {
    call.give(call.operation(DepthToSpace{call.integer("blocksize", 1), call.text("mode", "DCR") == "CRD"}, {call.value(0)}));
}

void spaceToDepth(Call& call) { call.give(call.operation(SpaceToDepth{call.integer("blocksize", 1), false}, {call.value(0)})); }

void resize(Call& call) {
    Resize r;
    const std::string mode = call.text("mode", "nearest"), nearest = call.text("nearest_mode", "round_prefer_floor"),
                      coordinates = call.text("coordinate_transformation_mode", "half_pixel");
    using R = Resize;
    auto pick = [](const std::string& word, auto... rows) {
        std::optional<std::common_type_t<decltype(rows.second)...>> found;
        ((word == rows.first ? void(found = rows.second) : void()), ...);
        return found ? *found : throw Refused{word + " is not known here"};
    };
    r.mode = pick(mode, std::pair{"nearest", R::Mode::nearest}, std::pair{"linear", R::Mode::linear}, std::pair{"cubic", R::Mode::cubic});
    r.nearest = pick(nearest, std::pair{"round_prefer_floor", R::Nearest::roundPreferFloor}, std::pair{"round_prefer_ceil", R::Nearest::roundPreferCeil},
                     std::pair{"floor", R::Nearest::floor}, std::pair{"ceil", R::Nearest::ceil});
    r.coordinates = pick(coordinates, std::pair{"half_pixel", R::Coordinates::halfPixel}, std::pair{"pytorch_half_pixel", R::Coordinates::pytorchHalfPixel},
                         std::pair{"align_corners", R::Coordinates::alignCorners}, std::pair{"asymmetric", R::Coordinates::asymmetric});
    r.cubicCoefficient = call.number("cubic_coeff_a", -0.75);
    if (call.integer("exclude_outside", 0) != 0 || call.integer("antialias", 0) != 0 || !call.integers("axes").empty() ||
        call.text("keep_aspect_ratio_policy", "stretch") != "stretch")
        throw Refused{"one of its options is not known here"};
    const Shape& shape = call.shape(0);
    if (call.has(3) && countOf(call.shape(3)) > 0) {
        r.sizes = call.known(3).integers();
        const auto isEmpty = [](std::int64_t size) { return size < 1; };
        if (r.sizes.size() != shape.size() || std::ranges::any_of(r.sizes, isEmpty) || std::ranges::any_of(shape, isEmpty))
            throw Refused{"its sizes do not fit the map"};
        bool whole = true;
        for (std::size_t a = 0; a < shape.size(); ++a) {
            r.scales.push_back(static_cast<double>(r.sizes[a]) / static_cast<double>(shape[a]));
            whole = whole && r.sizes[a] % shape[a] == 0;
        }
        if (call.known(3).fromSize && whole) r.sizes.clear(); // the same factor for any size
        if (call.known(3).fromSize && !whole) call.dependsOnSize();
    } else {
        const TensorD scales = call.known(2).numbers();
        r.scales.assign(scales.values().begin(), scales.values().end());
        if (call.known(2).fromSize) call.dependsOnSize();
    }
    call.give(call.operation(std::move(r), {call.value(0)}));
}

} // namespace

const OperatorTable& movingOperators() {
    static const OperatorTable table{
        {"Reshape", &reshape},
        {"Flatten", &flatten},
        {"Squeeze", &squeeze},
        {"Unsqueeze", &unsqueeze},
        {"Transpose", &transpose},
        {"Concat", &concat},
        {"Slice", &slice},
        {"Split", &split},
        {"Gather", &gather},
        {"Pad", &pad},
        {"ScatterND", &scatterNd},
        {"Tile", &tile},
        {"Expand", &expand},
        {"DepthToSpace", &depthToSpace},
        {"SpaceToDepth", &spaceToDepth},
        {"Resize", &resize},
    };
    return table;
}

} // namespace rp::graph
