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
    Palette(Range range, ColourMap colours) : m_low(range.low), m_scale((kSteps - 1) / (range.high - range.low)) {
        for (std::size_t i = 0; i < kSteps; ++i) {
            const double t = static_cast<double>(i) / (kSteps - 1);
            m_colours[i] = packed(colourOf(range.low + t * (range.high - range.low), range, colours));
        }
    }
    std::uint32_t operator()(double value) const {
        if (!std::isfinite(value)) return packed(kNotFinite);
        const double place = std::clamp((value - m_low) * m_scale, 0.0, kSteps - 1.0);
        return m_colours[static_cast<std::size_t>(place + 0.5)];
    }

private:
    static constexpr std::size_t kSteps = 1025; // odd: zero has an entry of its own
    double m_low, m_scale;
    std::array<std::uint32_t, kSteps> m_colours{};
};

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

Image mosaic(const TensorD& map, std::int64_t sample, const MosaicLayout& layout, Range range, ColourMap colours, Rgb gap) {
    Image image{layout.width(), layout.height(), {}};
    image.pixels.assign(static_cast<std::size_t>(image.width * image.height), packed(gap));
    const Palette palette(range, colours);
    const std::int64_t area = layout.cellHeight * layout.cellWidth;
    for (std::int64_t c = 0; c < layout.channels; ++c) {
        const double* from = map.values().data() + (sample * layout.channels + c) * area;
        const std::int64_t top = c / layout.columns * (layout.cellHeight + 1), left = c % layout.columns * (layout.cellWidth + 1);
        for (std::int64_t y = 0; y < layout.cellHeight; ++y) {
            std::uint32_t* to = image.pixels.data() + (top + y) * image.width + left;
            for (std::int64_t x = 0; x < layout.cellWidth; ++x) to[x] = palette(from[y * layout.cellWidth + x]);
        }
    }
    return image;
}

} // namespace rp::picture
