// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/fusion/anatomy.h"

#include <QColor>
#include <QWidget>

class QCustomPlot;

namespace rp::ui {

/// How often each size of weight occurs, counts on a logarithmic axis; what lies beyond the fences has a colour of its own.
class SpreadPlot : public QWidget {
    Q_OBJECT

public:
    explicit SpreadPlot(QWidget* parent = nullptr);
    void setSpread(const fusion::WeightSpread& spread, const QColor& colour, const QColor& outliers);
    int outlierBars() const { return m_outlierBars; }
    QSize minimumSizeHint() const override { return {120, 80}; }

protected:
    void changeEvent(QEvent* event) override;

private:
    QCustomPlot* m_plot;
    int m_outlierBars = 0;
};

} // namespace rp::ui
