// SPDX-License-Identifier: Apache-2.0
#include "ui/presenters/display_text.h"
#include "ui/views/overview_view.h"
#include "ui/views/painting.h"
#include "ui/views/theme.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace rp::ui {
namespace {

constexpr double kLeast = 7;     ///< pixels of a box in either direction
constexpr double kWidest = 90;   ///< of the widest box at zoom 1
constexpr double kGap = 16, kMargin = 14, kOperation = 13, kLaneGap = 10;

} // namespace

OverviewCanvas::OverviewCanvas(QWidget* parent) : QWidget(parent) {
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAccessibleName(tr("Overview of the network"));
}

void OverviewCanvas::setOverview(Overview overview) {
    m_overview = std::move(overview);
    m_current = -1;
    arrange();
}

void OverviewCanvas::setValues(std::vector<std::optional<double>> values, picture::Range range, QStringList texts) {
    m_values = std::move(values);
    m_range = range;
    m_texts = std::move(texts);
    update();
}

void OverviewCanvas::setSelected(int block) {
    m_selected = block;
    for (std::size_t i = 0; i < m_overview.nodes.size(); ++i)
        if (m_overview.nodes[i].block == block && block >= 0) setCurrent(static_cast<int>(i));
    update();
}

void OverviewCanvas::setZoom(double zoom, int height) {
    m_zoom = zoom;
    m_room = std::max(height, 80);
    arrange();
}

/// One scale for all: pixels per row of a map, and per channel. A lane is as high as its highest box.
void OverviewCanvas::arrange() {
    double mostRows = 1, mostChannels = 1;
    std::vector<double> laneRows(static_cast<std::size_t>(std::max(1, m_overview.lanes)), 0);
    for (const OverviewNode& node : m_overview.nodes) {
        if (node.out.size() != 4) continue;
        mostChannels = std::max(mostChannels, static_cast<double>(node.out[1]));
        mostRows = std::max(mostRows, static_cast<double>(node.out[2]));
        double& rows = laneRows[static_cast<std::size_t>(node.lane)];
        if (!node.isOperation) rows = std::max(rows, static_cast<double>(node.out[2]));
    }
    double allRows = 0, lanesGap = kLaneGap * static_cast<double>(laneRows.size() - 1);
    for (double rows : laneRows) {
        allRows += rows;
        if (rows == 0) lanesGap += kOperation; // a lane of edges and operations
    }
    const double fitting = std::max(40.0, m_room - 2 * kMargin - lanesGap) / std::max(allRows, 1.0);
    const double perRow = std::max(fitting, 24 / mostRows) * m_zoom, perChannel = kWidest / mostChannels * m_zoom;
    auto sizeOf = [&](const OverviewNode& node) {
        if (node.isOperation || node.out.size() != 4) return QSizeF(kOperation, kOperation);
        return QSizeF(std::max(kLeast, perChannel * static_cast<double>(node.out[1])), std::max(kLeast, perRow * static_cast<double>(node.out[2])));
    };
    std::vector<double> layerWidth(static_cast<std::size_t>(m_overview.layers), 0);
    for (const OverviewNode& node : m_overview.nodes) {
        double& width = layerWidth[static_cast<std::size_t>(node.layer)];
        width = std::max(width, sizeOf(node).width());
    }
    std::vector<double> layerX;
    double x = kMargin;
    for (double width : layerWidth) {
        layerX.push_back(x + width / 2);
        x += width + kGap;
    }
    m_laneY.clear();
    double y = kMargin;
    for (double rows : laneRows) {
        const double height = std::max(kOperation, perRow * rows);
        m_laneY.push_back(y + height / 2);
        y += height + kLaneGap;
    }
    m_rects.clear();
    for (const OverviewNode& node : m_overview.nodes) {
        QRectF rect(QPointF(), sizeOf(node));
        rect.moveCenter({layerX[static_cast<std::size_t>(node.layer)], m_laneY[static_cast<std::size_t>(node.lane)]});
        m_rects.push_back(rect);
    }
    resize(static_cast<int>(x + kMargin - kGap), static_cast<int>(y + kMargin - kLaneGap));
    update();
}

QColor OverviewCanvas::colourOf(int block) const {
    const auto i = static_cast<std::size_t>(block);
    if (block < 0 || i >= m_values.size() || !m_values[i]) return palette().color(QPalette::Mid);
    return toQColor(picture::colourOf(*m_values[i], m_range, picture::ColourMap::sequential));
}

void OverviewCanvas::paintEvent(QPaintEvent* event) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(event->rect(), palette().color(QPalette::Base));
    drawEdges(painter);
    const QRectF seen = QRectF(event->rect()).adjusted(-4, -4, 4, 4);
    for (std::size_t i = 0; i < m_rects.size(); ++i)
        if (m_rects[i].intersects(seen)) drawNode(painter, static_cast<int>(i));
}

