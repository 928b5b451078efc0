// SPDX-License-Identifier: Apache-2.0
#include "ui/views/block_difference_view.h"

#include "ui/plots/pair_plots.h"
#include "ui/presenters/display_text.h"
#include "ui/presenters/document.h"
#include "ui/views/map_pane.h"
#include "ui/views/table_twin.h"
#include "ui/views/theme.h"

#include <QEvent>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>

#include <cmath>

namespace rp::ui {

BlockDifferenceView::BlockDifferenceView(Document& document, QWidget* parent)
    : QWidget(parent), m_document(document), m_state(new MapViewState(this)), m_headline(new QLabel(this)),
      m_message(new QLabel(this)), m_content(new QWidget(this)), m_map(new MapPane(*m_state, m_content)),
      m_scatter(new ScatterPlot(m_content)), m_histogram(new HistogramPlot(m_content)) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(4, 4, 4, 4);
    m_headline->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_message->setAlignment(Qt::AlignCenter);
    m_message->setWordWrap(true);
    auto* header = new QHBoxLayout;
    header->addWidget(m_headline, 1);
    header->addWidget(makeTableButton({m_map, m_scatter, m_histogram}, this));
    layout->addLayout(header);
    layout->addWidget(m_message, 1);
    layout->addWidget(m_content, 1);
    auto* row = new QHBoxLayout(m_content);
    row->setContentsMargins(0, 0, 0, 0);
    for (QWidget* part : std::initializer_list<QWidget*>{m_map, m_scatter, m_histogram})
        row->addWidget(part, 1);
    connect(m_map, &MapPane::picked, this, &BlockDifferenceView::picked);
    connect(m_map, &MapPane::questioned, this, &BlockDifferenceView::questioned);
    connect(&document, &Document::detailChanged, this, &BlockDifferenceView::refresh);
    connect(&document, &Document::sampleChanged, this, &BlockDifferenceView::refresh);
    connect(&document, &Document::activityChanged, this, [this] {
        if (!m_document.detail()) refresh();
    });
    // Without the mouse on the map the mark stands at the largest difference.
    connect(m_state, &MapViewState::cursorChanged, this, [this] {
        if (!m_state->cursor()) markLargest();
    });
    refresh();
}

QString BlockDifferenceView::text() const {
    return m_message->isHidden() ? m_headline->text() : m_message->text();
}

void BlockDifferenceView::showEvent(QShowEvent*) {
    if (m_isStale) refresh();
}

void BlockDifferenceView::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange) refresh(); // the charts' colours belong to it
    QWidget::changeEvent(event);
}

void BlockDifferenceView::refresh() {
    m_isStale = !isVisible();
    if (m_isStale) return;
    const BlockDetailPtr& detail = m_document.detail();
    m_pair = detail ? pairOf(*detail, m_document.sample()) : std::nullopt;
    m_message->setVisible(!m_pair);
    m_content->setVisible(m_pair.has_value());
    if (m_pair) {
        showPair(*m_pair);
        return;
    }
    m_headline->clear();
    if (detail)
        m_message->setText(tr("This block has one computation only; there is nothing to compare."));
    else
        m_message->setText(m_document.isBusy() ? tr("Computing…") : tr("No block is selected."));
}

void BlockDifferenceView::showPair(const DifferencePair& pair) {
    const QString name = QStringLiteral("Δ %1").arg(m_document.detail()->differenceOf);
    const Histogram histogram = histogramOf(pair.x, pair.y);
    m_state->setSample(m_document.sample());
    const BlockMap* map = m_document.detail()->find(BlockMap::Role::difference);
    m_map->show(name, {}, pair.difference, {map->range.diverging});
    m_scatter->setPair(pair, seriesColour(0, palette()));
    m_histogram->setHistogram(histogram, name, seriesColour(0, palette()));
    m_headline->setText(describe(pair, histogram));
    m_headline->setToolTip(m_headline->text());
    markLargest();
}

void BlockDifferenceView::markLargest() {
    if (!m_pair || !m_pair->largest) return;
    const DifferencePair::Place& place = *m_pair->largest;
    const Shape& shape = m_pair->difference.shape();
    m_state->setCursor(MapViewState::Cursor{static_cast<int>(place.channel), static_cast<int>(place.y),
                                            static_cast<int>(place.x), static_cast<int>(shape[2]),
                                            static_cast<int>(shape[3])});
}

QString BlockDifferenceView::describe(const DifferencePair& pair, const Histogram& histogram) const {
    if (!pair.largest) return tr("No difference is finite.");
    QString text = tr("Before the tail, largest |Δ| %1 at channel %2, y %3, x %4; exactly equal: %5 of %6")
                       .arg(numberText(std::abs(pair.largest->value), 3))
                       .arg(pair.largest->channel)
                       .arg(pair.largest->y)
                       .arg(pair.largest->x)
                       .arg(histogram.zeros)
                       .arg(pair.x.size());
    if (histogram.nonFinite > 0) text += tr("; not finite: %1").arg(histogram.nonFinite);
    return text;
}

} // namespace rp::ui
