// SPDX-License-Identifier: Apache-2.0
// Beside float32_engine.cpp the only file that knows oneDNN 2.6.
#include "core/exec/reduced_conv.h"

#include <algorithm>
#include <cmath>

#include <dnnl.hpp>

namespace rp {
namespace {

using Dims = dnnl::memory::dims;
using Desc = dnnl::memory::desc;
using Tag = dnnl::memory::format_tag;
using Type = dnnl::memory::data_type;

Dims dimsOf(const Shape& shape) { return {shape.begin(), shape.end()}; }

/// One convolution with its numbers in plain layouts; oneDNN chooses its own and converts.
class Runner {
public:
    Runner(const Conv& conv, Shape in) : m_conv(conv), m_in(std::move(in)), m_engine(dnnl::engine::kind::cpu, 0), m_stream(m_engine) {
        const Shape& w = conv.weight.shape();
        m_out = outShapeOf(*makeExpr("", conv), m_in);
        m_weightDims = conv.groups == 1 ? dimsOf(w) : Dims{conv.groups, w[0] / conv.groups, w[1], w[2], w[3]};
        m_weightTag = conv.groups == 1 ? Tag::oihw : Tag::goihw;
    }

    template<class X, class W>
    std::optional<ReducedRun> run(std::vector<X> x, Type xType, std::vector<W> weight, Type wType, std::vector<float> bias,
                                  const dnnl::primitive_attr& attributes, Type computeX, Type computeW) {
        const Padding& p = m_conv.padding;
        if (p.top < 0 || p.left < 0 || p.bottom < 0 || p.right < 0) return std::nullopt;
        try {
            const Desc src(dimsOf(m_in), computeX, Tag::any), weights(m_weightDims, computeW, Tag::any);
            const Desc biases({m_out[1]}, Type::f32, Tag::x), dst(dimsOf(m_out), Type::f32, Tag::any);
            const dnnl::convolution_forward::desc desc(dnnl::prop_kind::forward_inference, dnnl::algorithm::convolution_direct, src, weights,
                                                       biases, dst, {m_conv.stride.h, m_conv.stride.w},
                                                       {m_conv.dilation.h - 1, m_conv.dilation.w - 1}, {p.top, p.left}, {p.bottom, p.right});
            const dnnl::convolution_forward::primitive_desc chosen(desc, attributes, m_engine);
            const dnnl::memory xs = moved(x.data(), {dimsOf(m_in), xType, Tag::nchw}, chosen.src_desc());
            const dnnl::memory ws = moved(weight.data(), {m_weightDims, wType, m_weightTag}, chosen.weights_desc());
            dnnl::memory bs(biases, m_engine, bias.data()), ys(chosen.dst_desc(), m_engine);
            dnnl::convolution_forward(chosen).execute(
                m_stream, {{DNNL_ARG_SRC, xs}, {DNNL_ARG_WEIGHTS, ws}, {DNNL_ARG_BIAS, bs}, {DNNL_ARG_DST, ys}});
            TensorF out(m_out);
            dnnl::memory plain({dimsOf(m_out), Type::f32, Tag::nchw}, m_engine, out.edit().data());
            dnnl::reorder(ys, plain).execute(m_stream, ys, plain);
            m_stream.wait();
            return ReducedRun{toDouble(out), chosen.impl_info_str()};
        } catch (const dnnl::error& error) {
            if (error.status == dnnl_unimplemented) return std::nullopt;
            throw;
        }
    }

private:
    dnnl::memory moved(void* values, const Desc& have, const Desc& wanted) {
        dnnl::memory from(have, m_engine, values), to(wanted, m_engine);
        dnnl::reorder(from, to).execute(m_stream, from, to);
        m_stream.wait(); // the caller's numbers may go
        return to;
    }

    const Conv& m_conv;
    Shape m_in, m_out;
    dnnl::engine m_engine;
    dnnl::stream m_stream;
    Dims m_weightDims;
    Tag m_weightTag = Tag::oihw;
};

std::vector<float> floatsOf(const TensorD& values) { return {values.values().begin(), values.values().end()}; }

std::vector<float> biasOf(const Conv& conv) {
    return conv.bias ? floatsOf(conv.bias->toDouble()) : std::vector<float>(static_cast<std::size_t>(conv.weight.shape()[0]), 0.0f);
}

template<class Integer>
std::vector<Integer> integers(std::span<const double> values, double step) {
    std::vector<Integer> result(values.size());
    std::ranges::transform(values, result.begin(), [step](double v) { return static_cast<Integer>(std::nearbyint(v / step)); });
    return result;
}

} // namespace

std::optional<ReducedRun> convolveBfloat16(const Conv& conv, const TensorD& x) {
    return Runner(conv, x.shape()).run(floatsOf(x), Type::f32, floatsOf(conv.weight.toDouble()), Type::f32, biasOf(conv), {}, Type::bf16, Type::bf16);
}

std::optional<ReducedRun> convolveInt8(const Conv& conv, const std::vector<double>& steps, const TensorD& x) {
    if (x.isEmpty()) return std::nullopt;
    if (!std::ranges::all_of(x.values(), [](double v) { return std::isfinite(v); })) return std::nullopt; // no integer holds NaN
    const auto [low, high] = std::ranges::minmax(x.values());
    const bool isUnsigned = low >= 0;
    const double step = isUnsigned ? high / 255 : std::max(-low, high) / 127;
    if (!(step > 0) || !std::isfinite(step)) return std::nullopt;

    const TensorD weight = conv.weight.toDouble();
    std::vector<std::int8_t> quantised;
    const std::size_t perChannel = static_cast<std::size_t>(weight.count()) / steps.size();
    std::vector<float> scales, bias = biasOf(conv);
    for (std::size_t o = 0; o < steps.size(); ++o) {
        const double own = steps[o] > 0 ? steps[o] : 1; // a channel of zeros
        for (std::int8_t v : integers<std::int8_t>(weight.values().subspan(o * perChannel, perChannel), own)) quantised.push_back(v);
        scales.push_back(static_cast<float>(own * step));
        bias[o] /= scales.back(); // oneDNN 2 scales the sum with the bias in it
    }
    dnnl::primitive_attr attributes;
    attributes.set_output_scales(2, scales); // one for each output channel
    Runner runner(conv, x.shape());
    if (isUnsigned)
        return runner.run(integers<std::uint8_t>(x.values(), step), Type::u8, std::move(quantised), Type::s8, std::move(bias), attributes, Type::u8, Type::s8);
    return runner.run(integers<std::int8_t>(x.values(), step), Type::s8, std::move(quantised), Type::s8, std::move(bias), attributes, Type::s8, Type::s8);
}

} // namespace rp
