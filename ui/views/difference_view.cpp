// SPDX-License-Identifier: Apache-2.0
#include "ui/views/difference_view.h"

#include "ui/plots/depth_plot.h"
#include "ui/presenters/display_text.h"
#include "ui/presenters/document.h"
#include "ui/views/table_twin.h"
#include "ui/views/theme.h"

#include <QComboBox>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace rp::ui {
namespace {

enum Quantity { LargestDifference, RelativeDifference };

using Values = std::vector<std::optional<double>>;

std::optional<double> valueOf(const std::optional<verify::Comparison>& comparison, Quantity quantity) {
    if (!comparison) return std::nullopt;
    return quantity == LargestDifference ? comparison->maxAbs : comparison->relativeL2;
}

} // namespace

DifferenceView::DifferenceView(Document& document, QWidget* parent)
    : QWidget(parent), m_document(document), m_quantity(new QComboBox(this)), m_plot(new DepthPlot(this)) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(6, 0, 0, 0);
    layout->setSpacing(2);
    auto* row = new QHBoxLayout;
    auto* title = new QLabel(tr("deploy against eval, float32"), this);
    title->setToolTip(
        tr("Phase deploy against phase eval. Local: both get the same input. Cumulative: each form runs "
           "on its own outputs. A click selects the block."));
    m_quantity->addItem(tr("largest |Δ|"));
    m_quantity->addItem(tr("relative L2"));
    m_quantity->setAccessibleName(tr("Quantity"));
    row->addWidget(title, 1);
    row->addWidget(m_quantity);
    row->addWidget(makeTableButton({m_plot}, this));
    layout->addLayout(row);
    layout->addWidget(m_plot, 1);
    connect(m_quantity, &QComboBox::currentIndexChanged, this, &DifferenceView::showReport);
    connect(m_plot, &DepthPlot::blockClicked, &document, &Document::setBlock);
    connect(&document, &Document::reportChanged, this, &DifferenceView::showReport);
    connect(&document, &Document::modelChanged, this, &DifferenceView::showReport);
    connect(&document, &Document::blockChanged, m_plot, &DepthPlot::setSelected);
    showReport();
}

void DifferenceView::showReport() {
    QStringList names;
    if (m_document.model())
        for (const Block& block : m_document.model()->model().blocks)
            names << toQString(block.name);
    std::vector<DepthPlot::Series> series;
    std::vector<int> failing;
    const auto quantity = static_cast<Quantity>(m_quantity->currentIndex());
    const ReportPtr& report = m_document.report();
    if (report && static_cast<qsizetype>(report->blocks.size()) == names.size()) {
        Values local, cumulative, bound, against;
        for (const verify::BlockReport& block : report->blocks) {
            const bool fails =
                block.verdict == verify::Verdict::fail || block.verdict == verify::Verdict::refused;
            if (fails) failing.push_back(static_cast<int>(local.size()));
            local.push_back(valueOf(block.local, quantity));
            against.push_back(valueOf(block.against, quantity));
            cumulative.push_back(valueOf(block.cumulative, quantity));
            bound.push_back(block.local && block.roundingBound > 0 ? std::optional(block.roundingBound)
                                                                   : std::nullopt);
        }
        series.push_back({tr("local"), seriesColour(0, palette()), false, std::move(local)});
        series.push_back({tr("cumulative"), seriesColour(1, palette()), false, std::move(cumulative)});
        if (std::ranges::any_of(against, [](const auto& value) { return value.has_value(); }))
            series.push_back(
                {tr("other file"), seriesColour(3, palette()), false, std::move(against)});
        if (quantity == LargestDifference)
            series.push_back({tr("bound"), seriesColour(2, palette()), true, std::move(bound)});
    }
    m_plot->setSeries(names, m_quantity->currentText(), std::move(series), std::move(failing),
                      toneColour(Tone::fail, palette()));
    m_plot->setSelected(m_document.block());
}

} // namespace rp::ui
