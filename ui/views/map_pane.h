// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/views/map_view_state.h"

#include "core/picture/mosaic.h"

#include <QImage>
#include <QWidget>

namespace rp::ui {

/// One feature map as a mosaic of its channels, or one channel of it. Hovering tells the element, a click
/// shows its channel alone in all panes, another click brings the mosaic back.
class MapPane : public QWidget {
    Q_OBJECT

public:
    MapPane(MapViewState& state, QWidget* parent = nullptr);

    /// `title` names it; `note` stands at the right of it (a range of its own, a largest difference).
    void show(const QString& title, const QString& note, const TensorD& map, picture::Range range);
    const TensorD& map() const { return m_map; }
    const QString& title() const { return m_title; }
    void setSelected(bool isSelected); ///< its title is underlined
    /// Value of the element that the shared cursor names, when this map has it.
    std::optional<double> valueAtCursor() const;

    QSize sizeHint() const override { return {240, 200}; }
    QSize minimumSizeHint() const override { return {110, 90}; }

signals:
    void pressed(); ///< by the left button, anywhere on it

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void render();
    int captionHeight() const;
    QRect pictureRoom() const;
    bool showsOneChannel() const;
    std::optional<MapViewState::Cursor> elementAt(const QPoint& position) const;
    void drawCaption(QPainter& painter) const;
    void drawCursor(QPainter& painter) const;

    MapViewState& m_state;
    QString m_title, m_note;
    TensorD m_map;
    picture::Range m_range;
    picture::MosaicLayout m_layout;
    QImage m_image; ///< one pixel per element
    QImage m_scaled;
    bool m_isSelected = false;
    QRect m_place; ///< where the image stands
};

} // namespace rp::ui
