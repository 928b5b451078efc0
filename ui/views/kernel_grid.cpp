// SPDX-License-Identifier: Apache-2.0
#include "ui/views/kernel_grid.h"

#include "ui/presenters/display_text.h"
#include "ui/views/painting.h"
#include "ui/views/theme.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

namespace rp::ui {
namespace {

constexpr int kLargestSide = 96, kGap = 5;

/// Pixels of gap before cell `index`.
int gapBefore(int index, int every) {
    return every > 0 ? index / every * kGap : 0;
}

bool startsNumber(const QString& text) {
    return !text.isEmpty() && QStringLiteral("0123456789-+.").contains(text);
}

} // namespace

KernelGrid::KernelGrid(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
}

void KernelGrid::show(const QString& title, const QString& note, Slice slice, picture::Range range) {
    m_title = title;
    m_note = note;
    const bool isOtherSize = slice.rows != m_slice.rows || slice.columns != m_slice.columns;
    m_slice = std::move(slice);
    m_range = range;
    if (isOtherSize || (!m_slice.bias && m_spot && m_spot->row >= m_slice.rows)) m_spot.reset();
    setAccessibleName(tr("Kernel of %1").arg(title));
    m_tensor = m_slice.values.empty() ? TensorD() : TensorD(Shape{m_slice.rows, m_slice.columns}, m_slice.values);
    update();
    emit changed();
}

ChartTable KernelGrid::table() const {
    ChartTable table{{tr("row")}, {}};
    for (int column = 0; column < m_slice.columns; ++column) table.headers << tr("column %1").arg(column);
    for (int row = 0; row < m_slice.rows; ++row) {
        TextRow line{{row < m_slice.rowLabels.size() ? m_slice.rowLabels[row] : QString::number(row)}};
        for (int column = 0; column < m_slice.columns; ++column)
            line.cells << QString::number(m_slice.values[static_cast<std::size_t>(row * m_slice.columns + column)], 'g', 9);
        table.rows.push_back(std::move(line));
    }
    if (m_slice.bias) table.rows.push_back({{tr("bias"), QString::number(*m_slice.bias, 'g', 9)}});
    return table;
}

QString KernelGrid::accessibleValue() const {
    if (m_slice.values.empty()) return {};
    const Spot spot = m_spot.value_or(Spot{});
    if (spot.row >= m_slice.rows) return tr("bias %1").arg(numberText(*valueAt(spot), 5));
    return tr("row %1, column %2: %3").arg(spot.row).arg(spot.column).arg(numberText(*valueAt(spot), 5));
}

void KernelGrid::setMarks(std::vector<Spot> marks) {
    if (marks == m_marks) return;
    m_marks = std::move(marks);
    update();
}

void KernelGrid::setEditable(bool isEditable) {
    m_isEditable = isEditable;
    setCursor(isEditable ? Qt::IBeamCursor : Qt::ArrowCursor);
}

void KernelGrid::setCaptionLines(int lines) {
    m_captionLines = lines;
    updateGeometry();
    update();
}

int KernelGrid::labelWidth() const {
    int widest = 0;
    for (const QString& label : m_slice.rowLabels) widest = std::max(widest, fontMetrics().horizontalAdvance(label));
    return widest > 0 ? widest + 6 : 0;
}

int KernelGrid::side() const {
    const int line = fontMetrics().height();
    const QSize room(width() - 12 - labelWidth() - gapBefore(m_slice.columns - 1, m_slice.everyColumns),
                     height() - m_captionLines * line - 6 - (m_slice.bias ? line + 6 : 2) - gapBefore(m_slice.rows - 1, m_slice.everyRows));
    return std::max(1, std::min({room.width() / m_slice.columns, room.height() / m_slice.rows, kLargestSide}));
}

/// Square cells between the lines of caption and the line of the bias.
QRect KernelGrid::cellsRect() const {
    if (m_slice.rows == 0 || m_slice.columns == 0) return {};
    const int top = m_captionLines * fontMetrics().height() + 4, cell = side();
    const QSize size(cell * m_slice.columns + gapBefore(m_slice.columns - 1, m_slice.everyColumns),
                     cell * m_slice.rows + gapBefore(m_slice.rows - 1, m_slice.everyRows));
    return {QPoint((width() - size.width() + labelWidth()) / 2, top), size};
}

QRect KernelGrid::spotRect(const Spot& spot) const {
    const QRect cells = cellsRect();
    if (spot.row >= m_slice.rows) return {0, cells.bottom() + 3, width(), fontMetrics().height() + 2};
    const int cell = side();
    return {cells.left() + spot.column * cell + gapBefore(spot.column, m_slice.everyColumns),
            cells.top() + spot.row * cell + gapBefore(spot.row, m_slice.everyRows), cell, cell};
}

std::optional<KernelGrid::Spot> KernelGrid::spotAt(const QPoint& position) const {
    if (m_slice.values.empty()) return std::nullopt;
    for (int row = 0; row < m_slice.rows; ++row)
        for (int column = 0; column < m_slice.columns; ++column)
            if (spotRect({row, column}).contains(position)) return Spot{row, column};
    const Spot bias{m_slice.rows, 0};
    return m_slice.bias && spotRect(bias).contains(position) ? std::optional(bias) : std::nullopt;
}

std::optional<double> KernelGrid::valueAt(const Spot& spot) const {
    if (spot.row >= m_slice.rows) return m_slice.bias;
    return m_slice.values[static_cast<std::size_t>(spot.row * m_slice.columns + spot.column)];
}

void KernelGrid::drawFrame(QPainter& painter, const Spot& spot, const QColor& colour) const {
    QRect frame = spotRect(spot).adjusted(0, 0, -2, -2);
    if (spot.row >= m_slice.rows) frame.adjust(width() / 6, 0, -width() / 6, 0);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(palette().color(QPalette::Base), 4));
    painter.drawRect(frame);
    painter.setPen(QPen(colour, 2.4));
    painter.drawRect(frame);
}

