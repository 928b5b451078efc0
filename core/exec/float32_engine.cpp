// SPDX-License-Identifier: Apache-2.0
// The float32 engine: convolutions by oneDNN 2.6, everything between them by float32_kernels. Beside reduced_conv.cpp
// the only file that knows oneDNN, whose API changed with version 3.
#include "core/exec/float32_engine.h"

#include "core/base/error.h"
#include "core/exec/engine.h"
#include "core/exec/float32_kernels.h"
#include "core/exec/float32_map.h"
#include "core/exec/tensor_ops.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numbers>
#include <optional>
#include <unordered_map>

#include <dnnl.hpp>
#include <fmt/format.h>
#include <omp.h>

namespace rp {
namespace {

using Dims = dnnl::memory::dims;
using Desc = dnnl::memory::desc;
using Tag = dnnl::memory::format_tag;
using Kind = Activation::Kind;
constexpr auto kFloat = dnnl::memory::data_type::f32;

// ---- layouts

/// Blocks of oneDNN's layouts that maps may have, besides 1 (NCHW) and c (NHWC).
struct NamedBlock {
    std::int64_t block;
    Tag tag;
};
constexpr NamedBlock kBlocks[] = {{4, Tag::nChw4c}, {8, Tag::nChw8c}, {16, Tag::nChw16c}};

Desc descOf(const Shape& shape, std::int64_t block) {
    const Dims dims(shape.begin(), shape.end());
    if (block == 1) return {dims, kFloat, Tag::nchw};
    if (block == shape[1]) return {dims, kFloat, Tag::nhwc};
    for (const NamedBlock& named : kBlocks)
        if (named.block == block) return {dims, kFloat, named.tag};
    return {dims, kFloat, Tag::any};
}

/// The block of a layout that oneDNN chose; none for one that our own loops do not know.
std::optional<std::int64_t> blockOf(const Desc& desc, const Shape& shape) {
    for (const std::int64_t block :
         {shape[1], std::int64_t{1}, std::int64_t{4}, std::int64_t{8}, std::int64_t{16}})
        if (desc == descOf(shape, block)) return block;
    return std::nullopt;
}

VectorIsa vectorIsa() {
    switch (dnnl::get_effective_cpu_isa()) {
    case dnnl::cpu_isa::all: // none of its sets
    case dnnl::cpu_isa::sse41:
    case dnnl::cpu_isa::avx:
        return VectorIsa::baseline;
    case dnnl::cpu_isa::avx2:
    case dnnl::cpu_isa::avx2_vnni:
        return VectorIsa::avx2;
    default:
        return VectorIsa::avx512; // also avx512_mic: the loops need avx512f only
    }
}

// ---- activations

/// What oneDNN calls an activation; none where only our own loops have it.
struct Eltwise {
    dnnl::algorithm algorithm;
    float alpha = 0, beta = 0;
};
std::vector<Eltwise> eltwisesOf(const Activation& activation) {
    using A = dnnl::algorithm;
    switch (activation.kind) {
    case Kind::none:
        return {};
    case Kind::relu:
        return {{A::eltwise_relu}};
    case Kind::relu6:
        return {{A::eltwise_clip, 0.0f, 6.0f}};
    case Kind::leakyRelu:
        return {{A::eltwise_relu, static_cast<float>(activation.parameter)}};
    case Kind::prelu:
        return {};
    case Kind::silu:
        return {{A::eltwise_swish, 1.0f}};
    case Kind::gelu:
        return {{A::eltwise_gelu_erf}};
    case Kind::hardswish:
        return {{A::eltwise_hardswish}};
    case Kind::hardsigmoid:
        return {{A::eltwise_linear, 1.0f / 6.0f, 0.5f}, {A::eltwise_clip, 0.0f, 1.0f}};
    case Kind::sigmoid:
        return {{A::eltwise_logistic}};
    case Kind::tanh:
        return {{A::eltwise_tanh}};
    }
    return {};
}

/// The activation as our own loops know it; none for the transcendental ones.
std::optional<Pointwise> pointwiseOf(Kind kind) {
    switch (kind) {
    case Kind::none:
        return Pointwise::none;
    case Kind::relu:
        return Pointwise::relu;
    case Kind::relu6:
        return Pointwise::relu6;
    case Kind::leakyRelu:
    case Kind::prelu:
        return Pointwise::slope;
    case Kind::hardswish:
        return Pointwise::hardswish;
    case Kind::hardsigmoid:
        return Pointwise::hardsigmoid;
    default:
        return std::nullopt;
    }
}

// ---- numbers

template<class T>
bool allFinite(std::span<const T> values) {
    return std::ranges::all_of(values, [](T v) { return std::isfinite(v); });
}

std::vector<float> rounded(std::span<const double> values) {
    std::vector<float> floats(values.size());
    std::ranges::transform(values, floats.begin(), [](double v) { return static_cast<float>(v); });
    return floats;
}

[[noreturn]] void throwMismatch(std::string where, std::string expected, std::string found) {
    throw Error(ErrorCode::shapeMismatch, {std::move(where), std::move(expected), std::move(found), ""});
}

void requireCount(const std::string& where, const char* what, std::int64_t channels, std::size_t found) {
    if (found != static_cast<std::size_t>(channels))
        throwMismatch(where, fmt::format("{} {}", channels, what), fmt::format("{}", found));
}

/// oneDNN's exceptions as ours: they can only mean that this file asked for something that does not exist.
template<class Call>
auto translated(const std::string& where, Call call) {
    try {
        return call();
    } catch (const dnnl::error& e) {
        throw Error(ErrorCode::internal, {where, "oneDNN to accept the call", e.what(), ""});
    }
}

// ---- convolutions

/// What makes a packed primitive different from another one of the same node.
struct ConvKey {
    Shape in;
    std::int64_t inBlock = 0;
    int threads = 0;              ///< oneDNN cuts the work when it makes the primitive
    Kind activation = Kind::none; ///< to be applied by the primitive, if it can
    double parameter = 0;
    bool operator==(const ConvKey&) const = default;
};

struct PackedConv {
    ConvKey key;
    dnnl::convolution_forward primitive;
    std::unordered_map<int, dnnl::memory> arguments;
    dnnl::memory src, dst; ///< of `arguments`; they get their addresses at each run
    std::int64_t srcBlock = 0, dstBlock = 0;
    bool activates = false; ///< whether the primitive applies the key's activation itself
};

struct PackedWeights {
    Desc desc;
    std::shared_ptr<float>
        values; ///< from the pool, whose pages are large: weights are streamed once per run
    dnnl::memory memory;
};

/// Everything kept for one node. Held weakly: an expression that was dropped frees its weights at the next
/// miss, and while the weak reference lives no other node can get the same identity.
struct ConvEntry {
    std::weak_ptr<const Expr> node;
    std::vector<PackedWeights> weights;
    std::vector<std::unique_ptr<PackedConv>> packed;
    dnnl::memory bias;
    bool finite = true;
};

class Float32Engine final : public Engine {
public:
    Float32Engine()
        : m_engine(dnnl::engine::kind::cpu, 0), m_stream(m_engine), m_pool(BufferPool::make()),
          m_isa(vectorIsa()) {}

