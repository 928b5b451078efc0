// SPDX-License-Identifier: Apache-2.0
#include "core/model/operation.h"

#include "core/base/checked.h"
#include "core/base/error.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

namespace rp {
namespace {

/// A file can ask for any size; a map larger than this is refused before it is allocated.
constexpr std::int64_t kMaxElements = std::int64_t{1} << 31;

[[noreturn]] void throwMismatch(const std::string& where, std::string expected, std::string found) {
    throw Error(ErrorCode::shapeMismatch, {where, std::move(expected), std::move(found), ""});
}

/// a * b of sizes, saturated: `checkedCount` refuses the result.
std::int64_t times(std::int64_t a, std::int64_t b) { return checkedMul(a, b).value_or(std::numeric_limits<std::int64_t>::max()); }

struct Shaper {
    const std::string& name;
    std::span<const Shape> in;

    const Shape& x() const { return in.front(); }
    std::size_t axis(std::int64_t a) const { return axisOf(a, x().size(), name); }
    void requireRank(std::size_t rank) const {
        if (x().size() != rank) throwMismatch(name, fmt::format("a map of {} axes", rank), toString(x()));
    }
    void requirePerAxis(std::size_t count) const {
        if (count != x().size()) throwMismatch(name, fmt::format("one value per axis of {}", toString(x())), fmt::format("{}", count));
    }

