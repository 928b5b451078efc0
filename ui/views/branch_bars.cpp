// SPDX-License-Identifier: Apache-2.0
#include "ui/views/branch_bars.h"

#include "ui/presenters/display_text.h"
#include "ui/views/theme.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

namespace rp::ui {
namespace {

QColor paleOf(QColor colour) {
    colour.setAlphaF(0.45F);
    return colour;
}

} // namespace

BranchBars::BranchBars(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setAccessibleName(tr("Energy of the branches by output channel"));
}

void BranchBars::show(AnatomyPtr anatomy, std::vector<std::size_t> order) {
    m_anatomy = std::move(anatomy);
    m_order = std::move(order);
    m_totals.clear();
    for (std::size_t c = 0; m_anatomy && c < m_anatomy->channels(); ++c) m_totals.push_back(totalOf(c));
    m_most = m_totals.empty() ? 0 : *std::ranges::max_element(m_totals);
    update();
}

void BranchBars::setNormalized(bool isNormalized) {
    m_isNormalized = isNormalized;
    update();
}

double BranchBars::totalOf(std::size_t channel) const {
    if (m_anatomy->branches.empty()) return m_anatomy->fused.energies.of(channel);
    double sum = 0;
    for (const Anatomy::Part& part : m_anatomy->branches) sum += part.energies.of(channel);
    return sum;
}

/// Below the legend.
QRect BranchBars::plotRect() const {
    return rect().adjusted(4, fontMetrics().height() + 8, -4, -4);
}

void BranchBars::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), palette().color(QPalette::Base));
    if (!m_anatomy || m_most <= 0) return;
    drawLegend(painter);
    for (std::size_t place = 0; place < m_order.size(); ++place) {
        const double whole = m_isNormalized ? m_totals[m_order[place]] : m_most;
        if (whole > 0) drawBar(painter, place, plotRect().height() / whole);
    }
}

void BranchBars::drawBar(QPainter& painter, std::size_t place, double scale) const {
    const QRect plot = plotRect();
    const double step = plot.width() / static_cast<double>(m_order.size());
    const double left = plot.left() + static_cast<double>(place) * step, width = step > 4 ? step - 1 : step;
    const std::size_t channel = m_order[place];
    double bottom = plot.bottom() + 1;
    auto stack = [&](double energy, const QColor& colour) {
        const double height = energy * scale;
        painter.fillRect(QRectF(left, bottom - height, width, height), colour);
        bottom -= height;
    };
    if (m_anatomy->branches.empty()) {
        stack(m_anatomy->fused.energies.centre[channel], seriesColour(0, palette()));
        stack(m_anatomy->fused.energies.ring[channel], paleOf(seriesColour(0, palette())));
        return;
    }
    for (std::size_t b = 0; b < m_anatomy->branches.size(); ++b) {
        const QColor colour = seriesColour(static_cast<int>(b), palette());
        stack(m_anatomy->branches[b].energies.centre[channel], colour);
        stack(m_anatomy->branches[b].energies.ring[channel], paleOf(colour));
    }
    const double fused = std::max(plot.bottom() + 1 - m_anatomy->fused.energies.of(channel) * scale, plot.top() - 1.0);
    painter.fillRect(QRectF(left, fused - 1, std::max(width, 1.0), 2), palette().color(QPalette::Text));
}

void BranchBars::drawLegend(QPainter& painter) const {
    const int side = fontMetrics().ascent();
    int x = 6;
    auto entry = [&](const QString& text, const QColor& colour, bool isTick) {
        if (isTick)
            painter.fillRect(x, 4 + side / 2, side, 2, colour);
        else {
            painter.fillRect(x, 4, side / 2, side, colour);
            painter.fillRect(x + side / 2, 4, side - side / 2, side, paleOf(colour));
        }
        painter.setPen(palette().color(QPalette::Text));
        painter.drawText(x + side + 4, 4 + side - 1, text);
        x += side + 14 + fontMetrics().horizontalAdvance(text);
    };
    for (std::size_t b = 0; b < m_anatomy->branches.size(); ++b)
        entry(elidedName(m_anatomy->branches[b].name, 24), seriesColour(static_cast<int>(b), palette()), false);
    entry(tr("fused"), m_anatomy->branches.empty() ? seriesColour(0, palette()) : palette().color(QPalette::Text), !m_anatomy->branches.empty());
    painter.setPen(mutedText(palette()));
    painter.drawText(x, 4 + side - 1, tr("full: middle tap, pale: ring"));
}

int BranchBars::channelAt(int x) const {
    const QRect plot = plotRect();
    if (m_order.empty() || x < plot.left() || x > plot.right()) return -1;
    const auto place = static_cast<std::size_t>((x - plot.left()) * static_cast<double>(m_order.size()) / plot.width());
    return static_cast<int>(m_order[std::min(place, m_order.size() - 1)]);
}

QString BranchBars::describe(std::size_t channel) const {
    QString text = tr("output channel %1").arg(channel);
    for (const Anatomy::Part& part : m_anatomy->branches)
        text += tr("\n%1: %2 of Σ, middle tap %3")
                    .arg(part.name, percentText(m_totals[channel] > 0 ? part.energies.of(channel) / m_totals[channel] : 0),
                         percentText(part.energies.of(channel) > 0 ? part.energies.centre[channel] / part.energies.of(channel) : 0));
    return text + tr("\nfused: Σ K² %1, of the branches %2")
                      .arg(numberText(m_anatomy->fused.energies.of(channel), 4), numberText(m_totals[channel], 4));
}

void BranchBars::mousePressEvent(QMouseEvent* event) {
    if (const int channel = channelAt(event->pos().x()); channel >= 0 && event->button() == Qt::LeftButton) emit channelClicked(channel);
}

bool BranchBars::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip || !m_anatomy) return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    if (const int channel = channelAt(help->pos().x()); channel >= 0)
        QToolTip::showText(help->globalPos(), describe(static_cast<std::size_t>(channel)), this);
    else
        QToolTip::hideText();
    return true;
}

} // namespace rp::ui
