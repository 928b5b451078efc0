// SPDX-License-Identifier: Apache-2.0
#include "ui/views/verdict_banner.h"

#include "ui/presenters/document.h"
#include "ui/presenters/verdict_summary.h"
#include "ui/views/theme.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QProgressBar>
#include <QToolButton>

namespace rp::ui {

VerdictBanner::VerdictBanner(Document& document, QWidget* parent)
    : QFrame(parent), m_document(document), m_headline(new QLabel(this)), m_sentence(new QLabel(this)),
      m_figures(new QLabel(this)), m_look(new QToolButton(this)), m_cancel(new QToolButton(this)),
      m_progress(new QProgressBar(this)) {
    setBackgroundRole(QPalette::Window); // a tool bar would hand down that of buttons
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(14, 6, 10, 6);
    layout->setSpacing(14);
    QFont large = font();
    large.setBold(true);
    large.setPointSizeF(large.pointSizeF() * 1.5);
    m_headline->setFont(large);
    m_headline->setAlignment(Qt::AlignCenter);
    auto* lines = new QVBoxLayout;
    lines->setSpacing(0);
    for (QLabel* label : {m_sentence, m_figures}) {
        label->setTextFormat(Qt::PlainText);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
        lines->addWidget(label);
    }
    QFont bold = font();
    bold.setBold(true);
    m_sentence->setFont(bold);
    m_progress->setRange(0, 1000);
    m_progress->setFixedWidth(150);
    m_progress->setTextVisible(false);
    m_cancel->setText(tr("Cancel"));
    layout->addWidget(m_headline);
    layout->addLayout(lines, 1);
    for (QWidget* widget : std::initializer_list<QWidget*>{m_look, m_progress, m_cancel})
        layout->addWidget(widget);
    connect(m_cancel, &QToolButton::clicked, &document, &Document::cancel);
    connect(m_look, &QToolButton::clicked, this, [this] { m_document.setBlock(m_block); });
    connect(&document, &Document::activityChanged, this, &VerdictBanner::refresh);
    connect(&document, &Document::reportChanged, this, &VerdictBanner::refresh);
    connect(&document, &Document::problemsChanged, this, &VerdictBanner::refresh);
    refresh();
}

QString VerdictBanner::text() const {
    return m_headline->text() + QLatin1Char(' ') + m_whole;
}

void VerdictBanner::refresh() {
    const VerdictSummary summary = summarize(m_document);
    const Activity activity = m_document.activity();
    m_colour = toneColour(summary.tone, palette());
    m_headline->setText(summary.headline);
    QPalette onColour = palette();
    onColour.setColor(QPalette::WindowText, textOn(m_colour));
    m_headline->setPalette(onColour);
    m_whole = summary.sentence;
    m_sentence->setToolTip(m_whole);
    m_figures->setText(summary.figures);
    m_figures->setVisible(!summary.figures.isEmpty());
    m_block = summary.block;
    m_look->setText(summary.blockText);
    m_look->setVisible(summary.block >= 0);
    const bool busy = activity.state != Activity::State::idle && activity.state != Activity::State::failed;
    m_progress->setVisible(busy);
    m_cancel->setVisible(busy);
    m_progress->setValue(static_cast<int>(activity.fraction * 1000));
    m_progress->setToolTip(activity.text);
    setAccessibleName(text());
    layout()->activate(); // the buttons take their room first
    fitSentence();
    update();
}

void VerdictBanner::fitSentence() {
    m_sentence->setText(QFontMetrics(m_sentence->font()).elidedText(m_whole, Qt::ElideRight, m_sentence->width()));
}

void VerdictBanner::resizeEvent(QResizeEvent* event) {
    QFrame::resizeEvent(event);
    layout()->activate();
    fitSentence();
}

/// The headline stands on a field of the verdict's colour; the rest on a breath of it.
void VerdictBanner::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    QColor breath = m_colour;
    breath.setAlphaF(0.14F);
    painter.fillRect(rect(), breath);
    const QRect field(0, 0, m_headline->geometry().right() + 8, height());
    painter.fillRect(field, m_colour);
}

void VerdictBanner::changeEvent(QEvent* event) {
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) m_colour = toneColour(summarize(m_document).tone, palette());
}

} // namespace rp::ui
