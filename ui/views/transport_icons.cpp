// SPDX-License-Identifier: Apache-2.0
#include "ui/views/transport_icons.h"

#include <QPainter>

namespace rp::ui {

QIcon transportIcon(Transport what, const QPalette& palette) {
    QIcon icon;
    for (const auto& [mode, group] : {std::pair{QIcon::Normal, QPalette::Active}, std::pair{QIcon::Disabled, QPalette::Disabled}}) {
        constexpr int kScale = 4;
        QPixmap pixmap(16 * kScale, 16 * kScale);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.scale(kScale, kScale);
        painter.setPen(Qt::NoPen);
        painter.setBrush(palette.color(group, QPalette::ButtonText));
        switch (what) {
        case Transport::play: painter.drawPolygon(QPolygonF({{4, 2}, {14, 8}, {4, 14}})); break;
        case Transport::pause:
            painter.drawRect(QRectF(3, 2, 4, 12));
            painter.drawRect(QRectF(9, 2, 4, 12));
            break;
        case Transport::back:
            painter.drawPolygon(QPolygonF({{13, 2}, {5, 8}, {13, 14}}));
            painter.drawRect(QRectF(2, 2, 2.4, 12));
            break;
        case Transport::forward:
            painter.drawPolygon(QPolygonF({{3, 2}, {11, 8}, {3, 14}}));
            painter.drawRect(QRectF(11.6, 2, 2.4, 12));
            break;
        }
        painter.end();
        icon.addPixmap(pixmap, mode);
    }
    return icon;
}

} // namespace rp::ui
