// SPDX-License-Identifier: Apache-2.0
#include "ui/views/kernel_grid.h"

#include "ui/presenters/display_text.h"
#include "ui/views/painting.h"
#include "ui/views/theme.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

namespace rp::ui {

KernelGrid::KernelGrid(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

void KernelGrid::show(const QString& title, const QString& note, Slice slice, picture::Range range) {
    m_title = title;
    m_note = note;
    m_slice = std::move(slice);
    m_range = range;
    setAccessibleName(tr("Kernel of %1").arg(title));
    update();
}

/// Square cells between the two lines of caption and the line of the bias.
QRect KernelGrid::cellsRect() const {
    const int line = fontMetrics().height();
    const QRect room = rect().adjusted(6, 2 * line + 6, -6, -line - 6);
    if (m_slice.rows == 0 || m_slice.columns == 0) return {};
    const int side =
        std::max(1, std::min({room.width() / m_slice.columns, room.height() / m_slice.rows, 96}));
    const QSize size(side * m_slice.columns, side * m_slice.rows);
    return {room.topLeft() + QPoint((room.width() - size.width()) / 2, 0), size};
}

QRect KernelGrid::cellRect(int row, int column) const {
    const QRect cells = cellsRect();
    const int side = cells.width() / m_slice.columns;
    return {cells.left() + column * side, cells.top() + row * side, side, side};
}

void KernelGrid::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const int line = fontMetrics().height();
    QFont bold = font();
    bold.setBold(true);
    painter.setFont(bold);
    painter.drawText(QRect(0, 1, width(), line), Qt::AlignHCenter,
                     QFontMetrics(bold).elidedText(m_title, Qt::ElideMiddle, width() - 4));
    painter.setFont(font());
    painter.setPen(mutedText(palette()));
    painter.drawText(QRect(0, 1 + line, width(), line), Qt::AlignHCenter,
                     fontMetrics().elidedText(m_note, Qt::ElideRight, width() - 4));
    if (m_slice.values.empty()) return;
    for (int row = 0; row < m_slice.rows; ++row)
        for (int column = 0; column < m_slice.columns; ++column) {
            const double value = m_slice.values[static_cast<std::size_t>(row * m_slice.columns + column)];
            const QRect cell = cellRect(row, column);
            const QColor colour = toQColor(picture::colourOf(value, m_range, picture::ColourMap::diverging));
            painter.fillRect(cell.adjusted(0, 0, -1, -1), colour);
            painter.setPen(textOn(colour));
            painter.drawText(cell, Qt::AlignCenter, fittingNumber(value, cell.width() - 8, fontMetrics()));
        }
    if (!m_slice.bias) return;
    painter.setPen(palette().color(QPalette::WindowText));
    painter.drawText(QRect(0, cellsRect().bottom() + 4, width(), line), Qt::AlignHCenter,
                     tr("bias %1").arg(numberText(*m_slice.bias, 4)));
}

bool KernelGrid::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    for (int row = 0; row < m_slice.rows; ++row)
        for (int column = 0; column < m_slice.columns; ++column)
            if (cellRect(row, column).contains(help->pos())) {
                const double value = m_slice.values[static_cast<std::size_t>(row * m_slice.columns + column)];
                QToolTip::showText(help->globalPos(),
                                   tr("y %1, x %2: %3").arg(row).arg(column).arg(numberText(value, 17)),
                                   this);
                return true;
            }
    QToolTip::hideText();
    return true;
}

} // namespace rp::ui
