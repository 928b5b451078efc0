// SPDX-License-Identifier: Apache-2.0
#include "core/verify/svg_plots.h"

#include "core/verify/report_tables.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

namespace rp::verify {
namespace {

constexpr double kWidth = 960, kHeight = 300, kLeft = 70, kRight = 170, kTop = 14, kBottom = 96;
constexpr std::array<std::string_view, 6> kColours{"#1f5fa8", "#c2560c", "#2d7d46", "#8a3fa0", "#8c6d1f", "#b3261e"}; // told apart in grey as well as in colour

/// The value axis: ends and ticks.
struct Axis {
    double low = 0, high = 1;
    bool logarithmic = false;

    double place(double value) const { return logarithmic ? std::log10(value) : value; }
    double y(double value) const { return kTop + (high - place(value)) / (high - low) * (kHeight - kTop - kBottom); }
};

Axis axisOf(const std::vector<Series>& series, bool logarithmic) {
    Axis axis{std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity(), logarithmic};
    for (const Series& s : series)
        for (const auto& v : s.values) {
            if (!v || !std::isfinite(*v) || (logarithmic && *v <= 0)) continue;
            axis.low = std::min(axis.low, axis.place(*v));
            axis.high = std::max(axis.high, axis.place(*v));
        }
    if (axis.low > axis.high) return {0, 1, logarithmic};
    if (logarithmic) return {std::floor(axis.low), std::max(std::ceil(axis.high), std::floor(axis.low) + 1), true};
    const double margin = std::max((axis.high - axis.low) * 0.05, 1.0);
    return {axis.low - margin, axis.high + margin, false};
}

std::vector<double> ticksOf(const Axis& axis) {
    std::vector<double> ticks;
    const double span = axis.high - axis.low;
    double step = 1;
    if (!axis.logarithmic) step = std::pow(10, std::floor(std::log10(span)));
    while (span / step < 4 && !axis.logarithmic) step /= 2;
    while (span / step > 8) step *= 2;
    // A step below the spacing of doubles would never arrive.
    const double first = std::ceil(axis.low / step) * step;
    for (int i = 0; i < 64 && first + i * step <= axis.high + 1e-9; ++i) ticks.push_back(first + i * step);
    return ticks;
}

std::string text(double x, double y, std::string_view anchor, const std::string& content, std::string_view extra = "") {
    return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" font-size=\"11\" fill=\"#444\" text-anchor=\"{}\"{}>{}</text>\n", x, y, anchor, extra, escapedXml(content));
}

} // namespace

std::string linePlot(const std::vector<std::string>& labels, const std::vector<Series>& series, const std::string& unit, bool logarithmic) {
    const Axis axis = axisOf(series, logarithmic);
    const double right = kWidth - kRight, bottom = kHeight - kBottom;
    auto x = [&](std::size_t i) { return kLeft + (static_cast<double>(i) + 0.5) * (right - kLeft) / static_cast<double>(std::max<std::size_t>(labels.size(), 1)); };
    std::string svg = fmt::format("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" role=\"img\" font-family=\"sans-serif\">\n", kWidth, kHeight);
    for (double tick : ticksOf(axis)) {
        const double y = kTop + (axis.high - tick) / (axis.high - axis.low) * (bottom - kTop);
        svg += fmt::format("<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"#ddd\"/>\n", kLeft, y, right, y);
        svg += text(kLeft - 6, y + 4, "end", logarithmic ? fmt::format("1e{:.0f}", tick) : fmt::format("{:g}", tick + 0.0)); // no negative zero
    }
    svg += text(12, (kTop + bottom) / 2, "middle", unit, fmt::format(" transform=\"rotate(-90 12 {:.1f})\"", (kTop + bottom) / 2));
    const std::size_t every = labels.size() / 48 + 1;
    for (std::size_t i = 0; i < labels.size(); i += every)
        svg += text(x(i), bottom + 12, "end", labels[i], fmt::format(" transform=\"rotate(-50 {:.1f} {:.1f})\"", x(i), bottom + 12));
    for (std::size_t s = 0; s < series.size(); ++s) {
        const std::string_view colour = kColours[s % kColours.size()];
        std::string path, points;
        bool pen = false;
        for (std::size_t i = 0; i < series[s].values.size(); ++i) {
            const auto& v = series[s].values[i];
            if (!v || !std::isfinite(*v) || (logarithmic && *v <= 0)) {
                pen = false;
                continue;
            }
            path += fmt::format("{}{:.1f} {:.1f}", pen ? "L" : "M", x(i), axis.y(*v));
            pen = true;
            points += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3\" fill=\"{}\"><title>{}: {} {:.4g} {}</title></circle>\n", x(i), axis.y(*v), colour,
                                  escapedXml(labels[i]), escapedXml(series[s].name), *v, escapedXml(unit));
        }
        svg += fmt::format("<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"1.5\"/>\n{}", path, colour, points);
        const double y = kTop + 14 + 18 * static_cast<double>(s);
        svg += fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"12\" height=\"3\" fill=\"{}\"/>\n", right + 14, y - 4, colour);
        svg += text(right + 32, y, "start", series[s].name);
    }
    return svg + "</svg>\n";
}

std::string heatCells(const TensorD& values, double most, const std::string& title) {
    const std::int64_t rows = values.size(0), columns = values.size(1);
    const double cell = std::clamp(48.0 / static_cast<double>(std::max(rows, columns)), 2.0, 16.0);
    std::string svg = fmt::format("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:.0f}\" height=\"{1:.0f}\" viewBox=\"0 0 {0:.0f} {1:.0f}\" role=\"img\"><title>{2}</title>\n",
                                  cell * static_cast<double>(columns) + 1, cell * static_cast<double>(rows) + 1, escapedXml(title));
    for (std::int64_t y = 0; y < rows; ++y)
        for (std::int64_t x = 0; x < columns; ++x) {
            const double v = values[y * columns + x], share = most > 0 && std::isfinite(v) ? std::clamp(v / most, 0.0, 1.0) : 0;
            auto channel = [share](double white, double dark) { return static_cast<int>(std::lround(white + share * (dark - white))); };
            svg += fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"#{:02x}{:02x}{:02x}\" stroke=\"#999\" stroke-width=\"0.5\"><title>[{}, {}] {:.4g}</title></rect>\n",
                               static_cast<double>(x) * cell + 0.5, static_cast<double>(y) * cell + 0.5, cell, cell, channel(255, 8), channel(255, 48), channel(255, 107), y, x, v);
        }
    return svg + "</svg>\n";
}

} // namespace rp::verify
