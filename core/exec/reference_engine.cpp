// SPDX-License-Identifier: Apache-2.0
// The float64 reference engine. It defines the truth, so it is written for reading: convolution is im2col and a
// matrix product; everything else is the loop that its definition says. Work is cut into pieces whose size does
// not depend on the thread count, and no sum crosses a piece, so the bits do not either.
#include "core/base/error.h"
#include "core/exec/engine.h"
#include "core/exec/gemm_f64.h"
#include "core/exec/tensor_ops.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <omp.h>

namespace rp {
namespace {

constexpr std::int64_t kTileRows = 256;      ///< output channels per matrix product
constexpr std::int64_t kTileColumns = 256;   ///< output pixels per matrix product
constexpr std::int64_t kColumnBytes = 64 << 20; ///< im2col buffer

struct ReferenceMap final : Map {
    explicit ReferenceMap(TensorD tensor) : Map(tensor.shape()), values(std::move(tensor)) {}
    const TensorD values;
};

const TensorD& valuesOf(const MapPtr& map) { return static_cast<const ReferenceMap&>(*map).values; }
MapPtr make(TensorD tensor) { return std::make_shared<ReferenceMap>(std::move(tensor)); }

/// One convolution's geometry, and the plane of columns it multiplies with.
struct Geometry {
    std::int64_t n, ic, ih, iw, oc, oh, ow, kh, kw, groups;
    Extent stride, dilation;
    Padding padding;
    std::int64_t depth() const { return ic / groups * kh * kw; }
    std::int64_t pixels() const { return oh * ow; }
};

/// Row (i, y, x) of the columns of one group: the input value under that tap for pixels [first, first + count).
void fillRow(const Geometry& g, const double* input, std::int64_t row, std::int64_t first, std::int64_t count, double* to) {
    const std::int64_t x = row % g.kw, y = row / g.kw % g.kh, i = row / (g.kw * g.kh);
    const double* plane = input + i * g.ih * g.iw;
    std::int64_t oy = first / g.ow, ox = first % g.ow;
    for (std::int64_t p = 0; p < count; ++oy, ox = 0) {
        const std::int64_t run = std::min(g.ow - ox, count - p); // pixels of this output row
        const std::int64_t iy = oy * g.stride.h - g.padding.top + y * g.dilation.h;
        const bool rowInside = iy >= 0 && iy < g.ih;
        for (const std::int64_t end = p + run; p < end; ++p, ++ox) {
            const std::int64_t ix = ox * g.stride.w - g.padding.left + x * g.dilation.w;
            to[p] = rowInside && ix >= 0 && ix < g.iw ? plane[iy * g.iw + ix] : 0.0;
        }
    }
}

void multiplyTiles(const Geometry& g, const double* weights, const double* columns, std::int64_t columnStride,
                   std::int64_t count, double* out) {
    const std::int64_t rows = g.oc / g.groups;
    const std::int64_t rowTiles = (rows + kTileRows - 1) / kTileRows, columnTiles = (count + kTileColumns - 1) / kTileColumns;
    const GemmFunction multiply = gemmFunction();
#pragma omp parallel for collapse(2) schedule(dynamic)
    for (std::int64_t r = 0; r < rowTiles; ++r)
        for (std::int64_t c = 0; c < columnTiles; ++c) {
            const std::int64_t row = r * kTileRows, column = c * kTileColumns;
            multiply({weights + row * g.depth(), columns + column, out + row * g.pixels() + column,
                      std::min(kTileRows, rows - row), g.depth(), std::min(kTileColumns, count - column), g.depth(),
                      columnStride, g.pixels()});
        }
}

/// One group of one picture: columns in chunks that fit the buffer, then the products.
void convolveGroup(const Geometry& g, const double* input, const double* weights, double* out, std::vector<double>& buffer) {
    const bool isPlain = g.kh == 1 && g.kw == 1 && g.stride == Extent{1, 1} && g.padding.isZero();
    if (isPlain) return multiplyTiles(g, weights, input, g.pixels(), g.pixels(), out);
    const std::int64_t depth = g.depth();
    const std::int64_t fitting = kColumnBytes / static_cast<std::int64_t>(sizeof(double)) / depth / kTileColumns * kTileColumns;
    const std::int64_t chunk = std::min(g.pixels(), std::max(fitting, kTileColumns));
    buffer.resize(static_cast<std::size_t>(depth * chunk));
    for (std::int64_t first = 0; first < g.pixels(); first += chunk) {
        const std::int64_t count = std::min(chunk, g.pixels() - first);
#pragma omp parallel for schedule(static)
        for (std::int64_t row = 0; row < depth; ++row) fillRow(g, input, row, first, count, buffer.data() + row * count);
        multiplyTiles(g, weights, buffer.data(), count, count, out + first);
    }
}

/// Depthwise kernels have one row: a plain loop over taps is faster than a matrix product of one row.
void convolveDepthwise(const Geometry& g, const TensorD& x, const TensorD& w, std::span<double> out) {
    const std::int64_t perInput = g.oc / g.groups;
#pragma omp parallel for schedule(static)
    for (std::int64_t plane = 0; plane < g.n * g.oc; ++plane) {
        const std::int64_t o = plane % g.oc, image = plane / g.oc;
        const double* input = x.values().data() + (image * g.ic + o / perInput) * g.ih * g.iw;
        double* to = out.data() + plane * g.pixels();
        std::vector<double> row(static_cast<std::size_t>(g.pixels()));
        for (std::int64_t tap = 0; tap < g.kh * g.kw; ++tap) {
            fillRow(g, input, tap, 0, g.pixels(), row.data());
            const double weight = w[o * g.kh * g.kw + tap];
            for (std::int64_t p = 0; p < g.pixels(); ++p) to[p] += weight * row[static_cast<std::size_t>(p)];
        }
    }
}

class ReferenceEngine final : public Engine {
public:
    EngineKind kind() const override { return EngineKind::float64; }
    MapPtr load(const TensorD& values) override {
        omp_set_num_threads(engineThreads()); // of this thread; every run begins with a load
        return make(values);
    }
    TensorD read(const MapPtr& map) override { return valuesOf(map); }

