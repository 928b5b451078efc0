// SPDX-License-Identifier: Apache-2.0
#include "ui/plots/pair_plots.h"

#include "ui/plots/plot_style.h"
#include "ui/presenters/display_text.h"

#include <qcustomplot.h>

#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace rp::ui {
namespace {

QCustomPlot* addPlot(QWidget& owner) {
    auto* plot = new QCustomPlot(&owner);
    auto* layout = new QVBoxLayout(&owner);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(plot);
    plot->setMinimumSize(10, 10);
    for (QCPAxis* axis : {plot->xAxis, plot->yAxis}) {
        axis->ticker()->setTickCount(4);
        axis->setNumberFormat(QStringLiteral("g"));
        axis->setNumberPrecision(3);
        axis->setSubTicks(false);
    }
    stylePlot(*plot, owner);
    return plot;
}

void followPalette(QCustomPlot& plot, const QWidget& owner, const QEvent& event) {
    if (event.type() != QEvent::PaletteChange && event.type() != QEvent::FontChange) return;
    stylePlot(plot, owner);
    plot.replot(QCustomPlot::rpQueuedReplot);
}

} // namespace

ScatterPlot::ScatterPlot(QWidget* parent) : QWidget(parent), m_plot(addPlot(*this)) {
    setAccessibleName(tr("One computation against the other"));
}

void ScatterPlot::setPair(const DifferencePair& pair, const QColor& colour) {
    m_plot->clearGraphs();
    const std::size_t step = std::max<std::size_t>(1, (pair.x.size() + kMostPoints - 1) / kMostPoints);
    QVector<double> x, y;
    for (std::size_t i = 0; i < pair.x.size(); i += step)
        if (std::isfinite(pair.x[i]) && std::isfinite(pair.y[i])) {
            x << pair.x[i];
            y << pair.y[i];
        }
    m_points = static_cast<std::size_t>(x.size());
    double low = 0, high = 0;
    for (const QVector<double>* values : {&x, &y})
        for (double value : *values) {
            low = std::min(low, value);
            high = std::max(high, value);
        }
    const double margin = high > low ? 0.05 * (high - low) : 1;
    QCPGraph* diagonal = m_plot->addGraph();
    diagonal->setData({low - margin, high + margin}, {low - margin, high + margin}, true);
    diagonal->setPen(QPen(palette().color(QPalette::Mid), 1, Qt::DashLine));
    QCPGraph* points = m_plot->addGraph();
    points->setData(x, y);
    points->setLineStyle(QCPGraph::lsNone);
    points->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssDisc, colour, 3));
    m_plot->xAxis->setRange(low - margin, high + margin);
    m_plot->yAxis->setRange(low - margin, high + margin);
    m_plot->xAxis->setLabel(pair.xName);
    m_plot->yAxis->setLabel(pair.yName);
    m_plot->replot(QCustomPlot::rpQueuedReplot);
    emit changed();
}

ChartTable ScatterPlot::table() const {
    ChartTable table{{m_plot->xAxis->label(), m_plot->yAxis->label()}, {}};
    if (m_plot->graphCount() < 2) return table;
    for (const QCPGraphData& point : *m_plot->graph(1)->data())
        table.rows.push_back({{QString::number(point.key, 'g', 9), QString::number(point.value, 'g', 9)}});
    return table;
}

QString ScatterPlot::accessibleValue() const {
    return tr("%n points", nullptr, static_cast<int>(m_points));
}

void ScatterPlot::changeEvent(QEvent* event) {
    followPalette(*m_plot, *this, *event);
    QWidget::changeEvent(event);
}

namespace {

/// Zero and one round number at either side: few enough to stand beside each other in any width.
QSharedPointer<QCPAxisTicker> threeTicks(double reach) {
    const double decade = std::pow(10.0, std::floor(std::log10(reach)));
    const double side = std::floor(reach / decade) * decade;
    auto ticker = QSharedPointer<QCPAxisTickerText>::create();
    for (double place : {-side, 0.0, side})
        ticker->addTick(place, numberText(place, 1));
    return ticker;
}

} // namespace

HistogramPlot::HistogramPlot(QWidget* parent) : QWidget(parent), m_plot(addPlot(*this)) {
    setAccessibleName(tr("Histogram of the differences"));
    m_plot->yAxis->setScaleType(QCPAxis::stLogarithmic);
    m_plot->yAxis->setTicker(QSharedPointer<QCPAxisTickerLog>::create());
    m_plot->yAxis->setNumberFormat(QStringLiteral("f"));
    m_plot->yAxis->setNumberPrecision(0);
    m_plot->yAxis->setLabel(tr("elements"));
}

void HistogramPlot::setHistogram(const Histogram& histogram, const QString& quantity, const QColor& colour) {
    m_plot->clearPlottables();
    m_histogram = histogram;
    m_quantity = quantity;
    const double reach = histogram.reach > 0 ? histogram.reach : 1; // one bar in the middle
    QVector<double> places, counts;
    double most = 1;
    for (std::size_t bin = 0; bin < histogram.counts.size(); ++bin) {
        if (histogram.counts[bin] == 0) continue;
        places << histogram.centreOf(bin);
        counts << static_cast<double>(histogram.counts[bin]);
        most = std::max(most, counts.back());
    }
    auto* bars = new QCPBars(m_plot->xAxis, m_plot->yAxis);
    bars->setWidth(2 * reach / static_cast<double>(histogram.counts.size()));
    bars->setBaseValue(0.5);
    bars->setPen(Qt::NoPen);
    bars->setBrush(colour);
    bars->setData(places, counts);
    m_plot->xAxis->setTicker(threeTicks(reach));
    m_plot->xAxis->setRange(-1.05 * reach, 1.05 * reach);
    m_plot->yAxis->setRange(0.5, 2 * most);
    m_plot->xAxis->setLabel(quantity);
    m_plot->replot(QCustomPlot::rpQueuedReplot);
    emit changed();
}

ChartTable HistogramPlot::table() const {
    ChartTable table{{m_quantity, tr("elements")}, {}};
    for (std::size_t bin = 0; bin < m_histogram.counts.size(); ++bin)
        table.rows.push_back({{QString::number(m_histogram.centreOf(bin), 'g', 6), QString::number(m_histogram.counts[bin])}});
    return table;
}

QString HistogramPlot::accessibleValue() const {
    return tr("%1 exactly equal, largest magnitude %2").arg(m_histogram.zeros).arg(numberText(m_histogram.reach, 3));
}

void HistogramPlot::changeEvent(QEvent* event) {
    followPalette(*m_plot, *this, *event);
    QWidget::changeEvent(event);
}

} // namespace rp::ui
