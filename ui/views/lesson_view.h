// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/presenters/lesson.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QMenu;
class QProgressBar;
class QPushButton;

namespace rp::ui {

class LessonStage;

/// A guided tour: text, what to look for, next and back. Each step drives the window through `stage`.
class LessonView : public QWidget {
    Q_OBJECT

public:
    LessonView(LessonStage& stage, QWidget* parent = nullptr);
    void setLessons(std::vector<std::variant<Lesson, Error>> lessons);
    void fillMenu(QMenu* menu); ///< one entry for each
    void open(int lesson);
    void goTo(int step);
    int step() const { return m_step; }
    int stepCount() const;
    QString problem() const; ///< that is shown; empty without one

signals:
    void opened(); ///< the pane wants to be seen

protected:
    void changeEvent(QEvent* event) override;

private:
    const Lesson* current() const;
    void fillChoice();
    void show();

    LessonStage& m_stage;
    std::vector<std::variant<Lesson, Error>> m_lessons;
    int m_lesson = -1, m_step = 0;
    QComboBox* m_choice;
    QLabel *m_text, *m_look, *m_position, *m_problem;
    QProgressBar* m_progress;
    QPushButton *m_back, *m_next;
};

} // namespace rp::ui
