// SPDX-License-Identifier: Apache-2.0
#include "ui/views/derivation_view.h"

#include "ui/presenters/core_text.h"
#include "ui/presenters/display_text.h"
#include "ui/presenters/document.h"
#include "ui/presenters/step_text.h"
#include "ui/views/kernel_slice.h"
#include "ui/views/theme.h"
#include "ui/views/transport_icons.h"
#include "ui/views/labels.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QSlider>
#include <QSpinBox>
#include <QSplitter>
#include <QToolButton>

#include <algorithm>

namespace rp::ui {
namespace {

constexpr std::size_t kMostOperands = 8; ///< grids side by side; a sum of more shows the first ones

} // namespace

DerivationView::DerivationView(Document& document, QWidget* parent) : QWidget(parent), m_document(document) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(4, 4, 4, 4);
    m_message = new QLabel(this);
    m_message->setAlignment(Qt::AlignCenter);
    m_message->setWordWrap(true);
    auto* splitter = new QSplitter(Qt::Horizontal, this);
    splitter->addWidget(buildSteps());
    splitter->addWidget(buildStage());
    splitter->setStretchFactor(0, 0);
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({220, 700});
    splitter->setChildrenCollapsible(false);
    m_content = splitter;
    layout->addWidget(m_message, 1);
    layout->addWidget(m_content, 1);
    connect(&document, &Document::derivationChanged, this, &DerivationView::showDerivation);
    connect(&document, &Document::modelChanged, this, &DerivationView::showDerivation);
    connect(&m_player, &StepPlayer::stepChanged, this, &DerivationView::showStep);
    connect(&m_player, &StepPlayer::playingChanged, this, &DerivationView::showPlaying);
    showDerivation();
}

QWidget* DerivationView::buildSteps() {
    m_list = new QListWidget(this);
    m_list->setAccessibleName(tr("Steps of the derivation"));
    m_list->setWordWrap(true);
    m_list->setMinimumWidth(150);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    connect(m_list, &QListWidget::currentRowChanged, this, [this](int row) {
        if (row < 0 || row == m_player.step()) return;
        m_player.setPlaying(false);
        m_player.setStep(row);
    });
    return m_list;
}

QWidget* DerivationView::buildControls() {
    auto* bar = new QWidget(this);
    auto* layout = new QHBoxLayout(bar);
    layout->setContentsMargins(0, 0, 0, 0);
    auto button = [&](const QString& text, auto pressed) {
        auto* tool = new QToolButton(bar);
        tool->setAutoRaise(true);
        tool->setToolTip(text);
        tool->setAccessibleName(text);
        connect(tool, &QToolButton::clicked, this, pressed);
        layout->addWidget(tool);
        return tool;
    };
    m_back = button(tr("Step back"), [this] { m_player.back(); });
    m_play = button(tr("Play"), [this] { m_player.setPlaying(!m_player.isPlaying()); });
    m_forward = button(tr("Step forward"), [this] { m_player.forward(); });
    m_slider = new QSlider(Qt::Horizontal, bar);
    m_slider->setAccessibleName(tr("Step"));
    m_slider->setPageStep(1);
    m_slider->setTickPosition(QSlider::TicksBelow);
    m_slider->setTickInterval(1);
    m_slider->setMinimumWidth(80);
    connect(m_slider, &QSlider::valueChanged, this, [this](int step) {
        if (step == m_player.step()) return;
        m_player.setPlaying(false);
        m_player.setStep(step);
    });
    m_position = new QLabel(bar);
    layout->addWidget(m_slider, 1);
    layout->addWidget(m_position);
    layout->addSpacing(8);
    auto spin = [&](const QString& text) {
        auto* label = new QLabel(text, bar);
        auto* box = new QSpinBox(bar);
        label->setBuddy(box);
        layout->addWidget(label);
        layout->addWidget(box);
        connect(box, &QSpinBox::valueChanged, this, [this] {
            if (const fusion::Step* step = current()) showGrids(*step);
        });
        return box;
    };
    m_output = spin(tr("&Output channel"));
    m_input = spin(tr("&Input channel"));
    m_middle = spin(tr("&Between"));
    m_middleLabel = static_cast<QLabel*>(layout->itemAt(layout->count() - 2)->widget());
    m_middle->setToolTip(tr("The channel between both kernels whose slices are shown; the result sums over all of them"));
    return bar;
}

