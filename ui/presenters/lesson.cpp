// SPDX-License-Identifier: Apache-2.0
#include "ui/presenters/lesson.h"

#include "ui/presenters/bundled.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace rp::ui {
namespace {

constexpr qint64 kLargestFile = 1 << 20;

class Reader {
public:
    explicit Reader(const QString& path) : m_path(path) {}

    Lesson read() {
        QFile file(m_path);
        if (!file.open(QIODevice::ReadOnly)) throw fault("a file that can be read", file.errorString(), ErrorCode::fileMissing);
        if (file.size() > kLargestFile) throw fault("at most 1 MB", QStringLiteral("%1 bytes").arg(file.size()));
        QJsonParseError error;
        const QJsonDocument document = QJsonDocument::fromJson(file.readAll(), &error);
        if (error.error != QJsonParseError::NoError) throw fault("JSON", QStringLiteral("%1 at byte %2").arg(error.errorString()).arg(error.offset));
        const QJsonObject root = document.object();
        Lesson lesson{m_path, text(root, "title", true), root.value(QStringLiteral("order")).toInt(), {}};
        const QJsonArray steps = root.value(QStringLiteral("steps")).toArray();
        if (steps.isEmpty()) throw fault("an array \"steps\" with at least one step", QStringLiteral("none"));
        for (qsizetype s = 0; s < steps.size(); ++s) {
            m_where = QStringLiteral(", step %1").arg(s + 1);
            lesson.steps.push_back(step(steps[s].toObject()));
        }
        return lesson;
    }

private:
    Error fault(const char* expected, const QString& found, ErrorCode code = ErrorCode::malformed) const {
        return Error(code, {(m_path + m_where).toStdString(), expected, found.toStdString(), "see README.md in the folder of lessons"});
    }

    LessonText text(const QJsonObject& object, const char* key, bool isNeeded) const {
        const QJsonObject texts = object.value(QLatin1String(key)).toObject();
        LessonText result{texts.value(QStringLiteral("en")).toString(), texts.value(QStringLiteral("zh")).toString()};
        if (isNeeded && (result.en.isEmpty() || result.zh.isEmpty()))
            throw fault("a text in \"en\" and \"zh\"", QStringLiteral("none under \"%1\"").arg(QLatin1String(key)));
        return result;
    }

    LessonStep step(const QJsonObject& object) const {
        LessonStep result{text(object, "text", true), text(object, "look", object.contains(QStringLiteral("look"))), {}};
        for (const QJsonValue& value : object.value(QStringLiteral("do")).toArray()) {
            const QJsonArray words = value.toArray();
            const LessonCommand command{words.at(0).toString(), words.at(1).toVariant().toString()};
            if (!lessonVerbs().contains(command.verb)) throw fault("a command [verb, argument] of the list in README.md", command.verb.isEmpty() ? QStringLiteral("no verb") : command.verb);
            result.commands.push_back(command);
        }
        return result;
    }

    QString m_path, m_where;
};

} // namespace

QString LessonText::shown() const {
    //: The language of the lessons: en or zh
    const QString language = QCoreApplication::translate("Lesson", "en");
    return language == QStringLiteral("zh") && !zh.isEmpty() ? zh : en;
}

const QStringList& lessonVerbs() {
    static const QStringList verbs{QStringLiteral("open"),     QStringLiteral("picture"), QStringLiteral("block"),  QStringLiteral("phase"),
                                   QStringLiteral("dispatch"), QStringLiteral("engine"),  QStringLiteral("tab"),    QStringLiteral("dock"),
                                   QStringLiteral("details"),  QStringLiteral("channels"), QStringLiteral("step"),  QStringLiteral("cell"),
                                   QStringLiteral("play"),     QStringLiteral("fault"),   QStringLiteral("reveal"), QStringLiteral("mend"),
                                   QStringLiteral("playground")};
    return verbs;
}

std::variant<Lesson, Error> readLesson(const QString& path) {
    try {
        return Reader(path).read();
    } catch (const Error& error) {
        return error;
    }
}

std::vector<std::variant<Lesson, Error>> bundledLessons() {
    std::vector<std::variant<Lesson, Error>> all;
    const QDir folder(bundledLessonFolder());
    for (const QString& name : folder.entryList({QStringLiteral("*.json")}, QDir::Files, QDir::Name)) all.push_back(readLesson(folder.filePath(name)));
    std::ranges::stable_sort(all, {}, [](const std::variant<Lesson, Error>& lesson) {
        const Lesson* read = std::get_if<Lesson>(&lesson);
        return read ? read->order : 1 << 30;
    });
    return all;
}

} // namespace rp::ui
