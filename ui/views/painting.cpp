// SPDX-License-Identifier: Apache-2.0
#include "ui/views/painting.h"

#include "ui/presenters/display_text.h"

#include <algorithm>
#include <cmath>

namespace rp::ui {

picture::Canvas canvasOf(QImage& image) {
    return {reinterpret_cast<std::uint32_t*>(image.bits()), image.width(), image.height(), image.bytesPerLine() / 4};
}

picture::MosaicLayout fittingLayout(std::int64_t channels, std::int64_t height, std::int64_t width,
                                    QSize room) {
    picture::MosaicLayout best{channels, height, width, 1, channels};
    double bestScale = -1;
    for (std::int64_t columns = 1; columns <= channels; ++columns) {
        const picture::MosaicLayout layout{channels, height, width, columns,
                                           (channels + columns - 1) / columns};
        const double scale = std::min(room.width() / static_cast<double>(layout.width()),
                                      room.height() / static_cast<double>(layout.height()));
        if (scale <= bestScale) continue;
        bestScale = scale;
        best = layout;
    }
    return best;
}

QRect placeIn(QSize size, const QRect& room) {
    if (size.isEmpty() || room.isEmpty()) return {};
    double scale = std::min(room.width() / static_cast<double>(size.width()),
                            room.height() / static_cast<double>(size.height()));
    // Whole factors show every element alike; below 4 they would waste much of the room.
    if (scale >= 4)
        scale = std::floor(scale);
    else if (scale >= 2)
        scale = std::floor(2 * scale) / 2;
    const QSize placed(std::max(1, static_cast<int>(size.width() * scale)),
                       std::max(1, static_cast<int>(size.height() * scale)));
    return {room.topLeft() +
                QPoint((room.width() - placed.width()) / 2, (room.height() - placed.height()) / 2),
            placed};
}

QImage scaledTo(const QImage& image, QSize size) {
    const bool grows = size.width() >= image.width();
    return image.scaled(size, Qt::IgnoreAspectRatio,
                        grows ? Qt::FastTransformation : Qt::SmoothTransformation);
}

QString fittingNumber(double value, int width, const QFontMetrics& metrics) {
    if (value == 0) return metrics.horizontalAdvance(u'0') <= width ? QStringLiteral("0") : QString();
    const int figure = metrics.horizontalAdvance(u'0'); // no character of a number is wider
    for (int digits = 4; digits >= 1; --digits)
        if (const QString text = numberText(value, digits); text.size() * figure <= width) return text;
    return {};
}

} // namespace rp::ui
