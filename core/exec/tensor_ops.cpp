// SPDX-License-Identifier: Apache-2.0
#include "core/exec/tensor_ops.h"

#include "core/base/error.h"
#include "core/exec/resample.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>

#include <fmt/format.h>

namespace rp {
namespace {

/// Elements to go on one step along each axis, row-major.
Shape stridesOf(const Shape& shape) {
    Shape strides(shape.size(), 1);
    for (std::size_t a = shape.size(); a-- > 1;) strides[a - 1] = strides[a] * shape[a];
    return strides;
}

/// Strides of `shape` seen as `wide`: 0 along axes that are broadcast.
Shape broadcastStrides(const Shape& shape, const Shape& wide) {
    const Shape own = stridesOf(shape);
    Shape strides(wide.size(), 0);
    const std::size_t lead = wide.size() - shape.size();
    for (std::size_t a = 0; a < shape.size(); ++a) strides[lead + a] = shape[a] == 1 ? 0 : own[a];
    return strides;
}

/// Walks `shape` in row-major order and keeps, for each set of strides, the offset of the current element.
template<std::size_t n>
class Odometer {
public:
    Odometer(const Shape& shape, std::array<Shape, n> strides, std::array<std::int64_t, n> start = {})
        : m_shape(shape), m_strides(std::move(strides)), m_position(shape.size(), 0), m_offsets(start) {}
    std::int64_t offset(std::size_t which) const { return m_offsets[which]; }
    void next() {
        for (std::size_t a = m_shape.size(); a-- > 0;) {
            for (std::size_t i = 0; i < n; ++i) m_offsets[i] += m_strides[i][a];
            if (++m_position[a] < m_shape[a]) return;
            for (std::size_t i = 0; i < n; ++i) m_offsets[i] -= m_strides[i][a] * m_shape[a];
            m_position[a] = 0;
        }
    }

private:
    const Shape& m_shape;
    std::array<Shape, n> m_strides;
    Shape m_position;
    std::array<std::int64_t, n> m_offsets;
};

template<class T>
T unary(const Unary& u, T x) {
    using Kind = Unary::Kind;
    switch (u.kind) {
    case Kind::abs: return std::abs(x);
    case Kind::sqrt: return std::sqrt(x);
    case Kind::exp: return std::exp(x);
    case Kind::log: return std::log(x);
    case Kind::erf: return std::erf(x);
    case Kind::reciprocal: return 1 / x;
    case Kind::negate: return -x;
    case Kind::floor: return std::floor(x);
    case Kind::ceil: return std::ceil(x);
    case Kind::round: return std::nearbyint(x); // ties to even, as ONNX says
    case Kind::softplus: return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x));
    case Kind::clip: break;
    }
    return std::isnan(x) ? x : std::min(std::max(x, static_cast<T>(u.low)), static_cast<T>(u.high));
}

template<class T>
T binary(Binary::Kind kind, T a, T b) {
    using Kind = Binary::Kind;
    switch (kind) {
    case Kind::add: return a + b;
    case Kind::subtract: return a - b;
    case Kind::multiply: return a * b;
    case Kind::divide: return a / b;
    case Kind::power: return std::pow(a, b);
    case Kind::minimum: return std::isnan(a) || b > a ? a : b;
    case Kind::maximum: break;
    }
    return std::isnan(a) || b < a ? a : b;
}

template<class T>
struct Evaluator {
    using In = Tensor<T>;
    const Operation& operation;
    std::span<const In> in;
    const Shape shape; ///< of the result

    const In& x() const { return in.front(); }
    std::size_t axis(std::int64_t a) const { return axisOf(a, x().shape().size(), operation.name); }
    static In numbers(const Param& param) {
        if constexpr (std::is_same_v<T, float>)
            return param.toFloat();
        else
            return param.toDouble();
    }