    Shape operator()(const Activation&) const { return x(); }
    Shape operator()(const Unary&) const { return x(); }
    Shape operator()(const SqueezeExcite&) const { return x(); }
    Shape operator()(const Scale& scale) const {
        requireRank(4);
        for (const std::optional<Param>* part : {&scale.factor, &scale.offset})
            if (*part && (*part)->shape() != Shape{x()[1]}) throwMismatch(name, "one value per channel of " + toString(x()), toString((*part)->shape()));
        return x();
    }
    Shape operator()(const Softmax& softmax) const {
        axis(softmax.axis);
        return x();
    }
    Shape operator()(const GlobalAveragePool&) const {
        requireRank(4);
        return {x()[0], x()[1], 1, 1};
    }
    Shape operator()(const Constant& constant) const { return constant.value.shape(); }
    Shape operator()(const Binary&) const {
        const auto shape = broadcast(in[0], in[1]);
        if (!shape) throwMismatch(name, "two shapes that can be broadcast", toString(in[0]) + " and " + toString(in[1]));
        return *shape;
    }
    Shape operator()(const Concatenate& concat) const {
        Shape all = x();
        const std::size_t along = axis(concat.axis);
        for (const Shape& part : in.subspan(1)) {
            Shape like = part;
            if (part.size() == all.size()) like[along] = all[along];
            if (like != all) throwMismatch(name, toString(all) + " but for axis " + std::to_string(along), toString(part));
            all[along] += part[along];
        }
        return all;
    }
    Shape operator()(const DepthToSpace& d) const {
        requireRank(4);
        if (d.block < 1 || x()[1] % times(d.block, d.block) != 0)
            throwMismatch(name, fmt::format("channels that {}² divides", d.block), toString(x()));
        return {x()[0], x()[1] / (d.block * d.block), times(x()[2], d.block), times(x()[3], d.block)};
    }
    Shape operator()(const SpaceToDepth& d) const {
        requireRank(4);
        if (d.block < 1 || x()[2] % d.block != 0 || x()[3] % d.block != 0)
            throwMismatch(name, fmt::format("height and width that {} divides", d.block), toString(x()));
        return {x()[0], times(x()[1], times(d.block, d.block)), x()[2] / d.block, x()[3] / d.block};
    }
    Shape operator()(const LayerNorm& norm) const {
        for (std::int64_t a : norm.axes) axis(a);
        for (const std::optional<Param>* param : {&norm.gamma, &norm.beta})
            if (*param && broadcast(x(), (*param)->shape()) != x())
                throwMismatch(name, "gamma and beta that fit " + toString(x()), toString((*param)->shape()));
        return x();
    }
    Shape operator()(const MaxPool& pool) const {
        requireRank(4);
        auto size = [&](std::int64_t n, std::int64_t k, std::int64_t s, std::int64_t before, std::int64_t after, std::int64_t d) {
            if (!pool.ceilMode) return windowOutput(n, k, s, before, after, d);
            const std::int64_t room = n + before + after - ((k - 1) * d + 1);
            std::int64_t out = room < 0 ? 0 : (room + s - 1) / s + 1;
            if (out > 0 && (out - 1) * s >= n + before) --out; // the last window must start inside
            return out;
        };
        const Padding& p = pool.padding;
        const Shape out{x()[0], x()[1], size(x()[2], pool.kernel.h, pool.stride.h, p.top, p.bottom, pool.dilation.h),
                        size(x()[3], pool.kernel.w, pool.stride.w, p.left, p.right, pool.dilation.w)};
        if (out[2] < 1 || out[3] < 1)
            throwMismatch(name, fmt::format("an input of at least the {}x{} window", pool.kernel.h, pool.kernel.w), toString(x()));
        return out;
    }
    Shape operator()(const Reduce& reduce) const {
        std::vector<bool> reduced(x().size(), reduce.axes.empty());
        for (std::int64_t a : reduce.axes) reduced[axis(a)] = true;
        Shape out;
        for (std::size_t a = 0; a < x().size(); ++a)
            if (!reduced[a])
                out.push_back(x()[a]);
            else if (reduce.keepAxes)
                out.push_back(1);
        return out;
    }
    Shape operator()(const MatMul&) const {
        const Shape &a = in[0], &b = in[1];
        const auto outer = a.size() >= 2 && b.size() >= 2 && a.back() == b[b.size() - 2]
                               ? broadcast(Shape(a.begin(), a.end() - 2), Shape(b.begin(), b.end() - 2))
                               : std::nullopt;
        if (!outer) throwMismatch(name, "two matrices that can be multiplied", toString(a) + " and " + toString(b));
        Shape out = *outer;
        out.insert(out.end(), {a[a.size() - 2], b.back()});
        return out;
    }
    Shape operator()(const Reshape& reshape) const {
        const std::int64_t count = checkedCount(x(), name);
        Shape out = reshape.shape;
        std::int64_t known = 1;
        std::optional<std::size_t> open;
        for (std::size_t a = 0; a < out.size(); ++a) {
            if (out[a] == 0 && a < x().size()) out[a] = x()[a];
            if (out[a] == -1 && !open)
                open = a;
            else
                known = times(known, out[a]);
        }
        if (open && known > 0 && count % known == 0) out[*open] = count / known;
        if (std::ranges::any_of(out, [](std::int64_t size) { return size < 0; }) || checkedCount(out, name) != count)
            throwMismatch(name, fmt::format("{} elements as {}", count, toString(reshape.shape)), toString(x()));
        return out;
    }
    Shape operator()(const Transpose& transpose) const {
        requirePerAxis(transpose.order.size());
        Shape out;
        std::vector<bool> taken(x().size(), false);
        for (std::int64_t a : transpose.order) {
            const std::size_t from = axis(a);
            if (taken[from]) throwMismatch(name, "an order that names each axis once", toString(transpose.order));
            taken[from] = true;
            out.push_back(x()[from]);
        }
        return out;
    }
    Shape operator()(const Slice& slice) const {
        const std::size_t count = slice.axes.size();
        if (slice.starts.size() != count || slice.ends.size() != count || slice.steps.size() != count)
            throwMismatch(name, "start, end and step for each axis", fmt::format("{} axes", count));
        Shape out = x();
        for (std::size_t i = 0; i < count; ++i) {
            const std::size_t a = axis(slice.axes[i]);
            if (slice.steps[i] == 0) throwMismatch(name, "a step other than 0", "0");
            out[a] = sliceRange(x()[a], slice.starts[i], slice.ends[i], slice.steps[i]).count;
        }
        return out;
    }
    Shape operator()(const PadAxes& pad) const {
        requirePerAxis(pad.before.size());
        requirePerAxis(pad.after.size());
        Shape out = x();
        for (std::size_t a = 0; a < out.size(); ++a) {
            const std::int64_t widest = std::max(pad.before[a], pad.after[a]);
            if (pad.mode == PadAxes::Mode::reflect && widest >= std::max<std::int64_t>(out[a], 1))
                throwMismatch(name, "a reflected border narrower than the map", toString(x()));
            const auto sum = checkedAdd(pad.before[a], pad.after[a]);
            out[a] = sum ? checkedAdd(out[a], *sum).value_or(-1) : -1;
            if (out[a] < 0) throwMismatch(name, "a map larger than what is cropped", toString(x()));
        }
        return out;
    }
    Shape operator()(const Tile& tile) const {
        requirePerAxis(tile.repeats.size());
        Shape out = x();
        for (std::size_t a = 0; a < out.size(); ++a) out[a] = times(out[a], tile.repeats[a]);
        return out;
    }
    Shape operator()(const Resize& resize) const {
        requirePerAxis(resize.sizes.empty() ? resize.scales.size() : resize.sizes.size());
        if (!resize.sizes.empty()) return resize.sizes;
        Shape out = x();
        for (std::size_t a = 0; a < out.size(); ++a) {
            const double size = std::floor(static_cast<double>(out[a]) * resize.scales[a]);
            if (!(size >= 1 && size < 0x1p31)) throwMismatch(name, "scales that leave a map", fmt::format("{}", resize.scales[a]));
            out[a] = static_cast<std::int64_t>(size);
        }
        return out;
    }
};

std::size_t inputsOf(const Operation& operation, std::size_t given) {
    return std::visit(Overload{
                          [](const Constant&) { return std::size_t{0}; },
                          [](const Binary&) { return std::size_t{2}; },
                          [](const MatMul&) { return std::size_t{2}; },
                          [&](const Concatenate&) { return std::max<std::size_t>(given, 1); },
                          [](const auto&) { return std::size_t{1}; },
                      },
                      operation.kind);
}

} // namespace

Shape outShapeOf(const Operation& operation, std::span<const Shape> inputs) {
    const std::string where = operation.name.empty() ? describe(operation) : operation.name;
    const std::size_t wanted = inputsOf(operation, inputs.size());
    if (inputs.size() != wanted) throwMismatch(where, fmt::format("{} inputs", wanted), fmt::format("{}", inputs.size()));
    Shape out = std::visit(Shaper{where, inputs}, operation.kind);
    if (checkedCount(out, where) > kMaxElements)
        throw Error(ErrorCode::limitExceeded, {where, fmt::format("at most {} elements", kMaxElements), toString(out), ""});
    return out;
}

std::optional<Shape> broadcast(const Shape& a, const Shape& b) {
    Shape out(std::max(a.size(), b.size()));
    for (std::size_t i = 0; i < out.size(); ++i) { // counted from the last axis
        const std::int64_t m = i < a.size() ? a[a.size() - 1 - i] : 1, n = i < b.size() ? b[b.size() - 1 - i] : 1;
        if (m != n && m != 1 && n != 1) return std::nullopt;
        out[out.size() - 1 - i] = m == 1 ? n : m;
    }
    return out;
}

SliceRange sliceRange(std::int64_t size, std::int64_t start, std::int64_t end, std::int64_t step) {
    auto clamped = [size](std::int64_t position, std::int64_t low, std::int64_t high) {
        if (position < 0) position = position < -size ? low : position + size;
        return std::clamp(position, low, high);
    };
    SliceRange range;
    range.step = step;
    if (size < 1) return range;
    if (step > 0) {
        range.first = clamped(start, 0, size);
        const std::int64_t last = clamped(end, 0, size);
        range.count = last > range.first ? (last - range.first - 1) / step + 1 : 0;
    } else {
        range.first = clamped(start, 0, size - 1);
        const std::int64_t last = clamped(end, -1, size - 1);
        const std::int64_t stride = step == std::numeric_limits<std::int64_t>::min() ? std::numeric_limits<std::int64_t>::max() : -step;
        range.count = range.first > last ? (range.first - last - 1) / stride + 1 : 0;
    }
    return range;
}

std::size_t axisOf(std::int64_t axis, std::size_t rank, const std::string& where) {
    const auto r = static_cast<std::int64_t>(rank);
    if (axis < -r || axis >= r) throwMismatch(where, fmt::format("an axis from {} to {}", -r, r - 1), fmt::format("{}", axis));
    return static_cast<std::size_t>(axis < 0 ? axis + r : axis);
}

} // namespace rp
