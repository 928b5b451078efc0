// SPDX-License-Identifier: Apache-2.0
#include "core/graph/onnx_builder.h"

#include "core/base/error.h"
#include "core/model/affine.h"

#include <algorithm>
#include <cstring>
#include <numbers>

#include <fmt/format.h>

namespace rp::graph {
namespace {

using Ints = std::vector<std::int64_t>;

Ints pair(Extent extent) { return {extent.h, extent.w}; }
Ints four(const Padding& p) { return {p.top, p.left, p.bottom, p.right}; }

[[noreturn]] void refuse(const std::string& name, const std::string& what) {
    throw Error(ErrorCode::unsupported, {name, "an operation that can be written as ONNX", what, "write .safetensors or .pth instead"});
}

TensorF perChannel(const std::vector<double>& values) {
    std::vector<float> floats(values.begin(), values.end());
    return TensorF({std::ssize(floats), 1, 1}, std::move(floats));
}

} // namespace

OnnxBuilder::OnnxBuilder(io::OnnxModel& model) : m_model(model) {
    for (const NamedTensor& tensor : model.initializers) m_names.insert(tensor.name);
    for (const io::OnnxValue& value : model.inputs) m_names.insert(value.name);
    for (const io::OnnxValue& value : model.outputs) m_names.insert(value.name);
    for (const io::OnnxNode& each : model.nodes) {
        m_names.insert(each.outputs.begin(), each.outputs.end());
        m_nodeNames.insert(each.name);
    }
}

std::string OnnxBuilder::unique(const std::string& name) {
    std::string result = name;
    for (int count = 2; !m_names.insert(result).second; ++count) result = fmt::format("{}_{}", name, count);
    return result;
}

std::string OnnxBuilder::node(const std::string& type, const std::string& name, std::vector<std::string> inputs, const std::string& output,
                              std::vector<io::OnnxAttribute> attributes) {
    const std::string result = output.empty() ? unique(name + "." + type) : output;
    std::string own = name; // readers take two nodes of one name for one
    for (int count = 1; !m_nodeNames.insert(own).second; ++count)
        own = count == 1 ? name + "." + type : fmt::format("{}.{}_{}", name, type, count);
    m_nodes.push_back({own, type, "", std::move(inputs), {result}, std::move(attributes), -1});
    return result;
}

std::string OnnxBuilder::initializer(const std::string& name, const TensorF& values) {
    const std::string result = unique(name);
    m_model.initializers.push_back({result, StoredTensor::of(values)});
    return result;
}

std::string OnnxBuilder::integers(const std::string& name, const Ints& values) {
    std::string bytes(values.size() * sizeof(std::int64_t), '\0');
    std::memcpy(bytes.data(), values.data(), bytes.size());
    const std::string result = unique(name);
    m_model.initializers.push_back({result, StoredTensor::dense(DType::i64, {std::ssize(values)}, ownBytes(std::move(bytes)), result)});
    return result;
}

std::string OnnxBuilder::convolution(const Expr& expr, const std::string& name, const std::string& input, const std::string& output) {
    const auto& conv = std::get<Conv>(expr.op);
    auto positive = [](std::int64_t v) { return std::max<std::int64_t>(v, 0); };
    const Padding& p = conv.padding;
    const Padding outside{positive(p.top), positive(p.left), positive(p.bottom), positive(p.right)};
    std::string x = input;
    if (outside != p) { // a Conv cannot crop; a Pad can
        const Ints crop{0, 0, p.top - outside.top, p.left - outside.left, 0, 0, p.bottom - outside.bottom, p.right - outside.right};
        x = node("Pad", name + ".crop", {x, integers(name + ".crop", crop)}, {});
    }
    std::vector<std::string> inputs{x, initializer(name + ".weight", conv.weight.toFloat())};
    if (conv.bias) inputs.push_back(initializer(name + ".bias", conv.bias->toFloat()));
    const Shape& w = conv.weight.shape();
    return node("Conv", name, std::move(inputs), output,
                {{"dilations", pair(conv.dilation)}, {"group", conv.groups}, {"kernel_shape", Ints{w[2], w[3]}}, {"pads", four(outside)}, {"strides", pair(conv.stride)}});
}

std::string OnnxBuilder::linear(const Conv& conv, const std::string& name, const std::string& input, const std::string& output, bool isFlat) {
    const Shape& w = conv.weight.shape();
    std::vector<std::string> inputs{isFlat ? input : node("Flatten", name + ".flatten", {input}, {}), initializer(name + ".weight", conv.weight.toFloat().reshaped({w[0], w[1]}))};
    if (conv.bias) inputs.push_back(initializer(name + ".bias", conv.bias->toFloat()));
    return node("Gemm", name, std::move(inputs), output, {{"transB", std::int64_t{1}}});
}

std::string OnnxBuilder::expression(const Expr& expr, const std::string& name, const std::string& input, const std::string& output) {
    auto inner = [&](const ExprPtr& child) { return child->name.empty() ? name : name + "." + child->name; };
    return std::visit(
        Overload{
            [&](const Conv&) { return convolution(expr, name, input, output); },
            [&](const Norm& norm) {
                const std::int64_t channels = norm.mean.count();
                auto filled = [channels](float v) { return TensorF({channels}, std::vector<float>(static_cast<std::size_t>(channels), v)); };
                return node("BatchNormalization", name,
                            {input, initializer(name + ".weight", norm.gamma ? norm.gamma->toFloat() : filled(1)),
                             initializer(name + ".bias", norm.beta ? norm.beta->toFloat() : filled(0)),
                             initializer(name + ".running_mean", norm.mean.toFloat()), initializer(name + ".running_var", norm.var.toFloat())},
                            output, {{"epsilon", norm.eps}, {"momentum", 1 - norm.momentum}});
            },
            [&](const Scale& scale) {
                const std::int64_t channels = std::max(scale.factor ? scale.factor->count() : 1, scale.offset ? scale.offset->count() : 1);
                const ChannelAffine affine = affineOf(scale, channels);
                const std::string scaled = node("Mul", name, {input, initializer(name + ".factor", perChannel(affine.scale))}, scale.offset ? "" : output);
                return scale.offset ? node("Add", name, {scaled, initializer(name + ".offset", perChannel(affine.shift))}, output) : scaled;
            },
            [&](const AvgPool& pool) {
                return node("AveragePool", name, {input}, output,
                            {{"kernel_shape", pair(pool.kernel)}, {"strides", pair(pool.stride)}, {"pads", four(pool.padding)},
                             {"count_include_pad", std::int64_t{pool.countsPadding}}, {"ceil_mode", std::int64_t{pool.ceilMode}}});
            },
            [&](const ConstantPad& pad) -> std::string {
                const TensorD value = pad.value ? pad.value->toDouble() : TensorD();
                if (value.isEmpty() || std::ranges::adjacent_find(value.values(), std::not_equal_to<>()) != value.values().end())
                    refuse(name, "a border with a value for each channel");
                const Padding& p = pad.padding;
                return node("Pad", name, {input, integers(name + ".pads", {0, 0, p.top, p.left, 0, 0, p.bottom, p.right}),
                                          initializer(name + ".value", TensorF(Shape{}, {static_cast<float>(value[0])}))}, output);
            },
            [&](const Identity&) { return output.empty() ? input : node("Identity", name, {input}, output); },
            [&](const Chain& chain) {
                std::string value = input;
                for (std::size_t i = 0; i < chain.steps.size(); ++i)
                    value = expression(*chain.steps[i], inner(chain.steps[i]), value, i + 1 == chain.steps.size() ? output : "");
                return value;
            },
            [&](const Sum& sum) {
                std::string total = expression(*sum.terms.front(), inner(sum.terms.front()), input, sum.terms.size() == 1 ? output : "");
                for (std::size_t i = 1; i < sum.terms.size(); ++i)
                    total = node("Add", name + ".sum", {total, expression(*sum.terms[i], inner(sum.terms[i]), input)}, i + 1 == sum.terms.size() ? output : "");
                return total;
            },
            [&](const Concat& concat) {
                std::vector<std::string> parts;
                for (const ExprPtr& part : concat.parts) parts.push_back(expression(*part, inner(part), input));
                return node("Concat", name, std::move(parts), output, {{"axis", std::int64_t{1}}});
            },
        },
        expr.op);
}

namespace {

/// One operation as nodes.
struct OperationWriter {
    OnnxBuilder& builder;
    const std::string& name;
    const std::vector<std::string>& in;
    const std::string& output;