void KernelGrid::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const int line = fontMetrics().height();
    if (m_captionLines > 0) {
        QFont bold = font();
        bold.setBold(true);
        painter.setFont(bold);
        painter.drawText(QRect(0, 1, width(), line), Qt::AlignHCenter,
                         QFontMetrics(bold).elidedText(m_title, Qt::ElideMiddle, width() - 4));
        painter.setFont(font());
    }
    painter.setPen(mutedText(palette()));
    if (m_captionLines > 1)
        painter.drawText(QRect(0, 1 + line, width(), line), Qt::AlignHCenter,
                         fontMetrics().elidedText(m_note, Qt::ElideRight, width() - 4));
    if (m_slice.values.empty()) return;
    for (int row = 0; row < m_slice.rows && row < m_slice.rowLabels.size(); ++row) {
        const QRect first = spotRect({row, 0});
        painter.drawText(QRect(first.left() - labelWidth(), first.top(), labelWidth() - 4, first.height()),
                         Qt::AlignRight | Qt::AlignVCenter, m_slice.rowLabels[row]);
    }
    for (int row = 0; row < m_slice.rows; ++row)
        for (int column = 0; column < m_slice.columns; ++column) {
            const double value = *valueAt({row, column});
            const QRect cell = spotRect({row, column});
            const QColor colour = toQColor(picture::colourOf(value, m_range, picture::ColourMap::diverging));
            painter.fillRect(cell.adjusted(0, 0, -1, -1), colour);
            painter.setPen(textOn(colour));
            painter.drawText(cell, Qt::AlignCenter, fittingNumber(value, cell.width() - 6, fontMetrics()));
        }
    if (m_slice.bias) {
        painter.setPen(palette().color(QPalette::WindowText));
        painter.drawText(spotRect({m_slice.rows, 0}), Qt::AlignCenter, tr("bias %1").arg(numberText(*m_slice.bias, 4)));
    }
    for (const Spot& mark : m_marks) drawFrame(painter, mark, seriesColour(1, palette()));
    if (m_spot && hasFocus()) drawFrame(painter, *m_spot, palette().color(QPalette::Highlight));
}

bool KernelGrid::eventFilter(QObject* watched, QEvent* event) {
    if (watched != m_editor || (event->type() != QEvent::ShortcutOverride && event->type() != QEvent::KeyPress))
        return QWidget::eventFilter(watched, event);
    if (static_cast<QKeyEvent*>(event)->key() != Qt::Key_Escape) return QWidget::eventFilter(watched, event);
    event->accept();
    if (event->type() == QEvent::KeyPress) {
        closeEditor();
        setFocus(Qt::OtherFocusReason);
    }
    return true;
}

void KernelGrid::closeEditor() {
    if (!m_editor) return;
    m_editor->deleteLater();
    m_editor = nullptr;
}

bool KernelGrid::event(QEvent* event) {
    // Digits start an edit here, though they are shortcuts elsewhere.
    if (event->type() == QEvent::ShortcutOverride && m_isEditable && m_spot && startsNumber(static_cast<QKeyEvent*>(event)->text())) {
        event->accept();
        return true;
    }
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const std::optional<Spot> spot = spotAt(help->pos());
    if (spot && spot->row < m_slice.rows)
        QToolTip::showText(help->globalPos(),
                           tr("y %1, x %2: %3").arg(spot->row).arg(spot->column).arg(numberText(*valueAt(*spot), 17)), this);
    else
        QToolTip::hideText();
    return true;
}