    EngineKind kind() const override { return EngineKind::float32; }
    MapPtr load(const TensorD& values) override;
    TensorD read(const MapPtr& map) override;
    MapPtr convolve(const ExprPtr& conv, const MapPtr& x, const Epilogue& epilogue) override;
    MapPtr apply(const MapPtr& x, const Epilogue& epilogue) override;
    Moments moments(const MapPtr& x) override;
    MapPtr averagePool(const AvgPool& pool, const MapPtr& x) override;
    MapPtr pad(const Padding& padding, std::span<const double> value, const MapPtr& x) override;
    MapPtr concat(std::span<const MapPtr> parts) override;
    MapPtr globalAverage(const MapPtr& x) override;
    MapPtr gate(const MapPtr& x, const MapPtr& factors) override;
    MapPtr evaluate(const Operation& operation, std::span<const MapPtr> inputs) override;

private:
    /// Where new maps lie: oneDNN's fastest kernels take NHWC with AVX-512 and blocks of 8 before it, except
    /// that first layers of few channels take NCHW there.
    std::int64_t preferredBlock(const Shape& shape) const {
        if (shape.size() != 4) return 1;
        const std::int64_t channels = shape[1];
        if (m_isa == VectorIsa::avx512) return channels;
        return channels <= 3 ? 1 : 8;
    }
    Float32Ptr newMap(const Shape& shape, std::int64_t block, bool finite) {
        return std::make_shared<const Float32Map>(shape, block, m_pool->take(layoutOf(shape, block).floats()),
                                                  finite);
    }
    Float32Ptr fromPlain(const TensorF& plain);
    template<class T>
    Tensor<T> toPlain(const MapPtr& map);
    Float32Ptr inBlock(const Float32Ptr& map, std::int64_t block);
    Float32Ptr cropped(const Float32Ptr& x, const Padding& padding);