    template<class Function>
    In mapped(Function function) const {
        In out(shape);
        std::ranges::transform(x().values(), out.edit().begin(), function);
        return out;
    }
    /// Element by element from the input at `start` plus the position times `strides`.
    In gathered(const Shape& strides, std::int64_t start = 0) const {
        In out(shape);
        Odometer<1> walk(shape, {strides}, {start});
        for (T& v : out.edit()) {
            v = x()[walk.offset(0)];
            walk.next();
        }
        return out;
    }

    In operator()(const Activation& activation) const {
        if (!activation.slopes) return mapped([&](T v) { return activate(activation, T(0), v); });
        const In slopes = numbers(*activation.slopes);
        const std::int64_t channels = slopes.count();
        const std::int64_t inner = shape.size() < 2 ? 1 : countOf(shape) / std::max<std::int64_t>(1, shape[0] * shape[1]);
        In out(shape);
        const std::span<T> y = out.edit();
        for (std::int64_t i = 0; i < out.count(); ++i)
            y[static_cast<std::size_t>(i)] = activate(activation, slopes[channels == 1 ? 0 : i / inner % channels], x()[i]);
        return out;
    }
    In operator()(const SqueezeExcite&) const {
        throw Error(ErrorCode::internal, {operation.name, "an operation on dense tensors", "squeeze and excitation", ""});
    }
    In operator()(const Scale&) const {
        throw Error(ErrorCode::internal, {operation.name, "an operation on dense tensors", "a scale per channel", ""});
    }
    In operator()(const GlobalAveragePool&) const { return (*this)(Reduce{Reduce::Kind::mean, {2, 3}, true}); }
    In operator()(const Unary& u) const {
        return mapped([&](T v) { return unary(u, v); });
    }
    In operator()(const Constant& constant) const { return numbers(constant.value); }
    In operator()(const Binary& b) const {
        In out(shape);
        Odometer<2> walk(shape, {broadcastStrides(in[0].shape(), shape), broadcastStrides(in[1].shape(), shape)});
        for (T& v : out.edit()) {
            v = binary(b.kind, in[0][walk.offset(0)], in[1][walk.offset(1)]);
            walk.next();
        }
        return out;
    }
    In operator()(const Concatenate& concat) const {
        const std::size_t along = axis(concat.axis);
        std::int64_t outer = 1;
        for (std::size_t a = 0; a < along; ++a) outer *= shape[a];
        std::vector<T> values;
        values.reserve(static_cast<std::size_t>(countOf(shape)));
        for (std::int64_t o = 0; o < outer; ++o)
            for (const In& part : in) {
                const std::int64_t run = part.count() / outer;
                const T* from = part.values().data() + o * run;
                values.insert(values.end(), from, from + run);
            }
        return In(shape, std::move(values));
    }
    /// The map as [n, …] of six axes, gathered in another order, is the result.
    In rearranged(const Shape& six, const std::array<std::size_t, 6>& order) const {
        const Shape from = stridesOf(six);
        Shape wide(6), strides(6);
        for (std::size_t a = 0; a < 6; ++a) {
            wide[a] = six[order[a]];
            strides[a] = from[order[a]];
        }
        In out(shape);
        Odometer<1> walk(wide, {strides});
        for (T& v : out.edit()) {
            v = x()[walk.offset(0)];
            walk.next();
        }
        return out;
    }
    In operator()(const DepthToSpace& d) const {
        const Shape& s = x().shape();
        const std::int64_t r = d.block, c = s[1] / (r * r);
        if (d.channelFirst) return rearranged({s[0], c, r, r, s[2], s[3]}, {0, 1, 4, 2, 5, 3});
        return rearranged({s[0], r, r, c, s[2], s[3]}, {0, 3, 4, 1, 5, 2});
    }
    In operator()(const SpaceToDepth& d) const {
        const Shape& s = x().shape();
        const std::int64_t r = d.block;
        const Shape six{s[0], s[1], s[2] / r, r, s[3] / r, r};
        if (d.channelFirst) return rearranged(six, {0, 1, 3, 5, 2, 4});
        return rearranged(six, {0, 3, 5, 1, 2, 4});
    }

