// SPDX-License-Identifier: Apache-2.0
#include "core/picture/mosaic.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace rp::picture {
namespace {

constexpr std::uint32_t packed(Rgb c) {
    return 0xff000000u | std::uint32_t{c.r} << 16 | std::uint32_t{c.g} << 8 | std::uint32_t{c.b};
}

/// A look-up table is an order of magnitude faster than interpolating every pixel, and 1,024 steps are finer
/// than the 8 bits of a channel.
class Palette {
public:
    static constexpr double kLast = 1024; // an odd count: zero has an entry of its own
    explicit Palette(ColourMap colours) {
        for (std::size_t i = 0; i < m_colours.size(); ++i)
            m_colours[i] = packed(colourOf(static_cast<double>(i) / kLast, {0, 1}, colours));
    }
    /// `place` in [0, kLast] spans the range.
    std::uint32_t operator()(double place) const {
        if (!std::isfinite(place)) return packed(kNotFinite);
        return m_colours[static_cast<std::size_t>(std::clamp(place, 0.0, kLast) + 0.5)];
    }

private:
    std::array<std::uint32_t, static_cast<std::size_t>(kLast) + 1> m_colours{};
};

std::uint32_t blend(std::uint32_t a, std::uint32_t b, std::uint32_t share256) {
    std::uint32_t mixed = 0xff000000u;
    for (std::uint32_t shift : {0u, 8u, 16u})
        mixed |= (((a >> shift & 255) * (256 - share256) + (b >> shift & 255) * share256) >> 8) << shift;
    return mixed;
}

/// Mosaic pixels [first, last) below each of `count` pixels of the picture; at least one, none beyond `limit`.
struct Spans {
    std::vector<std::int64_t> first, last;
    Spans(double start, double extent, std::int64_t count, std::int64_t limit) {
        const double step = extent / static_cast<double>(count);
        for (std::int64_t i = 0; i < count; ++i) {
            const auto at = [&](std::int64_t pixel) {
                return static_cast<std::int64_t>(std::floor(start + static_cast<double>(pixel) * step + 1e-9));
            };
            first.push_back(std::clamp<std::int64_t>(at(i), 0, limit - 1));
            last.push_back(std::clamp<std::int64_t>(at(i + 1), first.back() + 1, limit));
        }
    }
};

class Painter {
public:
    Painter(const TensorD& map, std::int64_t sample, const MosaicLayout& layout, const MosaicStyle& style)
        : m_map(map), m_sample(sample), m_layout(layout), m_style(style), m_palette(style.colours) {}

    void paint(const MosaicPart& part, const Canvas& canvas);

private:
    void addRow(std::int64_t row);
    void addElements(std::int64_t cell, std::int64_t y, std::int64_t from, std::int64_t to, double* sums);
    void toPixels(std::int64_t rows, const Spans& columns, std::uint32_t* pixels) const;

