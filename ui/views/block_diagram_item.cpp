// SPDX-License-Identifier: Apache-2.0
#include "ui/views/block_diagram_item.h"

#include "ui/presenters/display_text.h"
#include "ui/views/painting.h"
#include "ui/views/theme.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QPainter>

namespace rp::ui {
namespace {

constexpr double kInset = 5, kArrow = 7;

QFont boldOf(QFont font) {
    font.setBold(true);
    return font;
}

} // namespace

DiagramNodeItem::DiagramNodeItem(const DiagramNode& node) : m_node(node) {
    setToolTip(words());
    fitBox();
}

void DiagramNodeItem::setRoom(QSizeF room, const QFont& font) {
    m_room = room;
    m_font = font;
    fitBox();
}

void DiagramNodeItem::setLook(const QPalette& palette) {
    m_palette = palette;
    fitBox();
}

void DiagramNodeItem::setMap(const TensorD& map, int sample, picture::Range range, const QString& note) {
    m_map = sample < map.size(0) && map.count() > 0 ? &map : nullptr;
    m_sample = sample;
    m_range = range;
    m_note = note;
    setToolTip(words());
    fitBox();
}

void DiagramNodeItem::clearMap() {
    m_map = nullptr;
    m_note.clear();
    setToolTip(words());
    fitBox();
}

void DiagramNodeItem::setIdle(bool idle) {
    m_idle = idle;
    setToolTip(words());
    update();
}

void DiagramNodeItem::setMarks(bool selected, bool current) {
    m_selected = selected;
    m_current = current;
    update();
}

/// A branch's last step is called after the branch, any other step by its own name.
QString DiagramNodeItem::caption() const {
    switch (m_node.kind) {
    case DiagramNode::Kind::step:
        return toQString(m_node.path == "sum" ? m_node.name : m_node.path);
    case DiagramNode::Kind::sum:
    case DiagramNode::Kind::concat:
    case DiagramNode::Kind::tail:
        return toQString(m_node.name);
    default:
        return m_note;
    }
}

/// "Δ = fused − sum" gives way to the figure once there is one; the lines say the formula.
QString DiagramNodeItem::header() const {
    if (m_node.kind == DiagramNode::Kind::difference && m_map) return QStringLiteral("\u0394");
    return toQString(m_node.label);
}

QString DiagramNodeItem::words() const {
    QStringList lines{toQString(m_node.label)};
    if (!m_node.name.empty()) lines << toQString(m_node.name);
    if (!caption().isEmpty() && caption() != toQString(m_node.name)) lines << caption();
    if (m_map) lines << shapeText(m_map->shape());
    if (m_idle) lines << QCoreApplication::translate("rp::ui", "not computed in this phase");
    return lines.join(QLatin1Char('\n'));
}

QColor DiagramNodeItem::colourOf(int branch, const QPalette& palette) {
    return branch < 0 ? mutedText(palette) : seriesColour(branch, palette);
}

double DiagramNodeItem::lineHeight() const {
    return QFontMetricsF(boldOf(m_font)).height();
}

QRectF DiagramNodeItem::pictureRoom() const {
    return m_box.adjusted(kInset, kInset + lineHeight(), -kInset, -kInset);
}

void DiagramNodeItem::fitBox() {
    prepareGeometryChange();
    const double lines = caption().isEmpty() ? 1 : 2;
    const double height =
        m_map ? m_room.height() : std::min(m_room.height(), lines * lineHeight() + 2 * kInset);
    m_box = QRectF(-m_room.width() / 2, -height / 2, m_room.width(), height);
    m_thumbnail = {};
}

/// `scale`: pixels of the screen per unit of the drawing, so that a zoomed or dense screen gets its own picture.
void DiagramNodeItem::renderThumbnail(double scale) {
    m_thumbnailScale = scale;
    m_thumbnail = {};
    const QSize room = (pictureRoom().size() * scale).toSize();
    if (room.width() < 4 || room.height() < 4) return;
    const auto layout = fittingLayout(m_map->size(1), m_map->size(2), m_map->size(3), room);
    const QColor gap =
        isDark(m_palette) ? m_palette.color(QPalette::Window) : m_palette.color(QPalette::Mid).lighter(112);
    const QSize size = QSize(static_cast<int>(layout.width()), static_cast<int>(layout.height())).scaled(room, Qt::KeepAspectRatio);
    m_thumbnail = QImage(size, QImage::Format_RGB32);
    picture::paintMosaic(*m_map, m_sample, layout, {picture::ColourMap::diverging, {m_range}, {}, toRgb(gap)},
                         picture::MosaicPart::whole(layout), canvasOf(m_thumbnail));
}

void DiagramNodeItem::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*) {
    painter->setRenderHint(QPainter::Antialiasing);
    const bool isDifference = m_node.kind == DiagramNode::Kind::difference;
    const QColor line =
        isDifference ? m_palette.color(QPalette::WindowText) : colourOf(m_node.branch, m_palette);
    const bool trunk = m_node.branch < 0 && !isDifference;
    painter->setBrush(m_palette.color(m_idle ? QPalette::Window : QPalette::Base));
    painter->setPen(QPen(line, trunk ? 1.2 : 2, m_idle ? Qt::DashLine : Qt::SolidLine));
    painter->drawRoundedRect(m_box, 4, 4);
    if (m_selected || m_current) {
        painter->setBrush(Qt::NoBrush);
        painter->setPen(QPen(m_palette.color(QPalette::Highlight), m_selected ? 3 : 1.5,
                             m_selected ? Qt::SolidLine : Qt::DotLine));
        painter->drawRoundedRect(m_box.adjusted(-2.5, -2.5, 2.5, 2.5), 6, 6);
    }
    const double scale = painter->worldTransform().m11() * painter->device()->devicePixelRatioF();
    if (m_map && (m_thumbnail.isNull() || scale != m_thumbnailScale)) renderThumbnail(scale);
    if (m_thumbnail.isNull()) {
        paintLines(*painter);
        return;
    }
    paintHeader(*painter);
    QRectF place(QPointF(), QSizeF(m_thumbnail.size()) / m_thumbnailScale);
    place.moveCenter(pictureRoom().center());
    painter->setRenderHint(QPainter::SmoothPixmapTransform);
    painter->drawImage(place, m_thumbnail);
}