    /// For each element of the input, in order, the number of the group it falls into when `axes` are reduced.
    struct Groups {
        Shape strides;
        std::int64_t count = 0, size = 0;
    };
    Groups groupsOf(const std::vector<std::int64_t>& axes) const {
        const Shape& s = x().shape();
        Shape kept = s;
        for (std::size_t a = 0; a < s.size(); ++a)
            if (axes.empty()) kept[a] = 1;
        for (std::int64_t a : axes) kept[axis(a)] = 1;
        const std::int64_t count = countOf(kept);
        return {broadcastStrides(kept, s), count, count ? x().count() / count : 0};
    }
    template<class Function>
    void eachWithGroup(const Groups& groups, Function function) const {
        Odometer<1> walk(x().shape(), {groups.strides});
        for (std::int64_t i = 0; i < x().count(); ++i, walk.next()) function(i, static_cast<std::size_t>(walk.offset(0)));
    }
    std::vector<double> meansOf(const Groups& groups) const {
        std::vector<double> means(static_cast<std::size_t>(groups.count), 0.0);
        eachWithGroup(groups, [&](std::int64_t i, std::size_t g) { means[g] += static_cast<double>(x()[i]); });
        for (double& m : means) m /= static_cast<double>(groups.size);
        return means;
    }
    In operator()(const Reduce& reduce) const {
        using Kind = Reduce::Kind;
        const Groups groups = groupsOf(reduce.axes);
        if (groups.size == 0) throw Error(ErrorCode::shapeMismatch, {operation.name, "at least one element", toString(x().shape()), ""});
        std::vector<double> results(static_cast<std::size_t>(groups.count),
                                    reduce.kind == Kind::maximum   ? -std::numeric_limits<double>::infinity()
                                    : reduce.kind == Kind::minimum ? std::numeric_limits<double>::infinity()
                                                                   : 0.0);
        eachWithGroup(groups, [&](std::int64_t i, std::size_t g) {
            const auto v = static_cast<double>(x()[i]);
            double& r = results[g];
            if (reduce.kind == Kind::maximum)
                r = binary(Binary::Kind::maximum, v, r);
            else if (reduce.kind == Kind::minimum)
                r = binary(Binary::Kind::minimum, v, r);
            else
                r += v;
        });
        In out(shape);
        const double share = reduce.kind == Kind::mean ? static_cast<double>(groups.size) : 1.0;
        std::ranges::transform(results, out.edit().begin(), [share](double v) { return static_cast<T>(v / share); });
        return out;
    }
    In operator()(const LayerNorm& norm) const {
        const Groups groups = groupsOf(norm.axes);
        const std::vector<double> means = meansOf(groups);
        std::vector<double> squares(means.size(), 0.0);
        eachWithGroup(groups, [&](std::int64_t i, std::size_t g) {
            const double d = static_cast<double>(x()[i]) - means[g];
            squares[g] += d * d;
        });
        std::vector<double> deviations;
        for (double sum : squares) deviations.push_back(std::sqrt(sum / static_cast<double>(groups.size) + norm.eps));
        const In gamma = norm.gamma ? numbers(*norm.gamma) : In(Shape{}, {T(1)});
        const In beta = norm.beta ? numbers(*norm.beta) : In(Shape{}, {T(0)});
        In out(shape);
        const std::span<T> y = out.edit();
        Odometer<2> affine(shape, {broadcastStrides(gamma.shape(), shape), broadcastStrides(beta.shape(), shape)});
        eachWithGroup(groups, [&](std::int64_t i, std::size_t g) {
            const T unit = static_cast<T>((static_cast<double>(x()[i]) - means[g]) / deviations[g]);
            y[static_cast<std::size_t>(i)] = unit * gamma[affine.offset(0)] + beta[affine.offset(1)];
            affine.next();
        });
        return out;
    }
    In operator()(const Softmax& softmax) const {
        const Groups groups = groupsOf({softmax.axis});
        std::vector<T> most(static_cast<std::size_t>(groups.count), -std::numeric_limits<T>::infinity());
        std::vector<double> sums(most.size(), 0.0);
        eachWithGroup(groups, [&](std::int64_t i, std::size_t g) { most[g] = std::max(most[g], x()[i]); });
        In out(shape);
        const std::span<T> y = out.edit();
        eachWithGroup(groups, [&](std::int64_t i, std::size_t g) {
            y[static_cast<std::size_t>(i)] = std::exp(x()[i] - most[g]);
            sums[g] += static_cast<double>(y[static_cast<std::size_t>(i)]);
        });
        eachWithGroup(groups, [&](std::int64_t i, std::size_t g) {
            T& v = y[static_cast<std::size_t>(i)];
            v = static_cast<T>(static_cast<double>(v) / sums[g]);
        });
        return out;
    }
    In operator()(const MaxPool& pool) const {
        const Shape& s = x().shape();
        In out(shape);
        const std::span<T> y = out.edit();
        std::size_t at = 0;
        for (std::int64_t plane = 0; plane < s[0] * s[1]; ++plane)
            for (std::int64_t oy = 0; oy < shape[2]; ++oy)
                for (std::int64_t ox = 0; ox < shape[3]; ++ox, ++at) {
                    T most = -std::numeric_limits<T>::infinity();
                    for (std::int64_t ky = 0; ky < pool.kernel.h; ++ky) {
                        const std::int64_t iy = oy * pool.stride.h - pool.padding.top + ky * pool.dilation.h;
                        if (iy < 0 || iy >= s[2]) continue;
                        for (std::int64_t kx = 0; kx < pool.kernel.w; ++kx) {
                            const std::int64_t ix = ox * pool.stride.w - pool.padding.left + kx * pool.dilation.w;
                            if (ix >= 0 && ix < s[3]) most = binary(Binary::Kind::maximum, x()[(plane * s[2] + iy) * s[3] + ix], most);
                        }
                    }
                    y[at] = most;
                }
        return out;
    }
    In operator()(const MatMul&) const {
        const Shape &a = in[0].shape(), &b = in[1].shape();
        const std::int64_t rows = a[a.size() - 2], depth = a.back(), columns = b.back();
        const Shape outer(shape.begin(), shape.end() - 2);
        auto matrices = [&](const Shape& s) { // offsets of the matrices, broadcast over `outer`
            Shape strides = broadcastStrides(Shape(s.begin(), s.end() - 2), outer);
            for (std::int64_t& stride : strides) stride *= s[s.size() - 2] * s.back();
            return strides;
        };
        In out(shape);
        const std::span<T> y = out.edit();
        std::vector<double> row(static_cast<std::size_t>(columns));
        Odometer<2> walk(outer, {matrices(a), matrices(b)});
        std::size_t at = 0;
        for (std::int64_t m = 0; m < countOf(outer); ++m, walk.next())
            for (std::int64_t i = 0; i < rows; ++i) {
                std::ranges::fill(row, 0.0);
                for (std::int64_t k = 0; k < depth; ++k) {
                    const auto factor = static_cast<double>(in[0][walk.offset(0) + i * depth + k]);
                    const T* from = in[1].values().data() + walk.offset(1) + k * columns;
                    for (std::int64_t j = 0; j < columns; ++j) row[static_cast<std::size_t>(j)] += factor * static_cast<double>(from[j]);
                }
                for (double v : row) y[at++] = static_cast<T>(v);
            }
        return out;
    }
    In operator()(const Reshape&) const { return x().reshaped(shape); }
    In operator()(const Transpose& transpose) const {
        const Shape from = stridesOf(x().shape());
        Shape strides;
        for (std::int64_t a : transpose.order) strides.push_back(from[axis(a)]);
        return gathered(strides);
    }
    In operator()(const Slice& slice) const {
        Shape strides = stridesOf(x().shape());
        std::int64_t start = 0;
        for (std::size_t i = 0; i < slice.axes.size(); ++i) {
            const std::size_t a = axis(slice.axes[i]);
            const SliceRange range = sliceRange(x().shape()[a], slice.starts[i], slice.ends[i], slice.steps[i]);
            start += range.first * strides[a];
            strides[a] *= range.step;
        }
        return gathered(strides, start);
    }
    In operator()(const PadAxes& pad) const {
        const Shape &s = x().shape(), strides = stridesOf(s);
        In out(shape);
        Shape position(shape.size(), 0);
        for (T& v : out.edit()) {
            std::int64_t from = 0;
            bool inside = true;
            for (std::size_t a = 0; a < s.size(); ++a) {
                std::int64_t i = position[a] - pad.before[a];
                if (i < 0 || i >= s[a]) {
                    inside = inside && pad.mode != PadAxes::Mode::constant;
                    i = pad.mode == PadAxes::Mode::edge ? std::clamp<std::int64_t>(i, 0, s[a] - 1) : i < 0 ? -i : 2 * (s[a] - 1) - i;
                }
                from += i * strides[a];
            }
            v = inside ? x()[from] : static_cast<T>(pad.value);
            for (std::size_t a = shape.size(); a-- > 0;) {
                if (++position[a] < shape[a]) break;
                position[a] = 0;
            }
        }
        return out;
    }
    In operator()(const Tile&) const {
        const Shape &s = x().shape(), strides = stridesOf(s);
        In out(shape);
        Shape position(shape.size(), 0);
        for (T& v : out.edit()) {
            std::int64_t from = 0;
            for (std::size_t a = 0; a < s.size(); ++a) from += position[a] % s[a] * strides[a];
            v = x()[from];
            for (std::size_t a = shape.size(); a-- > 0;) {
                if (++position[a] < shape[a]) break;
                position[a] = 0;
            }
        }
        return out;
    }
    In operator()(const Resize& resize) const {
        In map = x();
        for (std::size_t a = 0; a < shape.size(); ++a) {
            const std::int64_t size = x().shape()[a];
            const double scale = resize.scales.empty() ? static_cast<double>(shape[a]) / static_cast<double>(size) : resize.scales[a];
            if (shape[a] != size || scale != 1.0) map = resampled(map, a, shape[a], scale, resize);
        }
        return map;
    }
};

} // namespace

