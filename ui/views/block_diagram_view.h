// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/jobs/snapshots.h"
#include "ui/views/block_diagram_layout.h"
#include "ui/views/zoomable.h"

#include <QGraphicsView>

namespace rp::ui {

class DiagramEdgeItem;
class DiagramNodeItem;
class Document;

/// The selected block as a drawing: input, branches, what joins them, tail and output, the fused path below,
/// and the difference of the two. What the current phase computed carries its map as a thumbnail, in the
/// colours of the Activations view; what it did not compute is dashed. Boxes grow with the view; Ctrl+wheel
/// zooms. Tab and arrow keys walk over the boxes, Enter or a click selects one.
class BlockDiagramView : public QGraphicsView, public Zoomable {
    Q_OBJECT

public:
    explicit BlockDiagramView(Document& document, QWidget* parent = nullptr);

    /// Draws a block without pictures. `fused` is what replaces its body, or null; `remark` says why it is
    /// null.
    void draw(const Block& block, const Expr* fused, const QString& remark = {});

    const BlockDiagram& diagram() const { return m_diagram; }
    const std::vector<DiagramNodeItem*>& nodeItems() const { return m_items; } ///< in the order of its nodes
    const QString& message() const { return m_message; } ///< words below the drawing, or instead of it
    int current() const { return m_current; }            ///< box that the keys are on; -1 for none
    int selected() const { return m_selected; }
    void select(int node);
    void zoomBy(double factor) override;
    void zoomToFit() override;

signals:
    void nodeClicked(const QString& path); ///< `DiagramNode::path`

protected:
    void keyPressEvent(QKeyEvent* event) override;
    bool focusNextPrevChild(bool next) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void showBlock();
    void showMaps();
    void arrange();
    void arrangeMessage(QSizeF cell);
    void colour();
    void mark();
    void setCurrent(int node);
    void moveCurrent(double columns, double rows);
    void showChosen();
    QPointF centreOf(const DiagramNode& node, QSizeF cell) const;

    Document& m_document;
    BlockDetailPtr m_shown; ///< holds the maps that the boxes draw
    BlockDiagram m_diagram;
    std::vector<DiagramNodeItem*> m_items;
    std::vector<DiagramEdgeItem*> m_edges; ///< in the order of its edges
    QGraphicsTextItem* m_words = nullptr;
    QString m_message;
    bool m_fusedRuns = false; ///< in the phase on screen
    bool m_stale = false;     ///< something new came while the view was hidden
    int m_current = -1, m_selected = -1;
    double m_zoom = 1;
};

} // namespace rp::ui
