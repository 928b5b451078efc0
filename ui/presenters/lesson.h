// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/error.h"

#include <QString>
#include <QStringList>

#include <optional>
#include <variant>
#include <vector>

namespace rp::ui {

/// Something that a lesson lets the window do: resources/lessons/README.md lists the verbs.
struct LessonCommand {
    QString verb, argument;
};

/// In both languages; `shown` picks the one of the window.
struct LessonText {
    QString en, zh;
    QString shown() const;
};

struct LessonStep {
    LessonText text;
    LessonText look; ///< what to look for; may be empty
    std::vector<LessonCommand> commands;
};

struct Lesson {
    QString path;
    LessonText title;
    int order = 0; ///< in the menu
    std::vector<LessonStep> steps;
};

/// Reads a lesson, or says what is wrong with the file: JSON, a missing text, a verb that nobody knows.
std::variant<Lesson, Error> readLesson(const QString& path);

/// Verbs that a lesson may use.
const QStringList& lessonVerbs();

/// Those that are shipped, in their order; a broken file is its error, and stands last.
std::vector<std::variant<Lesson, Error>> bundledLessons();

} // namespace rp::ui
