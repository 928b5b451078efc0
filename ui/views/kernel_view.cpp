// SPDX-License-Identifier: Apache-2.0
#include "ui/views/kernel_view.h"

#include "ui/models/rows.h"
#include "ui/presenters/core_text.h"
#include "ui/presenters/display_text.h"
#include "ui/presenters/document.h"
#include "ui/views/kernel_slice.h"
#include "ui/views/tables.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QItemSelectionModel>
#include <QLabel>
#include <QSpinBox>
#include <QSplitter>
#include <QTableView>

namespace rp::ui {
namespace {

using fusion::Kernel;

/// A kernel and its norm by position; none for a step, whose norm is taken when it is shown.
struct Shown {
    QString title, note, sign;
    const Kernel* kernel;
    const TensorD* norms;

    KernelGrid::Slice slice(int o, int i) const { return sliceOf(*kernel, o, i); }
    KernelGrid::Slice positionNorms() const {
        const TensorD taken = norms ? *norms : fusion::positionNorms(*kernel);
        return {static_cast<int>(taken.size(0)), static_cast<int>(taken.size(1)),
                {taken.values().begin(), taken.values().end()}, std::nullopt};
    }
};

/// The grids of a row, in the order of the formula.
std::vector<Shown> shownOf(const Derivation& derivation, const fusion::Step* step) {
    std::vector<Shown> shown;
    if (derivation.storedInFile) {
        shown.push_back({KernelView::tr("fused kernel"),
                         KernelView::tr("as the file holds it"),
                         {},
                         &*derivation.storedInFile, &derivation.positionNorms.front()});
        return shown;
    }
    const auto& branches = derivation.result.branches;
    if (branches.size() > 1)
        for (std::size_t b = 0; b < branches.size(); ++b)
            shown.push_back({toQString(branches[b].first),
                             KernelView::tr("%1 of Σ|K|").arg(percentText(derivation.branchShares[b])),
                             b ? QStringLiteral("+") : QString(), &branches[b].second, &derivation.positionNorms[b]});
    if (const fusion::Fused* fused = derivation.result.fused())
        shown.push_back({KernelView::tr("fused kernel"), KernelView::tr("folded in float64"),
                         shown.empty() ? QString() : QStringLiteral("="), &fused->kernel, &derivation.positionNorms.back()});
    if (step)
        shown.push_back({KernelView::tr("step %1").arg(toQString(step->rule)), toQString(step->output()),
                         QStringLiteral("│"), &step->result, nullptr});
    return shown;
}

} // namespace

KernelView::KernelView(Document& document, QWidget* parent) : QWidget(parent), m_document(document) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(4, 4, 4, 4);
    auto* controls = new QHBoxLayout;
    buildControls(controls);
    layout->addLayout(controls);
    m_message = new QLabel(this);
    m_message->setAlignment(Qt::AlignCenter);
    m_message->setWordWrap(true);
    m_row = new QWidget(this);
    m_rowLayout = new QHBoxLayout(m_row);
    m_rowLayout->setContentsMargins(0, 0, 0, 0);
    m_rowLayout->setSpacing(2);
    buildSteps();
    auto* splitter = new QSplitter(Qt::Vertical, this);
    splitter->addWidget(m_row);
    splitter->addWidget(m_stepTable);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    splitter->setChildrenCollapsible(false);
    layout->addWidget(m_message, 1);
    layout->addWidget(splitter, 1);
    connect(&document, &Document::derivationChanged, this, &KernelView::showDerivation);
    showDerivation();
}

void KernelView::buildControls(QLayout* into) {
    m_headline = new QLabel(this);
    m_headline->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_output = new QSpinBox(this);
    m_input = new QSpinBox(this);
    auto* outputLabel = new QLabel(tr("&Output channel"), this);
    auto* inputLabel = new QLabel(tr("&Input channel"), this);
    outputLabel->setBuddy(m_output);
    inputLabel->setBuddy(m_input);
    m_content = new QComboBox(this);
    m_content->addItems({tr("one slice"), tr("norm by position")});
    m_content->setToolTip(tr("The numbers of one output and input channel, or how much each position of the window "
                             "counts: √Σ K² over all channels"));
    auto* contentLabel = new QLabel(tr("&Show"), this);
    contentLabel->setBuddy(m_content);
    static_cast<QHBoxLayout*>(into)->addWidget(m_headline, 1);
    for (QWidget* widget : std::initializer_list<QWidget*>{contentLabel, m_content, outputLabel, m_output, inputLabel, m_input})
        into->addWidget(widget);
    connect(m_content, &QComboBox::currentIndexChanged, this, [this] {
        m_output->setEnabled(!showsNorms() && m_content->isEnabled());
        m_input->setEnabled(m_output->isEnabled());
        showSlices();
    });
    connect(m_output, &QSpinBox::valueChanged, this, &KernelView::showSlices);
    connect(m_input, &QSpinBox::valueChanged, this, &KernelView::showSlices);
}

