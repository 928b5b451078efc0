// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/presenters/anatomy_probe.h"

#include <QWidget>

namespace rp::ui {

/// A bar per output channel, stacked of what its branches hold: the energy of each branch's kernel, the middle tap in full
/// colour, the ring around it pale. A tick stands at the fused kernel's energy: branches that cancel reach above it.
class BranchBars : public QWidget {
    Q_OBJECT

public:
    explicit BranchBars(QWidget* parent = nullptr);
    void show(AnatomyPtr anatomy, std::vector<std::size_t> order);
    /// All bars as high as the room: shares instead of energies.
    void setNormalized(bool isNormalized);
    const std::vector<std::size_t>& order() const { return m_order; }
    int channelAt(int x) const; ///< -1 beside the bars
    QSize minimumSizeHint() const override { return {200, 110}; }

signals:
    void channelClicked(int channel);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    bool event(QEvent* event) override;

private:
    QRect plotRect() const;
    double totalOf(std::size_t channel) const;
    QString describe(std::size_t channel) const;
    void drawBar(QPainter& painter, std::size_t place, double scale) const;
    void drawLegend(QPainter& painter) const;

    AnatomyPtr m_anatomy;
    std::vector<std::size_t> m_order;
    std::vector<double> m_totals; ///< by channel
    double m_most = 0;
    bool m_isNormalized = false;
};

} // namespace rp::ui
