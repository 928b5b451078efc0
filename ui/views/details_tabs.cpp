// SPDX-License-Identifier: Apache-2.0
#include "ui/views/details_tabs.h"

#include "ui/models/roles.h"
#include "ui/models/rows.h"
#include "ui/presenters/display_text.h"
#include "ui/presenters/document.h"
#include "ui/views/assumptions_pane.h"
#include "ui/views/tables.h"

namespace rp::ui {

DetailsTabs::DetailsTabs(Document& document, QWidget* parent) : QTabWidget(parent), m_document(document) {
    setDocumentMode(true);
    m_answers = new TextTable({tr("Question"), tr("Answer")}, this);
    m_problems =
        new TextTable({tr("Problem"), tr("Where"), tr("Expected"), tr("Found"), tr("What to do")}, this);
    m_trace = new TextTable({tr("Block"), tr("Function"), tr("Because")}, this);
    addTable(m_answers, tr("Answers"), tr("The five questions of the verification"));
    m_problemTable = addTable(m_problems, tr("Problems"), tr("Errors and findings"));
    m_traceTable =
        addTable(m_trace, tr("Dispatch"), tr("Which function ran for each block in this phase, and why"));
    m_map = new TextTable({tr("Figure"), tr("Value")}, this);
    m_mapTable = addTable(m_map, tr("Map"), tr("What is in the map that was chosen in the diagram or the activations"));
    setTabToolTip(addTab(new AssumptionsPane(document, this), tr("Assumptions")),
                  tr("What the file does not say, the value in force, and who said so"));
    for (QTableView* table : {m_problemTable, m_traceTable})
        connect(table, &QTableView::clicked, this, &DetailsTabs::goToBlockOf);
    connect(&document, &Document::reportChanged, this, &DetailsTabs::showReport);
    connect(&document, &Document::problemsChanged, this, &DetailsTabs::showProblems);
    connect(&document, &Document::runChanged, this, &DetailsTabs::showTrace);
    connect(&document, &Document::phaseChanged, this, &DetailsTabs::showTrace);
    connect(&document, &Document::detailChanged, this, &DetailsTabs::showMap);
    connect(&document, &Document::chosenMapChanged, this, &DetailsTabs::showMap);
    connect(this, &QTabWidget::currentChanged, this, &DetailsTabs::showMap);
    showReport();
    showProblems();
    showTrace();
    showMap();
}

QTableView* DetailsTabs::addTable(TextTable* model, const QString& title, const QString& tip) {
    QTableView* table = makeTable(model, this);
    table->setFrameShape(QFrame::NoFrame);
    table->setAccessibleName(title);
    setTabToolTip(addTab(table, title), tip);
    return table;
}

QAbstractItemModel* DetailsTabs::currentTable() const {
    auto* table = qobject_cast<QTableView*>(currentWidget());
    if (!table) table = currentWidget()->findChild<QTableView*>();
    return table->model();
}

void DetailsTabs::showReport() {
    m_answers->setRows(m_document.report() ? answerRows(*m_document.report()) : std::vector<TextRow>());
}

void DetailsTabs::showProblems() {
    const std::vector<Problem> problems = m_document.problems();
    m_problems->setRows(problemRows(problems, m_document.model() ? &m_document.model()->model() : nullptr));
    const int tab = indexOf(m_problemTable);
    setTabText(tab, tr("Problems (%1)").arg(problems.size()));
    // A file that could not be opened must be seen, but nothing pops up for it.
    if (problems.size() > m_problemCount && m_document.openError()) setCurrentIndex(tab);
    m_problemCount = problems.size();
}

void DetailsTabs::showTrace() {
    const PhaseRunPtr& run = m_document.currentRun();
    m_trace->setRows(run ? traceRows(*run) : std::vector<TextRow>());
    setTabText(indexOf(m_traceTable), tr("Dispatch, %1").arg(toQString(toString(m_document.phase()))));
}

/// Only while it is seen: the figures take a pass over all numbers.
void DetailsTabs::showMap() {
    if (currentWidget() != m_mapTable) return;
    const BlockMap* map = m_document.chosenMap();
    if (!map) return m_map->setRows({});
    const auto block = static_cast<std::size_t>(m_document.detail()->block);
    m_map->setRows(mapRows(*map, *m_document.detail(), toQString(m_document.model()->model().blocks[block].name)));
}

void DetailsTabs::showMapTab() {
    setCurrentWidget(m_mapTable);
}

void DetailsTabs::goToBlockOf(const QModelIndex& index) {
    m_document.setBlock(index.data(BlockRole).toInt());
}

} // namespace rp::ui
