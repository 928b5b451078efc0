// SPDX-License-Identifier: Apache-2.0
#include "ui/views/theme.h"

#include <QPainter>
#include <QPainterPath>

#include <array>
#include <cmath>

namespace rp::ui {
namespace {

QColor mixed(const QColor& a, const QColor& b, double share) {
    auto mix = [share](int x, int y) { return static_cast<int>(x * (1 - share) + y * share); };
    return {mix(a.red(), b.red()), mix(a.green(), b.green()), mix(a.blue(), b.blue())};
}

void drawShape(QPainter& painter, Tone tone, const QColor& colour) {
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    const QPen mark(textOn(colour), 2.2, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin);
    switch (tone) {
    case Tone::pass:
        painter.drawEllipse(QRectF(1, 1, 14, 14));
        painter.setPen(mark);
        painter.setBrush(Qt::NoBrush);
        painter.drawPolyline(QPolygonF({{4.6, 8.3}, {7.1, 10.8}, {11.4, 5.6}}));
        break;
    case Tone::warn:
        painter.drawPolygon(QPolygonF({{8, 1}, {15.5, 15}, {0.5, 15}}));
        painter.setPen(mark);
        painter.drawLine(QPointF(8, 6), QPointF(8, 9.5));
        painter.drawPoint(QPointF(8, 12.6));
        break;
    case Tone::fail:
        painter.drawRoundedRect(QRectF(1, 1, 14, 14), 2, 2);
        painter.setPen(mark);
        painter.drawLine(QPointF(5, 5), QPointF(11, 11));
        painter.drawLine(QPointF(11, 5), QPointF(5, 11));
        break;
    default:
        painter.drawEllipse(QRectF(1, 1, 14, 14));
        painter.setPen(mark);
        painter.drawLine(QPointF(8, 7.4), QPointF(8, 11.4));
        painter.drawPoint(QPointF(8, 4.4));
    }
}

QPalette paletteOf(const QColor& window, const QColor& base, const QColor& text, const QColor& highlight) {
    QPalette palette;
    const QColor button = mixed(window, text, 0.06);
    palette.setColor(QPalette::Window, window);
    palette.setColor(QPalette::WindowText, text);
    palette.setColor(QPalette::Base, base);
    palette.setColor(QPalette::AlternateBase, mixed(base, text, 0.04));
    palette.setColor(QPalette::ToolTipBase, base);
    palette.setColor(QPalette::ToolTipText, text);
    palette.setColor(QPalette::PlaceholderText, mixed(text, base, 0.35));
    palette.setColor(QPalette::Text, text);
    palette.setColor(QPalette::Button, button);
    palette.setColor(QPalette::ButtonText, text);
    palette.setColor(QPalette::BrightText, Qt::white);
    palette.setColor(QPalette::Light, mixed(button, Qt::white, 0.2));
    palette.setColor(QPalette::Midlight, mixed(button, Qt::white, 0.1));
    palette.setColor(QPalette::Mid, mixed(button, text, 0.2));
    palette.setColor(QPalette::Dark, mixed(button, Qt::black, 0.35));
    palette.setColor(QPalette::Shadow, Qt::black);
    palette.setColor(QPalette::Highlight, highlight);
    palette.setColor(QPalette::HighlightedText, textOn(highlight));
    palette.setColor(QPalette::Link, mixed(highlight, text, 0.3));
    for (QPalette::ColorRole role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, mixed(text, window, 0.5));
    return palette;
}

} // namespace

bool isDark(const QPalette& palette) {
    return palette.color(QPalette::Window).lightnessF() < palette.color(QPalette::WindowText).lightnessF();
}

QColor toneColour(Tone tone, const QPalette& palette) {
    const bool dark = isDark(palette);
    switch (tone) {
    case Tone::pass:
        return dark ? QColor(0x3f, 0xb9, 0x5f) : QColor(0x1a, 0x7f, 0x37);
    case Tone::warn:
        return dark ? QColor(0xe3, 0xb3, 0x41) : QColor(0x9a, 0x5a, 0x00);
    case Tone::fail:
        return dark ? QColor(0xff, 0x6b, 0x62) : QColor(0xc6, 0x28, 0x28);
    case Tone::note:
    case Tone::working:
        return dark ? QColor(0x6c, 0xa6, 0xe8) : QColor(0x2b, 0x6c, 0xb0);
    case Tone::none:
        break;
    }
    return mutedText(palette);
}

QIcon toneIcon(Tone tone, const QPalette& palette) {
    if (tone == Tone::none) return {};
    constexpr int kScale = 4; // drawn large, so that it is sharp on any screen
    QPixmap pixmap(16 * kScale, 16 * kScale);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.scale(kScale, kScale);
    drawShape(painter, tone, toneColour(tone, palette));
    QIcon icon(pixmap);
    icon.addPixmap(pixmap, QIcon::Selected); // else a selected row would tint its meaning away
    return icon;
}

QColor seriesColour(int series, const QPalette& palette) {
    static const std::array<QColor, 4> light{QColor(0x1f, 0x77, 0xb4), QColor(0xd5, 0x5e, 0x00),
                                             QColor(0x70, 0x70, 0x70), QColor(0x8e, 0x44, 0xad)};
    static const std::array<QColor, 4> dark{QColor(0x6c, 0xb6, 0xff), QColor(0xff, 0xa0, 0x4d),
                                            QColor(0xa0, 0xa0, 0xa0), QColor(0xd2, 0x9b, 0xf0)};
    const auto i = static_cast<std::size_t>(series) % light.size();
    return isDark(palette) ? dark[i] : light[i];
}

QColor mutedText(const QPalette& palette) {
    return mixed(palette.color(QPalette::WindowText), palette.color(QPalette::Window), 0.35);
}

QColor textOn(const QColor& background) {
    // WCAG 2.1: at this luminance black and white stand out alike, by 4.58.
    const auto linear = [](double c) { return c <= 0.03928 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4); };
    const double luminance = 0.2126 * linear(background.redF()) + 0.7152 * linear(background.greenF()) + 0.0722 * linear(background.blueF());
    return luminance > 0.179 ? Qt::black : Qt::white;
}

QPalette lightPalette() {
    return paletteOf(QColor(0xf3, 0xf4, 0xf6), Qt::white, QColor(0x1c, 0x1e, 0x21), QColor(0x2b, 0x6c, 0xb0));
}
QPalette darkPalette() {
    return paletteOf(QColor(0x25, 0x27, 0x2b), QColor(0x1b, 0x1d, 0x20), QColor(0xe6, 0xe7, 0xe9),
                     QColor(0x35, 0x73, 0xbd));
}

} // namespace rp::ui
