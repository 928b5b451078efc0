// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/models/exportable.h"
#include "ui/models/accessible_value.h"
#include "ui/views/map_view_state.h"

#include "core/picture/mosaic.h"
#include "core/tensor/tensor.h"

#include <QImage>
#include <QWidget>

namespace rp::ui {

/// One feature map as a mosaic of its channels, or one channel of it. Hovering tells the element, a click
/// shows its channel alone in all panes, another click brings the mosaic back. The wheel zooms about the
/// mouse, dragging moves the part that is seen; cells that are large enough carry their numbers. With the
/// focus, arrow keys move the cursor and Enter does what a click does.
class MapPane : public QWidget, public HasTable, public HasTensor, public HasAccessibleValue {
    Q_OBJECT

public:
    MapPane(MapViewState& state, QWidget* parent = nullptr);

    /// `title` names it; `note` stands at the right of it (a range of its own, a largest difference). `ranges`
    /// and `order` as in `picture::MosaicStyle`.
    void show(const QString& title, const QString& note, const TensorD& map, std::vector<picture::Range> ranges,
              std::vector<std::int64_t> order = {});
    /// A map of one or three channels that is itself a picture: grey, or red, green and blue, in [0, 1].
    void showPicture(const QString& title, const QString& note, const TensorD& map);
    const TensorD& map() const { return m_map; }
    const TensorD& tensor() const override { return m_map; }
    QString tensorName() const override { return m_title; }
    ChartTable table() const override;        ///< a row per channel of the sample that is shown
    QString accessibleValue() const override; ///< of the element at the cursor
    const QString& title() const { return m_title; }
    const std::vector<picture::Range>& ranges() const { return m_ranges; }
    const std::vector<std::int64_t>& order() const { return m_order; }
    void setSelected(bool isSelected); ///< its title is underlined
    bool isSelected() const { return m_isSelected; }
    /// Value of the element that the shared cursor names, when this map has it.
    std::optional<double> valueAtCursor() const;
    /// Side of an element in pixels at the present zoom.
    double elementSide() const;
    bool showsNumbers() const;

    QSize sizeHint() const override { return {240, 200}; }
    QSize minimumSizeHint() const override { return {110, 90}; }

signals:
    void pressed(); ///< by the left button, anywhere on it
    void picked(const rp::ui::MapViewState::Cursor& element); ///< by a click or Enter
    void pinned(int channel); ///< by Shift and a click
    void questioned(); ///< by Ctrl and a click, after `picked`: what does that element come from?
    void changed();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void arrange();
    bool hasPicture() const { return m_layout.width() > 0; }
    void cutOut(const QRect& visible, const QRectF& whole);
    int captionHeight() const;
    QRect pictureRoom() const;
    bool showsOneChannel() const;
    picture::MosaicStyle style() const;
    QRectF wholePicture() const;
    QPoint pixelAt(const QPointF& position) const;
    std::int64_t cellOf(std::int64_t channel) const; ///< -1: not shown
    QRectF elementRect(const MapViewState::Cursor& cursor) const;
    std::optional<MapViewState::Cursor> elementAt(const QPoint& pixel) const;
    void toggleChannel(const std::optional<MapViewState::Cursor>& element);
    void moveCursor(int columns, int rows);
    void zoomAbout(const QPointF& position, double factor);
    void panBy(const QPointF& pixels);
    QString cursorText() const;
    void drawCaption(QPainter& painter) const;
    void drawNumbers(QPainter& painter, const QRect& visible) const;
    void drawCursor(QPainter& painter) const;
    void drawPins(QPainter& painter) const;
    std::int64_t cellCount() const;

    MapViewState& m_state;
    QString m_title, m_note;
    TensorD m_map;
    std::vector<picture::Range> m_ranges{picture::Range{}};
    std::vector<std::int64_t> m_order;
    picture::MosaicLayout m_layout;
    QImage m_cut; ///< the visible part at its size on screen, in the corner
    QRect m_cutPlace;
    QRectF m_cutOf; ///< where the whole picture stood when it was cut out
    bool m_isPicture = false;
    bool m_isSelected = false;
    std::optional<QPoint> m_pressedAt;
    bool m_isDragged = false;
};

} // namespace rp::ui
