// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/open_window.h"
#include "tests/ui/tiny_files.h"
#include "ui/presenters/document.h"
#include "ui/presenters/file_watch.h"
#include "ui/views/main_window.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <cstdio>

using namespace rp;
using namespace rp::ui;

class TestFileWatch : public QObject {
    Q_OBJECT

    static constexpr int kPatience = 30000; ///< upper bound; nothing waits that long
    std::unique_ptr<QTemporaryDir> m_folder;

    QString path(const char* name) const { return m_folder->filePath(QString::fromLatin1(name)); }
    static void write(const QString& path, const QByteArray& bytes) {
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly)) qFatal("cannot write");
        file.write(bytes);
    }
    /// As a careful writer does it: complete beside the target, then renamed over it.
    static void replace(const QString& target, const QByteArray& bytes) {
        const QString beside = target + QStringLiteral(".part");
        write(beside, bytes);
        if (std::rename(qPrintable(beside), qPrintable(target)) != 0) qFatal("cannot rename");
    }

private slots:
    void init() {
        rp::test::failOnWarnings();
        m_folder = std::make_unique<QTemporaryDir>();
    }

    void noticesAWriteInPlaceAndEachReplacement() {
        write(path("file"), "one");
        FileWatch watch;
        watch.setQuietTime(0);
        watch.setPath(path("file"));
        QSignalSpy changed(&watch, &FileWatch::changed);
        write(path("file"), "three");
        QVERIFY(changed.wait(kPatience));
        for (const char* content : {"seventeen", "a dozen or so", "x"}) {
            changed.clear();
            replace(path("file"), content);
            QVERIFY2(changed.wait(kPatience), content); // also the second and third time
        }
    }

    void waitsForAFileThatIsGone() {
        write(path("file"), "one");
        FileWatch watch;
        watch.setQuietTime(0);
        watch.setPath(path("file"));
        QSignalSpy changed(&watch, &FileWatch::changed);
        QVERIFY(QFile::remove(path("file")));
        write(path("file"), "another");
        QVERIFY(changed.wait(kPatience));
    }

    void doesNotCareForItsNeighboursNorForAnOldPath() {
        write(path("file"), "one");
        write(path("next"), "one");
        FileWatch watch;
        watch.setQuietTime(0);
        watch.setPath(path("file"));
        watch.setPath(path("next"));
        QSignalSpy changed(&watch, &FileWatch::changed);
        write(path("other"), "two");
        write(path("file"), "two");
        write(path("next"), "the last one to be noticed");
        QVERIFY(changed.wait(kPatience));
        QCoreApplication::processEvents();
        QCOMPARE(changed.size(), 1);
    }

    void theWindowReadsAModelAgainAndAHalfWrittenOneIsAProblem() {
        const QString model = path("tiny.pth"), other = path("other.pth");
        test::writeTinyFile(model.toStdString());
        test::writeTinyFile(other.toStdString(), {.inputSide = 16});
        QFile file(other);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray whole = file.readAll();
        Document document;
        MainWindow window(document);
        QSignalSpy settled(&document, &Document::settled);
        document.openModel(model);
        QVERIFY(settled.wait(kPatience));
        const LoadedModelPtr first = document.model();

        replace(model, whole.left(900));
        QTRY_VERIFY_WITH_TIMEOUT(document.openError().has_value(), kPatience);
        QVERIFY(!document.problems().empty());
        QCOMPARE(document.model(), first); // what is open stays open

        replace(model, whole);
        QTRY_VERIFY_WITH_TIMEOUT(document.model() != first, kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(!document.isBusy(), kPatience);
        QVERIFY(!document.openError());
        QCOMPARE(document.input()->values.size(2), 16);
    }
};

QTEST_MAIN(TestFileWatch)
#include "tst_file_watch.moc"
