// SPDX-License-Identifier: Apache-2.0
#include "ui/plots/spread_plot.h"

#include "ui/plots/plot_style.h"

#include <qcustomplot.h>

#include <QVBoxLayout>

#include <algorithm>

namespace rp::ui {

SpreadPlot::SpreadPlot(QWidget* parent) : QWidget(parent), m_plot(new QCustomPlot(this)) {
    setAccessibleName(tr("Histogram of the weights"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_plot);
    m_plot->setMinimumSize(10, 10);
    m_plot->xAxis->ticker()->setTickCount(4);
    m_plot->xAxis->setNumberFormat(QStringLiteral("g"));
    m_plot->xAxis->setNumberPrecision(3);
    m_plot->yAxis->setScaleType(QCPAxis::stLogarithmic);
    m_plot->yAxis->setTicker(QSharedPointer<QCPAxisTickerLog>::create());
    m_plot->yAxis->setNumberFormat(QStringLiteral("f"));
    m_plot->yAxis->setNumberPrecision(0);
    m_plot->yAxis->setLabel(tr("weights"));
    for (QCPAxis* axis : {m_plot->xAxis, m_plot->yAxis}) axis->setSubTicks(false);
    stylePlot(*m_plot, *this);
}

void SpreadPlot::setSpread(const fusion::WeightSpread& spread, const QColor& colour, const QColor& outliers) {
    m_plot->clearPlottables();
    m_plot->clearItems();
    m_outlierBars = 0;
    const double width = spread.binWidth() > 0 ? spread.binWidth() : 1;
    QVector<double> places, counts, farPlaces, farCounts;
    double most = 1;
    for (std::size_t bin = 0; bin < spread.counts.size(); ++bin) {
        if (spread.counts[bin] == 0) continue;
        const double place = spread.low + (static_cast<double>(bin) + 0.5) * spread.binWidth();
        const auto count = static_cast<double>(spread.counts[bin]);
        const bool isFar = place < spread.lowFence || place > spread.highFence;
        (isFar ? farPlaces : places) << place;
        (isFar ? farCounts : counts) << count;
        m_outlierBars += isFar;
        most = std::max(most, count);
    }
    auto addBars = [&](const QVector<double>& x, const QVector<double>& y, const QColor& fill) {
        auto* bars = new QCPBars(m_plot->xAxis, m_plot->yAxis);
        bars->setWidth(width);
        bars->setBaseValue(0.5);
        bars->setPen(QPen(fill, 1)); // a narrow bar is seen, too
        bars->setBrush(fill);
        bars->setData(x, y);
    };
    addBars(places, counts, colour);
    addBars(farPlaces, farCounts, outliers);
    for (double fence : {spread.lowFence, spread.highFence}) {
        if (fence < spread.low || fence > spread.high) continue;
        auto* line = new QCPItemStraightLine(m_plot);
        line->point1->setCoords(fence, 1);
        line->point2->setCoords(fence, 10);
        line->setPen(QPen(outliers, 1, Qt::DashLine));
    }
    const double margin = 0.03 * std::max(spread.high - spread.low, width);
    m_plot->xAxis->setRange(spread.low - margin, spread.high + margin);
    m_plot->yAxis->setRange(0.5, 2 * most);
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void SpreadPlot::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) {
        stylePlot(*m_plot, *this);
        m_plot->replot(QCustomPlot::rpQueuedReplot);
    }
    QWidget::changeEvent(event);
}

} // namespace rp::ui
