// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/picture/mosaic.h"

#include <QColor>
#include <QFontMetrics>
#include <QImage>
#include <QRect>

namespace rp::ui {

/// The pixels of a Format_RGB32 image, to paint on.
picture::Canvas canvasOf(QImage& image);

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

/// `value` with as many digits as fit into `width`; none rather than a number that is cut off.
QString fittingNumber(double value, int width, const QFontMetrics& metrics);

} // namespace rp::ui