    MapPtr convolve(const ExprPtr& expr, const MapPtr& x, const Epilogue& epilogue) override;
    MapPtr apply(const MapPtr& x, const Epilogue& epilogue) override {
        TensorD values = valuesOf(x);
        finish(values, epilogue);
        return make(std::move(values));
    }
    Moments moments(const MapPtr& x) override;
    MapPtr averagePool(const AvgPool& pool, const MapPtr& x) override;
    MapPtr pad(const Padding& padding, std::span<const double> value, const MapPtr& x) override;
    MapPtr concat(std::span<const MapPtr> parts) override;
    MapPtr globalAverage(const MapPtr& x) override;
    MapPtr gate(const MapPtr& x, const MapPtr& factors) override;
    MapPtr evaluate(const Operation& operation, std::span<const MapPtr> inputs) override {
        std::vector<TensorD> values;
        for (const MapPtr& input : inputs) values.push_back(valuesOf(input));
        return make(rp::evaluate<double>(operation, values));
    }

private:
    static void finish(TensorD& values, const Epilogue& epilogue);

    std::vector<double> m_columns;
};

MapPtr ReferenceEngine::convolve(const ExprPtr& expr, const MapPtr& map, const Epilogue& epilogue) {
    const auto& conv = std::get<Conv>(expr->op);
    const TensorD& x = valuesOf(map);
    const Shape out = outShapeOf(*expr, x.shape()); // checks that everything fits
    // Converted on every call: float64 copies of all weights of a large network would be gigabytes.
    const TensorD weight = conv.weight.toDouble(), bias = conv.bias ? conv.bias->toDouble() : TensorD();
    const Geometry g{out[0], x.size(1), x.size(2), x.size(3), out[1], out[2], out[3], weight.size(2), weight.size(3),
                     conv.groups, conv.stride, conv.dilation, conv.padding};
    TensorD result(out);
    const std::span<double> y = result.edit();
    const std::int64_t groupIn = g.ic / g.groups * g.ih * g.iw, groupOut = g.oc / g.groups * g.pixels();
    if (g.groups > 1 && g.ic == g.groups)
        convolveDepthwise(g, x, weight, y);
    else
        for (std::int64_t i = 0; i < g.n * g.groups; ++i)
            convolveGroup(g, x.values().data() + i * groupIn, weight.values().data() + i % g.groups * (g.oc / g.groups) * g.depth(),
                          y.data() + i * groupOut, m_columns);
    if (!bias.isEmpty()) {
        const ChannelAffine shift{std::vector<double>(bias.values().size(), 1.0), {bias.values().begin(), bias.values().end()}};
        finish(result, {&shift, nullptr, nullptr});
    }
    finish(result, epilogue);
    return make(std::move(result));
}

void ReferenceEngine::finish(TensorD& values, const Epilogue& epilogue) {
    if (!epilogue.affine && !epilogue.addend && !epilogue.activation) return;
    const Shape shape = values.shape();
    // Of maps that are no feature maps, axis 1 holds the channels; a vector has one.
    const std::int64_t channels = shape.size() < 2 ? 1 : shape[1], planes = shape.size() < 2 ? 1 : shape[0] * channels;
    const std::int64_t area = values.count() / std::max<std::int64_t>(planes, 1);
    if (epilogue.addend && epilogue.addend->shape() != shape)
        throw Error(ErrorCode::shapeMismatch, {"sum", toString(shape), toString(epilogue.addend->shape()), ""});
    const double* addend = epilogue.addend ? valuesOf(epilogue.addend).values().data() : nullptr;
    const Activation* act = epilogue.activation;
    const TensorD slopes = act && act->slopes ? act->slopes->toDouble() : TensorD();
    const std::span<double> y = values.edit();
#pragma omp parallel for schedule(static)
    for (std::int64_t plane = 0; plane < planes; ++plane) {
        const auto c = static_cast<std::size_t>(plane % channels);
        const double slope = slopes.isEmpty() ? 0.0 : slopes.values()[slopes.count() == 1 ? 0 : c];
        for (std::int64_t i = plane * area; i < (plane + 1) * area; ++i) {
            double& v = y[static_cast<std::size_t>(i)];
            if (epilogue.affine) v = epilogue.affine->scale[c] * v + epilogue.affine->shift[c];
            if (addend) v += addend[i];
            if (act) v = activate(*act, slope, v);
        }
    }
}

Moments ReferenceEngine::moments(const MapPtr& map) {
    const TensorD& x = valuesOf(map);
    const std::int64_t n = x.size(0), channels = x.size(1), area = x.size(2) * x.size(3);
    Moments m{std::vector<double>(static_cast<std::size_t>(channels)), std::vector<double>(static_cast<std::size_t>(channels)), n * area};
    auto sumOver = [&](std::int64_t c, auto term) {
        double sum = 0;
        for (std::int64_t i = 0; i < n; ++i)
            for (std::int64_t p = 0; p < area; ++p) sum += term(x[(i * channels + c) * area + p]);
        return sum / static_cast<double>(n * area);
    };
#pragma omp parallel for schedule(static)
    for (std::int64_t c = 0; c < channels; ++c) {
        const double mean = sumOver(c, [](double v) { return v; });
        m.mean[static_cast<std::size_t>(c)] = mean;
        m.var[static_cast<std::size_t>(c)] = sumOver(c, [mean](double v) { return (v - mean) * (v - mean); });
    }
    return m;
}

MapPtr ReferenceEngine::averagePool(const AvgPool& pool, const MapPtr& map) {
    const TensorD& x = valuesOf(map);
    const Shape out = outShapeOf(*makeExpr("average pool", pool), x.shape());
    TensorD result(out);
    const std::span<double> y = result.edit();
    const std::int64_t ih = x.size(2), iw = x.size(3);
    const Padding& p = pool.padding;
#pragma omp parallel for schedule(static)
    for (std::int64_t plane = 0; plane < out[0] * out[1]; ++plane)
        for (std::int64_t oy = 0; oy < out[2]; ++oy)
            for (std::int64_t ox = 0; ox < out[3]; ++ox) {
                // The window is clipped to the padded input (ceil mode), and counts it or only the input.
                const std::int64_t y0 = oy * pool.stride.h - p.top, x0 = ox * pool.stride.w - p.left;
                const std::int64_t y1 = std::min(y0 + pool.kernel.h, ih + p.bottom), x1 = std::min(x0 + pool.kernel.w, iw + p.right);
                double sum = 0;
                std::int64_t inside = 0;
                for (std::int64_t iy = std::max<std::int64_t>(y0, 0); iy < std::min(y1, ih); ++iy)
                    for (std::int64_t ix = std::max<std::int64_t>(x0, 0); ix < std::min(x1, iw); ++ix, ++inside)
                        sum += x[(plane * ih + iy) * iw + ix];
                const std::int64_t counted = pool.countsPadding ? (y1 - y0) * (x1 - x0) : inside;
                y[static_cast<std::size_t>((plane * out[2] + oy) * out[3] + ox)] = sum / static_cast<double>(counted);
            }
    return make(std::move(result));
}

MapPtr ReferenceEngine::pad(const Padding& padding, std::span<const double> value, const MapPtr& map) {
    const TensorD& x = valuesOf(map);
    const Shape out = outShapeOf(*makeExpr("constant pad", ConstantPad{padding, {}}), x.shape());
    if (value.size() != static_cast<std::size_t>(x.size(1)))
        throw Error(ErrorCode::shapeMismatch, {"constant pad", fmt::format("{} values", x.size(1)), fmt::format("{}", value.size()), ""});
    TensorD result(out);
    const std::span<double> y = result.edit();
    for (std::int64_t plane = 0; plane < out[0] * out[1]; ++plane)
        for (std::int64_t oy = 0; oy < out[2]; ++oy)
            for (std::int64_t ox = 0; ox < out[3]; ++ox) {
                const std::int64_t iy = oy - padding.top, ix = ox - padding.left;
                const bool inside = iy >= 0 && iy < x.size(2) && ix >= 0 && ix < x.size(3);
                y[static_cast<std::size_t>((plane * out[2] + oy) * out[3] + ox)] =
                    inside ? x[(plane * x.size(2) + iy) * x.size(3) + ix] : value[static_cast<std::size_t>(plane % out[1])];
            }
    return make(std::move(result));
}

MapPtr ReferenceEngine::concat(std::span<const MapPtr> parts) {
    Shape out = parts.front()->shape();
    for (const MapPtr& part : parts.subspan(1)) out[1] += part->shape()[1];
    std::vector<double> values;
    values.reserve(static_cast<std::size_t>(countOf(out)));
    for (std::int64_t image = 0; image < out[0]; ++image)
        for (const MapPtr& part : parts) {
            const std::int64_t size = countOf(part->shape()) / out[0];
            const double* from = valuesOf(part).values().data() + image * size;
            values.insert(values.end(), from, from + size);
        }
    return make(TensorD(std::move(out), std::move(values)));
}

MapPtr ReferenceEngine::globalAverage(const MapPtr& map) {
    const TensorD& x = valuesOf(map);
    const std::int64_t planes = x.size(0) * x.size(1), area = x.size(2) * x.size(3);
    TensorD result(Shape{x.size(0), x.size(1), 1, 1});
    const std::span<double> y = result.edit();
    for (std::int64_t plane = 0; plane < planes; ++plane) {
        double sum = 0;
        for (std::int64_t p = 0; p < area; ++p) sum += x[plane * area + p];
        y[static_cast<std::size_t>(plane)] = sum / static_cast<double>(area);
    }
    return make(std::move(result));
}

MapPtr ReferenceEngine::gate(const MapPtr& map, const MapPtr& factors) {
    TensorD values = valuesOf(map);
    const std::int64_t area = values.size(2) * values.size(3);
    const TensorD& f = valuesOf(factors);
    const std::span<double> y = values.edit();
    for (std::int64_t plane = 0; plane < f.count(); ++plane)
        for (std::int64_t p = 0; p < area; ++p) y[static_cast<std::size_t>(plane * area + p)] *= f[plane];
    return make(std::move(values));
}

} // namespace

std::unique_ptr<Engine> makeReferenceEngine() { return std::make_unique<ReferenceEngine>(); }

} // namespace rp