/// Above a picture: what it is at the left, its name at the right, in one line.
void DiagramNodeItem::paintHeader(QPainter& painter) const {
    const QRectF line(m_box.left() + kInset, m_box.top() + 2, m_box.width() - 2 * kInset, lineHeight());
    const QFont bold = boldOf(m_font);
    const QString label = QFontMetricsF(bold).elidedText(header(), Qt::ElideRight, line.width());
    painter.setFont(bold);
    painter.setPen(m_palette.color(QPalette::WindowText));
    painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, label);
    const double left = QFontMetricsF(bold).horizontalAdvance(label) + 8;
    if (line.width() - left < 3 * lineHeight() / 2) return;
    painter.setFont(m_font);
    painter.setPen(mutedText(m_palette));
    painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter,
                     QFontMetricsF(m_font).elidedText(caption(), Qt::ElideMiddle, line.width() - left));
}

void DiagramNodeItem::paintLines(QPainter& painter) const {
    const QRectF room = m_box.adjusted(kInset, kInset, -kInset, -kInset);
    const QString name = caption();
    QRectF line = room;
    if (!name.isEmpty()) line.setHeight(room.height() / 2);
    const QFont bold = boldOf(m_font);
    painter.setFont(bold);
    painter.setPen(m_idle ? mutedText(m_palette) : m_palette.color(QPalette::WindowText));
    painter.drawText(line, Qt::AlignCenter,
                     QFontMetricsF(bold).elidedText(toQString(m_node.label), Qt::ElideRight, line.width()));
    if (name.isEmpty()) return;
    line.translate(0, room.height() / 2);
    painter.setFont(m_font);
    painter.setPen(mutedText(m_palette));
    painter.drawText(line, Qt::AlignCenter,
                     QFontMetricsF(m_font).elidedText(name, Qt::ElideMiddle, line.width()));
}

DiagramEdgeItem::DiagramEdgeItem(const DiagramNodeItem& from, const DiagramNodeItem& to)
    : m_from(from), m_to(to) {
    setAcceptedMouseButtons(Qt::NoButton);
}

void DiagramEdgeItem::follow(double bend) {
    prepareGeometryChange();
    const QPointF start(m_from.x() + m_from.box().right(), m_from.y());
    m_end = QPointF(m_to.x() + m_to.box().left(), m_to.y());
    const QPointF leave(bend, start.y()), enter(bend, m_end.y()), tip = m_end - QPointF(kArrow, 0);
    const bool fromBranch = m_from.node().branch >= 0, toBranch = m_to.node().branch >= 0;
    if (fromBranch && toBranch) {
        m_trunk = {};
        m_own = QPolygonF({start, leave, enter, tip});
    } else if (fromBranch) {
        m_own = QPolygonF({start, leave});
        m_trunk = QPolygonF({leave, enter, tip});
    } else {
        m_trunk = QPolygonF({start, leave, enter});
        m_own = QPolygonF({enter, tip});
    }
    m_bounds = QRectF(start, m_end).normalized().adjusted(-kArrow, -kArrow, kArrow, kArrow);
}

void DiagramEdgeItem::setLook(const QPalette& palette) {
    m_palette = palette;
    setZValue(m_from.isIdle() || m_to.isIdle() ? -2 : -1);
    update();
}

void DiagramEdgeItem::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*) {
    painter->setRenderHint(QPainter::Antialiasing, false); // lines that lie upon each other stay one line
    const Qt::PenStyle style = m_from.isIdle() || m_to.isIdle() ? Qt::DashLine : Qt::SolidLine;
    const QColor trunk = DiagramNodeItem::colourOf(-1, m_palette);
    const int branch = m_to.node().branch >= 0 ? m_to.node().branch : m_from.node().branch;
    const QColor own = DiagramNodeItem::colourOf(branch, m_palette);
    painter->setPen(QPen(trunk, 1.5, style, Qt::FlatCap));
    painter->drawPolyline(m_trunk);
    painter->setPen(QPen(own, branch < 0 ? 1.5 : 2, style, Qt::FlatCap));
    painter->drawPolyline(m_own);
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(m_to.node().branch >= 0 ? own : trunk);
    painter->drawPolygon(
        QPolygonF({m_end, m_end - QPointF(kArrow, kArrow / 2), m_end - QPointF(kArrow, -kArrow / 2)}));
}

} // namespace rp::ui