    void applyInPlace(const Float32Ptr& y, const Float32Ptr& x, const Epilogue& epilogue,
                      const std::string& where);
    void eltwiseInPlace(const Float32Ptr& y, const Activation& activation);

    ConvEntry& entryOf(const ExprPtr& node, const Conv& conv);
    PackedConv& packedFor(ConvEntry& entry, const Conv& conv, const ConvKey& key, const Shape& out);
    dnnl::memory weightsAs(ConvEntry& entry, const Conv& conv, const Desc& desc);
    Float32Ptr run(PackedConv& packed, const Float32Ptr& x, const Shape& out, bool finite);

    dnnl::engine m_engine;
    dnnl::stream m_stream;
    std::shared_ptr<BufferPool> m_pool;
    VectorIsa m_isa;
    std::unordered_map<const Expr*, ConvEntry> m_convs;
};

Float32Ptr asFloat32(const MapPtr& map) {
    auto own = std::dynamic_pointer_cast<const Float32Map>(map);
    if (!own)
        throw Error(ErrorCode::internal,
                    {"float32 engine", "a map that this engine made", "another one", ""});
    return own;
}

// The number of threads is a property of the calling thread in OpenMP, so every operation sets it anew.
void useEngineThreads() {
    omp_set_num_threads(engineThreads());
}

// ---- load and read

MapPtr Float32Engine::load(const TensorD& values) {
    useEngineThreads();
    if (values.isEmpty()) throwMismatch("input", "a map that is not empty", toString(values.shape()));
    return fromPlain(toFloat(values));
}

Float32Ptr Float32Engine::fromPlain(const TensorF& plain) {
    const Shape& shape = plain.shape();
    const Float32Ptr map = newMap(shape, preferredBlock(shape), allFinite(plain.values()));
    copyChannels(layoutOf(shape, 1), plain.values().data(), map->layout(), map->edit(), 0);
    clearPadding(map->layout(), map->edit());
    return map;
}

template<class T>
Tensor<T> Float32Engine::toPlain(const MapPtr& map) {
    const Float32Ptr plain = inBlock(asFloat32(map), 1);
    Tensor<T> values(plain->shape());
    std::copy_n(plain->values(), values.count(), values.edit().begin());
    return values;
}

TensorD Float32Engine::read(const MapPtr& map) {
    useEngineThreads();
    return toPlain<double>(map);
}

MapPtr Float32Engine::evaluate(const Operation& operation, std::span<const MapPtr> inputs) {
    useEngineThreads();
    std::vector<TensorF> values;
    for (const MapPtr& input : inputs)
        values.push_back(toPlain<float>(input));
    return fromPlain(rp::evaluate<float>(operation, values));
}

Float32Ptr Float32Engine::inBlock(const Float32Ptr& map, std::int64_t block) {
    const MapLayout wanted = layoutOf(map->shape(), block);
    if (map->layout().sameMemoryAs(wanted)) return map;
    const Float32Ptr copy = newMap(map->shape(), block, map->isFinite());
    copyChannels(map->layout(), map->values(), wanted, copy->edit(), 0);
    clearPadding(wanted, copy->edit());
    return copy;
}

// ---- the epilogue by our own loops

void requireFits(const std::string& where, const Epilogue& epilogue, const Shape& out) {
    if (epilogue.affine) {
        requireCount(where, "scales", out[1], epilogue.affine->scale.size());
        requireCount(where, "shifts", out[1], epilogue.affine->shift.size());
    }
    if (epilogue.addend && epilogue.addend->shape() != out)
        throwMismatch(where, fmt::format("an addend {}", toString(out)), toString(epilogue.addend->shape()));
}

bool staysFinite(const Epilogue& epilogue) {
    if (epilogue.addend && !asFloat32(epilogue.addend)->isFinite()) return false;
    if (!epilogue.affine) return true;
    return allFinite(std::span<const double>(epilogue.affine->scale)) &&
           allFinite(std::span<const double>(epilogue.affine->shift));
}

/// Slopes of the negative side, for the activations that have them.
std::optional<std::vector<float>> slopesOf(const Activation& activation, std::int64_t channels,
                                           const std::string& where) {
    const auto count = static_cast<std::size_t>(channels);
    if (activation.kind == Kind::leakyRelu)
        return std::vector<float>(count, static_cast<float>(activation.parameter));
    if (activation.kind != Kind::prelu) return std::nullopt;
    if (!activation.slopes) throwMismatch(where, fmt::format("{} slopes of PReLU", channels), "none");
    const TensorF slopes = activation.slopes->toFloat();
    if (slopes.count() == 1) return std::vector<float>(count, slopes[0]);
    requireCount(where, "slopes of PReLU", channels, slopes.values().size());
    return std::vector<float>(slopes.values().begin(), slopes.values().end());
}

/// y = epilogue(x); y may be x.
void Float32Engine::applyInPlace(const Float32Ptr& y, const Float32Ptr& x, const Epilogue& epilogue,
                                 const std::string& where) {
    static const Activation kNone{Kind::none, 0, {}};
    const Activation& activation = epilogue.activation ? *epilogue.activation : kNone;
    const MapLayout& layout = x->layout();
    const auto channels = static_cast<std::size_t>(layout.channels);
    const std::vector<float> scale =
        epilogue.affine ? rounded(epilogue.affine->scale) : std::vector(channels, 1.0f);
    const std::vector<float> shift =
        epilogue.affine ? rounded(epilogue.affine->shift) : std::vector(channels, 0.0f);
    const ChannelLanes scales(layout, scale), shifts(layout, shift);
    std::optional<ChannelLanes> slopes;
    if (const auto values = slopesOf(activation, layout.channels, where)) slopes.emplace(layout, *values);
    const Float32Ptr addend = epilogue.addend ? inBlock(asFloat32(epilogue.addend), layout.block) : nullptr;

    const std::optional<Pointwise> function = pointwiseOf(activation.kind);
    applyPointwise(m_isa, {layout, x->values(), addend ? addend->values() : nullptr, y->edit(), &scales,
                           &shifts, slopes ? &*slopes : nullptr, function.value_or(Pointwise::none)});
    if (!function) eltwiseInPlace(y, activation);
}

void Float32Engine::eltwiseInPlace(const Float32Ptr& y, const Activation& activation) {
    if (!y->isFinite()) { // one element at a time: NaN and infinity must come out as they should
        std::span<float> values(y->edit(), static_cast<std::size_t>(y->layout().floats()));
        std::ranges::transform(values, values.begin(),
                               [&](float v) { return activate(activation, 0.0f, v); });
        return;
    }
    translated("activation", [&] {
        // Flat, because the layout does not matter to it.
        const Desc flat({y->layout().floats()}, kFloat, Tag::a);
        dnnl::memory memory(flat, m_engine, y->edit());
        for (const Eltwise& e : eltwisesOf(activation)) {
            const dnnl::eltwise_forward::desc desc(dnnl::prop_kind::forward_inference, e.algorithm, flat,
                                                   e.alpha, e.beta);
            dnnl::eltwise_forward({desc, m_engine})
                .execute(m_stream, {{DNNL_ARG_SRC, memory}, {DNNL_ARG_DST, memory}});
        }
        m_stream.wait();
    });
}

MapPtr Float32Engine::apply(const MapPtr& x, const Epilogue& epilogue) {
    useEngineThreads();
    const Float32Ptr in = asFloat32(x);
    requireFits("apply", epilogue, x->shape());
    const Float32Ptr y = newMap(x->shape(), in->layout().block, in->isFinite() && staysFinite(epilogue));
    applyInPlace(y, in, epilogue, "apply");
    return y;
}

MapPtr Float32Engine::gate(const MapPtr& x, const MapPtr& factors) {
    useEngineThreads();
    const Float32Ptr in = asFloat32(x);
    const Shape wanted{x->shape()[0], x->shape()[1], 1, 1};
    if (factors->shape() != wanted)
        throwMismatch("gate", fmt::format("factors {}", toString(wanted)), toString(factors->shape()));
    const Float32Ptr plain = inBlock(asFloat32(factors), 1);
    const ChannelLanes scales(in->layout(), {plain->values(), static_cast<std::size_t>(countOf(wanted))});
    const ChannelLanes zeros(in->layout(), std::vector<float>(static_cast<std::size_t>(wanted[1])));
    const Float32Ptr y = newMap(x->shape(), in->layout().block, in->isFinite() && plain->isFinite());
    applyPointwise(
        m_isa, {in->layout(), in->values(), nullptr, y->edit(), &scales, &zeros, nullptr, Pointwise::none});
    return y;
}

// ---- statistics

Moments Float32Engine::moments(const MapPtr& x) {
    useEngineThreads();
    const Float32Ptr in = asFloat32(x);
    const MapLayout& layout = in->layout();
    std::vector<PlaneMoments> planes = planeMoments(m_isa, layout, in->values());
    const auto blocks = static_cast<std::size_t>(layout.blocks());
    for (std::size_t p = blocks; p < planes.size(); ++p)
        joinMoments(planes[p % blocks], planes[p]);

    Moments all;
    all.samples = layout.n * layout.pixels;
    for (std::int64_t c = 0; c < layout.channels; ++c) {
        const PlaneMoments& plane = planes[static_cast<std::size_t>(c / layout.block)];
        const auto lane = static_cast<std::size_t>(c % layout.block);
        all.mean.push_back(plane.mean[lane]);
        all.var.push_back(plane.squares[lane] / static_cast<double>(all.samples));
    }
    return all;
}

MapPtr Float32Engine::globalAverage(const MapPtr& x) {
    useEngineThreads();
    const Float32Ptr in = asFloat32(x);
    const std::vector<PlaneMoments> planes = planeMoments(m_isa, in->layout(), in->values());
    const Float32Ptr y = newMap({x->shape()[0], x->shape()[1], 1, 1}, in->layout().block, in->isFinite());
    float* to = y->edit();
    for (const PlaneMoments& plane : planes)
        to = std::ranges::transform(plane.mean, to, [](double v) { return static_cast<float>(v); }).out;
    return y;
}

// ---- pad, pool, concat

MapPtr Float32Engine::pad(const Padding& padding, std::span<const double> value, const MapPtr& x) {
    useEngineThreads();
    const Float32Ptr in = asFloat32(x);
    const Shape& s = x->shape();
    requireCount("pad", "border values", s[1], value.size());
    const Shape out{s[0], s[1], s[2] + padding.top + padding.bottom, s[3] + padding.left + padding.right};
    if (out[2] < 1 || out[3] < 1) throwMismatch("pad", "a map larger than what is cropped", toString(s));
    const Float32Ptr y = newMap(out, in->layout().block, in->isFinite() && allFinite(value));
    padPlanes(in->layout(), in->values(), s[2], s[3], padding, ChannelLanes(in->layout(), rounded(value)),
              y->edit());
    return y;
}

/// x without the pixels that a negative padding takes away.
Float32Ptr Float32Engine::cropped(const Float32Ptr& x, const Padding& p) {
    const auto negative = [](std::int64_t v) { return std::min(v, std::int64_t{0}); };
    const Padding crop{negative(p.top), negative(p.left), negative(p.bottom), negative(p.right)};
    if (crop.isZero()) return x;
    return asFloat32(pad(crop, std::vector<double>(static_cast<std::size_t>(x->shape()[1])), x));
}

Padding positivePart(const Padding& p) {
    const auto positive = [](std::int64_t v) { return std::max(v, std::int64_t{0}); };
    return {positive(p.top), positive(p.left), positive(p.bottom), positive(p.right)};
}

MapPtr Float32Engine::averagePool(const AvgPool& pool, const MapPtr& x) {
    useEngineThreads();
    const Shape out = outShapeOf(Expr{"average pool", pool}, x->shape());
    const Float32Ptr in = cropped(asFloat32(x), pool.padding);
    AvgPool rest = pool;
    rest.padding = positivePart(pool.padding);
    const Float32Ptr y = newMap(out, in->layout().block, in->isFinite());
    const Shape& s = in->shape();
    poolPlanes(in->layout(), in->values(), {s[2], s[3]}, rest, {out[2], out[3]}, y->edit());
    return y;
}

MapPtr Float32Engine::concat(std::span<const MapPtr> parts) {
    useEngineThreads();
    if (parts.empty()) throwMismatch("concat", "at least one part", "none");
    Shape out = parts.front()->shape();
    out[1] = 0;
    bool finite = true;
    for (const MapPtr& part : parts) {
        const Shape& s = part->shape();
        if (s[0] != out[0] || s[2] != out[2] || s[3] != out[3])
            throwMismatch("concat", fmt::format("parts like {}", toString(parts.front()->shape())),
                          toString(s));
        out[1] += s[1];
        finite = finite && asFloat32(part)->isFinite();
    }
    const Float32Ptr y = newMap(out, preferredBlock(out), finite);
    std::int64_t first = 0;
    for (const MapPtr& part : parts) {
        const Float32Ptr in = asFloat32(part);
        copyChannels(in->layout(), in->values(), y->layout(), y->edit(), first);
        first += part->shape()[1];
    }
    clearPadding(y->layout(), y->edit());
    return y;
}

// ---- convolve

using ConvDesc = dnnl::convolution_forward::primitive_desc;

/// oneDNN takes a convolution either way, but some combinations only by its reference or
/// matrix-multiplication code; both are worth avoiding, the former by orders of magnitude.
enum class Speed { reference, matrix, direct };
Speed speedOf(const ConvDesc& desc) {
    const std::string_view name = desc.impl_info_str();
    if (name.starts_with("ref")) return Speed::reference;
    return name.find("gemm") != std::string_view::npos ? Speed::matrix : Speed::direct;
}

dnnl::primitive_attr attributesOf(const std::vector<Eltwise>& activation) {
    dnnl::post_ops ops;
    for (const Eltwise& e : activation)
        ops.append_eltwise(1.0f, e.algorithm, e.alpha, e.beta);
    dnnl::primitive_attr attributes;
    attributes.set_post_ops(ops);
    attributes.set_fpmath_mode(dnnl::fpmath_mode::strict); // an environment variable could ask for bfloat16
    return attributes;
}

Desc weightsDesc(const Conv& conv, Tag tag, Tag groupedTag) {
    const Shape& w = conv.weight.shape();
    if (conv.groups == 1) return {{w[0], w[1], w[2], w[3]}, kFloat, tag};
    return {{conv.groups, w[0] / conv.groups, w[1], w[2], w[3]}, kFloat, groupedTag};
}

dnnl::convolution_forward::desc convDesc(const Conv& conv, const Desc& src, const Desc& dst) {
    const Padding p = positivePart(conv.padding);
    const Desc weights = weightsDesc(conv, Tag::any, Tag::any);
    const Desc bias = conv.bias ? Desc({conv.weight.shape()[0]}, kFloat, Tag::a) : Desc();
    return {dnnl::prop_kind::forward_inference,
            dnnl::algorithm::convolution_direct,
            src,
            weights,
            bias,
            dst,
            {conv.stride.h, conv.stride.w},
            {conv.dilation.h - 1, conv.dilation.w - 1}, // oneDNN counts the gaps
            {p.top, p.left},
            {p.bottom, p.right}};
}

ConvEntry& Float32Engine::entryOf(const ExprPtr& node, const Conv& conv) {
    if (const auto it = m_convs.find(node.get()); it != m_convs.end() && !it->second.node.expired())
        return it->second;
    std::erase_if(m_convs, [](const auto& item) { return item.second.node.expired(); });
    ConvEntry& entry = m_convs[node.get()];
    entry.node = node;
    if (conv.bias) {
        const TensorF bias = conv.bias->toFloat();
        requireCount(node->name, "bias values", conv.weight.shape()[0], bias.values().size());
        entry.bias = dnnl::memory({{bias.count()}, kFloat, Tag::a}, m_engine);
        std::ranges::copy(bias.values(), static_cast<float*>(entry.bias.get_data_handle()));
        entry.finite = allFinite(bias.values());
    }
    entry.finite = entry.finite && allFinite(conv.weight.toFloat().values());
    return entry;
}

dnnl::memory Float32Engine::weightsAs(ConvEntry& entry, const Conv& conv, const Desc& desc) {
    for (const PackedWeights& weights : entry.weights)
        if (weights.desc == desc) return weights.memory;
    TensorF values = conv.weight.toFloat();
    dnnl::memory plain(weightsDesc(conv, Tag::oihw, Tag::goihw), m_engine, values.edit().data());
    auto buffer = m_pool->take(static_cast<std::int64_t>(desc.get_size() / sizeof(float)));
    dnnl::memory packed(desc, m_engine, buffer.get());
    dnnl::reorder(plain, packed).execute(m_stream, plain, packed);
    m_stream.wait();
    entry.weights.push_back({desc, std::move(buffer), packed});
    return packed;
}

/// One way to run a convolution.
struct Candidate {
    ConvDesc desc;
    bool activates;
    std::int64_t srcBlock, dstBlock;
};

/// Tries to keep the input's layout and to fuse the activation, and gives up as little of both as leads to a
/// fast kernel; the layout first.
class ConvChooser {
public:
    ConvChooser(const Conv& conv, const ConvKey& key, const Shape& out, const dnnl::engine& engine)
        : m_conv(conv), m_key(key), m_out(out), m_engine(engine) {}

