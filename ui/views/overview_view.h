// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/presenters/overview.h"
#include "ui/views/zoomable.h"

#include "core/picture/colour_map.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QScrollArea;

namespace rp::ui {

class Document;
class RangeLegend;

/// The network to scale: a box is as high as its map and as wide as its channels. Click or Enter selects a block, arrow
/// keys go from box to box.
class OverviewCanvas : public QWidget {
    Q_OBJECT

public:
    explicit OverviewCanvas(QWidget* parent = nullptr);
    void setOverview(Overview overview);
    /// By block, in the range's units; none is grey.
    void setValues(std::vector<std::optional<double>> values, picture::Range range, QStringList texts);
    void setSelected(int block);
    void setZoom(double zoom, int height); ///< `height` is the room's; at zoom 1 the picture is that high
    double zoom() const { return m_zoom; }
    const Overview& overview() const { return m_overview; }
    QRectF rectOf(int node) const { return m_rects[static_cast<std::size_t>(node)]; }
    QColor colourOf(int block) const;

signals:
    void blockClicked(int block);
    void currentMoved(const QRectF& rect);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;

private:
    void arrange();
    int nodeAt(const QPointF& position) const;
    void moveCurrent(int layers, int lanes);
    void setCurrent(int node);
    QString describe(int node) const;
    void drawEdges(QPainter& painter) const;
    void drawNode(QPainter& painter, int node) const;

    Overview m_overview;
    std::vector<std::optional<double>> m_values;
    QStringList m_texts;
    picture::Range m_range;
    std::vector<QRectF> m_rects;
    std::vector<double> m_laneY;
    int m_selected = -1; ///< block
    int m_current = -1;  ///< box with the keyboard's mark
    double m_zoom = 1;
    int m_room = 200;
};

/// The canvas with the choice of figure and its legend.
class OverviewView : public QWidget, public Zoomable {
    Q_OBJECT

public:
    explicit OverviewView(Document& document, QWidget* parent = nullptr);
    QComboBox* figure() { return m_figure; }
    OverviewCanvas& canvas() { return *m_canvas; }
    void zoomBy(double factor) override;
    void zoomToFit() override;

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void showModel();
    void showFigure();

    Document& m_document;
    QComboBox* m_figure;
    QLabel *m_message, *m_note;
    RangeLegend* m_legend;
    QScrollArea* m_scroll;
    OverviewCanvas* m_canvas;
};

} // namespace rp::ui
