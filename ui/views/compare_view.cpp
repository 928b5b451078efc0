// SPDX-License-Identifier: Apache-2.0
#include "ui/views/compare_view.h"

#include "ui/models/text_table.h"
#include "ui/presenters/core_text.h"
#include "ui/presenters/display_text.h"
#include "ui/presenters/document.h"
#include "ui/presenters/model_comparison.h"
#include "ui/presenters/verdict_summary.h"
#include "ui/views/kernel_grid.h"
#include "ui/views/kernel_slice.h"
#include "ui/views/tables.h"

#include <QHBoxLayout>
#include <QItemSelectionModel>
#include <QLabel>
#include <QSpinBox>
#include <QSplitter>

#include <algorithm>

namespace rp::ui {
CompareView::CompareView(Document& document, QWidget* parent)
    : QWidget(parent), m_document(document), m_probe(new ComparisonProbe(document, this)), m_headline(new QLabel(this)),
      m_message(new QLabel(this)), m_kernelMessage(new QLabel(this)), m_content(new QSplitter(this)),
      m_rows(new TextTable({tr("First"), tr("Second"), tr("max |Δ|"), tr("Agreement"), tr("Remark")}, this)), m_output(new QSpinBox(this)),
      m_input(new QSpinBox(this)), m_a(new KernelGrid(this)), m_b(new KernelGrid(this)), m_difference(new KernelGrid(this)) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(4, 4, 4, 4);
    m_headline->setWordWrap(true);
    layout->addWidget(m_headline);
    m_message->setAlignment(Qt::AlignCenter);
    m_message->setWordWrap(true);
    layout->addWidget(m_message, 1);
    m_table = makeTable(m_rows, this);
    m_table->setAccessibleName(tr("Pairs of both models"));
    m_content->addWidget(m_table);
    m_content->addWidget(buildKernels());
    m_content->setSizes({460, 520});
    m_content->setChildrenCollapsible(false);
    layout->addWidget(m_content, 1);
    connect(m_probe, &ComparisonProbe::comparisonChanged, this, &CompareView::showComparison);
    connect(m_probe, &ComparisonProbe::kernelsChanged, this, &CompareView::showKernels);
    connect(&document, &Document::reportChanged, this, &CompareView::showComparison);
    connect(&document, &Document::blockChanged, this, &CompareView::showSelection);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex& current) { chooseRow(current.row()); });
    showComparison();
}

QWidget* CompareView::buildKernels() {
    auto* part = new QWidget(this);
    auto* layout = new QVBoxLayout(part);
    layout->setContentsMargins(0, 0, 0, 0);
    auto* row = new QHBoxLayout;
    row->addStretch();
    const std::initializer_list<std::pair<QString, QSpinBox*>> boxes{{tr("&Output channel"), m_output}, {tr("&Input channel"), m_input}};
    for (const auto& [text, box] : boxes) {
        auto* label = new QLabel(text, part);
        label->setBuddy(box);
        row->addWidget(label);
        row->addWidget(box);
        connect(box, &QSpinBox::valueChanged, this, &CompareView::showSlices);
    }
    layout->addLayout(row);
    m_kernelMessage->setAlignment(Qt::AlignCenter);
    m_kernelMessage->setWordWrap(true);
    layout->addWidget(m_kernelMessage, 1);
    auto* grids = new QHBoxLayout;
    for (KernelGrid* grid : {m_a, m_b, m_difference}) grids->addWidget(grid, 1);
    layout->addLayout(grids, 1);
    return part;
}

void CompareView::showEvent(QShowEvent*) {
    m_probe->setActive(true);
}

void CompareView::hideEvent(QHideEvent*) {
    m_probe->setActive(false);
}

/// What the verification found to be the cause of a difference; empty without one.
QString CompareView::causeOf(const QString& block) const {
    const ReportPtr& report = m_document.report();
    if (!report) return {};
    for (const verify::Diagnosis& diagnosis : report->diagnoses)
        if (toQString(diagnosis.block) == block && diagnosis.outcome != verify::Diagnosis::Outcome::agrees && !diagnosis.ranked.empty())
            return coreText(diagnosis.ranked.front().sentence);
    return {};
}

