// SPDX-License-Identifier: Apache-2.0
#include "core/graph/lowering.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace rp::graph {
namespace {

/// No network has larger ones, and sums of them stay far from overflowing.
constexpr std::int64_t kLargest = std::int64_t{1} << 20;

void requireRank(const Call& call, std::size_t input, std::size_t rank, const char* what) {
    if (call.shape(input).size() != rank) throw Refused{fmt::format("{} of {} axes instead of {}", what, call.shape(input).size(), rank)};
}

Extent extent(const Call& call, const char* name, std::int64_t least = 1) {
    const std::vector<std::int64_t> sizes = call.integers(name);
    if (sizes.empty()) return {1, 1};
    if (sizes.size() != 2 || std::ranges::any_of(sizes, [least](std::int64_t s) { return s < least || s > kLargest; }))
        throw Refused{fmt::format("{} are not two sizes from {} to {}", name, least, kLargest)};
    return {sizes[0], sizes[1]};
}

/// Pads as the file states them, or as `auto_pad` derives them from the input's size.
Padding padding(Call& call, Extent kernel, Extent stride, Extent dilation) {
    const std::string automatic = call.text("auto_pad", "NOTSET");
    if (automatic == "VALID") return {};
    if (automatic == "NOTSET" || automatic.empty()) {
        const std::vector<std::int64_t> pads = call.integers("pads");
        if (pads.empty()) return {};
        if (pads.size() != 4 || std::ranges::any_of(pads, [](std::int64_t p) { return p < -kLargest || p > kLargest; }))
            throw Refused{"pads are not four sizes"};
        return {pads[0], pads[1], pads[2], pads[3]};
    }
    if (automatic != "SAME_UPPER" && automatic != "SAME_LOWER") throw Refused{"auto_pad " + automatic + " is not known here"};
    if (stride != Extent{1, 1}) call.dependsOnSize();
    auto total = [](std::int64_t in, std::int64_t k, std::int64_t s, std::int64_t d) {
        return std::max<std::int64_t>(0, ((in + s - 1) / s - 1) * s + (k - 1) * d + 1 - in);
    };
    const std::int64_t h = total(call.shape(0)[2], kernel.h, stride.h, dilation.h), w = total(call.shape(0)[3], kernel.w, stride.w, dilation.w);
    const bool upper = automatic == "SAME_UPPER";
    const std::int64_t top = upper ? h / 2 : h - h / 2, left = upper ? w / 2 : w - w / 2;
    return {top, left, h - top, w - left};
}

void convolution(Call& call) {
    requireRank(call, 0, 4, "a map");
    requireRank(call, 1, 4, "a kernel");
    Conv conv;
    conv.weight = call.known(1).param;
    const Shape& w = conv.weight.shape();
    conv.groups = call.integer("group", 1);
    if (std::ranges::any_of(w, [](std::int64_t s) { return s < 1; }) || conv.groups < 1 || w[0] % conv.groups != 0 || w[2] > kLargest || w[3] > kLargest)
        throw Refused{fmt::format("a kernel {} cannot have {} groups", toString(w), conv.groups)};
    if (call.has(2)) {
        conv.bias = call.known(2).param;
        if (conv.bias->shape() != Shape{w[0]}) throw Refused{fmt::format("a bias {} for {} channels", toString(conv.bias->shape()), w[0])};
    }
    conv.stride = extent(call, "strides");
    conv.dilation = extent(call, "dilations");
    conv.padding = padding(call, {w[2], w[3]}, conv.stride, conv.dilation);
    call.give(call.affine(std::move(conv), call.value(0)));
}

/// [n, c] as a map [n, c, 1, 1]: the one that it was flattened from, where it is one, so that linear layers merge.
/// What is made of it must end in the stated width: at other input sizes the map is larger, and nothing else would notice.
Value asMap(Call& call, const Value& x) {
    const DraftNode* node = call.lowering.nodeOf(x);
    const auto* operation = node ? std::get_if<Operation>(&node->what) : nullptr;
    if (operation && std::holds_alternative<Reshape>(operation->kind)) {
        const Value before{node->inputs.front()};
        const Shape& s = call.lowering.shapeOf(before);
        if (s.size() == 4 && s[2] == 1 && s[3] == 1 && node->shape == Shape{s[0], s[1]}) return before;
    }
    return call.operation(Reshape{{0, -1, 1, 1}}, {x});
}

/// Of maps, and of [n, c] and [n, c, l], which are maps with fewer axes.
void batchNorm(Call& call) {
    const std::size_t rank = call.shape(0).size();
    if (rank < 2 || rank > 4) throw Refused{fmt::format("a map of {} axes", rank)};
    Norm norm;
    norm.gamma = call.known(1).param;
    norm.beta = call.known(2).param;
    norm.mean = call.known(3).param;
    norm.var = call.known(4).param;
    norm.eps = call.number("epsilon", 1e-5);
    norm.momentum = 1 - call.number("momentum", 0.9); // ONNX counts what is kept
    const Shape wanted{call.shape(0)[1]};
    for (const Param* p : {&*norm.gamma, &*norm.beta, &norm.mean, &norm.var})
        if (p->shape() != wanted) throw Refused{fmt::format("a vector {} for {} channels", toString(p->shape()), wanted[0])};
    const TensorD var = norm.var.toDouble();
    for (std::int64_t c = 0; c < var.count(); ++c)
        if (var[c] < 0) throw Refused{fmt::format("the variance {} of channel {} is negative", var[c], c)};
    if (call.integer("training_mode", 0) != 0)
        call.lowering.findings().push_back({Finding::Severity::warn, "train-mode", call.node.name,
                                            fmt::format("{} was exported in training mode; phases eval and deploy take its running statistics", call.node.name),
                                            "call model.eval() before exporting"});
    if (rank == 4) return call.give(call.affine(std::move(norm), call.value(0)));
    const Value map = rank == 2 ? asMap(call, call.value(0)) : call.operation(Reshape{{0, 0, -1, 1}}, {call.value(0)});
    call.give(call.operation(Reshape{rank == 2 ? Shape{0, wanted[0]} : Shape{0, 0, -1}}, {call.affine(std::move(norm), map)}));
}

void averagePool(Call& call) {
    requireRank(call, 0, 4, "a map");
    if (extent(call, "dilations") != Extent{1, 1}) throw Refused{"dilated average pooling is not known here"};
    AvgPool pool;
    pool.kernel = extent(call, "kernel_shape");
    pool.stride = extent(call, "strides");
    pool.padding = padding(call, pool.kernel, pool.stride, {1, 1});
    pool.countsPadding = call.integer("count_include_pad", 0) != 0 || pool.padding.isZero();
    pool.ceilMode = call.integer("ceil_mode", 0) != 0;
    call.give(call.affine(pool, call.value(0)));
}

void maxPool(Call& call) {
    requireRank(call, 0, 4, "a map");
    MaxPool pool;
    pool.kernel = extent(call, "kernel_shape");
    pool.stride = extent(call, "strides");
    pool.dilation = extent(call, "dilations");
    pool.padding = padding(call, pool.kernel, pool.stride, pool.dilation);
    pool.ceilMode = call.integer("ceil_mode", 0) != 0;
    call.give(call.operation(pool, {call.value(0)}));
}

void globalAverage(Call& call) { call.give(call.operation(GlobalAveragePool{}, {call.value(0)})); }

void globalMaximum(Call& call) {
    requireRank(call, 0, 4, "a map");
    call.give(call.operation(Reduce{Reduce::Kind::maximum, {2, 3}, true}, {call.value(0)}));
}

template<Reduce::Kind kind>
void reduce(Call& call) {
    Reduce r{kind, call.list("axes", 1), call.integer("keepdims", 1) != 0};
    const Shape& shape = call.shape(0);
    if (r.axes.empty() && call.integer("noop_with_empty_axes", 0) != 0) return call.give(call.value(0));
    std::vector<std::size_t> axes;
    for (std::int64_t a : r.axes) axes.push_back(axisOf(a, shape.size(), call.node.name));
    std::ranges::sort(axes);
    const bool pools = kind == Reduce::Kind::mean && r.keepAxes && shape.size() == 4 && axes == std::vector<std::size_t>{2, 3};
    if (pools && !call.isKnown(0)) return globalAverage(call);
    call.give(call.operation(std::move(r), {call.value(0)}));
}

/// gamma and beta as they are broadcast against the map, from axis `first` on.
void layerNorm(Call& call) {
    const Shape& shape = call.shape(0);
    const std::size_t first = axisOf(call.integer("axis", -1), shape.size(), call.node.name);
    LayerNorm norm{{}, call.number("epsilon", 1e-5), call.known(1).param, {}};
    if (call.has(2)) norm.beta = call.known(2).param;
    for (std::size_t a = first; a < shape.size(); ++a) norm.axes.push_back(static_cast<std::int64_t>(a));
    call.give(call.operation(std::move(norm), {call.value(0)}));
}

/// Over all axes behind the channels; group norms are exported as one of a map whose channels are the groups.
void instanceNorm(Call& call) {
    const Shape shape = call.shape(0);
    if (shape.size() < 3) throw Refused{fmt::format("a map of {} axes", shape.size())};
    LayerNorm norm{{}, call.number("epsilon", 1e-5), {}, {}};
    Shape perChannel{shape[1]};
    for (std::size_t i : {1, 2})
        if (call.known(i).shape() != perChannel) throw Refused{"scale and bias are not one per channel"};
    for (std::size_t a = 2; a < shape.size(); ++a) {
        norm.axes.push_back(static_cast<std::int64_t>(a));
        perChannel.push_back(1);
    }
    norm.gamma = call.known(1).param.reshaped(perChannel);
    norm.beta = call.known(2).param.reshaped(perChannel);
    call.give(call.operation(std::move(norm), {call.value(0)}));
}

void softmax(Call& call) {
    const Shape shape = call.shape(0);
    const auto rank = static_cast<std::int64_t>(shape.size());
    const std::int64_t axis = static_cast<std::int64_t>(axisOf(call.integer("axis", call.lowering.opset() < 13 ? 1 : -1), shape.size(), call.node.name));
    if (call.lowering.opset() >= 13 || axis == rank - 1) return call.give(call.operation(Softmax{axis}, {call.value(0)}));
    // Before opset 13 all axes from `axis` on were one.
    Shape flat(shape.begin(), shape.begin() + axis);
    flat.push_back(-1);
    const Value rows = call.operation(Softmax{-1}, {call.operation(Reshape{flat}, {call.value(0)})});
    call.dependsOnSize();
    call.give(call.operation(Reshape{shape}, {rows}));
}

/// A linear layer [n, ic] -> [n, oc] as the 1x1 convolution that it is, so that it merges like one.
Value linear(Call& call, const Value& x, const Known& matrix, bool transposed, double alpha, std::optional<Param> bias) {
    const Shape s = matrix.shape();
    const std::int64_t oc = transposed ? s[0] : s[1], ic = transposed ? s[1] : s[0];
    Conv conv;
    if (transposed && alpha == 1)
        conv.weight = matrix.param.reshaped({oc, ic, 1, 1});
    else
        conv.weight = Param({oc, ic, 1, 1}, matrix.param.keys(), [param = matrix.param, transposed, alpha, oc, ic] {
            const TensorD from = param.toDouble();
            TensorD to(Shape{oc, ic, 1, 1});
            const std::span<double> w = to.edit();
            for (std::int64_t o = 0; o < oc; ++o)
                for (std::int64_t i = 0; i < ic; ++i)
                    w[static_cast<std::size_t>(o * ic + i)] = alpha * from[transposed ? o * ic + i : i * oc + o];
            return to;
        });
    conv.bias = std::move(bias);
    return call.operation(Reshape{{0, oc}}, {call.affine(std::move(conv), asMap(call, x))});
}

void gemm(Call& call) {
    const Known& matrix = call.known(1);
    if (call.shape(0).size() != 2 || matrix.shape().size() != 2) throw Refused{"operands that are no matrices"};
    if (call.integer("transA", 0) != 0) throw Refused{"a transposed first operand is not known here"};
    const bool transposed = call.integer("transB", 0) != 0;
    const std::int64_t oc = matrix.shape()[transposed ? 0 : 1];
    std::optional<Param> bias;
    if (call.has(2)) {
        const Known& c = call.known(2);
        const double beta = call.number("beta", 1);
        const std::int64_t count = countOf(c.shape());
        if (count != 1 && !(count == oc && c.shape().back() == oc)) throw Refused{fmt::format("an addend {} for {} outputs", toString(c.shape()), oc)};
        if (beta == 1 && count == oc)
            bias = c.param.reshaped({oc});
        else
            bias = Param({oc}, c.param.keys(), [param = c.param, beta, oc] {
                const TensorD from = param.toDouble();
                TensorD to(Shape{oc});
                for (std::size_t o = 0; double& v : to.edit()) v = beta * from.values()[from.count() == 1 ? 0 : o++];
                return to;
            });
    }
    call.give(linear(call, call.value(0), matrix, transposed, call.number("alpha", 1), std::move(bias)));
}

void matMul(Call& call) {
    if (!call.isKnown(0) && call.isKnown(1) && call.shape(0).size() == 2 && call.shape(1).size() == 2)
        return call.give(linear(call, call.value(0), call.known(1), false, 1, {}));
    call.give(call.operation(MatMul{}, {call.value(0), call.value(1)}));
}

} // namespace

const OperatorTable& convolutionOperators() {
    static const OperatorTable table{
        {"Conv", &convolution},
        {"BatchNormalization", &batchNorm},
        {"AveragePool", &averagePool},
        {"MaxPool", &maxPool},
        {"GlobalAveragePool", &globalAverage},
        {"GlobalMaxPool", &globalMaximum},
        {"ReduceMean", &reduce<Reduce::Kind::mean>},
        {"ReduceSum", &reduce<Reduce::Kind::sum>},
        {"ReduceMax", &reduce<Reduce::Kind::maximum>},
        {"ReduceMin", &reduce<Reduce::Kind::minimum>},
        {"LayerNormalization", &layerNorm},
        {"InstanceNormalization", &instanceNorm},
        {"Softmax", &softmax},
        {"Gemm", &gemm},
        {"MatMul", &matMul},
    };
    return table;
}

} // namespace rp::graph