void KernelView::buildSteps() {
    m_steps = new TextTable({tr("Rule"), tr("Step"), tr("Formula"), tr("From → to")}, this);
    m_stepTable = makeTable(m_steps, this);
    m_stepTable->setAccessibleName(tr("Steps of the derivation"));
    connect(m_stepTable->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &KernelView::showSlices);
}

QString KernelView::headline() const {
    const Derivation& derivation = *m_document.derivation();
    if (derivation.storedInFile)
        return tr("The file holds the fused kernel only; its branches cannot be told from it.");
    const fusion::Fused* fused = derivation.result.fused();
    if (!fused) return {};
    if (fused->exactness == fusion::Exactness::inside)
        return tr("Exact inside; a border of %1 pixels differs: %2")
            .arg(fused->rim)
            .arg(coreText(fused->rimReason));
    return tr("Exact everywhere. K = Σ of the branches' kernels, b = Σ of their biases.");
}

void KernelView::showDerivation() {
    const DerivationPtr& derivation = m_document.derivation();
    const bool refused =
        derivation && (derivation->problem || (derivation->result.refusal() && !derivation->storedInFile));
    const bool hasKernel = derivation && !refused;
    m_message->setVisible(!hasKernel);
    m_stepTable->parentWidget()->setVisible(hasKernel);
    m_headline->setText(hasKernel ? headline() : QString());
    m_headline->setToolTip(m_headline->text());
    m_content->setEnabled(hasKernel);
    m_output->setEnabled(hasKernel && !showsNorms());
    m_input->setEnabled(hasKernel && !showsNorms());
    if (!derivation)
        m_message->setText(m_document.model() ? tr("Computing…") : tr("No block is selected."));
    else if (derivation->problem)
        m_message->setText(toSentence(toProblem(*derivation->problem)));
    else if (refused)
        m_message->setText(toSentence(*derivation->result.refusal()));
    m_steps->setRows(hasKernel ? stepRows(derivation->result) : std::vector<TextRow>());
    m_stepTable->setVisible(m_steps->rowCount() > 0);
    if (hasKernel) {
        limitIndices();
        showSlices();
    }
}

void KernelView::limitIndices() {
    const Derivation& derivation = *m_document.derivation();
    const Kernel* kernel = derivation.kernel();
    m_output->setMaximum(static_cast<int>(kernel->weight.size(0)) - 1);
    m_input->setMaximum(static_cast<int>(kernel->weight.size(1)) - 1);
}

bool KernelView::showsNorms() const {
    return m_content->currentIndex() == 1;
}

void KernelView::showSlices() {
    const DerivationPtr& derivation = m_document.derivation();
    if (!derivation || derivation->problem) return;
    const QModelIndexList selected = m_stepTable->selectionModel()->selectedRows();
    const auto& steps = derivation->result.steps;
    const fusion::Step* step =
        selected.isEmpty() || static_cast<std::size_t>(selected.front().row()) >= steps.size()
            ? nullptr
            : &steps[static_cast<std::size_t>(selected.front().row())];
    const std::vector<Shown> shown = shownOf(*derivation, step);
    arrangeGrids(shown.size());
    std::vector<KernelGrid::Slice> slices;
    for (const Shown& s : shown)
        slices.push_back(showsNorms() ? s.positionNorms() : s.slice(m_output->value(), m_input->value()));
    const picture::Range range = commonRange(slices);
    for (std::size_t i = 0; i < shown.size(); ++i) {
        m_signs[i]->setText(shown[i].sign);
        m_signs[i]->setVisible(!shown[i].sign.isEmpty());
        m_grids[i]->show(shown[i].title, shown[i].note, std::move(slices[i]), range);
    }
}

void KernelView::arrangeGrids(std::size_t count) {
    while (m_grids.size() < count) {
        auto* sign = new QLabel(m_row);
        QFont large = sign->font();
        large.setPointSizeF(large.pointSizeF() * 1.8);
        sign->setFont(large);
        m_signs.push_back(sign);
        m_grids.push_back(new KernelGrid(m_row));
        m_rowLayout->addWidget(sign);
        m_rowLayout->addWidget(m_grids.back(), 1);
    }
    for (std::size_t i = 0; i < m_grids.size(); ++i) {
        m_grids[i]->setVisible(i < count);
        m_signs[i]->setVisible(i < count);
    }
}

} // namespace rp::ui