QWidget* DerivationView::buildStage() {
    auto* stage = new QWidget(this);
    auto* layout = new QVBoxLayout(stage);
    layout->setContentsMargins(6, 0, 0, 0);
    layout->addWidget(buildControls());
    m_title = scaledLabel(stage, 1.25, true);
    m_title->setTextFormat(Qt::PlainText);
    m_title->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_formula = scaledLabel(stage, 1.1);
    m_formula->setTextFormat(Qt::PlainText);
    m_formula->setWordWrap(true);
    m_formula->setTextInteractionFlags(Qt::TextSelectableByMouse);
    layout->addWidget(m_title);
    layout->addWidget(m_formula);
    auto* grids = new QWidget(stage);
    m_row = new QHBoxLayout(grids);
    m_row->setContentsMargins(0, 0, 0, 0);
    m_row->setSpacing(2);
    m_arrow = scaledLabel(grids, 1.8);
    m_arrow->setText(QStringLiteral("="));
    m_result = new KernelGrid(grids);
    m_row->addWidget(m_arrow);
    m_row->addWidget(m_result, 1);
    connect(m_result, &KernelGrid::pointedAt, this, [this](int row, int column) {
        m_cell.isBias = row >= m_result->slice().rows;
        if (!m_cell.isBias) {
            m_cell.y = row;
            m_cell.x = column;
        }
        showCell();
    });
    auto* scroll = new QScrollArea(stage);
    scroll->setWidget(grids);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    layout->addWidget(scroll, 1);
    m_cellText = scaledLabel(stage, 1.1);
    m_cellText->setWordWrap(true);
    m_cellText->setFrameShape(QFrame::StyledPanel);
    m_cellText->setMargin(6);
    m_cellText->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_cellText->setToolTip(tr("Point at a cell of the result, or move over it with the arrow keys"));
    layout->addWidget(m_cellText);
    return stage;
}

const fusion::Step* DerivationView::current() const {
    const DerivationPtr& derivation = m_document.derivation();
    if (!derivation || m_player.step() < 0) return nullptr;
    return &derivation->result.steps[static_cast<std::size_t>(m_player.step())];
}

QString DerivationView::emptyText() const {
    const DerivationPtr& derivation = m_document.derivation();
    if (!derivation) return m_document.model() ? tr("Computing…") : tr("No block is selected.");
    if (derivation->problem) return toSentence(toProblem(*derivation->problem));
    if (derivation->storedInFile) return tr("The file holds the fused kernel only; its branches cannot be told from it, so there is nothing to derive.");
    if (const fusion::Refusal* refusal = derivation->result.refusal())
        return toSentence(*refusal);
    return tr("This block is one convolution already: there is nothing to derive.");
}

void DerivationView::showDerivation() {
    const DerivationPtr& derivation = m_document.derivation();
    const bool hasSteps = derivation && !derivation->problem && derivation->result.fused() && !derivation->result.steps.empty();
    m_content->setVisible(hasSteps);
    m_message->setVisible(!hasSteps);
    if (!hasSteps) m_message->setText(emptyText());
    const QSignalBlocker blockList(m_list), blockSlider(m_slider);
    m_list->clear();
    if (hasSteps)
        for (std::size_t s = 0; s < derivation->result.steps.size(); ++s)
            m_list->addItem(QStringLiteral("%1. %2").arg(s + 1).arg(coreText(derivation->result.steps[s].title)));
    const int count = hasSteps ? static_cast<int>(derivation->result.steps.size()) : 0;
    m_slider->setMaximum(std::max(0, count - 1));
    m_player.setCount(count);
    if (hasSteps) showPlaying();
}

void DerivationView::showStep() {
    const fusion::Step* step = current();
    if (!step) return;
    const QSignalBlocker blockList(m_list), blockSlider(m_slider);
    m_list->setCurrentRow(m_player.step());
    m_slider->setValue(m_player.step());
    m_position->setText(tr("%1 of %2").arg(m_player.step() + 1).arg(m_player.count()));
    m_back->setEnabled(m_player.step() > 0);
    m_forward->setEnabled(m_player.step() + 1 < m_player.count());
    m_title->setText(coreText(step->title));
    m_title->setToolTip(m_title->text());
    m_formula->setText(tr("rule %1:  %2").arg(toQString(step->rule), coreText(step->formula)));
    const QSignalBlocker o(m_output), i(m_input), m(m_middle);
    m_output->setMaximum(static_cast<int>(step->result.weight.size(0)) - 1);
    m_input->setMaximum(static_cast<int>(step->result.weight.size(1)) - 1);
    const std::int64_t middle = fusion::middleChannels(*step);
    m_middle->setMaximum(std::max(0, static_cast<int>(middle) - 1));
    m_middle->setVisible(middle > 1);
    m_middleLabel->setVisible(middle > 1);
    showGrids(*step);
}

KernelGrid::Slice DerivationView::operandSlice(const fusion::Step& step, std::size_t operand) const {
    const fusion::Operand& from = step.operands[operand];
    if (from.kernel) {
        const auto at = fusion::operandSlice(step, operand, {m_output->value(), m_input->value()}, m_middle->value());
        return at ? sliceOf(*from.kernel, at->o, at->i) : KernelGrid::Slice{};
    }
    KernelGrid::Slice slice{static_cast<int>(from.channels.size()), 1, {}};
    for (const fusion::ChannelValues& values : from.channels) {
        slice.values.push_back(values.values[static_cast<std::size_t>(m_output->value())]);
        slice.rowLabels << toQString(values.symbol);
    }
    return slice;
}

