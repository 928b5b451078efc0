// SPDX-License-Identifier: Apache-2.0
#include "ui/views/output_view.h"

#include "ui/presenters/display_text.h"
#include "ui/presenters/document.h"
#include "ui/views/map_pane.h"

#include "core/picture/common_range.h"

#include <QLabel>
#include <QVBoxLayout>

#include <algorithm>

namespace rp::ui {

OutputView::OutputView(Document& document, QWidget* parent)
    : QWidget(parent), m_document(document), m_state(new MapViewState(this)), m_headline(new QLabel(this)) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(4, 4, 4, 4);
    m_headline->setWordWrap(true);
    m_headline->setTextInteractionFlags(Qt::TextSelectableByMouse);
    layout->addWidget(m_headline);
    auto* row = new QHBoxLayout;
    layout->addLayout(row, 1);
    for (MapPane*& pane : m_panes) row->addWidget(pane = new MapPane(*m_state, this), 1);
    for (auto change : {&Document::runChanged, &Document::phaseChanged}) connect(&document, change, this, &OutputView::refresh);
    connect(&document, &Document::modelChanged, this, &OutputView::refresh);
    connect(&document, &Document::sampleChanged, m_state, &MapViewState::setSample);
    m_state->setSample(document.sample());
    refresh();
}

QString OutputView::text() const {
    return m_headline->text();
}

void OutputView::showEvent(QShowEvent*) {
    if (m_isStale) refresh();
}

void OutputView::refresh() {
    m_isStale = !isVisible();
    if (m_isStale) return;
    const Phase other = m_document.phase() == Phase::train ? Phase::train : Phase::deploy;
    const auto pair = outputPair(m_document.run(Phase::eval), m_document.run(other));
    for (MapPane* pane : m_panes) pane->setVisible(pair.has_value());
    if (!pair) {
        m_headline->setText(m_document.isBusy() ? tr("Computing…") : tr("There are no two pictures to compare."));
        return;
    }
    const QString x = toQString(toString(Phase::eval)), y = toQString(toString(other));
    const picture::Range range = picture::commonRange({&pair->difference}).diverging;
    m_panes[0]->showPicture(x, {}, pair->x->output);
    m_panes[1]->showPicture(y, {}, pair->y->output);
    m_panes[2]->show(tr("Δ %1 − %2").arg(y, x), tr("± %1").arg(numberText(range.high, 3)), pair->difference, {range});
    m_headline->setText(describe(*pair));
}

QString OutputView::describe(const OutputPair& pair) const {
    const auto elements = static_cast<qlonglong>(pair.x->output.count());
    if (pair.largestAt.empty())
        return std::ranges::all_of(pair.difference.values(), [](double d) { return d == 0; })
                   ? tr("Both pictures are equal in all %L1 values.").arg(elements)
                   : tr("Where the pictures differ, one of them is not finite.");
    const Shape& at = pair.largestAt;
    return tr("Largest |Δ| %1 at channel %2, y %3, x %4; PSNR %5 dB; rounded to 8 bits, %L6 of %L7 values differ")
        .arg(numberText(pair.largest, 3))
        .arg(at[1])
        .arg(at[2])
        .arg(at[3])
        .arg(pair.psnr ? numberText(*pair.psnr, 4) : tr("not finite"))
        .arg(static_cast<qlonglong>(pair.roundedOtherwise))
        .arg(elements);
}

void OutputView::zoomBy(double factor) {
    MapViewState::Window window = m_state->window();
    window.zoom *= factor;
    m_state->setWindow(window);
}

void OutputView::zoomToFit() {
    m_state->setWindow({});
}

} // namespace rp::ui
