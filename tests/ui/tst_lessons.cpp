// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/open_window.h"
#include "ui/views/lesson_stage.h"
#include "ui/views/lesson_view.h"
#include "ui/views/presenter_mode.h"

#include <QFile>
#include <QTemporaryDir>

using namespace rp;
using namespace rp::ui;

class TestLessons : public QObject, test::OpenWindow {
    Q_OBJECT
private slots:
    void init() { QVERIFY(show()); }
    void cleanup() { close(); }

    void everyBundledLessonIsRead();
    void everyVerbIsKnownToTheStage();
    void everyStepWorksOnTheRealWindow_data();
    void everyStepWorksOnTheRealWindow();
    void brokenFilesAreProblems_data();
    void brokenFilesAreProblems();
    void presenterModeIsLargeAndComesBack();
};

void TestLessons::everyBundledLessonIsRead() {
    const auto lessons = bundledLessons();
    QVERIFY(lessons.size() >= 6);
    for (const auto& lesson : lessons) {
        const Error* error = std::get_if<Error>(&lesson);
        QVERIFY2(!error, error ? error->what() : "");
    }
}

void TestLessons::everyVerbIsKnownToTheStage() {
    QStringList known = m_window->findChild<LessonStage*>()->verbs(), allowed = lessonVerbs();
    known.sort();
    allowed.sort();
    QCOMPARE(known, allowed);
}

void TestLessons::everyStepWorksOnTheRealWindow_data() {
    QTest::addColumn<int>("lesson");
    const auto lessons = bundledLessons();
    for (std::size_t l = 0; l < lessons.size(); ++l)
        if (const Lesson* lesson = std::get_if<Lesson>(&lessons[l])) QTest::newRow(qPrintable(lesson->title.en)) << static_cast<int>(l);
}

void TestLessons::everyStepWorksOnTheRealWindow() {
    QFETCH(int, lesson);
    auto* view = m_window->findChild<LessonView*>();
    auto* stage = m_window->findChild<LessonStage*>();
    QSignalSpy failed(stage, &LessonStage::failed), finished(stage, &LessonStage::finished);
    view->open(lesson);
    for (int step = 0;; ++step) {
        while (stage->isBusy()) QVERIFY(finished.wait(60000));
        QVERIFY2(failed.isEmpty(), failed.isEmpty() ? "" : qPrintable(failed[0][0].toString() + QStringLiteral(" in step %1").arg(step + 1)));
        QCOMPARE(view->step(), step);
        if (step + 1 == view->stepCount()) break;
        view->goTo(step + 1);
    }
    QVERIFY(settle());
}

void TestLessons::brokenFilesAreProblems_data() {
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("said");
    const QByteArray title = "\"title\": {\"en\": \"a\", \"zh\": \"b\"}";
    QTest::newRow("no JSON") << QByteArray("{") << QStringLiteral("JSON");
    QTest::newRow("no title") << QByteArray("{\"steps\": [{}]}") << QStringLiteral("title");
    QTest::newRow("no steps") << "{" + title + "}" << QStringLiteral("steps");
    QTest::newRow("one language") << "{" + title + ", \"steps\": [{\"text\": {\"en\": \"a\"}}]}" << QStringLiteral("step 1");
    QTest::newRow("unknown verb") << "{" + title + ", \"steps\": [{\"text\": {\"en\": \"a\", \"zh\": \"b\"}, \"do\": [[\"dance\", \"\"]]}]}" << QStringLiteral("dance");
}

void TestLessons::brokenFilesAreProblems() {
    QFETCH(QByteArray, content);
    QFETCH(QString, said);
    QTemporaryDir folder;
    QFile file(folder.filePath(QStringLiteral("broken.json")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(content);
    file.close();
    auto* view = m_window->findChild<LessonView*>();
    view->setLessons({readLesson(file.fileName())});
    view->open(0);
    QVERIFY2(view->problem().contains(said), qPrintable(view->problem()));
}

void TestLessons::presenterModeIsLargeAndComesBack() {
    PresenterMode mode(*m_window);
    const double size = m_window->font().pointSizeF();
    mode.setOn(true);
    QTRY_COMPARE(m_window->font().pointSizeF(), size * PresenterMode::kFactor);
    mode.setOn(false);
    QTRY_COMPARE(m_window->font().pointSizeF(), size);
}

QTEST_MAIN(TestLessons)
#include "tst_lessons.moc"
