// SPDX-License-Identifier: Apache-2.0
#include "ui/views/playground_view.h"

#include "ui/presenters/core_text.h"
#include "ui/presenters/display_text.h"
#include "ui/views/kernel_slice.h"
#include "ui/views/theme.h"

#include <QComboBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>

#include <algorithm>

namespace rp::ui {
namespace {

using Kind = PlaygroundField::Kind;
constexpr int kCell = 30, kSmallCell = 44;

/// Element of a [a, b, h, w] tensor that `allSlicesOf` puts at a cell.
std::int64_t elementAt(const TensorD& values, int row, int column) {
    const std::int64_t h = values.size(2), w = values.size(3);
    return ((row / h * values.size(1) + column / w) * h + row % h) * w + column % w;
}

void showIn(KernelGrid* grid, const QString& title, const TensorD& values, const QStringList& labels = {}, std::optional<picture::Range> range = {}) {
    KernelGrid::Slice slice = allSlicesOf(values);
    slice.rowLabels = labels;
    grid->setCaptionLines(1);
    const int cell = slice.columns <= 2 ? kSmallCell : kCell;
    grid->setMinimumSize(slice.columns * cell + 20 + (labels.isEmpty() ? 0 : 30), slice.rows * std::min(cell, kCell) + 32);
    grid->show(title, {}, slice, range ? *range : commonRange({slice}));
}

TensorD bias4(const TensorD& bias) {
    return bias.reshaped({bias.size(0), 1, 1, 1});
}

} // namespace

PlaygroundView::PlaygroundView(QWidget* parent) : QWidget(parent) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(4, 4, 4, 4);
    auto* bar = new QHBoxLayout;
    m_example = new QComboBox(this);
    m_example->setAccessibleName(tr("Example"));
    m_example->addItem(tr("RepVGG block: 3x3, 1x1, identity"), QStringLiteral("repvgg"));
    m_example->addItem(tr("1x1, then a zero padded 3x3"), QStringLiteral("chain"));
    m_undo = new QPushButton(tr("&Undo"), this);
    m_redo = new QPushButton(tr("Re&do"), this);
    auto* reset = new QPushButton(tr("Re&set"), this);
    bar->addWidget(m_example);
    for (QPushButton* button : {m_undo, m_redo, reset}) bar->addWidget(button);
    m_message = new QLabel(this);
    m_message->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    bar->addWidget(m_message, 1);
    layout->addLayout(bar);
    auto* scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    layout->addWidget(scroll, 1);
    m_stage = new QWidget(scroll);
    scroll->setWidget(m_stage);
    m_layout = new QGridLayout(m_stage);
    m_layout->setSpacing(4);
    connect(m_example, &QComboBox::currentIndexChanged, this, [this](int row) { m_playground.setExample(row ? Playground::Example::chain : Playground::Example::repvgg); });
    connect(m_undo, &QPushButton::clicked, &m_playground.undoStack(), &QUndoStack::undo);
    connect(m_redo, &QPushButton::clicked, &m_playground.undoStack(), &QUndoStack::redo);
    connect(reset, &QPushButton::clicked, &m_playground, &Playground::reset);
    connect(&m_playground, &Playground::exampleChanged, this, &PlaygroundView::build);
    connect(&m_playground, &Playground::changed, this, &PlaygroundView::showResult);
    connect(&m_playground.undoStack(), &QUndoStack::indexChanged, this, &PlaygroundView::showResult);
    build();
    showResult();
}

void PlaygroundView::setExample(const QString& name) {
    m_example->setCurrentIndex(std::max(0, m_example->findData(name)));
}

QString PlaygroundView::message() const {
    return m_message->text();
}

