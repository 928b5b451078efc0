// SPDX-License-Identifier: Apache-2.0
#include "ui/views/lesson_view.h"

#include "ui/presenters/display_text.h"
#include "ui/presenters/problem.h"
#include "ui/views/lesson_stage.h"
#include "ui/views/theme.h"
#include "ui/views/labels.h"

#include <QComboBox>
#include <QEvent>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QSignalBlocker>

#include <algorithm>

namespace rp::ui {
LessonView::LessonView(LessonStage& stage, QWidget* parent) : QWidget(parent), m_stage(stage) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(6, 2, 4, 4);
    m_choice = new QComboBox(this);
    m_choice->setAccessibleName(tr("Lesson"));
    m_choice->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    layout->addWidget(m_choice);
    auto* page = new QWidget(this);
    auto* lines = new QVBoxLayout(page);
    lines->setContentsMargins(0, 0, 4, 0);
    m_text = wrappedLabel(page, 1.12);
    m_look = wrappedLabel(page, 1.05);
    m_look->setFrameShape(QFrame::StyledPanel);
    m_look->setMargin(6);
    m_problem = wrappedLabel(page, 1);
    for (QLabel* label : {m_text, m_look, m_problem}) lines->addWidget(label);
    lines->addStretch(1);
    auto* scroll = new QScrollArea(this);
    scroll->setWidget(page);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    layout->addWidget(scroll, 1);
    m_progress = new QProgressBar(this);
    m_progress->setTextVisible(false);
    m_progress->setMaximumHeight(6);
    m_progress->setAccessibleName(tr("Progress of the lesson"));
    layout->addWidget(m_progress);
    auto* buttons = new QHBoxLayout;
    m_back = new QPushButton(tr("&Back"), this);
    m_position = new QLabel(this);
    m_position->setAlignment(Qt::AlignCenter);
    m_next = new QPushButton(tr("Ne&xt"), this);
    buttons->addWidget(m_back);
    buttons->addWidget(m_position, 1);
    buttons->addWidget(m_next);
    layout->addLayout(buttons);
    connect(m_choice, &QComboBox::activated, this, [this](int row) { open(row - 1); });
    connect(m_back, &QPushButton::clicked, this, [this] { goTo(m_step - 1); });
    connect(m_next, &QPushButton::clicked, this, [this] { goTo(m_step + 1); });
    connect(&stage, &LessonStage::failed, this, [this](const QString& sentence) {
        m_problem->setText(sentence);
        m_problem->show();
    });
    show();
}

void LessonView::setLessons(std::vector<std::variant<Lesson, Error>> lessons) {
    m_lessons = std::move(lessons);
    m_lesson = -1;
    fillChoice();
    show();
}

void LessonView::fillChoice() {
    const QSignalBlocker block(m_choice);
    m_choice->clear();
    m_choice->addItem(m_lessons.empty() ? tr("No lessons are installed") : tr("Choose a lesson…"));
    for (const auto& lesson : m_lessons) {
        const Lesson* read = std::get_if<Lesson>(&lesson);
        m_choice->addItem(read ? read->title.shown() : tr("A file that cannot be read"));
    }
    m_choice->setCurrentIndex(m_lesson + 1);
}

void LessonView::fillMenu(QMenu* menu) {
    for (std::size_t l = 0; l < m_lessons.size(); ++l) {
        const Lesson* read = std::get_if<Lesson>(&m_lessons[l]);
        menu->addAction(read ? read->title.shown() : tr("A file that cannot be read"), this, [this, l] { open(static_cast<int>(l)); });
    }
    menu->setEnabled(!m_lessons.empty());
}

const Lesson* LessonView::current() const {
    return m_lesson < 0 ? nullptr : std::get_if<Lesson>(&m_lessons[static_cast<std::size_t>(m_lesson)]);
}

int LessonView::stepCount() const {
    return current() ? static_cast<int>(current()->steps.size()) : 0;
}

QString LessonView::problem() const {
    return m_problem->isHidden() ? QString() : m_problem->text();
}

void LessonView::open(int lesson) {
    m_lesson = lesson;
    {
        const QSignalBlocker block(m_choice);
        m_choice->setCurrentIndex(lesson + 1);
    }
    emit opened();
    goTo(0);
}

void LessonView::goTo(int step) {
    m_step = std::clamp(step, 0, std::max(0, stepCount() - 1));
    show();
    if (const Lesson* lesson = current()) m_stage.perform(lesson->steps[static_cast<std::size_t>(m_step)].commands);
}

void LessonView::show() {
    const Lesson* lesson = current();
    const Error* error = m_lesson < 0 ? nullptr : std::get_if<Error>(&m_lessons[static_cast<std::size_t>(m_lesson)]);
    m_problem->setVisible(error != nullptr);
    if (error) m_problem->setText(toSentence(toProblem(*error)));
    m_problem->setStyleSheet(QStringLiteral("color: %1").arg(toneColour(Tone::fail, palette()).name()));
    m_progress->setVisible(lesson != nullptr);
    m_position->setVisible(lesson != nullptr);
    m_back->setEnabled(lesson && m_step > 0);
    m_next->setEnabled(lesson && m_step + 1 < stepCount());
    m_look->setVisible(false);
    m_text->setText(error ? QString() : tr("Short tours through the window. Each step shows what it speaks of."));
    if (!lesson) return;
    const LessonStep& step = lesson->steps[static_cast<std::size_t>(m_step)];
    m_text->setText(step.text.shown());
    m_look->setVisible(!step.look.en.isEmpty());
    m_look->setText(QStringLiteral("<b>%1</b> %2").arg(tr("What to look for:"), step.look.shown().toHtmlEscaped()));
    m_progress->setMaximum(stepCount());
    m_progress->setValue(m_step + 1);
    m_position->setText(tr("%1 of %2").arg(m_step + 1).arg(stepCount()));
}

void LessonView::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() != QEvent::LanguageChange) return;
    fillChoice();
    show();
}

} // namespace rp::ui
