// SPDX-License-Identifier: Apache-2.0
#include "ui/views/pixel_sheet.h"

#include "ui/presenters/display_text.h"
#include "ui/views/painting.h"
#include "ui/views/theme.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace rp::ui {
namespace {

constexpr int kSums = 190, kSign = 22, kMargin = 6, kGap = 9;
constexpr int kWidestCell = 60, kTallestCell = 24;

} // namespace

PixelSheet::PixelSheet(QWidget* parent) : QWidget(parent) {
    setAccessibleName(tr("Products of one input channel"));
}

void PixelSheet::show(PixelPtr pixel, std::int64_t channel) {
    m_pixel = std::move(pixel);
    m_channel = channel;
    m_most = {};
    QStringList sums;
    for (int row = 0; m_pixel && row < rowCount(); ++row) {
        const Shape& shape = m_pixel->patch.shape();
        for (int part = 0; part < PartCount; ++part)
            for (int v = 0; v < shape[1]; ++v)
                for (int u = 0; u < shape[2]; ++u)
                    if (const double value = std::abs(valueAt(row, part, v, u)); std::isfinite(value))
                        m_most[static_cast<std::size_t>(part)] = std::max(m_most[static_cast<std::size_t>(part)], value);
        sums << QStringLiteral("%1 %2").arg(toQString(term(row).name), numberText(term(row).value, 6));
    }
    setAccessibleDescription(sums.join(QStringLiteral(", ")));
    setMinimumHeight(neededHeight(width()));
    updateGeometry();
    update();
}

int PixelSheet::rowCount() const {
    return m_pixel ? static_cast<int>(m_pixel->branches.size()) + 1 : 0;
}

const fusion::PixelTerm& PixelSheet::term(int row) const {
    const auto i = static_cast<std::size_t>(row);
    return i < m_pixel->branches.size() ? m_pixel->branches[i] : m_pixel->fused;
}

double PixelSheet::valueAt(int row, int part, int v, int u) const {
    const Shape& shape = m_pixel->patch.shape();
    const std::int64_t i = (m_channel * shape[1] + v) * shape[2] + u;
    if (part == Patch) return m_pixel->patch[i];
    return part == Kernel ? term(row).kernel[i] : term(row).products[i];
}

picture::Range PixelSheet::rangeOf(int part) const {
    const double most = m_most[static_cast<std::size_t>(part)];
    return most > 0 ? picture::Range{-most, most} : picture::Range{};
}

/// As wide as three windows side by side allow, in a shape that holds a number where the window is small.
QSize PixelSheet::cellSize(int width) const {
    const Shape& shape = m_pixel->patch.shape();
    const int room = width - kSums - PartCount * kSign - 2 * kMargin;
    const int side = std::clamp(room / PartCount / static_cast<int>(std::max(shape[2], shape[1])), 3, kWidestCell);
    return {side, std::min(side, kTallestCell)};
}

int PixelSheet::rowHeight(int width) const {
    const int cells = static_cast<int>(m_pixel->patch.size(1)) * cellSize(width).height();
    return std::max(cells, 5 * fontMetrics().height()) + kGap;
}

int PixelSheet::neededHeight(int width) const {
    return m_pixel ? 2 * fontMetrics().height() + kGap + rowCount() * rowHeight(width) : 60;
}

int PixelSheet::partLeft(int part) const {
    return kMargin + part * (static_cast<int>(m_pixel->patch.size(2)) * cellSize(width()).width() + kSign);
}

QRect PixelSheet::cellRect(int row, int part, int v, int u) const {
    const QSize cell = cellSize(width());
    const int top = 2 * fontMetrics().height() + kGap + row * rowHeight(width());
    return {partLeft(part) + u * cell.width(), top + v * cell.height(), cell.width(), cell.height()};
}

void PixelSheet::resizeEvent(QResizeEvent*) {
    setMinimumHeight(neededHeight(width()));
}

void PixelSheet::paintEvent(QPaintEvent*) {
    if (!m_pixel) return;
    QPainter painter(this);
    drawHeads(painter);
    for (int row = 0; row < rowCount(); ++row) {
        for (int part = 0; part < PartCount; ++part)
            drawCells(painter, row, part);
        drawSums(painter, row);
        if (row + 1 != rowCount() - 1) continue;
        // The fused kernel stands below the line, as a sum does.
        const int y = cellRect(row + 1, 0, 0, 0).top() - kGap / 2 - 1;
        painter.setPen(QPen(palette().color(QPalette::WindowText), 1));
        painter.drawLine(kMargin, y, width() - kMargin, y);
    }
}

