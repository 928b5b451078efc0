// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/picture/mosaic.h"
#include "ui/views/block_diagram_layout.h"

#include <QFont>
#include <QGraphicsItem>
#include <QImage>
#include <QPalette>

namespace rp::ui {

/// One box of a block's drawing: what it is, its name, and the map that it made as a thumbnail.
class DiagramNodeItem : public QGraphicsItem {
public:
    explicit DiagramNodeItem(const DiagramNode& node);

    /// Largest size that the box may take; one without a picture is only as high as its words.
    void setRoom(QSizeF room, const QFont& font);
    void setLook(const QPalette& palette);
    /// `note` stands in the corner of a box that has no name there.
    void setMap(const TensorD& map, int sample, picture::Range range, const QString& note = {});
    void clearMap();
    void setIdle(bool idle); ///< this phase does not compute it
    bool isIdle() const { return m_idle; }
    void setMarks(bool selected, bool current);

    const DiagramNode& node() const { return m_node; }
    bool hasThumbnail() const { return m_map != nullptr; }
    QString words() const;               ///< all of it, for tool tips and screen readers
    QRectF box() const { return m_box; } ///< about the item's position, which is its centre
    QRectF boundingRect() const override { return m_box.adjusted(-4, -4, 4, 4); }
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

    /// Colour of the box and the lines of a branch, or of what all branches share.
    static QColor colourOf(int branch, const QPalette& palette);

private:
    void fitBox();
    void renderThumbnail(double scale);
    double lineHeight() const;
    QRectF pictureRoom() const;
    QString caption() const;
    QString header() const;
    void paintHeader(QPainter& painter) const;
    void paintLines(QPainter& painter) const;

    DiagramNode m_node;
    QSizeF m_room{120, 60};
    QFont m_font;
    QPalette m_palette;
    QRectF m_box;
    const TensorD* m_map = nullptr; ///< the view keeps the snapshot that holds it
    int m_sample = 0;
    picture::Range m_range;
    QString m_note;
    QImage m_thumbnail; ///< made when it is painted
    double m_thumbnailScale = 1;
    bool m_idle = false, m_selected = false, m_current = false;
};

/// The line between two boxes. What several branches share, before they part or after they meet, has no
/// branch's colour.
class DiagramEdgeItem : public QGraphicsItem {
public:
    DiagramEdgeItem(const DiagramNodeItem& from, const DiagramNodeItem& to);

    void follow(double bend); ///< takes the boxes' places; turns at x = `bend`
    void setLook(const QPalette& palette);
    QRectF boundingRect() const override { return m_bounds; }
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

private:
    const DiagramNodeItem &m_from, &m_to;
    QPolygonF m_trunk, m_own; ///< shared part, and the part of one branch
    QPointF m_end;
    QRectF m_bounds;
    QPalette m_palette;
};

} // namespace rp::ui