template<class T>
T activate(const Activation& activation, T slope, T x) {
    using Kind = Activation::Kind;
    const auto clamped = [](T v, T low, T high) { return std::isnan(v) ? v : std::clamp(v, low, high); };
    switch (activation.kind) {
    case Kind::none: return x;
    case Kind::relu: return x < 0 ? T(0) : x; // NaN stays NaN
    case Kind::relu6: return clamped(x, T(0), T(6));
    case Kind::leakyRelu: return x < 0 ? static_cast<T>(activation.parameter) * x : x;
    case Kind::prelu: return x < 0 ? slope * x : x;
    case Kind::silu: return x / (1 + std::exp(-x));
    case Kind::gelu: return T(0.5) * x * (1 + std::erf(x / std::sqrt(T(2))));
    case Kind::hardswish: return x * clamped(x / 6 + T(0.5), T(0), T(1));
    case Kind::hardsigmoid: return clamped(x / 6 + T(0.5), T(0), T(1));
    case Kind::sigmoid: return 1 / (1 + std::exp(-x));
    case Kind::tanh: return std::tanh(x);
    }
    return x;
}

template<class T>
Tensor<T> evaluate(const Operation& operation, std::span<const Tensor<T>> inputs) {
    std::vector<Shape> shapes;
    for (const Tensor<T>& input : inputs) shapes.push_back(input.shape());
    return std::visit(Evaluator<T>{operation, inputs, outShapeOf(operation, shapes)}, operation.kind);
}

template float activate(const Activation&, float, float);
template double activate(const Activation&, double, double);
template TensorF evaluate(const Operation&, std::span<const TensorF>);
template TensorD evaluate(const Operation&, std::span<const TensorD>);

} // namespace rp