void KernelGrid::pointAt(const std::optional<Spot>& spot) {
    if (spot) {
        setAccessibleDescription(spot->row < m_slice.rows
                                     ? tr("y %1, x %2: %3").arg(spot->row).arg(spot->column).arg(numberText(*valueAt(*spot), 6))
                                     : tr("bias %1").arg(numberText(*valueAt(*spot), 6)));
        emit pointedAt(spot->row, spot->column);
    } else {
        emit left();
    }
}

void KernelGrid::mouseMoveEvent(QMouseEvent* event) {
    const std::optional<Spot> spot = spotAt(event->pos());
    if (spot == m_hovered) return;
    m_hovered = spot;
    pointAt(spot);
}

void KernelGrid::mousePressEvent(QMouseEvent* event) {
    if (const std::optional<Spot> spot = spotAt(event->pos())) {
        m_spot = spot;
        pointAt(spot);
        update();
    }
}

void KernelGrid::mouseDoubleClickEvent(QMouseEvent* event) {
    if (const std::optional<Spot> spot = spotAt(event->pos())) edit(*spot, {});
}

void KernelGrid::leaveEvent(QEvent*) {
    m_hovered.reset();
    pointAt(hasFocus() ? m_spot : std::nullopt);
}

void KernelGrid::focusInEvent(QFocusEvent* event) {
    QWidget::focusInEvent(event);
    if (!m_spot && !m_slice.values.empty()) m_spot = Spot{};
    if (m_spot && event->reason() != Qt::MouseFocusReason) pointAt(m_spot);
    tellAccessibleValue(*this);
}

void KernelGrid::focusOutEvent(QFocusEvent* event) {
    QWidget::focusOutEvent(event);
    if (!m_hovered && !m_editor) pointAt(std::nullopt);
}

void KernelGrid::keyPressEvent(QKeyEvent* event) {
    if (!m_spot) return QWidget::keyPressEvent(event);
    const int last = m_slice.rows - (m_slice.bias ? 0 : 1);
    Spot spot = *m_spot;
    switch (event->key()) {
    case Qt::Key_Left: --spot.column; break;
    case Qt::Key_Right: ++spot.column; break;
    case Qt::Key_Up: --spot.row; break;
    case Qt::Key_Down: ++spot.row; break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_F2:
        if (m_isEditable) return edit(spot, {});
        return QWidget::keyPressEvent(event);
    default:
        if (m_isEditable && startsNumber(event->text())) return edit(spot, event->text());
        return QWidget::keyPressEvent(event);
    }
    m_spot = Spot{std::clamp(spot.row, 0, last), std::clamp(spot.column, 0, m_slice.columns - 1)};
    pointAt(m_spot);
    tellAccessibleValue(*this);
    update();
}

/// A field over the cell; Enter takes what it holds, Escape and losing the focus leave everything as it was.
void KernelGrid::edit(const Spot& spot, const QString& text) {
    if (!m_isEditable) return;
    m_spot = spot;
    closeEditor();
    m_editor = new QLineEdit(this);
    m_editor->installEventFilter(this);
    const QRect cell = spotRect(spot);
    const int wide = std::max(cell.width(), fontMetrics().horizontalAdvance(QStringLiteral("-0.0000")) + 12);
    const int high = std::max(cell.height(), fontMetrics().height() + 6);
    m_editor->setGeometry(std::clamp(cell.center().x() - wide / 2, 0, std::max(0, width() - wide)),
                          std::clamp(cell.center().y() - high / 2, 0, std::max(0, height() - high)), wide, high);
    m_editor->setAlignment(Qt::AlignCenter);
    m_editor->setAccessibleName(tr("New number"));
    m_editor->setText(text.isEmpty() ? numberText(*valueAt(spot), 15) : text);
    if (text.isEmpty()) m_editor->selectAll();
    connect(m_editor, &QLineEdit::returnPressed, this, [this, spot] {
        const QString entered = m_editor->text();
        closeEditor();
        setFocus(Qt::OtherFocusReason);
        emit edited(spot.row, spot.column, entered);
    });
    connect(m_editor, &QLineEdit::editingFinished, this, [this, editor = m_editor] {
        if (editor == m_editor && !editor->hasFocus()) closeEditor();
    });
    m_editor->show();
    m_editor->setFocus(Qt::OtherFocusReason);
}

} // namespace rp::ui