void DerivationView::showGrids(const fusion::Step& step) {
    const std::size_t count = std::min(step.operands.size(), kMostOperands);
    while (m_operands.size() < count) {
        auto* sign = scaledLabel(m_result->parentWidget(), 1.8, false);
        auto* grid = new KernelGrid(m_result->parentWidget());
        const int at = m_row->indexOf(m_arrow);
        m_row->insertWidget(at, sign);
        m_row->insertWidget(at + 1, grid, 1);
        m_signs.push_back(sign);
        m_operands.push_back(grid);
    }
    std::vector<KernelGrid::Slice> slices;
    for (std::size_t n = 0; n < count; ++n) slices.push_back(operandSlice(step, n));
    slices.push_back(sliceOf(step.result, m_output->value(), m_input->value()));
    std::vector<KernelGrid::Slice> kernels; // a norm's numbers have a scale of their own
    for (std::size_t n = 0; n < slices.size(); ++n)
        if (slices[n].rowLabels.isEmpty()) kernels.push_back(slices[n]);
    const picture::Range range = commonRange(kernels);
    for (std::size_t n = 0; n < m_operands.size(); ++n) {
        m_operands[n]->setVisible(n < count);
        m_signs[n]->setVisible(n > 0 && n < count);
        if (n >= count) continue;
        const fusion::Operand& operand = step.operands[n];
        m_signs[n]->setText(signBefore(step, n));
        const QString note = slices[n].values.empty() ? tr("not in this slice")
                             : operand.kernel         ? shapeText(operand.kernel->weight.shape())
                                                      : tr("channel %1, ε = %2").arg(m_output->value()).arg(numberText(step.eps, 4));
        const picture::Range own = operand.kernel ? range : commonRange({slices[n]});
        m_operands[n]->show(operandTitle(step, n), note, slices[n], own);
    }
    m_arrow->setVisible(count > 0);
    m_result->show(step.name.empty() ? tr("result") : toQString(step.name), shapeText(step.result.weight.shape()), slices.back(), range);
    showCell();
}

std::vector<KernelGrid::Spot> DerivationView::marksIn(const fusion::Step& step, std::size_t operand, const fusion::Explanation& e) const {
    const fusion::Operand& from = step.operands[operand];
    const KernelGrid* grid = m_operands[operand];
    const auto shown = fusion::operandSlice(step, operand, {m_output->value(), m_input->value()}, m_middle->value());
    std::vector<KernelGrid::Spot> marks;
    for (const fusion::Term& term : e.terms)
        for (const fusion::Factor& factor : term.factors) {
            if (factor.operand != static_cast<int>(operand)) continue;
            if (!from.kernel && factor.scale) {
                marks.push_back({0, 0}); // γ and var
                marks.push_back({3, 0});
            } else if (!from.kernel) {
                marks.push_back({static_cast<int>(factor.cell.i), 0});
            } else if (shown && factor.cell.o == shown->o && (factor.cell.isBias || factor.cell.i == shown->i)) {
                marks.push_back(factor.cell.isBias ? KernelGrid::Spot{grid->slice().rows, 0}
                                                   : KernelGrid::Spot{static_cast<int>(factor.cell.y), static_cast<int>(factor.cell.x)});
            }
        }
    return marks;
}

void DerivationView::showCell() {
    const fusion::Step* step = current();
    if (!step) return;
    const Extent k = step->result.extent();
    fusion::Cell cell = m_cell;
    cell.o = m_output->value();
    cell.i = m_cell.isBias ? 0 : m_input->value();
    cell.y = m_cell.isBias ? 0 : std::clamp<std::int64_t>(m_cell.y, 0, k.h - 1);
    cell.x = m_cell.isBias ? 0 : std::clamp<std::int64_t>(m_cell.x, 0, k.w - 1);
    const fusion::Explanation e = fusion::explainCell(*step, cell);
    for (std::size_t n = 0; n < std::min(step->operands.size(), kMostOperands); ++n) m_operands[n]->setMarks(marksIn(*step, n, e));
    m_result->setMarks({cell.isBias ? KernelGrid::Spot{static_cast<int>(k.h), 0} : KernelGrid::Spot{static_cast<int>(cell.y), static_cast<int>(cell.x)}});
    const CellText text = cellText(*step, cell);
    m_plain = text.plain();
    m_cellText->setText(text.html(seriesColour(1, palette()).name()));
}

void DerivationView::setChannels(int output, int input) {
    m_output->setValue(output);
    m_input->setValue(input);
}

void DerivationView::pointAt(const fusion::Cell& cell) {
    m_cell = cell;
    showCell();
}

void DerivationView::showPlaying() {
    const bool isPlaying = m_player.isPlaying();
    m_play->setIcon(transportIcon(isPlaying ? Transport::pause : Transport::play, palette()));
    m_back->setIcon(transportIcon(Transport::back, palette()));
    m_forward->setIcon(transportIcon(Transport::forward, palette()));
    m_play->setToolTip(isPlaying ? tr("Pause") : tr("Play"));
    m_play->setAccessibleName(m_play->toolTip());
}

void DerivationView::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() != QEvent::PaletteChange) return;
    showPlaying();
    showCell();
}

} // namespace rp::ui
