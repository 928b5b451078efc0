// SPDX-License-Identifier: Apache-2.0
#include "ui/views/top_view.h"

#include "ui/models/top_model.h"
#include "ui/presenters/display_text.h"
#include "ui/presenters/document.h"
#include "ui/views/delegates.h"

#include <QHeaderView>
#include <QLabel>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

namespace rp::ui {

TopView::TopView(Document& document, QWidget* parent)
    : QWidget(parent), m_document(document), m_model(new TopModel(this)) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    m_title = new QLabel(this);
    m_title->setWordWrap(true);
    auto* table = m_table = new QTableView(this);
    table->setModel(m_model);
    table->setItemDelegate(new ShareDelegate(table));
    table->setSelectionMode(QAbstractItemView::NoSelection);
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->setShowGrid(false);
    table->setTabKeyNavigation(false);
    table->setAccessibleName(tr("Best classes of each phase"));
    table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 8);
    table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    table->horizontalHeader()->setHighlightSections(false);
    table->verticalHeader()->setHighlightSections(false);
    table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    layout->addWidget(m_title);
    layout->addWidget(table, 1);
    connect(&document, &Document::modelChanged, this, [this] {
        m_model->setModel(m_document.model());
        showTitle();
    });
    connect(&document, &Document::runChanged, this, [this](Phase phase) {
        m_model->setRun(phase, m_document.run(phase));
        showTitle();
    });
    connect(&document, &Document::sampleChanged, m_model, &TopModel::setSample);
    m_model->setModel(document.model());
    for (Phase phase : {Phase::train, Phase::eval, Phase::deploy}) m_model->setRun(phase, document.run(phase));
    m_model->setSample(document.sample());
    showTitle();
}

/// Says so when a phase has no scores.
void TopView::showTitle() {
    QString text;
    for (Phase phase : {Phase::eval, Phase::deploy, Phase::train})
        if (const QString problem = m_model->problemOf(phase); !problem.isEmpty()) {
            const PhaseRunPtr& run = m_document.run(phase); // none while the results of another model go, phase by phase
            const bool failed = run && run->problem;
            text = failed ? tr("Phase %1 has none, see Problems").arg(toQString(toString(phase))) : problem;
            m_title->setToolTip(problem);
            break;
        }
    const bool hasScores = std::ranges::any_of(std::array{Phase::train, Phase::eval, Phase::deploy}, [this](Phase phase) {
        return m_document.run(phase) && !m_document.run(phase)->top.empty();
    });
    m_table->setVisible(hasScores || text.isEmpty());
    m_title->setAlignment(hasScores ? Qt::AlignLeft | Qt::AlignVCenter : Qt::AlignCenter);
    m_title->setText(text);
    m_title->setVisible(!text.isEmpty());
}

} // namespace rp::ui
