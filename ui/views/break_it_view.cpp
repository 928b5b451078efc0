// SPDX-License-Identifier: Apache-2.0
#include "ui/views/break_it_view.h"

#include "core/picture/common_range.h"
#include "core/tensor/elementwise.h"
#include "ui/models/text_table.h"
#include "ui/presenters/core_text.h"
#include "ui/presenters/display_text.h"
#include "ui/presenters/document.h"
#include "ui/views/map_pane.h"
#include "ui/views/tables.h"
#include "ui/views/labels.h"

#include <QButtonGroup>
#include <QComboBox>
#include <QCoreApplication>
#include <QGroupBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QRadioButton>

#include <array>

namespace rp::ui {
namespace {

struct KindTitle {
    const char *code, *title;
};
constexpr std::array kKinds{
    KindTitle{"eps", QT_TRANSLATE_NOOP("BreakIt", "wrong eps")},
    KindTitle{"branch-omitted", QT_TRANSLATE_NOOP("BreakIt", "forgotten branch")},
    KindTitle{"branch-misplaced", QT_TRANSLATE_NOOP("BreakIt", "misplaced small kernel")},
    KindTitle{"identity-ignores-groups", QT_TRANSLATE_NOOP("BreakIt", "identity ignores groups")},
    KindTitle{"zero-padding", QT_TRANSLATE_NOOP("BreakIt", "zero padding in a chain")},
    KindTitle{"merged-border", QT_TRANSLATE_NOOP("BreakIt", "merged across a zero border")},
    KindTitle{"train-mode", QT_TRANSLATE_NOOP("BreakIt", "train mode")},
    KindTitle{"gamma-over-var", QT_TRANSLATE_NOOP("BreakIt", "gamma / var")},
    KindTitle{"eps-outside-root", QT_TRANSLATE_NOOP("BreakIt", "eps outside the root")},
    KindTitle{"mean-ignored", QT_TRANSLATE_NOOP("BreakIt", "mean ignored")},
    KindTitle{"mean-sign", QT_TRANSLATE_NOOP("BreakIt", "mean with the wrong sign")},
    KindTitle{"mean-unscaled", QT_TRANSLATE_NOOP("BreakIt", "mean not scaled")},
    KindTitle{"beta-ignored", QT_TRANSLATE_NOOP("BreakIt", "beta ignored")},
    KindTitle{"gamma-ignored", QT_TRANSLATE_NOOP("BreakIt", "gamma ignored")},
    KindTitle{"norm-skipped", QT_TRANSLATE_NOOP("BreakIt", "norm left out")},
    KindTitle{"norm-bias-ignored", QT_TRANSLATE_NOOP("BreakIt", "mean and beta ignored")},
    KindTitle{"statistics-not-copied", QT_TRANSLATE_NOOP("BreakIt", "statistics not copied")},
    KindTitle{"branch-twice", QT_TRANSLATE_NOOP("BreakIt", "branch counted twice")},
    KindTitle{"branch-bias-ignored", QT_TRANSLATE_NOOP("BreakIt", "bias of a branch ignored")},
    KindTitle{"conv-bias-ignored", QT_TRANSLATE_NOOP("BreakIt", "bias of a convolution ignored")},
    KindTitle{"inner-bias-lost", QT_TRANSLATE_NOOP("BreakIt", "inner bias lost")},
    KindTitle{"bias-ignored", QT_TRANSLATE_NOOP("BreakIt", "no bias at all")},
    KindTitle{"outer-norm-moved", QT_TRANSLATE_NOOP("BreakIt", "outer norm moved")},
    KindTitle{"scale-skipped", QT_TRANSLATE_NOOP("BreakIt", "scale left out")},
    KindTitle{"only-one-branch", QT_TRANSLATE_NOOP("BreakIt", "one branch alone")},
    KindTitle{"not-fused", QT_TRANSLATE_NOOP("BreakIt", "not fused at all")},
    KindTitle{"kernel-turned", QT_TRANSLATE_NOOP("BreakIt", "kernel turned or mirrored")},
    KindTitle{"channels-exchanged", QT_TRANSLATE_NOOP("BreakIt", "channels exchanged")},
    KindTitle{"float16", QT_TRANSLATE_NOOP("BreakIt", "rounded to float16")},
    KindTitle{"bfloat16", QT_TRANSLATE_NOOP("BreakIt", "rounded to bfloat16")},
    KindTitle{"int8", QT_TRANSLATE_NOOP("BreakIt", "rounded to int8")},
    KindTitle{"int4", QT_TRANSLATE_NOOP("BreakIt", "rounded to int4")},
};

QString kindTitle(const char* title) {
    return QCoreApplication::translate("BreakIt", title);
}

QString reachText(verify::Reach reach) {
    switch (reach) {
    case verify::Reach::nothing: return BreakItView::tr("nothing");
    case verify::Reach::border: return BreakItView::tr("the border only");
    case verify::Reach::oneChannel: return BreakItView::tr("one channel");
    case verify::Reach::someChannels: return BreakItView::tr("some channels");
    case verify::Reach::everywhere: return BreakItView::tr("everything");
    }
    return {};
}

QString sizeText(int size) {
    switch (size) {
    case 0: return BreakItView::tr("hardly: 60 dB or more");
    case 1: return BreakItView::tr("visibly: 20 to 60 dB");
    default: return BreakItView::tr("badly: below 20 dB");
    }
}

} // namespace

BreakItView::BreakItView(Document& document, QWidget* parent) : QWidget(parent), m_document(document), m_breakIt(document) {
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(4, 4, 4, 4);
    layout->addWidget(buildQuestions(), 2);
    layout->addWidget(buildAnswers(), 5);
    connect(&m_breakIt, &BreakIt::faultsChanged, this, &BreakItView::showFaults);
    connect(&m_breakIt, &BreakIt::outcomeChanged, this, &BreakItView::showOutcome);
    connect(&m_breakIt, &BreakIt::busyChanged, this, &BreakItView::showOutcome);
    connect(&document, &Document::detailChanged, this, &BreakItView::showOutcome);
    showFaults();
    showOutcome();
}

QWidget* BreakItView::buildQuestions() {
    auto* side = new QWidget(this);
    side->setMinimumWidth(240);
    auto* layout = new QVBoxLayout(side);
    layout->setContentsMargins(0, 0, 6, 0);
    auto combo = [&](const QString& text) {
        auto* label = new QLabel(text, side);
        auto* box = new QComboBox(side);
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        label->setBuddy(box);
        layout->addWidget(label);
        layout->addWidget(box);
        return box;
    };
    m_kind = combo(tr("1. &Choose a fault"));
    m_variant = combo(tr("W&here"));
    connect(m_kind, &QComboBox::currentIndexChanged, this, &BreakItView::showVariants);
    connect(m_variant, &QComboBox::currentIndexChanged, this, [this](int row) {
        m_variant->setToolTip(m_variant->itemText(row));
        m_breakIt.undo();
    });
    auto choices = [&](const QString& title, const QStringList& texts, int chosen) {
        auto* box = new QGroupBox(title, side);
        auto* rows = new QVBoxLayout(box);
        rows->setSpacing(1);
        auto* group = new QButtonGroup(box);
        for (int i = 0; i < texts.size(); ++i) {
            auto* button = new QRadioButton(texts[i], box);
            group->addButton(button, i);
            rows->addWidget(button);
        }
        group->button(chosen)->setChecked(true);
        layout->addWidget(box);
        return group;
    };
    QStringList reaches, sizes;
    for (int r = 0; r <= static_cast<int>(verify::Reach::everywhere); ++r) reaches << reachText(static_cast<verify::Reach>(r));
    for (int s = 0; s < 3; ++s) sizes << sizeText(s);
    m_reach = choices(tr("2. Predict: what changes?"), reaches, static_cast<int>(verify::Reach::everywhere));
    m_size = choices(tr("How much?"), sizes, 1);
    auto* buttons = new QHBoxLayout;
    m_reveal = new QPushButton(tr("3. &Reveal"), side);
    m_undo = new QPushButton(tr("&Undo the fault"), side);
    buttons->addWidget(m_reveal);
    buttons->addWidget(m_undo);
    layout->addLayout(buttons);
    layout->addStretch(1);
    connect(m_reveal, &QPushButton::clicked, this, &BreakItView::reveal);
    connect(m_undo, &QPushButton::clicked, &m_breakIt, &BreakIt::undo);
    return side;
}

QWidget* BreakItView::buildAnswers() {
    auto* stage = new QWidget(this);
    auto* outer = new QVBoxLayout(stage);
    outer->setContentsMargins(0, 0, 0, 0);
    m_message = wrappedLabel(stage, 1.1);
    m_message->setAlignment(Qt::AlignCenter);
    outer->addWidget(m_message, 1);
    m_answers = new QWidget(stage);
    outer->addWidget(m_answers, 1);
    auto* layout = new QVBoxLayout(m_answers);
    layout->setContentsMargins(0, 0, 0, 0);
    m_judgement = wrappedLabel(m_answers, 1.25);
    m_map = new MapPane(m_state, m_answers);
    m_said = wrappedLabel(m_answers, 1.1);
    m_remedy = wrappedLabel(m_answers);
    m_ranked = new TextTable({tr("Diagnosis"), tr("Explains to"), tr("Faults")}, this);
    QTableView* table = makeTable(m_ranked, m_answers);
    table->setAccessibleName(tr("Explanations, best first"));
    table->setMaximumHeight(130);
    layout->addWidget(m_judgement);
    layout->addWidget(m_map, 1);
    layout->addWidget(m_said);
    layout->addWidget(m_remedy);
    layout->addWidget(table);
    return stage;
}

void BreakItView::showFaults() {
    m_kind->clear();
    if (const BreakIt::Faults& faults = m_breakIt.faults()) {
        for (const KindTitle& kind : kKinds)
            if (m_breakIt.find(QString::fromLatin1(kind.code)) >= 0) m_kind->addItem(kindTitle(kind.title), QString::fromLatin1(kind.code));
        for (const verify::Fault& fault : *faults) // of a kind without a title here
            if (const QString code = toQString(fault.code); m_kind->findData(code) < 0) m_kind->addItem(code, code);
    }
    showOutcome();
}

void BreakItView::showVariants() {
    m_variant->clear();
    if (!m_breakIt.faults()) return;
    for (std::size_t f = 0; f < m_breakIt.faults()->size(); ++f) {
        const verify::Fault& fault = (*m_breakIt.faults())[f];
        if (toQString(fault.code) == m_kind->currentData().toString()) m_variant->addItem(coreText(fault.sentence), static_cast<int>(f));
    }
}

int BreakItView::chosenFault() const {
    return m_variant->count() ? m_variant->currentData().toInt() : -1;
}

bool BreakItView::chooseFault(const QString& code) {
    const int row = m_kind->findData(code);
    if (row >= 0) m_kind->setCurrentIndex(row);
    return row >= 0;
}

void BreakItView::predict(const Prediction& prediction) {
    m_reach->button(static_cast<int>(prediction.reach))->setChecked(true);
    m_size->button(prediction.size)->setChecked(true);
}

void BreakItView::reveal() {
    m_predicted = {m_reach->checkedId(), m_size->checkedId()};
    m_breakIt.inject(chosenFault());
}

QString BreakItView::judgement() const {
    return m_judgement->text();
}

void BreakItView::showOutcome() {
    const BreakIt::OutcomePtr& outcome = m_breakIt.outcome();
    const BlockDetailPtr& detail = m_document.detail();
    const bool hasInput = detail && detail->block == m_breakIt.block() && detail->find(BlockMap::Role::input);
    const bool hasFaults = m_kind->count() > 0;
    m_reveal->setEnabled(hasFaults && hasInput && !m_breakIt.isBusy());
    m_undo->setEnabled(outcome || m_breakIt.problem() || (m_breakIt.isBusy() && hasFaults));
    m_answers->setVisible(outcome != nullptr);
    m_message->setVisible(!outcome);
    if (!outcome) {
        m_message->setText(m_breakIt.problem()  ? toSentence(toProblem(*m_breakIt.problem()))
                           : m_breakIt.isBusy() ? tr("Computing…")
                           : !m_document.model() ? tr("No block is selected.")
                           : !hasFaults ? tr("This block has no branches that could be folded wrongly. Choose another one.")
                                        : tr("The block is right. Choose a fault, say what you expect, then reveal."));
        return;
    }
    const int size = sizeClassOf(outcome->comparison);
    const bool isReachRight = m_predicted.first == static_cast<int>(outcome->reach);
    const bool isSizeRight = outcome->reach == verify::Reach::nothing || m_predicted.second == size;
    const QString found = outcome->reach == verify::Reach::nothing
                              ? tr("Nothing changes.")
                              : tr("It changes %1, %2 (%3).").arg(reachText(outcome->reach), sizeText(size), decibelText(outcome->comparison));
    const QString judged = isReachRight && isSizeRight ? tr("You were right.")
                           : isReachRight             ? tr("Right place, other size.")
                           : isSizeRight              ? tr("Right size, other place.")
                                                      : tr("A surprise.");
    m_judgement->setText(QStringLiteral("%1 %2").arg(judged, found));
    const TensorD difference = combined(outcome->faulty, outcome->right, std::minus<>());
    const picture::CommonRange range = picture::commonRange({&difference});
    m_map->show(tr("Δ = broken − right"), tr("at most %1").arg(numberText(outcome->comparison.maxAbs, 3)), difference, {range.diverging});
    m_said->setText(tr("Diagnosis: %1").arg(coreText(outcome->said)));
    m_remedy->setText(tr("The fault: %1. Remedy: %2.").arg(coreText(outcome->fault.sentence), coreText(outcome->fault.remedy)));
    std::vector<TextRow> rows;
    if (outcome->diagnosis)
        for (const verify::Explanation& e : outcome->diagnosis->ranked)
            rows.push_back({{coreText(e.sentence), tr("%1 dB").arg(numberText(e.decibels, 3)), QString::number(e.faults)},
                            e.complete ? Tone::pass : Tone::none,
                            -1});
    m_ranked->setRows(std::move(rows));
}

} // namespace rp::ui
