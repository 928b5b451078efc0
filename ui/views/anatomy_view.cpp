// SPDX-License-Identifier: Apache-2.0
#include "ui/views/anatomy_view.h"

#include "ui/plots/spread_plot.h"
#include "ui/presenters/anatomy_probe.h"
#include "ui/presenters/display_text.h"
#include "ui/presenters/document.h"
#include "ui/views/branch_bars.h"
#include "ui/views/position_norms.h"
#include "ui/views/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QEvent>
#include <QLabel>
#include <QSignalBlocker>
#include <QSplitter>
#include <QVBoxLayout>

#include <algorithm>
#include <unordered_map>

namespace rp::ui {

AnatomyView::AnatomyView(Document& document, QWidget* parent)
    : QWidget(parent), m_document(document), m_probe(new AnatomyProbe(document, this)), m_message(new QLabel(this)),
      m_spreadText(new QLabel(this)), m_normsText(new QLabel(this)), m_content(new QSplitter(this)), m_order(new QComboBox(this)),
      m_kernel(new QComboBox(this)), m_shares(new QCheckBox(tr("s&hares"), this)), m_bars(new BranchBars(this)),
      m_norms(new PositionNorms(this)), m_spread(new SpreadPlot(this)) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(4, 4, 4, 4);
    m_message->setAlignment(Qt::AlignCenter);
    m_message->setWordWrap(true);
    layout->addWidget(m_message, 1);
    m_content->addWidget(buildBars());
    m_content->addWidget(buildSide());
    m_content->setStretchFactor(0, 3);
    m_content->setStretchFactor(1, 2);
    m_content->setSizes({560, 400});
    m_content->setChildrenCollapsible(false);
    layout->addWidget(m_content, 1);
    connect(m_probe, &AnatomyProbe::changed, this, &AnatomyView::showAnatomy);
    connect(m_order, &QComboBox::currentIndexChanged, this, &AnatomyView::showBars);
    connect(m_shares, &QCheckBox::toggled, m_bars, &BranchBars::setNormalized);
    connect(m_kernel, &QComboBox::currentIndexChanged, this, &AnatomyView::showSpread);
    connect(m_kernel, &QComboBox::currentIndexChanged, this, &AnatomyView::showNorms);
    connect(m_bars, &BranchBars::channelClicked, this, &AnatomyView::channelClicked);
    connect(m_norms, &PositionNorms::blockClicked, &document, &Document::setBlock);
    connect(&document, &Document::blockChanged, m_norms, &PositionNorms::setSelected);
    connect(&document, &Document::reportChanged, this, &AnatomyView::showNorms);
    connect(&document, &Document::activityChanged, this, [this] {
        if (!m_probe->anatomy()) m_message->setText(m_probe->message());
    });
    showAnatomy();
    showNorms();
}

QWidget* AnatomyView::buildBars() {
    auto* part = new QWidget(this);
    auto* layout = new QVBoxLayout(part);
    layout->setContentsMargins(0, 0, 0, 0);
    auto* row = new QHBoxLayout;
    auto* title = new QLabel(tr("Σ K² by output channel"), part);
    title->setToolTip(tr("Energy of each branch's kernel, embedded in the fused window. Branches that cancel hold more than the fused kernel."));
    auto* label = new QLabel(tr("&Sort"), part);
    label->setBuddy(m_order);
    m_order->addItems({tr("as stored"), tr("energy"), tr("middle tap's share")});
    m_shares->setToolTip(tr("All bars equally high: which branch holds which part"));
    row->addWidget(title, 1);
    for (QWidget* widget : std::initializer_list<QWidget*>{label, m_order, m_shares}) row->addWidget(widget);
    layout->addLayout(row);
    layout->addWidget(m_bars, 1);
    return part;
}

QWidget* AnatomyView::buildSide() {
    auto* part = new QWidget(this);
    auto* layout = new QVBoxLayout(part);
    layout->setContentsMargins(0, 0, 0, 0);
    auto* row = new QHBoxLayout;
    auto* label = new QLabel(tr("&Kernel"), part);
    label->setBuddy(m_kernel);
    m_normsText->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    row->addWidget(label);
    row->addWidget(m_kernel);
    row->addWidget(m_normsText, 1);
    layout->addLayout(row);
    layout->addWidget(m_norms, 1);
    m_spreadText->setWordWrap(true);
    layout->addWidget(m_spreadText);
    layout->addWidget(m_spread, 1);
    return part;
}

