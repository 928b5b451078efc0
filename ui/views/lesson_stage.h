// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/presenters/lesson.h"

#include <QObject>

#include <deque>
#include <functional>
#include <map>

namespace rp::ui {

class Document;
class MainWindow;

/// Does what a lesson asks for, on the real window: one command after another, each when the window has settled.
class LessonStage : public QObject {
    Q_OBJECT

public:
    LessonStage(Document& document, MainWindow& window);

    /// Drops what is left of the step before.
    void perform(const std::vector<LessonCommand>& commands);
    bool isBusy() const { return !m_waiting.empty(); }
    QStringList verbs() const; ///< that it knows how to do

signals:
    void failed(const QString& sentence); ///< a command has no such block, tab …; the others go on
    void finished();

private:
    using Deed = std::function<bool(const QString& argument)>; ///< false: the argument means nothing here
    void addDocumentVerbs();
    void addWindowVerbs();
    void addTeachingVerbs();
    void advance();
    bool isSettled() const;

    Document& m_document;
    MainWindow& m_window;
    std::map<QString, Deed> m_deeds;
    std::deque<LessonCommand> m_waiting;
    bool m_isAdvancing = false;
};

} // namespace rp::ui