    std::string plain(const char* type, std::vector<io::OnnxAttribute> attributes = {}) const { return builder.node(type, name, in, output, std::move(attributes)); }
    std::string scalar(const char* what, double value) const { return builder.initializer(name + "." + what, TensorF(Shape{}, {static_cast<float>(value)})); }

    std::string operator()(const Activation& a) const {
        using Kind = Activation::Kind;
        switch (a.kind) {
        case Kind::none: return plain("Identity");
        case Kind::relu: return plain("Relu");
        case Kind::relu6: return builder.node("Clip", name, {in[0], scalar("min", 0), scalar("max", 6)}, output);
        case Kind::leakyRelu: return plain("LeakyRelu", {{"alpha", a.parameter}});
        case Kind::prelu: {
            const TensorF slopes = a.slopes->toFloat();
            return builder.node("PRelu", name, {in[0], builder.initializer(name + ".slope", slopes.reshaped({slopes.count(), 1, 1}))}, output);
        }
        case Kind::sigmoid: return plain("Sigmoid");
        case Kind::tanh: return plain("Tanh");
        case Kind::hardsigmoid: return plain("HardSigmoid", {{"alpha", 1.0 / 6}, {"beta", 0.5}});
        case Kind::hardswish: return gated(builder.node("HardSigmoid", name, in, {}, {{"alpha", 1.0 / 6}, {"beta", 0.5}}));
        case Kind::silu: return gated(builder.node("Sigmoid", name, in, {}));
        case Kind::gelu: break;
        }
        const std::string erf = builder.node("Erf", name, {builder.node("Div", name, {in[0], scalar("sqrt2", std::numbers::sqrt2)}, {})}, {});
        const std::string product = builder.node("Mul", name, {in[0], builder.node("Add", name, {erf, scalar("one", 1)}, {})}, {});
        return builder.node("Mul", name, {product, scalar("half", 0.5)}, output);
    }
    std::string gated(const std::string& gate) const { return builder.node("Mul", name, {in[0], gate}, output); }

