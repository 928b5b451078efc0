// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/picture/colour_map.h"
#include "core/tensor/tensor.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace rp::picture {

/// Where to paint: rows of pixels, 0xffRRGGBB each (Qt's Format_RGB32), `stride` pixels apart.
struct Canvas {
    std::uint32_t* pixels = nullptr;
    std::int64_t width = 0, height = 0, stride = 0;
};

/// Where the channels of a map stand when they are laid out in a near-square grid with one pixel between them.
struct MosaicLayout {
    std::int64_t channels = 0, cellHeight = 0, cellWidth = 0, columns = 0, rows = 0;
    std::int64_t width() const { return columns ? columns * (cellWidth + 1) - 1 : 0; }
    std::int64_t height() const { return rows ? rows * (cellHeight + 1) - 1 : 0; }
    struct Cell {
        std::int64_t channel, y, x;
    };
    /// The element at a pixel; none on a gap or beyond the last channel.
    std::optional<Cell> at(std::int64_t pixelX, std::int64_t pixelY) const;
};

/// `columns` 0 chooses a grid near the aspect ratio width / height.
MosaicLayout layOut(std::int64_t channels, std::int64_t height, std::int64_t width, double aspect = 1.6);

/// How the elements of a mosaic take their colours, and which channel stands where.
struct MosaicStyle {
    ColourMap colours = ColourMap::diverging;
    std::vector<Range> ranges{Range{}};   ///< one for all channels, or one per channel
    std::vector<std::int64_t> order{};    ///< channel of each cell; empty: as they come
    Rgb gap{128, 128, 128};
    std::int64_t channelAt(std::int64_t cell) const {
        return order.empty() ? cell : order[static_cast<std::size_t>(cell)];
    }
};

/// A part of a mosaic, in its own pixels (one per element), fractions allowed.
struct MosaicPart {
    double left = 0, top = 0, width = 0, height = 0;
    static MosaicPart whole(const MosaicLayout& layout) {
        return {0, 0, static_cast<double>(layout.width()), static_cast<double>(layout.height())};
    }
};

/// Fills the canvas with a part of the mosaic of one sample of a map [n, c, h, w]. Where it grows,
/// an element is a rectangle of one colour; where it shrinks, a pixel has the colour of the mean of what it covers,
/// or that of NaN when any of it is not finite, so nothing is skipped. The work is that of the elements and pixels
/// painted, not that of the map. The layout's cells are those of the style's order.
void paintMosaic(const TensorD& map, std::int64_t sample, const MosaicLayout& layout, const MosaicStyle& style,
                 const MosaicPart& part, const Canvas& canvas);

/// The layout of a map of one or three channels that is itself a picture: one cell.
MosaicLayout pictureLayout(const TensorD& map);

/// The same part of a map [n, 1, h, w] (grey) or [n, 3, h, w] (red, green, blue) as the picture that it is.
void paintPicture(const TensorD& map, std::int64_t sample, Range range, const MosaicPart& part, const Canvas& canvas);

} // namespace rp::picture
