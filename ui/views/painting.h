// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/picture/mosaic.h"

#include <QColor>
#include <QImage>
#include <QRect>

#include <vector>

namespace rp::ui {

QImage toImage(const picture::Image& image);

inline picture::Rgb toRgb(const QColor& colour) {
    return {static_cast<std::uint8_t>(colour.red()), static_cast<std::uint8_t>(colour.green()),
            static_cast<std::uint8_t>(colour.blue())};
}
inline QColor toQColor(picture::Rgb rgb) {
    return {rgb.r, rgb.g, rgb.b};
}

/// The grid that lets `channels` cells of h x w stand largest in `room`.
picture::MosaicLayout fittingLayout(std::int64_t channels, std::int64_t height, std::int64_t width,
                                    QSize room);

/// Where an image of `size` stands in `room`, centred: a whole multiple of it from 4 on, half steps
/// from 2 on, else as large as fits.
QRect placeIn(QSize size, const QRect& room);

/// `image` at `size`: nearest neighbour when it grows, averaged when it shrinks (so that no element is
/// skipped).
QImage scaledTo(const QImage& image, QSize size);

/// Colours for maps that are to be compared.
struct SharedRange {
    picture::Range range; ///< symmetric about zero
    double largest = 0;   ///< largest finite magnitude; beyond the range's ends when a few elements stand out
};
/// Ends where all but the largest 0.5 % of the elements lie: one outlier must not make everything else pale.
inline constexpr double kShownShare = 0.995;
SharedRange commonRange(const std::vector<const TensorD*>& maps);

} // namespace rp::ui
