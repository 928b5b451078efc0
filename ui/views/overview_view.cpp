// SPDX-License-Identifier: Apache-2.0
#include "ui/views/overview_view.h"

#include "ui/presenters/display_text.h"
#include "ui/presenters/document.h"
#include "ui/views/range_legend.h"

#include <QComboBox>
#include <QLabel>
#include <QResizeEvent>
#include <QScrollArea>
#include <QScrollBar>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace rp::ui {

OverviewView::OverviewView(Document& document, QWidget* parent)
    : QWidget(parent), m_document(document), m_figure(new QComboBox(this)), m_message(new QLabel(this)), m_note(new QLabel(this)),
      m_legend(new RangeLegend(this)), m_scroll(new QScrollArea(this)), m_canvas(new OverviewCanvas) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(4, 4, 4, 4);
    auto* row = new QHBoxLayout;
    auto* label = new QLabel(tr("&Colour"), this);
    label->setBuddy(m_figure);
    for (int i = 0; i < kBlockFigures; ++i) m_figure->addItem(figureName(static_cast<BlockFigure>(i)));
    m_legend->setMaximumWidth(260);
    m_legend->setMinimumWidth(160);
    m_note->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    row->addWidget(label);
    row->addWidget(m_figure);
    row->addWidget(m_legend);
    row->addSpacing(8);
    row->addWidget(m_note, 1);
    layout->addLayout(row);
    m_message->setAlignment(Qt::AlignCenter);
    m_message->setWordWrap(true);
    layout->addWidget(m_message, 1);
    m_scroll->setWidget(m_canvas);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    m_scroll->setBackgroundRole(QPalette::Base);
    m_scroll->setAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    layout->addWidget(m_scroll, 1);
    connect(m_canvas, &OverviewCanvas::blockClicked, &document, &Document::setBlock);
    connect(m_canvas, &OverviewCanvas::currentMoved, this, [this](const QRectF& rect) {
        m_scroll->ensureVisible(static_cast<int>(rect.center().x()), static_cast<int>(rect.center().y()),
                                static_cast<int>(rect.width() / 2) + 40, static_cast<int>(rect.height() / 2) + 20);
    });
    connect(m_figure, &QComboBox::currentIndexChanged, this, &OverviewView::showFigure);
    connect(&document, &Document::modelChanged, this, &OverviewView::showModel);
    connect(&document, &Document::reportChanged, this, &OverviewView::showFigure);
    connect(&document, &Document::blockChanged, m_canvas, &OverviewCanvas::setSelected);
    showModel();
}

void OverviewView::showModel() {
    const LoadedModelPtr& model = m_document.model();
    Overview overview = model ? overviewOf(*model) : Overview();
    m_message->setText(model ? tr("The file holds no blocks.") : tr("Open a model to see the network."));
    m_message->setVisible(overview.nodes.empty());
    m_scroll->setVisible(!overview.nodes.empty());
    m_note->setText(overview.note.isEmpty() ? tr("height: resolution, width: channels, to scale") : overview.note);
    m_note->setToolTip(m_note->text());
    m_canvas->setOverview(std::move(overview));
    m_canvas->setSelected(m_document.block());
    zoomToFit();
    showFigure();
}

/// Figures span orders of magnitude, so their logarithm is coloured; what is not known is grey.
void OverviewView::showFigure() {
    const auto figure = static_cast<BlockFigure>(m_figure->currentIndex());
    const LoadedModelPtr& model = m_document.model();
    std::vector<std::optional<double>> values;
    QStringList texts;
    double low = HUGE_VAL, high = -HUGE_VAL;
    if (model)
        for (const BlockFacts& facts : factsOf(*model, m_document.report().get())) {
            const std::optional<double> value = figureOf(facts, figure);
            texts << (value ? figureText(figure, *value) : QString());
            values.push_back(value && *value > 0 ? std::optional(std::log10(*value)) : std::nullopt);
            if (!values.back() || std::isinf(*values.back())) continue;
            low = std::min(low, *values.back());
            high = std::max(high, *values.back());
        }
    const bool isKnown = low <= high;
    for (std::optional<double>& value : values)
        if (value && std::isinf(*value)) value = isKnown ? high : 0; // exact: the best end
    m_canvas->setValues(std::move(values), {low, high > low ? high : low + 1}, texts);
    m_legend->setVisible(isKnown);
    if (isKnown) m_legend->setTexts(figureText(figure, std::pow(10.0, low)), figureText(figure, std::pow(10.0, high)), picture::ColourMap::sequential);
}

void OverviewView::resizeEvent(QResizeEvent*) {
    if (m_canvas->zoom() == 1) zoomToFit();
}

void OverviewView::zoomBy(double factor) {
    m_canvas->setZoom(std::clamp(m_canvas->zoom() * factor, 0.25, 16.0), m_scroll->viewport()->height());
}

void OverviewView::zoomToFit() {
    m_canvas->setZoom(1, m_scroll->height() - m_scroll->horizontalScrollBar()->sizeHint().height() - 4);
}

} // namespace rp::ui
