// SPDX-License-Identifier: Apache-2.0
#include "core/families/orepa_kernel.h"

#include "core/families/keys.h"

#include <fmt/format.h>

namespace rp::families {
namespace {

void addKeys(std::vector<std::string>& keys, const Param& param) { keys.insert(keys.end(), param.keys().begin(), param.keys().end()); }

/// Adds vector[row, o] * value(o, i, y, x) to every tap.
template<class Value>
void addBranch(TensorD& kernel, const TensorD& vector, std::int64_t row, Value value) {
    const std::int64_t oc = kernel.size(0), ic = kernel.size(1), h = kernel.size(2), w = kernel.size(3);
    const std::span<double> taps = kernel.edit();
    std::size_t at = 0;
    for (std::int64_t o = 0; o < oc; ++o)
        for (std::int64_t i = 0; i < ic; ++i)
            for (std::int64_t y = 0; y < h; ++y)
                for (std::int64_t x = 0; x < w; ++x, ++at) taps[at] += vector[row * oc + o] * value(o, i, y, x);
}

TensorD generate(const OrepaParts& p) {
    const TensorD origin = p.origin.toDouble(), vector = p.vector.toDouble();
    const std::int64_t oc = origin.size(0), ic = origin.size(1), h = origin.size(2), w = origin.size(3), area = h * w;
    TensorD kernel(origin.shape());
    std::int64_t row = 0;
    addBranch(kernel, vector, row++, [&](auto o, auto i, auto y, auto x) { return origin[((o * ic + i) * h + y) * w + x]; });
    const TensorD averageConv = p.averageConv.toDouble(), average = p.average.toDouble();
    addBranch(kernel, vector, row++, [&](auto o, auto i, auto y, auto x) { return averageConv[o * ic + i] * average[y * w + x]; });
    const TensorD priorConv = p.priorConv.toDouble(), prior = p.prior.toDouble();
    addBranch(kernel, vector, row++, [&](auto o, auto i, auto y, auto x) { return priorConv[o * ic + i] * prior[o * area + y * w + x]; });

    TensorD first = p.first.toDouble();
    if (p.identity) {
        const TensorD identity = p.identity->toDouble();
        const std::span<double> values = first.edit();
        for (std::size_t i = 0; i < values.size(); ++i) values[i] += identity[static_cast<std::int64_t>(i)];
    }
    const TensorD second = p.second.toDouble();
    const std::int64_t middle = second.size(1), groups = first.size(0) / middle, rows = oc / groups;
    addBranch(kernel, vector, row++, [&](auto o, auto i, auto y, auto x) {
        double tap = 0;
        for (std::int64_t m = 0; m < middle; ++m) tap += second[((o * middle + m) * h + y) * w + x] * first[(o / rows * middle + m) * ic + i];
        return tap;
    });
    if (p.one) {
        const TensorD one = p.one->toDouble();
        addBranch(kernel, vector, row++, [&](auto o, auto i, auto y, auto x) { return y == h / 2 && x == w / 2 ? one[o * ic + i] : 0.0; });
    }
    const TensorD depthwise = p.depthwise.toDouble(), pointwise = p.pointwise.toDouble();
    const std::int64_t expand = pointwise.size(1) / ic;
    addBranch(kernel, vector, row++, [&](auto o, auto i, auto y, auto x) {
        double tap = 0;
        for (std::int64_t t = 0; t < expand; ++t)
            tap += pointwise[(o * ic + i) * expand + t] * depthwise[((o / rows * ic + i) * expand + t) * area + y * w + x];
        return tap;
    });
    return kernel;
}

} // namespace

void checkOrepa(const OrepaParts& p, const std::string& where) {
    const std::int64_t oc = p.origin.shape()[0], ic = p.origin.shape()[1], middle = p.second.shape()[1], expanded = p.pointwise.shape()[1];
    const std::int64_t rows = p.one ? 6 : 5, inner = p.first.shape()[0];
    const bool groupsFit = middle > 0 && inner % middle == 0 && oc % (inner / middle) == 0;
    if (!groupsFit || ic < 1 || expanded % ic != 0 || p.depthwise.shape()[0] != inner / middle * expanded || p.vector.shape()[0] < rows)
        throw BlockDefect{"incomplete-block", fmt::format("{}: expected tensors of one generated kernel, found inner widths {} and {}, {} of {} expanded channels, {} of {} rows of coefficients",
                                                          where, inner, middle, p.depthwise.shape()[0], expanded, p.vector.shape()[0], rows)};
}

Param orepaKernel(const OrepaParts& parts) {
    std::vector<std::string> keys;
    for (const Param* part : {&parts.origin, &parts.vector, &parts.averageConv, &parts.average, &parts.priorConv, &parts.prior, &parts.first,
                              &parts.second, &parts.depthwise, &parts.pointwise})
        addKeys(keys, *part);
    for (const auto* part : {&parts.identity, &parts.one})
        if (*part) addKeys(keys, **part);
    return Param(parts.origin.shape(), std::move(keys), [parts] { return generate(parts); });
}

Param orepaPointwise(const Param& origin, const Param& first, const Param& second, const Param& vector) {
    std::vector<std::string> keys;
    for (const Param* part : {&origin, &first, &second, &vector}) addKeys(keys, *part);
    return Param(origin.shape(), std::move(keys), [origin, first, second, vector] {
        const TensorD o1 = origin.toDouble(), a = first.toDouble(), b = second.toDouble(), v = vector.toDouble();
        const std::int64_t ic = o1.size(1), middle = a.size(0);
        TensorD kernel(origin.shape());
        addBranch(kernel, v, 0, [&](auto o, auto i, auto, auto) { return o1[o * ic + i]; });
        addBranch(kernel, v, 1, [&](auto o, auto i, auto, auto) {
            double tap = 0;
            for (std::int64_t m = 0; m < middle; ++m) tap += b[o * middle + m] * a[m * ic + i];
            return tap;
        });
        return kernel;
    });
}

Param orepaLarge(const std::vector<Param>& stack) {
    const std::int64_t ic = stack.front().shape()[1], oc = stack.back().shape()[0], k = 2 * static_cast<std::int64_t>(stack.size()) + 1;
    std::vector<std::string> keys;
    for (const Param& part : stack) addKeys(keys, part);
    return Param({oc, ic, k, k}, std::move(keys), [stack] {
        TensorD running = stack.front().toDouble(); // [m, ic, size, size]
        for (std::size_t layer = 1; layer < stack.size(); ++layer) {
            const TensorD next = stack[layer].toDouble(); // [m', m, 3, 3]
            const std::int64_t inputs = running.size(1), middle = running.size(0), size = running.size(2), rows = next.size(0);
            TensorD grown(Shape{rows, inputs, size + 2, size + 2});
            const std::span<double> out = grown.edit();
            for (std::int64_t o = 0; o < rows; ++o)
                for (std::int64_t i = 0; i < inputs; ++i)
                    for (std::int64_t y = 0; y < size + 2; ++y)
                        for (std::int64_t x = 0; x < size + 2; ++x) {
                            double tap = 0;
                            for (std::int64_t m = 0; m < middle; ++m)
                                for (std::int64_t v = 0; v < 3; ++v)
                                    for (std::int64_t u = 0; u < 3; ++u) {
                                        const std::int64_t fy = y + v - 2, fx = x + u - 2;
                                        if (fy < 0 || fx < 0 || fy >= size || fx >= size) continue;
                                        tap += next[((o * middle + m) * 3 + v) * 3 + u] * running[((m * inputs + i) * size + fy) * size + fx];
                                    }
                            out[static_cast<std::size_t>(((o * inputs + i) * (size + 2) + y) * (size + 2) + x)] = tap;
                        }
            running = grown;
        }
        return running;
    });
}

} // namespace rp::families
