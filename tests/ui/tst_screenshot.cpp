// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/tiny_files.h"

#include <QFile>
#include <QImage>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

class TestScreenshot : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    QString m_model;

    struct Result {
        int code = -1;
        QString output, error;
    };
    Result run(const QStringList& arguments) {
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("XDG_CONFIG_HOME"), path("config"));
        process.setProcessEnvironment(environment);
        process.start(QStringLiteral(REPSCOPE_PROGRAM), arguments);
        if (!process.waitForFinished(120000)) return {};
        return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -2,
                QString::fromUtf8(process.readAllStandardOutput()),
                QString::fromUtf8(process.readAllStandardError())};
    }
    QString path(const char* name) const { return m_folder.filePath(QString::fromLatin1(name)); }

private slots:
    void initTestCase() {
        m_model = path("tiny.pth");
        rp::test::writeTinyFile(m_model.toStdString());
    }

    void savesTheWindowInTheSizeAskedFor() {
        const Result result = run({m_model, QStringLiteral("--screenshot"), path("shot.png"),
                                   QStringLiteral("--size"), QStringLiteral("1000x700")});
        QVERIFY2(result.code == 0, qPrintable(result.error));
        QCOMPARE(result.error, QString());
        const QImage shot(path("shot.png"));
        QCOMPARE(shot.size(), QSize(1000, 700));
        QVERIFY(!QFile::exists(path("config/repscope"))); // no layout, no recent files
    }

    void aMissingFileEndsWithThreeAndOneSentence() {
        const Result result = run({path("nothing.pth"), QStringLiteral("--screenshot"), path("none.png")});
        QCOMPARE(result.code, 3);
        QCOMPARE(result.error.count(QLatin1Char('\n')), 1);
        QVERIFY2(result.error.contains(QStringLiteral("nothing.pth")), qPrintable(result.error));
        QVERIFY(!QFile::exists(path("none.png")));
    }

    void aBrokenFileEndsWithThreeAndOneSentence() {
        QFile broken(path("broken.pth"));
        QVERIFY(broken.open(QIODevice::WriteOnly));
        broken.write(QByteArray(500, '?'));
        broken.close();
        const Result result = run({broken.fileName(), QStringLiteral("--screenshot"), path("none.png")});
        QCOMPARE(result.code, 3);
        QCOMPARE(result.error.count(QLatin1Char('\n')), 1);
        QVERIFY2(result.error.contains(QStringLiteral("expected")), qPrintable(result.error));
    }

    void aTargetThatCannotBeWrittenEndsWithThree() {
        const Result result = run({m_model, QStringLiteral("--screenshot"), path("no/such/folder/shot.png")});
        QCOMPARE(result.code, 3);
        QVERIFY(result.error.contains(QStringLiteral("shot.png")));
    }

    void wrongUsageEndsWithTwo_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("unknown option") << QStringList{QStringLiteral("--frobnicate")};
        QTest::newRow("size without a height")
            << QStringList{QStringLiteral("--size"), QStringLiteral("1000")};
        QTest::newRow("one argument too many") << QStringList{m_model, m_model, m_model};
    }
    void wrongUsageEndsWithTwo() {
        QFETCH(QStringList, arguments);
        QCOMPARE(run(arguments).code, 2);
    }

    void tellsItsVersion() {
        const Result result = run({QStringLiteral("--version")});
        QCOMPARE(result.code, 0);
        QVERIFY(result.output.startsWith(QStringLiteral("repscope ")));
    }
};

QTEST_GUILESS_MAIN(TestScreenshot)
#include "tst_screenshot.moc"