void PixelSheet::drawHeads(QPainter& painter) const {
    const int line = fontMetrics().height();
    const std::int64_t channel = m_pixel->firstChannel + m_channel;
    const std::array heads{tr("input, channel %1").arg(channel), tr("kernel"), tr("products")};
    const std::array notes{tr("y %1…, x %2…").arg(m_pixel->top).arg(m_pixel->left), tr("channel %1 → %2").arg(channel).arg(m_pixel->place.channel),
                           tr("kernel × input")};
    QFont bold = font();
    bold.setBold(true);
    for (int part = 0; part <= PartCount; ++part) {
        const QRect room(partLeft(part), 0, part == PartCount ? kSums : partLeft(1) - partLeft(0) - 4, line);
        const auto i = static_cast<std::size_t>(part);
        painter.setFont(bold);
        painter.setPen(palette().color(QPalette::WindowText));
        const QString head = part < PartCount ? heads[i] : tr("add up to");
        painter.drawText(room, Qt::AlignLeft, QFontMetrics(bold).elidedText(head, Qt::ElideRight, room.width()));
        painter.setFont(font());
        painter.setPen(mutedText(palette()));
        const QString note = part < PartCount ? notes[i] : tr("by branch, in float64");
        painter.drawText(room.translated(0, line), Qt::AlignLeft, fontMetrics().elidedText(note, Qt::ElideRight, room.width()));
    }
}

void PixelSheet::drawCells(QPainter& painter, int row, int part) const {
    const Shape& shape = m_pixel->patch.shape();
    const picture::Range range = rangeOf(part);
    painter.setFont(font());
    for (int v = 0; v < shape[1]; ++v)
        for (int u = 0; u < shape[2]; ++u) {
            const QRect cell = cellRect(row, part, v, u);
            const QRect inner = cell.width() > 6 ? cell.adjusted(0, 0, -1, -1) : cell;
            if (m_pixel->isPadding[static_cast<std::size_t>(v * shape[2] + u)] && part != Kernel) {
                painter.fillRect(inner, palette().color(QPalette::Mid));
                painter.fillRect(inner, QBrush(mutedText(palette()), Qt::BDiagPattern));
                continue;
            }
            const double value = valueAt(row, part, v, u);
            const QColor colour = toQColor(picture::colourOf(value, range, picture::ColourMap::diverging));
            painter.fillRect(inner, colour);
            painter.setPen(textOn(colour));
            painter.drawText(cell, Qt::AlignCenter, fittingNumber(value, cell.width() - 6, fontMetrics()));
        }
    // "×" between input and kernel, "=" before the products, "Σ" before what they add up to.
    static const std::array signs{QStringLiteral("×"), QStringLiteral("="), QStringLiteral("Σ")};
    const QRect last = cellRect(row, part, static_cast<int>(shape[1]) - 1, static_cast<int>(shape[2]) - 1);
    const int top = cellRect(row, part, 0, 0).top();
    painter.setPen(palette().color(QPalette::WindowText));
    painter.drawText(QRect(last.right() + 1, top, kSign, last.bottom() - top), Qt::AlignCenter, signs[static_cast<std::size_t>(part)]);
}

void PixelSheet::drawSums(QPainter& painter, int row) const {
    const fusion::PixelTerm& t = term(row);
    const int line = fontMetrics().height(), left = partLeft(PartCount);
    int y = cellRect(row, 0, 0, 0).top();
    auto write = [&](const QString& label, const QString& number, bool isBold) {
        QFont face = font();
        face.setBold(isBold);
        painter.setFont(face);
        painter.setPen(palette().color(isBold ? QPalette::WindowText : QPalette::Text));
        const QRect room(left, y, kSums - kMargin, line);
        const int used = QFontMetrics(face).horizontalAdvance(number);
        painter.drawText(room, Qt::AlignRight, number);
        painter.drawText(room, Qt::AlignLeft, QFontMetrics(face).elidedText(label, Qt::ElideMiddle, room.width() - used - 6));
        y += line;
    };
    const bool isFused = row == rowCount() - 1;
    double all = 0;
    for (double sum : t.channels) all += sum;
    write(isFused ? tr("fused kernel") : toQString(t.name), {}, true);
    write(tr("channel %1").arg(m_pixel->firstChannel + m_channel), numberText(t.channels[static_cast<std::size_t>(m_channel)], 5), false);
    write(tr("all %1 channels").arg(t.channels.size()), numberText(all, 5), false);
    write(tr("bias"), numberText(t.bias, 5), false);
    write(tr("value"), numberText(t.value, 7), true);
}

bool PixelSheet::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip || !m_pixel) return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const Shape& shape = m_pixel->patch.shape();
    for (int row = 0; row < rowCount(); ++row)
        for (int part = 0; part < PartCount; ++part)
            for (int v = 0; v < shape[1]; ++v)
                for (int u = 0; u < shape[2]; ++u) {
                    if (!cellRect(row, part, v, u).contains(help->pos())) continue;
                    const bool isPadding = m_pixel->isPadding[static_cast<std::size_t>(v * shape[2] + u)];
                    QString text = tr("tap %1, %2 at y %3, x %4: %5")
                                       .arg(v)
                                       .arg(u)
                                       .arg(m_pixel->top + v * m_pixel->step.h)
                                       .arg(m_pixel->left + u * m_pixel->step.w)
                                       .arg(numberText(valueAt(row, part, v, u), 17));
                    if (isPadding && part != Kernel) text = tr("tap %1, %2 lies in the padding: 0").arg(v).arg(u);
                    QToolTip::showText(help->globalPos(), text, this);
                    return true;
                }
    QToolTip::hideText();
    return true;
}

} // namespace rp::ui