/// One row for each branch: its kernel, its norm, what both fold to; input, kernel and outputs at the right.
void PlaygroundView::build() {
    while (QLayoutItem* item = m_layout->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    m_grids.clear();
    m_folded.clear();
    auto grid = [&](int row, int column, int rows = 1) {
        auto* made = new KernelGrid(m_stage);
        m_layout->addWidget(made, row, column, rows, 1);
        return made;
    };
    const std::vector<PlaygroundField>& fields = m_playground.fields();
    int row = -1, last = 0;
    for (std::size_t f = 0; f < fields.size(); ++f) {
        const Kind kind = fields[f].kind;
        const bool startsRow = kind == Kind::kernel || (kind == Kind::norm && (f == 0 || fields[f - 1].kind == Kind::norm));
        if (startsRow) ++row;
        const bool isBeside = kind == Kind::norm || kind == Kind::bias;
        if (startsRow || isBeside)
            m_grids.push_back(grid(row, isBeside ? 1 : 0));
        else
            m_grids.push_back(grid(kind == Kind::eps ? row + 1 : 0, kind == Kind::eps ? 1 : 3));
        last = std::max(last, row);
        m_grids.back()->setEditable(true);
        connect(m_grids.back(), &KernelGrid::edited, this, [this, f](int r, int c, const QString& text) { enter(f, r, c, text); });
    }
    if (m_playground.example() == Playground::Example::repvgg)
        for (int branch = 0; branch <= last; ++branch) m_folded.push_back(grid(branch, 2));
    m_fused = grid(1, 3);
    m_bias = grid(2, 3);
    m_branches = grid(0, 4);
    m_deploy = grid(1, 4);
    m_difference = grid(2, 4);
    for (int column = 0; column < 5; ++column) m_layout->setColumnStretch(column, column == 1 ? 1 : 2);
}

PlaygroundView::~PlaygroundView() {
    m_playground.undoStack().disconnect(this); // it tells of its own end, when the panes are no more
}

void PlaygroundView::showResult() {
    const std::vector<PlaygroundField>& fields = m_playground.fields();
    const Playground::Result& result = m_playground.result();
    for (std::size_t f = 0; f < fields.size(); ++f) {
        const QStringList labels = fields[f].kind == Kind::norm ? QStringList{QStringLiteral("γ"), QStringLiteral("β"), QStringLiteral("μ"), QStringLiteral("var")} : QStringList();
        showIn(m_grids[f], fields[f].kind == Kind::input ? tr("input") : fields[f].name, fields[f].values, labels);
    }
    for (std::size_t b = 0; b < m_folded.size(); ++b)
        showIn(m_folded[b], tr("%1, folded and embedded").arg(toQString(result.fused.branches[b].first)), result.fused.branches[b].second.weight);
    const fusion::Fused& fused = *result.fused.fused();
    showIn(m_fused, tr("fused kernel"), fused.kernel.weight);
    showIn(m_bias, tr("fused bias"), bias4(fused.kernel.bias));
    const picture::Range outputs = commonRange({allSlicesOf(result.branches), allSlicesOf(result.deploy)});
    showIn(m_branches, tr("output of the branches"), result.branches, {}, outputs);
    showIn(m_deploy, tr("output of the fused kernel"), result.deploy, {}, outputs);
    showIn(m_difference, tr("difference, at most %1").arg(numberText(result.largest, 3)), result.difference);
    m_undo->setEnabled(m_playground.undoStack().canUndo());
    m_redo->setEnabled(m_playground.undoStack().canRedo());
    const QString text = fused.exactness == fusion::Exactness::inside
                             ? tr("Exact inside, the border of %1 px differs: %2").arg(fused.rim).arg(coreText(fused.rimReason))
                             : tr("Exact everywhere: what differs is the rounding of the stored kernel to float32.");
    m_message->setText(text);
    m_message->setToolTip(text);
    m_message->setStyleSheet({});
}

void PlaygroundView::enter(std::size_t field, int row, int column, const QString& text) {
    const TensorD& values = m_playground.fields()[field].values;
    const auto refused = m_playground.enter(field, elementAt(values, row, column), text);
    if (!refused) return;
    m_message->setText(*refused);
    m_message->setToolTip(*refused);
    m_message->setStyleSheet(QStringLiteral("color: %1").arg(toneColour(Tone::fail, palette()).name()));
}

} // namespace rp::ui
