// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/models/exportable.h"
#include "ui/presenters/difference_pair.h"
#include "ui/models/accessible_value.h"

#include <QColor>
#include <QWidget>

class QCustomPlot;

namespace rp::ui {

/// One computation against the other, a point per element; what agrees lies on the diagonal.
class ScatterPlot : public QWidget, public HasTable, public HasAccessibleValue {
    Q_OBJECT

public:
    static constexpr std::size_t kMostPoints = 4000; ///< of more elements, every n-th is drawn

    explicit ScatterPlot(QWidget* parent = nullptr);
    void setPair(const DifferencePair& pair, const QColor& colour);
    std::size_t pointCount() const { return m_points; }
    ChartTable table() const override; ///< the points that are drawn
    QString accessibleValue() const override;
    QSize minimumSizeHint() const override { return {120, 80}; }

signals:
    void changed();

protected:
    void changeEvent(QEvent* event) override;

private:
    QCustomPlot* m_plot;
    std::size_t m_points = 0;
};

/// How often each size of difference occurs; counts on a logarithmic axis, so that a single outlier is seen.
class HistogramPlot : public QWidget, public HasTable, public HasAccessibleValue {
    Q_OBJECT

public:
    explicit HistogramPlot(QWidget* parent = nullptr);
    void setHistogram(const Histogram& histogram, const QString& quantity, const QColor& colour);
    ChartTable table() const override; ///< every bin, the empty ones too
    QString accessibleValue() const override;
    QSize minimumSizeHint() const override { return {120, 80}; }

signals:
    void changed();

protected:
    void changeEvent(QEvent* event) override;

private:
    QCustomPlot* m_plot;
    Histogram m_histogram;
    QString m_quantity;
};

} // namespace rp::ui
