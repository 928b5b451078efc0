// SPDX-License-Identifier: Apache-2.0
#include "ui/views/position_norms.h"

#include "ui/presenters/display_text.h"
#include "ui/views/painting.h"
#include "ui/views/theme.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace rp::ui {
namespace {

constexpr int kGap = 5, kLargest = 64, kLeast = 6;

} // namespace

PositionNorms::PositionNorms(QWidget* parent) : QWidget(parent) {
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setAccessibleName(tr("Norm of every kernel position, by block"));
}

void PositionNorms::show(QStringList names, std::vector<TensorD> norms) {
    m_names = std::move(names);
    m_norms = std::move(norms);
    update();
}

void PositionNorms::setSelected(int block) {
    m_selected = block;
    update();
}

/// The largest windows with which all blocks fit.
int PositionNorms::side() const {
    const int count = std::max<int>(1, static_cast<int>(m_norms.size()));
    for (int side = kLargest; side > kLeast; --side) {
        const int across = std::max(1, (width() - kGap) / (side + kGap)), down = (count + across - 1) / across;
        if (down * (side + kGap) + kGap <= height()) return side;
    }
    return kLeast;
}

int PositionNorms::columns() const {
    return std::max(1, (width() - kGap) / (side() + kGap));
}

QRect PositionNorms::rectOf(int block) const {
    const int step = side() + kGap;
    return {kGap + block % columns() * step, kGap + block / columns() * step, side(), side()};
}

int PositionNorms::blockAt(const QPoint& position) const {
    for (std::size_t i = 0; i < m_norms.size(); ++i)
        if (rectOf(static_cast<int>(i)).adjusted(-2, -2, 2, 2).contains(position)) return static_cast<int>(i);
    return -1;
}

void PositionNorms::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), palette().color(QPalette::Base));
    for (std::size_t i = 0; i < m_norms.size(); ++i) {
        const QRect room = rectOf(static_cast<int>(i));
        const TensorD& norms = m_norms[i];
        if (norms.count() == 0) {
            painter.fillRect(room, QBrush(palette().color(QPalette::Mid), Qt::BDiagPattern));
        } else {
            const double most = std::ranges::max(norms.values());
            const picture::Range range{0, most > 0 ? most : 1};
            QImage image(static_cast<int>(norms.size(1)), static_cast<int>(norms.size(0)), QImage::Format_RGB32);
            for (int y = 0; y < image.height(); ++y)
                for (int x = 0; x < image.width(); ++x)
                    image.setPixelColor(x, y, toQColor(picture::colourOf(norms[y * norms.size(1) + x], range, picture::ColourMap::sequential)));
            painter.drawImage(room, scaledTo(image, room.size()));
        }
        if (static_cast<int>(i) != m_selected) continue;
        painter.setPen(QPen(palette().color(QPalette::Highlight), 3));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(room.adjusted(-2, -2, 1, 1));
    }
}

void PositionNorms::mousePressEvent(QMouseEvent* event) {
    if (const int block = blockAt(event->pos()); block >= 0 && event->button() == Qt::LeftButton) emit blockClicked(block);
}

void PositionNorms::keyPressEvent(QKeyEvent* event) {
    const int last = static_cast<int>(m_norms.size()) - 1;
    int to = m_selected;
    switch (event->key()) {
    case Qt::Key_Left: --to; break;
    case Qt::Key_Right: ++to; break;
    case Qt::Key_Up: to -= columns(); break;
    case Qt::Key_Down: to += columns(); break;
    default: return QWidget::keyPressEvent(event);
    }
    if (to >= 0 && to <= last) emit blockClicked(to);
}

bool PositionNorms::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const int block = blockAt(help->pos());
    if (block < 0) {
        QToolTip::hideText();
        return true;
    }
    QString text = m_names.value(block);
    const TensorD& norms = m_norms[static_cast<std::size_t>(block)];
    for (std::int64_t y = 0; norms.count() > 0 && norms.count() <= 49 && y < norms.size(0); ++y) {
        QStringList row;
        for (std::int64_t x = 0; x < norms.size(1); ++x) row << numberText(norms[y * norms.size(1) + x], 3);
        text += QLatin1Char('\n') + row.join(QStringLiteral("   "));
    }
    QToolTip::showText(help->globalPos(), text, this);
    return true;
}

} // namespace rp::ui