    const TensorD& m_map;
    const std::int64_t m_sample;
    const MosaicLayout& m_layout;
    const MosaicStyle& m_style;
    const Palette m_palette;
    std::int64_t m_left = 0, m_right = 0; ///< mosaic columns that are painted
    std::vector<double> m_sums;           ///< per column, of places in the palette
    std::vector<std::int64_t> m_rowsOf;   ///< per column of cells, rows in its sums; the rest is gap
};

/// Adds one row of mosaic pixels to the columns' sums.
void Painter::addRow(std::int64_t row) {
    const std::int64_t y = row % (m_layout.cellHeight + 1);
    if (y == m_layout.cellHeight) return;
    const std::int64_t pitch = m_layout.cellWidth + 1;
    for (std::int64_t column = m_left / pitch; column * pitch < m_right; ++column) {
        const std::int64_t cell = row / (m_layout.cellHeight + 1) * m_layout.columns + column;
        if (cell >= m_layout.channels) return;
        const std::int64_t from = std::max(m_left - column * pitch, std::int64_t{0});
        const std::int64_t to = std::min(m_right - column * pitch, m_layout.cellWidth);
        if (from >= to) continue;
        addElements(cell, y, from, to, m_sums.data() + column * pitch + from - m_left);
        ++m_rowsOf[static_cast<std::size_t>(column)];
    }
}

void Painter::addElements(std::int64_t cell, std::int64_t y, std::int64_t from, std::int64_t to, double* sums) {
    const std::int64_t c = m_style.channelAt(cell);
    const Range range = m_style.ranges[m_style.ranges.size() > 1 ? static_cast<std::size_t>(c) : 0];
    const double scale = Palette::kLast / (range.high - range.low), shift = -range.low * scale;
    const double* values =
        m_map.values().data() + ((m_sample * m_map.size(1) + c) * m_layout.cellHeight + y) * m_layout.cellWidth + from;
    for (std::int64_t i = 0; i < to - from; ++i) sums[i] += values[i] * scale + shift;
}

/// `rows` mosaic rows have been added.
void Painter::toPixels(std::int64_t rows, const Spans& columns, std::uint32_t* pixels) const {
    const std::uint32_t gap = packed(m_style.gap);
    for (std::size_t x = 0; x < columns.first.size(); ++x) {
        if (x > 0 && columns.first[x] == columns.first[x - 1] && columns.last[x] == columns.last[x - 1]) {
            pixels[x] = pixels[x - 1];
            continue;
        }
        double sum = 0;
        std::int64_t count = 0;
        for (std::int64_t i = columns.first[x] - m_left; i < columns.last[x] - m_left; ++i) {
            sum += m_sums[static_cast<std::size_t>(i)];
            const std::int64_t column = i + m_left, pitch = m_layout.cellWidth + 1;
            if (column % pitch != m_layout.cellWidth) count += m_rowsOf[static_cast<std::size_t>(column / pitch)];
        }
        const std::int64_t all = rows * (columns.last[x] - columns.first[x]);
        if (count == 0)
            pixels[x] = gap;
        else if (count == all || !std::isfinite(sum))
            pixels[x] = m_palette(sum / static_cast<double>(count));
        else
            pixels[x] = blend(m_palette(sum / static_cast<double>(count)), gap,
                              static_cast<std::uint32_t>((all - count) * 256 / all));
    }
}

void Painter::paint(const MosaicPart& part, const Canvas& canvas) {
    if (canvas.width <= 0 || canvas.height <= 0 || m_layout.width() <= 0 || m_layout.height() <= 0) return;
    const Spans columns(part.left, part.width, canvas.width, m_layout.width());
    const Spans rows(part.top, part.height, canvas.height, m_layout.height());
    m_left = columns.first.front();
    m_right = columns.last.back();
    for (std::size_t y = 0; y < rows.first.size(); ++y) {
        std::uint32_t* pixels = canvas.pixels + static_cast<std::int64_t>(y) * canvas.stride;
        if (y > 0 && rows.first[y] == rows.first[y - 1] && rows.last[y] == rows.last[y - 1]) {
            std::copy_n(pixels - canvas.stride, canvas.width, pixels);
            continue;
        }
        m_sums.assign(static_cast<std::size_t>(m_right - m_left), 0);
        m_rowsOf.assign(static_cast<std::size_t>(m_layout.columns), 0);
        for (std::int64_t row = rows.first[y]; row < rows.last[y]; ++row) addRow(row);
        toPixels(rows.last[y] - rows.first[y], columns, pixels);
    }
}

} // namespace

std::optional<MosaicLayout::Cell> MosaicLayout::at(std::int64_t pixelX, std::int64_t pixelY) const {
    if (pixelX < 0 || pixelY < 0 || pixelX >= width() || pixelY >= height()) return std::nullopt;
    const std::int64_t column = pixelX / (cellWidth + 1), x = pixelX % (cellWidth + 1);
    const std::int64_t row = pixelY / (cellHeight + 1), y = pixelY % (cellHeight + 1);
    const std::int64_t channel = row * columns + column;
    if (x == cellWidth || y == cellHeight || channel >= channels) return std::nullopt;
    return Cell{channel, y, x};
}

MosaicLayout layOut(std::int64_t channels, std::int64_t height, std::int64_t width, double aspect) {
    MosaicLayout layout{channels, height, width, 0, 0};
    if (channels <= 0) return layout;
    const double ideal = std::sqrt(static_cast<double>(channels) * aspect * static_cast<double>(height + 1) / static_cast<double>(width + 1));
    layout.columns = std::clamp(static_cast<std::int64_t>(std::lround(ideal)), std::int64_t{1}, channels);
    layout.rows = (channels + layout.columns - 1) / layout.columns;
    return layout;
}

void paintMosaic(const TensorD& map, std::int64_t sample, const MosaicLayout& layout, const MosaicStyle& style,
                 const MosaicPart& part, const Canvas& canvas) {
    Painter(map, sample, layout, style).paint(part, canvas);
}

MosaicLayout pictureLayout(const TensorD& map) {
    return layOut(1, map.size(2), map.size(3));
}

/// Each channel is painted in grey, and its level becomes that of its colour.
void paintPicture(const TensorD& map, std::int64_t sample, Range range, const MosaicPart& part, const Canvas& canvas) {
    const auto count = static_cast<std::size_t>(canvas.width * canvas.height);
    const MosaicLayout layout = pictureLayout(map);
    std::array<std::vector<std::uint32_t>, 3> levels;
    for (std::int64_t c = 0; c < 3; ++c) {
        levels[static_cast<std::size_t>(c)].resize(count);
        const MosaicStyle style{ColourMap::grey, {range}, {map.size(1) == 3 ? c : 0}};
        paintMosaic(map, sample, layout, style, part, {levels[static_cast<std::size_t>(c)].data(), canvas.width, canvas.height, canvas.width});
    }
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint32_t r = levels[0][i], g = levels[1][i], b = levels[2][i], none = packed(kNotFinite);
        const bool isFinite = r != none && g != none && b != none; // no grey has that colour
        const auto at = static_cast<std::int64_t>(i);
        canvas.pixels[at / canvas.width * canvas.stride + at % canvas.width] =
            isFinite ? (r & 0xffff0000u) | (g & 0xff00u) | (b & 0xffu) : none;
    }
}

} // namespace rp::picture