/// From box to box; a long edge leaves its box, runs along its own lane, and comes back.
void OverviewCanvas::drawEdges(QPainter& painter) const {
    painter.setPen(QPen(mutedText(palette()), 1.2));
    painter.setBrush(Qt::NoBrush);
    for (const OverviewEdge& edge : m_overview.edges) {
        const QRectF& from = m_rects[static_cast<std::size_t>(edge.from)];
        const QRectF& to = m_rects[static_cast<std::size_t>(edge.to)];
        const QPointF start(from.right(), from.center().y()), end(to.left(), to.center().y());
        const double lane = m_laneY[static_cast<std::size_t>(edge.lane)];
        QPainterPath path(start);
        auto bend = [&path](QPointF target) {
            const double middle = (path.currentPosition().x() + target.x()) / 2;
            path.cubicTo({middle, path.currentPosition().y()}, {middle, target.y()}, target);
        };
        const double room = std::min(kGap, std::abs(end.x() - start.x()) / 2);
        if (std::abs(lane - start.y()) > 0.5) bend({start.x() + room, lane});
        if (std::abs(lane - end.y()) > 0.5) {
            path.lineTo(end.x() - room, lane);
            bend(end);
        }
        path.lineTo(end);
        painter.drawPath(path);
    }
}

void OverviewCanvas::drawNode(QPainter& painter, int node) const {
    const OverviewNode& of = m_overview.nodes[static_cast<std::size_t>(node)];
    const QRectF& rect = m_rects[static_cast<std::size_t>(node)];
    const bool isSelected = of.block >= 0 && of.block == m_selected;
    painter.setPen(QPen(palette().color(isSelected ? QPalette::Highlight : QPalette::WindowText), isSelected ? 3 : 0.8));
    if (of.isOperation) {
        painter.setBrush(palette().color(QPalette::Button));
        painter.drawEllipse(rect);
    } else {
        painter.setBrush(of.block >= 0 ? colourOf(of.block) : palette().color(QPalette::Button));
        painter.drawRect(rect);
    }
    if (node == m_current && hasFocus()) {
        painter.setPen(QPen(palette().color(QPalette::WindowText), 1, Qt::DotLine));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(rect.adjusted(-4, -4, 4, 4));
    }
}

int OverviewCanvas::nodeAt(const QPointF& position) const {
    for (std::size_t i = 0; i < m_rects.size(); ++i)
        if (m_rects[i].adjusted(-2, -2, 2, 2).contains(position)) return static_cast<int>(i);
    return -1;
}

void OverviewCanvas::mousePressEvent(QMouseEvent* event) {
    const int node = nodeAt(event->position());
    if (node < 0 || event->button() != Qt::LeftButton) return;
    setCurrent(node);
    if (m_overview.nodes[static_cast<std::size_t>(node)].block >= 0) emit blockClicked(m_overview.nodes[static_cast<std::size_t>(node)].block);
}

void OverviewCanvas::setCurrent(int node) {
    m_current = node;
    setAccessibleDescription(describe(node));
    emit currentMoved(m_rects[static_cast<std::size_t>(node)]);
    update();
}

/// The nearest box in that direction: in the next layers, or within a layer.
void OverviewCanvas::moveCurrent(int layers, int lanes) {
    if (m_overview.nodes.empty()) return;
    if (m_current < 0) return setCurrent(0);
    const OverviewNode& from = m_overview.nodes[static_cast<std::size_t>(m_current)];
    int best = -1, bestDistance = 0;
    for (std::size_t i = 0; i < m_overview.nodes.size(); ++i) {
        const OverviewNode& to = m_overview.nodes[i];
        const int along = layers != 0 ? (to.layer - from.layer) * layers : (to.lane - from.lane) * lanes;
        const int across = std::abs(layers != 0 ? to.lane - from.lane : to.layer - from.layer);
        if (along <= 0) continue;
        const int distance = along * 4 + across * (layers != 0 ? 1 : 8);
        if (best < 0 || distance < bestDistance) {
            best = static_cast<int>(i);
            bestDistance = distance;
        }
    }
    if (best >= 0) setCurrent(best);
}

void OverviewCanvas::keyPressEvent(QKeyEvent* event) {
    switch (event->key()) {
    case Qt::Key_Left: return moveCurrent(-1, 0);
    case Qt::Key_Right: return moveCurrent(1, 0);
    case Qt::Key_Up: return moveCurrent(0, -1);
    case Qt::Key_Down: return moveCurrent(0, 1);
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_current >= 0 && m_overview.nodes[static_cast<std::size_t>(m_current)].block >= 0)
            emit blockClicked(m_overview.nodes[static_cast<std::size_t>(m_current)].block);
        return;
    default: QWidget::keyPressEvent(event);
    }
}

QString OverviewCanvas::describe(int node) const {
    const OverviewNode& of = m_overview.nodes[static_cast<std::size_t>(node)];
    QString text = of.name;
    if (of.out.size() == 4 && of.out[2] > 0) text += QStringLiteral("\n%1").arg(shapeText(of.out));
    if (of.block >= 0 && !m_texts.value(of.block).isEmpty()) text += QStringLiteral("\n%1").arg(m_texts.value(of.block));
    return text;
}

bool OverviewCanvas::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const int node = nodeAt(help->pos());
    if (node >= 0)
        QToolTip::showText(help->globalPos(), describe(node), this);
    else
        QToolTip::hideText();
    return true;
}

} // namespace rp::ui
