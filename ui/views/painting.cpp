// SPDX-License-Identifier: Apache-2.0
#include "ui/views/painting.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace rp::ui {

QImage toImage(const picture::Image& image) {
    if (image.width <= 0 || image.height <= 0) return {};
    QImage result(static_cast<int>(image.width), static_cast<int>(image.height), QImage::Format_RGB32);
    const auto rowBytes = static_cast<std::size_t>(image.width) * sizeof(std::uint32_t);
    for (std::int64_t y = 0; y < image.height; ++y)
        std::memcpy(result.scanLine(static_cast<int>(y)), image.pixels.data() + y * image.width, rowBytes);
    return result;
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

SharedRange commonRange(const std::vector<const TensorD*>& maps) {
    constexpr std::int64_t kEnough = 400000; ///< elements that give the quantile to three digits
    std::int64_t count = 0;
    for (const TensorD* map : maps)
        count += map->count();
    const std::int64_t step = std::max<std::int64_t>(1, count / kEnough);
    SharedRange shared;
    std::vector<double> sample;
    for (const TensorD* map : maps) {
        const picture::Range range = picture::rangeOf(map->values(), picture::ColourMap::diverging);
        shared.largest = std::max(shared.largest, range.high);
        for (std::int64_t i = 0; i < map->count(); i += step)
            if (const double v = std::abs((*map)[i]); std::isfinite(v)) sample.push_back(v);
    }
    if (sample.empty()) return shared;
    const auto place =
        sample.begin() + static_cast<std::ptrdiff_t>(kShownShare * static_cast<double>(sample.size() - 1));
    std::ranges::nth_element(sample, place);
    const double end = *place > 0 ? *place : shared.largest;
    shared.range = {-end, end};
    return shared;
}

} // namespace rp::ui