    std::string operator()(const SqueezeExcite& se) const {
        const std::string down = builder.convolution(*se.down, name + ".down", builder.node("GlobalAveragePool", name, in, {}));
        const std::string inner = builder.operation({name + ".inner", se.inner}, {down});
        const std::string up = builder.convolution(*se.up, name + ".up", inner);
        return gated(builder.operation({name + ".gate", se.gate}, {up}));
    }
    std::string operator()(const GlobalAveragePool&) const { return plain("GlobalAveragePool"); }
    std::string operator()(const Scale& s) const { return builder.expression(Expr{name, s}, name, in[0], output); }
    std::string operator()(const Unary& u) const {
        constexpr const char* kTypes[] = {"Abs", "Sqrt", "Exp", "Log", "Erf", "Reciprocal", "Neg", "Floor", "Ceil", "Round", "Softplus"};
        if (u.kind == Unary::Kind::clip) return builder.node("Clip", name, {in[0], scalar("min", u.low), scalar("max", u.high)}, output);
        return plain(kTypes[static_cast<std::size_t>(u.kind)]);
    }
    std::string operator()(const Binary& b) const {
        constexpr const char* kTypes[] = {"Add", "Sub", "Mul", "Div", "Pow", "Min", "Max"};
        return plain(kTypes[static_cast<std::size_t>(b.kind)]);
    }
    std::string operator()(const Constant& c) const {
        const std::string value = builder.initializer(name, c.value.toFloat());
        return output.empty() ? value : builder.node("Identity", name, {value}, output);
    }
    std::string operator()(const Concatenate& c) const { return plain("Concat", {{"axis", c.axis}}); }
    std::string operator()(const DepthToSpace& d) const {
        return plain("DepthToSpace", {{"blocksize", d.block}, {"mode", std::string(d.channelFirst ? "CRD" : "DCR")}});
    }
    std::string operator()(const SpaceToDepth& d) const {
        if (d.channelFirst) refuse(name, "a pixel unshuffle in PyTorch's order");
        return plain("SpaceToDepth", {{"blocksize", d.block}});
    }
    std::string operator()(const MaxPool& p) const {
        return plain("MaxPool", {{"kernel_shape", pair(p.kernel)}, {"strides", pair(p.stride)}, {"pads", four(p.padding)}, {"dilations", pair(p.dilation)},
                                 {"ceil_mode", std::int64_t{p.ceilMode}}});
    }
    std::string operator()(const Reduce& r) const {
        if (r.kind == Reduce::Kind::sum) refuse(name, "a sum over axes");
        const char* type = r.kind == Reduce::Kind::mean ? "ReduceMean" : r.kind == Reduce::Kind::maximum ? "ReduceMax" : "ReduceMin";
        std::vector<io::OnnxAttribute> attributes{{"keepdims", std::int64_t{r.keepAxes}}};
        if (!r.axes.empty()) attributes.push_back({"axes", r.axes});
        return plain(type, std::move(attributes));
    }
    std::string operator()(const Softmax& s) const { return plain("Softmax", {{"axis", s.axis}}); }
    std::string operator()(const MatMul&) const { return plain("MatMul"); }
    std::string operator()(const Reshape& r) const { return builder.node("Reshape", name, {in[0], builder.integers(name + ".shape", r.shape)}, output); }
    std::string operator()(const Transpose& t) const { return plain("Transpose", {{"perm", t.order}}); }
    std::string operator()(const Slice& s) const {
        return builder.node("Slice", name, {in[0], builder.integers(name + ".starts", s.starts), builder.integers(name + ".ends", s.ends),
                                            builder.integers(name + ".axes", s.axes), builder.integers(name + ".steps", s.steps)}, output);
    }
    std::string operator()(const PadAxes& p) const {
        Ints pads = p.before;
        pads.insert(pads.end(), p.after.begin(), p.after.end());
        const char* mode = p.mode == PadAxes::Mode::constant ? "constant" : p.mode == PadAxes::Mode::edge ? "edge" : "reflect";
        return builder.node("Pad", name, {in[0], builder.integers(name + ".pads", pads), scalar("value", p.value)}, output, {{"mode", std::string(mode)}});
    }
    std::string operator()(const Tile& t) const { return builder.node("Tile", name, {in[0], builder.integers(name + ".repeats", t.repeats)}, output); }
    std::string operator()(const LayerNorm& n) const {
        const io::OnnxAttribute axes{"axes", n.axes};
        const std::string centred = builder.node("Sub", name, {in[0], builder.node("ReduceMean", name, in, {}, {axes})}, {});
        const std::string variance = builder.node("ReduceMean", name, {builder.node("Mul", name, {centred, centred}, {})}, {}, {axes});
        const std::string deviation = builder.node("Sqrt", name, {builder.node("Add", name, {variance, scalar("eps", n.eps)}, {})}, {});
        std::string value = builder.node("Div", name, {centred, deviation}, n.gamma || n.beta ? "" : output);
        if (n.gamma) value = builder.node("Mul", name, {value, builder.initializer(name + ".weight", n.gamma->toFloat())}, n.beta ? "" : output);
        if (n.beta) value = builder.node("Add", name, {value, builder.initializer(name + ".bias", n.beta->toFloat())}, output);
        return value;
    }
    std::string operator()(const Resize& r) const {
        if (r.mode == Resize::Mode::cubic && r.cubicCoefficient != -0.75) refuse(name, "a cubic resize with its own coefficient");
        constexpr const char* kModes[] = {"nearest", "linear", "cubic"};
        constexpr const char* kCoordinates[] = {"half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric"};
        constexpr const char* kNearest[] = {"round_prefer_floor", "round_prefer_ceil", "floor", "ceil"};
        std::vector<float> scales(r.scales.begin(), r.scales.end());
        const auto count = std::ssize(scales);
        std::vector<std::string> inputs{in[0], "", r.sizes.empty() ? builder.initializer(name + ".scales", TensorF({count}, std::move(scales))) : ""};
        if (!r.sizes.empty()) inputs.push_back(builder.integers(name + ".sizes", r.sizes));
        return builder.node("Resize", name, std::move(inputs), output,
                            {{"mode", std::string(kModes[static_cast<std::size_t>(r.mode)])},
                             {"coordinate_transformation_mode", std::string(kCoordinates[static_cast<std::size_t>(r.coordinates)])},
                             {"nearest_mode", std::string(kNearest[static_cast<std::size_t>(r.nearest)])}});
    }
};

} // namespace

std::string OnnxBuilder::operation(const Operation& operation, const std::vector<std::string>& inputs, const std::string& output) {
    return std::visit(OperationWriter{*this, operation.name, inputs, output}, operation.kind);
}

} // namespace rp::graph