void AnatomyView::showEvent(QShowEvent*) {
    m_probe->setActive(true);
}

void AnatomyView::hideEvent(QHideEvent*) {
    m_probe->setActive(false);
}

void AnatomyView::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange) showSpread(); // its colours belong to the palette
    QWidget::changeEvent(event);
}

void AnatomyView::showAnatomy() {
    const AnatomyPtr& anatomy = m_probe->anatomy();
    m_message->setVisible(!anatomy);
    m_content->setVisible(anatomy != nullptr);
    m_message->setText(m_probe->message());
    if (!anatomy) return;
    fillChoices();
    showBars();
    showSpread();
    showNorms();
}

/// By name: the same branch stays chosen from block to block.
void AnatomyView::fillChoices() {
    const Anatomy& anatomy = *m_probe->anatomy();
    const QSignalBlocker quietOrder(m_order), quietKernel(m_kernel);
    const QString order = m_order->currentText(), kernel = m_kernel->currentText();
    while (m_order->count() > 3) m_order->removeItem(3);
    m_kernel->clear();
    m_kernel->addItem(tr("fused"));
    for (const Anatomy::Part& part : anatomy.branches) {
        m_order->addItem(tr("share of %1").arg(part.name));
        m_kernel->addItem(part.name);
    }
    m_order->setCurrentIndex(std::max(0, m_order->findText(order)));
    m_kernel->setCurrentIndex(std::max(0, m_kernel->findText(kernel)));
}

void AnatomyView::showBars() {
    const AnatomyPtr& anatomy = m_probe->anatomy();
    if (!anatomy) return;
    const int by = m_order->currentIndex();
    const auto branch = static_cast<std::size_t>(std::max(0, by - 3));
    m_bars->show(anatomy, orderOf(*anatomy, static_cast<AnatomyOrder>(std::min(by, 3)), branch));
}

void AnatomyView::showSpread() {
    const AnatomyPtr& anatomy = m_probe->anatomy();
    const int chosen = m_kernel->currentIndex();
    if (!anatomy || chosen < 0 || chosen > static_cast<int>(anatomy->branches.size())) return;
    const Anatomy::Part& part = chosen == 0 ? anatomy->fused : anatomy->branches[static_cast<std::size_t>(chosen - 1)];
    m_spread->setSpread(part.spread, seriesColour(0, palette()), toneColour(Tone::fail, palette()));
    m_spreadText->setText(tr("Weights from %1 to %2; %3 beyond the fences %4 and %5; %6 zeros")
                              .arg(numberText(part.spread.low, 3), numberText(part.spread.high, 3))
                              .arg(part.spread.outliers)
                              .arg(numberText(part.spread.lowFence, 3), numberText(part.spread.highFence, 3))
                              .arg(part.spread.zeros));
    m_spreadText->setToolTip(tr("Outliers lie more than three interquartile ranges beyond the quartiles (Tukey). Zeros of embedded kernels are not drawn."));
}

/// From the verification, which folds every block anyway.
void AnatomyView::showNorms() {
    const LoadedModelPtr& model = m_document.model();
    const ReportPtr& report = m_document.report();
    m_normsText->setText(report ? tr("norm by position in each block") : tr("norms follow with the verification"));
    m_normsText->setToolTip(tr("√Σ K² over all channels at each position of the window; the strongest position of a block is bright"));
    QStringList names;
    std::vector<TensorD> norms;
    std::unordered_map<std::string_view, const verify::BlockReport*> reports;
    if (report)
        for (const verify::BlockReport& block : report->blocks) reports.emplace(block.name, &block);
    const std::string wanted = m_kernel->currentIndex() > 0 ? m_kernel->currentText().toStdString() : std::string();
    if (model)
        for (const Block& block : model->model().blocks) {
            names << toQString(block.name);
            norms.emplace_back();
            const auto found = reports.find(block.name);
            if (found == reports.end()) continue;
            const auto& kernels = found->second->kernels;
            const auto kernel = std::ranges::find(kernels, wanted, &verify::KernelNorms::name);
            if (kernel != kernels.end()) norms.back() = kernel->norms;
        }
    m_norms->show(std::move(names), std::move(norms));
    m_norms->setSelected(m_document.block());
}

} // namespace rp::ui
