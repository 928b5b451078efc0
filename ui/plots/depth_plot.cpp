// SPDX-License-Identifier: Apache-2.0
#include "ui/plots/depth_plot.h"

#include "ui/plots/plot_style.h"
#include "ui/presenters/display_text.h"

#include <qcustomplot.h>

#include <QKeyEvent>
#include <QToolTip>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace rp::ui {
namespace {

constexpr int kLongestLabel = 18; ///< characters of a name
constexpr int kLeastLabelled = 130; ///< pixels of height from which the blocks are named

/// Decades as 10⁻⁷; the lowest place is zero itself.
class DecadeTicker : public QCPAxisTickerLog {
public:
    explicit DecadeTicker(double zeroPlace) : m_zeroPlace(zeroPlace) {}

protected:
    QVector<double> createTickVector(double, const QCPRange& range) override {
        QVector<double> ticks;
        if (m_zeroPlace > 0) ticks << m_zeroPlace;
        const int first = static_cast<int>(std::ceil(std::log10(range.lower))),
                  last = static_cast<int>(std::floor(std::log10(range.upper)));
        const int step = std::max(1, (last - first) / 5);
        for (int decade = first; decade <= last; decade += step)
            if (const double tick = std::pow(10.0, decade); tick > m_zeroPlace * 3) ticks << tick;
        return ticks;
    }
    QString getTickLabel(double tick, const QLocale&, QChar, int) override {
        if (tick == m_zeroPlace) return QStringLiteral("0");
        return QStringLiteral("1e%1").arg(static_cast<int>(std::lround(std::log10(tick))));
    }

private:
    double m_zeroPlace;
};

} // namespace

DepthPlot::DepthPlot(QWidget* parent) : QWidget(parent), m_plot(new QCustomPlot(this)) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_plot);
    setAccessibleName(tr("Difference along the depth"));
    setFocusPolicy(Qt::StrongFocus);
    m_plot->yAxis->setScaleType(QCPAxis::stLogarithmic);
    m_plot->setInteraction(QCP::iRangeDrag);
    m_plot->setInteraction(QCP::iRangeZoom);
    m_plot->axisRect()->setRangeDrag(Qt::Horizontal);
    m_plot->axisRect()->setRangeZoom(Qt::Horizontal);
    // The legend stands above the axes: inside it would hide points.
    auto* legendRow = new QCPLayoutGrid;
    m_plot->plotLayout()->insertRow(0);
    m_plot->plotLayout()->addElement(0, 0, legendRow);
    legendRow->addElement(0, 0, m_plot->legend);
    legendRow->addElement(0, 1, new QCPLayoutElement(m_plot));
    legendRow->setColumnStretchFactor(0, 0.001);
    m_plot->legend->setIconSize(18, 14);
    m_plot->legend->setFillOrder(QCPLayoutGrid::foColumnsFirst);
    m_plot->legend->setMargins(QMargins(6, 2, 6, 2));
    m_plot->plotLayout()->setRowStretchFactor(0, 0.001);
    m_plot->legend->setVisible(true);
    m_plot->setMinimumSize(10, 10);
    connect(m_plot, &QCustomPlot::mouseRelease, this, [this](QMouseEvent* event) {
        if (const int block = blockAt(event->pos()); block >= 0 && event->button() == Qt::LeftButton)
            emit blockClicked(block);
    });
    connect(m_plot, &QCustomPlot::mouseMove, this, &DepthPlot::tellPoint);
    applyPalette();
    rebuild();
}

DepthPlot::~DepthPlot() = default;

void DepthPlot::setSeries(const QStringList& blocks, const QString& quantity, std::vector<Series> series,
                          std::vector<int> marked, const QColor& markColour) {
    m_blocks = blocks;
    m_quantity = quantity;
    m_series = std::move(series);
    m_marked = std::move(marked);
    m_markColour = markColour;
    rebuild();
    emit changed();
}

