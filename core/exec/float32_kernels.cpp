// SPDX-License-Identifier: Apache-2.0
#include "core/exec/float32_kernels.h"

#include <algorithm>
#include <cstring>
#include <numeric>

#if defined(__x86_64__)
#define RP_TARGET_AVX2 __attribute__((target("avx2")))
#define RP_TARGET_AVX512 __attribute__((target("avx512f")))
#else
#define RP_TARGET_AVX2
#define RP_TARGET_AVX512
#endif

namespace rp {
namespace {

/// Below this many elements a loop is done sooner than other threads are woken.
constexpr std::int64_t kWorthThreads = std::int64_t{1} << 16;
/// Elements that one thread takes at a time: small enough to balance, large enough not to be noticed.
constexpr std::int64_t kTaskFloats = std::int64_t{1} << 14;

// ---- pointwise

struct Span {
    const float* x;
    const float* addend;
    float* y;
    std::int64_t count;
    const float* scale;
    const float* shift;
    const float* slope;
    std::int64_t period;
};

template<Pointwise function>
[[gnu::always_inline]] inline float evaluate(float v, [[maybe_unused]] float slope) {
    // Comparisons are written so that NaN passes through.
    if constexpr (function == Pointwise::relu) return v < 0.0f ? 0.0f : v;
    if constexpr (function == Pointwise::relu6) return v < 0.0f ? 0.0f : v > 6.0f ? 6.0f : v;
    if constexpr (function == Pointwise::slope) return v < 0.0f ? slope * v : v;
    if constexpr (function == Pointwise::hardswish) {
        const float t = v + 3.0f;
        return v * (t < 0.0f ? 0.0f : t > 6.0f ? 6.0f : t) / 6.0f;
    }
    if constexpr (function == Pointwise::hardsigmoid) {
        const float t = v + 3.0f;
        return (t < 0.0f ? 0.0f : t > 6.0f ? 6.0f : t) / 6.0f;
    }
    return v;
}

template<Pointwise function, bool adds>
[[gnu::always_inline]] inline void applySpan(const Span& s) {
    for (std::int64_t i = 0; i < s.count; i += s.period) {
        const std::int64_t lanes = std::min(s.period, s.count - i);
        const float* x = s.x + i;
        const float* addend = adds ? s.addend + i : nullptr;
        float* y = s.y + i;
#pragma omp simd
        for (std::int64_t l = 0; l < lanes; ++l) {
            float v = x[l] * s.scale[l] + s.shift[l];
            if constexpr (adds) v += addend[l];
            y[l] = evaluate<function>(v, s.slope[l]);
        }
    }
}

using SpanFunction = void (*)(const Span&);

template<Pointwise function, bool adds>
void applyBaseline(const Span& s) {
    applySpan<function, adds>(s);
}
template<Pointwise function, bool adds>
RP_TARGET_AVX2 void applyAvx2(const Span& s) {
    applySpan<function, adds>(s);
}
template<Pointwise function, bool adds>
RP_TARGET_AVX512 void applyAvx512(const Span& s) {
    applySpan<function, adds>(s);
}

template<Pointwise function, bool adds>
SpanFunction spanFunction(VectorIsa isa) {
    switch (isa) {
    case VectorIsa::avx512:
        return applyAvx512<function, adds>;
    case VectorIsa::avx2:
        return applyAvx2<function, adds>;
    case VectorIsa::baseline:
        break;
    }
    return applyBaseline<function, adds>;
}

template<Pointwise function>
SpanFunction spanFunction(VectorIsa isa, bool adds) {
    return adds ? spanFunction<function, true>(isa) : spanFunction<function, false>(isa);
}

SpanFunction spanFunction(VectorIsa isa, Pointwise function, bool adds) {
    switch (function) {
    case Pointwise::relu:
        return spanFunction<Pointwise::relu>(isa, adds);
    case Pointwise::relu6:
        return spanFunction<Pointwise::relu6>(isa, adds);
    case Pointwise::slope:
        return spanFunction<Pointwise::slope>(isa, adds);
    case Pointwise::hardswish:
        return spanFunction<Pointwise::hardswish>(isa, adds);
    case Pointwise::hardsigmoid:
        return spanFunction<Pointwise::hardsigmoid>(isa, adds);
    case Pointwise::none:
        break;
    }
    return spanFunction<Pointwise::none>(isa, adds);
}

/// Cuts each plane into tasks of whole periods and runs `body(plane, offset, count)` for all of them.
template<class Body>
void forTasks(const MapLayout& layout, std::int64_t period, const Body& body) {
    const std::int64_t size = layout.planeFloats();
    const std::int64_t step = std::max(kTaskFloats / period, std::int64_t{1}) * period;
    const std::int64_t perPlane = (size + step - 1) / step, tasks = layout.planes() * perPlane;
#pragma omp parallel for schedule(static) if (layout.floats() >= kWorthThreads)
    for (std::int64_t t = 0; t < tasks; ++t) {
        const std::int64_t plane = t / perPlane, offset = t % perPlane * step;
        body(plane, plane * size + offset, std::min(step, size - offset));
    }
}

// ---- moments

struct Chunk {
    const float* x;
    std::int64_t pixels, block, period;
    double* lanes;   ///< scratch, 2 period entries
    double* mean;    ///< out, block entries
    double* squares; ///< out, block entries
};

[[gnu::always_inline]] inline void foldLanes(const Chunk& c, double* to) {
    std::fill_n(to, c.block, 0.0);
    for (std::int64_t l = 0; l < c.period; l += c.block)
        for (std::int64_t k = 0; k < c.block; ++k)
            to[k] += c.lanes[l + k];
}

/// Adds up each lane over the rows of a chunk: values, or squared differences from the lane's mean. Four rows
/// at a time, so that the sums are loaded and stored a quarter as often.
template<bool squares>
[[gnu::always_inline]] inline void sumLanes(const Chunk& c, const double* mean) {
    const std::int64_t count = c.pixels * c.block, fourRows = 4 * c.period;
    const auto term = [mean](const float* x, std::int64_t l) {
        const double v = static_cast<double>(x[l]);
        if constexpr (!squares) return v;
        return (v - mean[l]) * (v - mean[l]);
    };
    double* sums = c.lanes;
    std::fill_n(sums, c.period, 0.0);
    std::int64_t i = 0;
    for (; i + fourRows <= count; i += fourRows) {
        const float *a = c.x + i, *b = a + c.period, *d = b + c.period, *e = d + c.period;
#pragma omp simd
        for (std::int64_t l = 0; l < c.period; ++l)
            sums[l] += (term(a, l) + term(b, l)) + (term(d, l) + term(e, l));
    }
    for (; i < count; i += c.period) {
        const std::int64_t width = std::min(c.period, count - i);
#pragma omp simd
        for (std::int64_t l = 0; l < width; ++l)
            sums[l] += term(c.x + i, l);
    }
}

/// Two passes over a chunk that stays in the first-level cache.
[[gnu::always_inline]] inline void chunkMoments(const Chunk& c) {
    double* mean = c.lanes + c.period;
    sumLanes<false>(c, mean);
    foldLanes(c, c.mean);
    for (std::int64_t k = 0; k < c.block; ++k)
        c.mean[k] /= static_cast<double>(c.pixels);
    for (std::int64_t l = 0; l < c.period; l += c.block)
        std::copy_n(c.mean, c.block, mean + l);
    sumLanes<true>(c, mean);
    foldLanes(c, c.squares);
}

void chunkBaseline(const Chunk& c) {
    chunkMoments(c);
}
RP_TARGET_AVX2 void chunkAvx2(const Chunk& c) {
    chunkMoments(c);
}
RP_TARGET_AVX512 void chunkAvx512(const Chunk& c) {
    chunkMoments(c);
}

auto chunkFunction(VectorIsa isa) {
    return isa == VectorIsa::avx512 ? chunkAvx512 : isa == VectorIsa::avx2 ? chunkAvx2 : chunkBaseline;
}

/// A multiple of `block` that keeps vector registers full.
std::int64_t periodOf(std::int64_t block) {
    constexpr std::int64_t kVector = 16, kEnough = 128;
    const std::int64_t whole = std::lcm(block, kVector);
    if (whole > 4 * kEnough) return block;
    return (kEnough + whole - 1) / whole * whole;
}

} // namespace

ChannelLanes::ChannelLanes(const MapLayout& layout, std::span<const float> values)
    : m_period(periodOf(layout.block)),
      m_planes(static_cast<std::int64_t>(values.size()) / layout.channels * layout.blocks()) {
    m_lanes.resize(static_cast<std::size_t>(m_planes * m_period));
    for (std::int64_t p = 0; p < m_planes; ++p) {
        const std::int64_t b = p % layout.blocks(), lanes = layout.channelsIn(b);
        const float* from = values.data() + p / layout.blocks() * layout.channels + b * layout.block;
        float* to = m_lanes.data() + p * m_period;
        for (std::int64_t l = 0; l < m_period; l += layout.block)
            std::copy_n(from, lanes, to + l);
    }
}

void applyPointwise(VectorIsa isa, const PointwiseCall& call) {
    const SpanFunction run = spanFunction(isa, call.function, call.addend != nullptr);
    const ChannelLanes& slopes = call.slope ? *call.slope : *call.scale;
    forTasks(call.layout, call.scale->period(),
             [&](std::int64_t plane, std::int64_t offset, std::int64_t count) {
                 run({call.x + offset, call.addend ? call.addend + offset : nullptr, call.y + offset, count,
                      call.scale->of(plane), call.shift->of(plane), slopes.of(plane), call.scale->period()});
             });
}

void joinMoments(PlaneMoments& all, const PlaneMoments& more) {
    if (all.samples == 0) {
        all = more;
        return;
    }
    const auto na = static_cast<double>(all.samples), nb = static_cast<double>(more.samples), n = na + nb;
    for (std::size_t k = 0; k < all.mean.size(); ++k) {
        const double delta = more.mean[k] - all.mean[k];
        all.mean[k] += delta * (nb / n);
        all.squares[k] += more.squares[k] + delta * delta * (na * nb / n);
    }
    all.samples += more.samples;
}

std::vector<PlaneMoments> planeMoments(VectorIsa isa, const MapLayout& layout, const float* x) {
    const std::int64_t block = layout.block, period = periodOf(block);
    const std::int64_t step = std::max(kTaskFloats / 2 / period, std::int64_t{1}) * (period / block);
    const std::int64_t perPlane = (layout.pixels + step - 1) / step, chunks = layout.planes() * perPlane;
    std::vector<PlaneMoments> parts(static_cast<std::size_t>(chunks));
    const auto run = chunkFunction(isa);
#pragma omp parallel for schedule(static) if (layout.floats() >= kWorthThreads)
    for (std::int64_t t = 0; t < chunks; ++t) {
        const std::int64_t first = t % perPlane * step;
        PlaneMoments& part = parts[static_cast<std::size_t>(t)];
        part.samples = std::min(step, layout.pixels - first);
        part.mean.resize(static_cast<std::size_t>(block));
        part.squares.resize(static_cast<std::size_t>(block));
        std::vector<double> lanes(static_cast<std::size_t>(2 * period)); // sums, means
        run({x + t / perPlane * layout.planeFloats() + first * block, part.samples, block, period,
             lanes.data(), part.mean.data(), part.squares.data()});
    }
    std::vector<PlaneMoments> planes(static_cast<std::size_t>(layout.planes()));
    for (std::int64_t t = 0; t < chunks; ++t)
        joinMoments(planes[static_cast<std::size_t>(t / perPlane)], parts[static_cast<std::size_t>(t)]);
    return planes;
}

void copyChannels(const MapLayout& from, const float* x, const MapLayout& to, float* y,
                  std::int64_t firstChannel) {
    // A run is a group of channels that lie side by side in both layouts.
    struct Run {
        std::int64_t from, to, length;
    };
    std::vector<Run> runs;
    for (std::int64_t i = 0; i < from.n; ++i)
        for (std::int64_t c = 0; c < from.channels;) {
            const std::int64_t d = firstChannel + c;
            const std::int64_t length =
                std::min({from.channels - c, from.block - c % from.block, to.block - d % to.block});
            runs.push_back({from.offsetOf(i, c), to.offsetOf(i, d), length});
            c += length;
        }
    const auto count = static_cast<std::int64_t>(runs.size());
#pragma omp parallel for schedule(static) if (from.floats() >= kWorthThreads)
    for (std::int64_t r = 0; r < count; ++r) {
        const Run run = runs[static_cast<std::size_t>(r)];
        if (run.length == from.block && run.length == to.block) {
            std::copy_n(x + run.from, run.length * from.pixels, y + run.to);
            continue;
        }
        for (std::int64_t p = 0; p < from.pixels; ++p)
            std::copy_n(x + run.from + p * from.block, run.length, y + run.to + p * to.block);
    }
}

void clearPadding(const MapLayout& layout, float* y) {
    if (!layout.isPadded()) return;
    const std::int64_t used = layout.channelsIn(layout.blocks() - 1);
    for (std::int64_t i = 0; i < layout.n; ++i) {
        float* plane = y + (i * layout.blocks() + layout.blocks() - 1) * layout.planeFloats();
        for (std::int64_t p = 0; p < layout.pixels; ++p)
            std::fill_n(plane + p * layout.block + used, layout.block - used, 0.0f);
    }
}

void padPlanes(const MapLayout& from, const float* x, std::int64_t h, std::int64_t w, const Padding& padding,
               const ChannelLanes& value, float* y) {
    const std::int64_t b = from.block;
    const std::int64_t oh = h + padding.top + padding.bottom, ow = w + padding.left + padding.right;
    const std::int64_t left =
        std::clamp(padding.left, std::int64_t{0}, ow);               // border pixels at each row's start
    const std::int64_t end = std::clamp(w + padding.left, left, ow); // … and first one behind the picture
#pragma omp parallel for schedule(static) if (from.planes() * oh * ow * b >= kWorthThreads)
    for (std::int64_t row = 0; row < from.planes() * oh; ++row) {
        const std::int64_t plane = row / oh, r = row % oh - padding.top;
        const bool inside = r >= 0 && r < h;
        float* to = y + row * ow * b;
        const auto border = [&](std::int64_t first, std::int64_t last) {
            for (std::int64_t p = first; p < last; ++p)
                std::copy_n(value.of(plane), b, to + p * b);
        };
        border(0, inside ? left : ow);
        if (!inside) continue;
        std::copy_n(x + ((plane * h + r) * w + left - padding.left) * b, (end - left) * b, to + left * b);
        border(end, ow);
    }
}

namespace {

/// One axis of a pooling window: the input it covers, and its length with the padding that counts.
struct Window {
    std::int64_t first, last, padded;
};
Window windowAt(std::int64_t out, std::int64_t in, std::int64_t k, std::int64_t s, std::int64_t before,
                std::int64_t after) {
    const std::int64_t start = out * s - before, end = std::min(start + k, in + after);
    return {std::max(start, std::int64_t{0}), std::min(end, in), end - start};
}

} // namespace

void poolPlanes(const MapLayout& from, const float* x, Extent inSize, const AvgPool& pool, Extent outSize,
                float* y) {
    const std::int64_t b = from.block;
    const Padding& p = pool.padding;
#pragma omp parallel for schedule(static) if (from.floats() >= kWorthThreads)
    for (std::int64_t row = 0; row < from.planes() * outSize.h; ++row) {
        const float* plane = x + row / outSize.h * from.planeFloats();
        const Window v = windowAt(row % outSize.h, inSize.h, pool.kernel.h, pool.stride.h, p.top, p.bottom);
        for (std::int64_t ox = 0; ox < outSize.w; ++ox) {
            const Window u = windowAt(ox, inSize.w, pool.kernel.w, pool.stride.w, p.left, p.right);
            float* to = y + (row * outSize.w + ox) * b;
            std::fill_n(to, b, 0.0f);
            for (std::int64_t r = v.first; r < v.last; ++r)
                for (std::int64_t c = u.first; c < u.last; ++c)
                    for (std::int64_t l = 0; l < b; ++l)
                        to[l] += plane[(r * inSize.w + c) * b + l];
            const std::int64_t covered =
                std::max(v.last - v.first, std::int64_t{0}) * std::max(u.last - u.first, std::int64_t{0});
            const auto divisor = static_cast<float>(pool.countsPadding ? v.padded * u.padded : covered);
            for (std::int64_t l = 0; l < b && covered > 0; ++l)
                to[l] /= divisor;
        }
    }
}

} // namespace rp