QString CompareView::describe() const {
    const ModelComparison& comparison = *m_probe->comparison();
    double most = 0;
    std::int64_t exact = 0;
    for (const ComparedUnit& unit : comparison.units)
        if (unit.kernels) {
            most = std::max(most, unit.kernels->maxAbs);
            exact += unit.kernels->exact;
        }
    QString text = tr("%1: %2 form, %3 of %4 paired, %5 equal bit for bit, largest difference of a kernel or bias %6.")
                       .arg(comparison.file, toQString(toString(comparison.other.model.form)))
                       .arg(comparison.pairs())
                       .arg(comparison.units.size())
                       .arg(exact)
                       .arg(numberText(most, 3));
    if (const ReportPtr& report = m_document.report())
        text += tr("  Verdict of the comparison: %1.").arg(toQString(verify::toString(report->verdict)));
    return text;
}

void CompareView::showComparison() {
    const ModelComparisonPtr& comparison = m_probe->comparison();
    m_message->setVisible(!comparison);
    m_content->setVisible(comparison != nullptr);
    m_headline->setVisible(comparison != nullptr);
    m_message->setText(m_probe->message());
    if (!comparison) return;
    m_headline->setText(describe());
    std::vector<TextRow> rows;
    for (const ComparedUnit& unit : comparison->units) {
        const QString cause = causeOf(unit.ours);
        TextRow row{{unit.ours, unit.theirs, unit.kernels ? numberText(unit.kernels->maxAbs, 3) : QString(),
                     unit.kernels ? decibelText(*unit.kernels) : QString(), unit.problem.isEmpty() ? cause : unit.problem}};
        row.block = unit.block;
        row.tone = !unit.problem.isEmpty() || !cause.isEmpty() ? Tone::warn : Tone::pass;
        rows.push_back(std::move(row));
    }
    m_rows->setRows(std::move(rows));
    showSelection();
}

/// The row of the selected block, if the second model has something for it.
void CompareView::showSelection() {
    const ModelComparisonPtr& comparison = m_probe->comparison();
    if (!comparison || comparison->units.empty()) return;
    const auto found = std::ranges::find(comparison->units, m_document.block(), &ComparedUnit::block);
    if (found == comparison->units.end()) return; // a block that stands alone is no reason to select another
    const int row = static_cast<int>(found - comparison->units.begin());
    if (m_table->currentIndex().row() != row) m_table->setCurrentIndex(m_rows->index(row, 0));
}

void CompareView::chooseRow(int row) {
    const ModelComparisonPtr& comparison = m_probe->comparison();
    if (!comparison || row < 0 || row >= static_cast<int>(comparison->units.size())) return;
    m_probe->chooseUnit(row);
    const int block = comparison->units[static_cast<std::size_t>(row)].block;
    if (block >= 0 && block != m_document.block()) m_document.setBlock(block);
}

void CompareView::showKernels() {
    const KernelPairPtr& pair = m_probe->kernels();
    const fusion::Kernel* any = pair && pair->a ? &*pair->a : pair && pair->b ? &*pair->b : nullptr;
    m_kernelMessage->setVisible(!any);
    m_kernelMessage->setText(pair ? tr("There is no single kernel on either side.") : tr("Choose a pair at the left."));
    for (KernelGrid* grid : {m_a, m_b, m_difference}) grid->setVisible(any != nullptr);
    for (QSpinBox* box : {m_output, m_input}) box->setEnabled(any != nullptr);
    if (!any) return;
    m_output->setMaximum(static_cast<int>(any->weight.size(0)) - 1);
    m_input->setMaximum(static_cast<int>(any->weight.size(1)) - 1);
    showSlices();
}

void CompareView::showSlices() {
    const KernelPairPtr& pair = m_probe->kernels();
    const ModelComparisonPtr& comparison = m_probe->comparison();
    if (!pair || !comparison) return;
    const ComparedUnit& unit = comparison->units[static_cast<std::size_t>(pair->unit)];
    const int o = m_output->value(), i = m_input->value();
    const auto slice = [o, i](const std::optional<fusion::Kernel>& kernel) { return kernel ? sliceOf(*kernel, o, i) : KernelGrid::Slice{}; };
    const KernelGrid::Slice a = slice(pair->a), b = slice(pair->b), d = slice(pair->difference);
    const picture::Range common = commonRange({a, b});
    m_a->show(tr("first"), unit.ours, a, common);
    m_b->show(tr("second"), unit.theirs, b, common);
    m_difference->show(tr("second − first"), unit.kernels ? tr("range of its own") : unit.problem, d, commonRange({d}));
}

} // namespace rp::ui