void DepthPlot::setSelected(int block) {
    m_selected = block;
    markSelected();
    tellAccessibleValue(*this);
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

double DepthPlot::smallestPositive() const {
    double smallest = 0;
    for (const Series& series : m_series)
        for (const auto& value : series.values)
            if (value && *value > 0 && std::isfinite(*value) && (smallest == 0 || *value < smallest))
                smallest = *value;
    return smallest > 0 ? smallest : 1e-8;
}

/// Adds line and marks; returns the largest value.
double DepthPlot::addGraph(const Series& series, double zeroPlace) {
    QVector<double> x, y, zeroX, zeroY;
    for (std::size_t i = 0; i < series.values.size(); ++i) {
        const auto& value = series.values[i];
        const bool known = value && std::isfinite(*value);
        x << static_cast<double>(i);
        y << (!known ? std::nan("") : *value > 0 ? *value : zeroPlace);
        if (known && *value == 0 && !series.isBound) {
            zeroX << static_cast<double>(i);
            zeroY << zeroPlace;
        }
    }
    QCPGraph* graph = m_plot->addGraph();
    graph->setName(series.name);
    graph->setData(x, y, true);
    graph->setPen(
        QPen(series.colour, series.isBound ? 1.2 : 1.6, series.isBound ? Qt::DashLine : Qt::SolidLine));
    if (!series.isBound) graph->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssDisc, series.colour, 6));
    if (!zeroX.isEmpty()) {
        QCPGraph* zeros = m_plot->addGraph();
        zeros->setData(zeroX, zeroY, true);
        zeros->setLineStyle(QCPGraph::lsNone);
        zeros->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssCircle, QPen(series.colour, 1.5),
                                               palette().color(QPalette::Base), 8));
        zeros->removeFromLegend();
    }
    double most = 0;
    for (double value : y)
        if (std::isfinite(value)) most = std::max(most, value);
    return most;
}

