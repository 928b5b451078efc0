// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/picture/colour_map.h"
#include "core/tensor/tensor.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace rp::picture {

/// Pixels in rows, 0xffRRGGBB each (Qt's Format_RGB32).
struct Image {
    std::int64_t width = 0, height = 0;
    std::vector<std::uint32_t> pixels;
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

/// One sample of a map [n, c, h, w] as a mosaic of its channels. Gaps take `gap`.
Image mosaic(const TensorD& map, std::int64_t sample, const MosaicLayout& layout, Range range, ColourMap colours,
             Rgb gap = {128, 128, 128});

} // namespace rp::picture