    Candidate choose() const;

private:
    std::optional<Candidate> tryOne(const Desc& src, const Desc& dst, bool activates) const;

    const Conv& m_conv;
    const ConvKey& m_key;
    const Shape& m_out;
    const dnnl::engine& m_engine;
};

std::optional<Candidate> ConvChooser::tryOne(const Desc& src, const Desc& dst, bool activates) const {
    const std::vector<Eltwise> activation =
        activates ? eltwisesOf({m_key.activation, m_key.parameter, {}}) : std::vector<Eltwise>();
    if (activates && activation.empty()) return std::nullopt;
    try {
        const ConvDesc desc(convDesc(m_conv, src, dst), attributesOf(activation), m_engine);
        const auto srcBlock = blockOf(desc.src_desc(), m_key.in), dstBlock = blockOf(desc.dst_desc(), m_out);
        if (!srcBlock || !dstBlock) return std::nullopt;
        return Candidate{desc, activates, *srcBlock, *dstBlock};
    } catch (const dnnl::error& e) {
        if (e.status != dnnl_unimplemented) throw;
        return std::nullopt;
    }
}

Candidate ConvChooser::choose() const {
    // NHWC in, NHWC out; a block stays the same block; after NCHW oneDNN decides.
    const std::int64_t block = m_key.inBlock, outBlock = block == m_key.in[1] ? m_out[1] : block;
    const Desc kept = descOf(m_key.in, block), any(Dims(m_key.in.begin(), m_key.in.end()), kFloat, Tag::any);
    const Desc anyOut(Dims(m_out.begin(), m_out.end()), kFloat, Tag::any);
    const Desc keptOut = block == 1 ? anyOut : descOf(m_out, outBlock);
    std::optional<Candidate> slow;
    for (const bool activates : {true, false})
        for (const auto& [src, dst] :
             {std::pair(kept, keptOut), std::pair(kept, anyOut), std::pair(any, anyOut)}) {
            const std::optional<Candidate> candidate = tryOne(src, dst, activates);
            if (!candidate) continue;
            if (speedOf(candidate->desc) == Speed::direct) return *candidate;
            // Without post-ops: neither slow way applies them well.
            if (!activates && (!slow || speedOf(candidate->desc) > speedOf(slow->desc))) slow = candidate;
        }
    if (!slow) throw Error(ErrorCode::internal, {"convolution", "a oneDNN kernel for it", "none", ""});
    return *slow;
}

PackedConv& Float32Engine::packedFor(ConvEntry& entry, const Conv& conv, const ConvKey& key,
                                     const Shape& out) {
    for (const auto& packed : entry.packed)
        if (packed->key == key) return *packed;
    const Candidate chosen = ConvChooser(conv, key, out, m_engine).choose();
    auto packed = std::make_unique<PackedConv>();
    packed->key = key;
    packed->primitive = dnnl::convolution_forward(chosen.desc);
    packed->srcBlock = chosen.srcBlock;
    packed->dstBlock = chosen.dstBlock;
    packed->activates = chosen.activates;
    packed->src = dnnl::memory(chosen.desc.src_desc(), m_engine, nullptr);
    packed->dst = dnnl::memory(chosen.desc.dst_desc(), m_engine, nullptr);
    packed->arguments = {{DNNL_ARG_SRC, packed->src},
                         {DNNL_ARG_DST, packed->dst},
                         {DNNL_ARG_WEIGHTS, weightsAs(entry, conv, chosen.desc.weights_desc())}};
    if (conv.bias) packed->arguments.emplace(DNNL_ARG_BIAS, entry.bias);
    entry.packed.push_back(std::move(packed));
    return *entry.packed.back();
}

Float32Ptr Float32Engine::run(PackedConv& packed, const Float32Ptr& x, const Shape& out, bool finite) {
    const Float32Ptr src = inBlock(x, packed.srcBlock);
    const Float32Ptr y = newMap(out, packed.dstBlock, finite);
    packed.src.set_data_handle(src->edit());
    packed.dst.set_data_handle(y->edit());
    packed.primitive.execute(m_stream, packed.arguments);
    m_stream.wait();
    return y;
}

// Only an activation that follows directly is left to the primitive. Affine and addend are one pass of our
// own loops: measured, oneDNN's binary and sum post-ops take longer than that pass, and they push some
// convolutions off its fast kernels.
MapPtr Float32Engine::convolve(const ExprPtr& node, const MapPtr& x, const Epilogue& epilogue) {
    useEngineThreads();
    const Conv* conv = std::get_if<Conv>(&node->op);
    if (!conv)
        throw Error(ErrorCode::internal, {node->name, "a convolution", std::string(kindOf(*node)), ""});
    const Shape out = outShapeOf(*node, x->shape());
    requireFits(node->name, epilogue, out);
    const Float32Ptr in = cropped(asFloat32(x), conv->padding);

    return translated(node->name, [&] {
        ConvEntry& entry = entryOf(node, *conv);
        const bool finite = in->isFinite() && entry.finite && staysFinite(epilogue);
        ConvKey key{in->shape(), in->layout().block, engineThreads(), Kind::none, 0};
        // oneDNN's ReLU makes 0 of NaN; ours does not, and nothing must hide a NaN.
        if (finite && epilogue.activation && !epilogue.affine && !epilogue.addend) {
            key.activation = epilogue.activation->kind;
            key.parameter = epilogue.activation->parameter;
        }
        PackedConv& packed = packedFor(entry, *conv, key, out);
        const Float32Ptr y = run(packed, in, out, finite);
        const bool more = epilogue.affine || epilogue.addend || (epilogue.activation && !packed.activates);
        if (more) applyInPlace(y, y, epilogue, node->name);
        return MapPtr(y);
    });
}

} // namespace

std::unique_ptr<Engine> makeFloat32Engine() {
    return std::make_unique<Float32Engine>();
}

std::string float32LibraryVersion() {
    const dnnl_version_t* v = dnnl_version();
    return fmt::format("{}.{}.{}", v->major, v->minor, v->patch);
}

std::string float32InstructionSet() {
    switch (dnnl::get_effective_cpu_isa()) {
    case dnnl::cpu_isa::sse41:
        return "SSE4.1";
    case dnnl::cpu_isa::avx:
        return "AVX";
    case dnnl::cpu_isa::avx2:
    case dnnl::cpu_isa::avx2_vnni:
        return "AVX2";
    case dnnl::cpu_isa::all:
        return "baseline"; // as oneDNN names none of its sets
    default:
        return "AVX-512";
    }
}

} // namespace rp