void DepthPlot::rebuild() {
    m_plot->clearGraphs();
    m_plot->clearItems();
    m_plot->legend->setWrap(m_series.size() > 3 ? 3 : 0); // in two rows what one cannot hold
    const double smallest = smallestPositive();
    const bool hasZero = std::ranges::any_of(m_series, [](const Series& series) {
        return !series.isBound &&
               std::ranges::find(series.values, std::optional<double>(0.0)) != series.values.end();
    });
    const double zeroPlace = std::pow(10.0, std::floor(std::log10(smallest)) - 1);
    double most = smallest * 10;
    for (const Series& series : m_series)
        most = std::max(most, addGraph(series, zeroPlace));
    m_plot->yAxis->setTicker(QSharedPointer<DecadeTicker>::create(hasZero ? zeroPlace : 0));
    if (!m_marked.empty()) addMarks(hasZero ? zeroPlace : smallest * 0.7);
    m_plot->yAxis->setRange(hasZero ? zeroPlace / 2 : smallest / 2, most * 2);
    m_plot->yAxis->setTickLabels(!m_series.empty());
    m_plot->yAxis->setLabel(m_series.empty() ? tr("not compared") : m_quantity);
    m_plot->xAxis->setRange(-0.6, std::max(1.0, static_cast<double>(m_blocks.size()) - 0.4));
    m_plot->legend->setVisible(!m_series.empty());
    labelBlocks();
    markSelected();
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void DepthPlot::addMarks(double place) {
    QVector<double> x, y;
    for (int block : m_marked) {
        x << block;
        y << place;
    }
    QCPGraph* graph = m_plot->addGraph();
    graph->setName(tr("fails or refused"));
    graph->setData(x, y, true);
    graph->setLineStyle(QCPGraph::lsNone);
    graph->setScatterStyle(
        QCPScatterStyle(QCPScatterStyle::ssCross, QPen(m_markColour, 2.5), Qt::NoBrush, 10));
}

/// As many names as stand beside each other, turned when they are many.
void DepthPlot::labelBlocks() {
    auto ticker = QSharedPointer<QCPAxisTickerText>::create();
    const int room = std::max(4, (width() - 80) / (fontMetrics().height() + 2));
    const qsizetype step = std::max<qsizetype>(1, (m_blocks.size() + room - 1) / room);
    int widest = 0;
    for (qsizetype i = 0; i < m_blocks.size(); i += step) {
        const QString name = elidedName(m_blocks[i], kLongestLabel);
        widest = std::max(widest, fontMetrics().horizontalAdvance(name));
        ticker->addTick(static_cast<double>(i), name);
    }
    m_plot->xAxis->setTicker(ticker);
    const bool fits = (widest + 8) * m_blocks.size() <= width() - 80; // side by side
    m_plot->xAxis->setTickLabelRotation(fits ? 0 : -60);
    m_plot->xAxis->setSubTicks(false);
    m_plot->yAxis->setSubTicks(false);
}

void DepthPlot::markSelected() {
    m_plot->clearItems();
    if (m_selected < 0 || m_selected >= m_blocks.size()) return;
    auto* band = new QCPItemRect(m_plot);
    band->topLeft->setTypeX(QCPItemPosition::ptPlotCoords);
    band->topLeft->setTypeY(QCPItemPosition::ptAxisRectRatio);
    band->bottomRight->setTypeX(QCPItemPosition::ptPlotCoords);
    band->bottomRight->setTypeY(QCPItemPosition::ptAxisRectRatio);
    band->topLeft->setCoords(m_selected - 0.4, 0);
    band->bottomRight->setCoords(m_selected + 0.4, 1);
    QColor colour = palette().color(QPalette::Highlight);
    band->setPen(QPen(colour, 1));
    colour.setAlphaF(0.25F);
    band->setBrush(colour);
}

int DepthPlot::blockAt(const QPoint& position) const {
    if (!m_plot->axisRect()->rect().contains(position)) return -1;
    const auto block = static_cast<int>(std::lround(m_plot->xAxis->pixelToCoord(position.x())));
    return block >= 0 && block < m_blocks.size() ? block : -1;
}

void DepthPlot::tellPoint(QMouseEvent* event) {
    const int block = blockAt(event->pos());
    if (block < 0) return;
    QStringList lines{m_blocks[block]};
    for (const Series& series : m_series)
        if (const auto& value = series.values[static_cast<std::size_t>(block)])
            lines << QStringLiteral("%1: %2").arg(series.name,
                                                  *value == 0 ? tr("0, exact") : numberText(*value, 3));
    QToolTip::showText(event->globalPosition().toPoint(), lines.join(QLatin1Char('\n')), m_plot);
}

ChartTable DepthPlot::table() const {
    ChartTable table{{tr("block")}, {}};
    for (const Series& series : m_series) table.headers << series.name;
    for (qsizetype i = 0; i < m_blocks.size(); ++i) {
        TextRow row{{m_blocks[i]}, Tone::none, static_cast<int>(i)};
        for (const Series& series : m_series) {
            const auto& value = series.values[static_cast<std::size_t>(i)];
            row.cells << (value ? QString::number(*value, 'g', 9) : QString());
        }
        table.rows.push_back(std::move(row));
    }
    return table;
}

QString DepthPlot::accessibleValue() const {
    if (m_selected < 0 || m_selected >= m_blocks.size()) return tr("no block is selected");
    QStringList parts{m_blocks[m_selected]};
    for (const Series& series : m_series)
        if (const auto& value = series.values[static_cast<std::size_t>(m_selected)])
            parts << QStringLiteral("%1 %2").arg(series.name, numberText(*value, 3));
    return parts.join(QStringLiteral(", "));
}

void DepthPlot::keyPressEvent(QKeyEvent* event) {
    const int by = event->key() == Qt::Key_Right ? 1 : event->key() == Qt::Key_Left ? -1 : 0;
    if (by == 0) return QWidget::keyPressEvent(event);
    const int block = m_selected + by;
    if (block >= 0 && block < m_blocks.size()) emit blockClicked(block);
}

void DepthPlot::applyPalette() {
    stylePlot(*m_plot, *this);
}

void DepthPlot::resizeEvent(QResizeEvent*) {
    m_plot->xAxis->setTickLabels(height() >= kLeastLabelled); // names must not eat the curves
    labelBlocks();
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void DepthPlot::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) {
        applyPalette();
        rebuild();
    }
    QWidget::changeEvent(event);
}

} // namespace rp::ui
