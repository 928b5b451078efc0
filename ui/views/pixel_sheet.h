// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/presenters/pixel_probe.h"

#include "core/picture/colour_map.h"

#include <QWidget>

namespace rp::ui {

/// One input channel of a taken apart element as a drawing: a row per branch and one for the fused kernel, each the
/// patch times the kernel and the products that add up, cell by cell.
class PixelSheet : public QWidget {
    Q_OBJECT

public:
    explicit PixelSheet(QWidget* parent = nullptr);
    void show(PixelPtr pixel, std::int64_t channel); ///< `channel` counts within the patch; null shows nothing
    QSize minimumSizeHint() const override { return {520, 120}; }
    QSize sizeHint() const override { return {640, neededHeight(640)}; }
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override { return neededHeight(width); }

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    bool event(QEvent* event) override; ///< tool tips: the cell in full

private:
    enum Part { Patch, Kernel, Products, PartCount };
    QSize cellSize(int width) const;
    int rowHeight(int width) const;
    int neededHeight(int width) const;
    int partLeft(int part) const;
    QRect cellRect(int row, int part, int v, int u) const;
    const fusion::PixelTerm& term(int row) const;
    int rowCount() const;
    double valueAt(int row, int part, int v, int u) const;
    picture::Range rangeOf(int part) const;
    void drawHeads(QPainter& painter) const;
    void drawCells(QPainter& painter, int row, int part) const;
    void drawSums(QPainter& painter, int row) const;

    PixelPtr m_pixel;
    std::int64_t m_channel = 0;
    std::array<double, PartCount> m_most{}; ///< largest magnitude of what each column shows
};

} // namespace rp::ui
