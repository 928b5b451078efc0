// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/open_window.h"
#include "tests/ui/tiny_files.h"
#include "ui/views/action_set.h"
#include "ui/views/activations_view.h"
#include "ui/views/block_tree_view.h"
#include "ui/views/session_menu.h"

#include <QComboBox>
#include <QDockWidget>
#include <QFile>
#include <QImage>
#include <QLineEdit>
#include <QSettings>
#include <QTabWidget>
#include <QTemporaryDir>

using namespace rp;
using namespace rp::ui;

class TestSessions : public QObject, private rp::test::OpenWindow {
    Q_OBJECT

    QTemporaryDir m_folder;

    QString path(const char* name) const { return m_folder.filePath(QString::fromUtf8(name)); }
    static QByteArray read(const QString& path) {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    static void write(const QString& path, const QByteArray& bytes) {
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly)) qFatal("cannot write");
        file.write(bytes);
    }
    ActivationsView& maps() { return *m_window->findChild<ActivationsView*>(); }
    QTabWidget& tabs() { return *m_window->centralWidget()->findChild<QTabWidget*>(); }
    /// Something other than the defaults in everything that a session holds.
    void lookAround() {
        m_document->openFiles({path("model.pth"), path("deploy.pth"), path("picture.png")});
        QVERIFY(settle());
        m_document->setAssumptions({QStringLiteral("eps=1e-4")});
        QVERIFY(settle());
        m_document->setSettings({EngineKind::float64, DispatchMethod::fusion});
        m_document->setPhase(Phase::train);
        m_document->setBlock(3);
        QVERIFY(settle());
        m_document->chooseMap({BlockMap::Role::branch, QStringLiteral("rbr_1x1")});
        maps().state().setChannel(5);
        maps().colours()->setCurrentIndex(1);
        maps().order()->setCurrentIndex(2);
        m_window->findChild<BlockTreeView*>()->filter()->setText(QStringLiteral("stage2"));
        tabs().setCurrentIndex(1);
        m_window->findChild<QDockWidget*>(QStringLiteral("topDock"))->hide();
        QVERIFY(settle());
    }

private slots:
    void initTestCase() {
        test::writeTinyFile(path("model.pth").toStdString());
        test::TinyFile deploy;
        deploy.deploy = true;
        test::writeTinyFile(path("deploy.pth").toStdString(), deploy);
        QImage picture(30, 30, QImage::Format_RGB32);
        picture.fill(Qt::darkCyan);
        QVERIFY(picture.save(path("picture.png")));
    }
    void init() { QVERIFY(show()); }
    void cleanup() { close(); }

    void everythingIsAsItWas() {
        lookAround();
        QVERIFY(m_window->sessions().save(path("all.repscope")));
        const BlockMap seen = *m_document->chosenMap();
        close();
        QVERIFY(show());
        QVERIFY(m_window->sessions().open(path("all.repscope")));
        QVERIFY(settle());
        QCoreApplication::processEvents(); // the last selection is queued behind the result
        QVERIFY(settle());
        QCOMPARE(m_document->modelPath(), path("model.pth"));
        QCOMPARE(m_document->inputPath(), path("picture.png"));
        QCOMPARE(m_document->edits().against, path("deploy.pth"));
        QVERIFY(m_document->edits().assumptions == std::vector<std::string>{"eps=1e-4"});
        QVERIFY((m_document->settings() == RunSettings{EngineKind::float64, DispatchMethod::fusion}));
        QVERIFY(m_document->phase() == Phase::train);
        QCOMPARE(m_document->block(), 3);
        QVERIFY(m_document->chosenMap() && m_document->chosenMap()->values == seen.values);
        QCOMPARE(maps().state().channel(), 5);
        QCOMPARE(maps().colours()->currentIndex(), 1);
        QCOMPARE(maps().order()->currentIndex(), 2);
        QCOMPARE(m_window->findChild<BlockTreeView*>()->filter()->text(), QStringLiteral("stage2"));
        QCOMPARE(tabs().currentIndex(), 1);
        QVERIFY(m_window->findChild<QDockWidget*>(QStringLiteral("topDock"))->isHidden());
        QVERIFY(m_document->report() && m_document->report()->blocks[3].against);
    }

    void theFolderCanBeMoved() {
        lookAround();
        QVERIFY(m_window->sessions().save(path("moved.repscope")));
        QVERIFY(!read(path("moved.repscope")).contains(m_folder.path().toUtf8())); // no machine's path
        QTemporaryDir other;
        for (const char* name : {"model.pth", "deploy.pth", "picture.png", "moved.repscope"})
            QVERIFY(QFile::copy(path(name), other.filePath(QString::fromLatin1(name))));
        QVERIFY(m_window->sessions().open(other.filePath(QStringLiteral("moved.repscope"))));
        QVERIFY(settle());
        QCOMPARE(m_document->modelPath(), other.filePath(QStringLiteral("model.pth")));
        QCOMPARE(m_document->edits().against, other.filePath(QStringLiteral("deploy.pth")));
        QTemporaryDir elsewhere; // above or beside: the path stays whole
        QVERIFY(toJson(m_window->sessions().state(), QDir(elsewhere.path())).contains(other.path().toUtf8()));
    }

    void whatIsNoSessionChangesNothing_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("code");
        const QByteArray start = R"({"format":"repscope-session","version":1,"model":"model.pth")";
        QTest::newRow("empty") << QByteArray() << "malformed";
        QTest::newRow("cut off") << start << "malformed";
        QTest::newRow("other JSON") << QByteArray(R"({"a": 1})") << "format-foreign";
        QTest::newRow("list") << QByteArray("[1]") << "format-foreign";
        QTest::newRow("newer") << QByteArray(R"({"format":"repscope-session","version":2,"model":"model.pth"})") << "format-foreign";
        QTest::newRow("no model") << QByteArray(R"({"format":"repscope-session","version":1})") << "malformed";
        QTest::newRow("phase") << start + R"(,"phase":"later"})" << "malformed";
        QTest::newRow("channel") << start + R"(,"channel":1e300})" << "malformed";
        QTest::newRow("fraction") << start + R"(,"sample":0.5})" << "malformed";
        QTest::newRow("type") << start + R"(,"assumptions":"eps=1"})" << "malformed";
        QTest::newRow("inner type") << start + R"(,"assumptions":[7]})" << "malformed";
        QTest::newRow("huge") << QByteArray(2 << 20, ' ') << "limit-exceeded";
        QTest::newRow("missing model") << QByteArray(R"({"format":"repscope-session","version":1,"model":"gone.pth"})") << "file-missing";
        QTest::newRow("missing picture") << start + R"(,"picture":"gone.png"})" << "file-missing";
    }
    void whatIsNoSessionChangesNothing() {
        QFETCH(QByteArray, text);
        QFETCH(QString, code);
        m_document->openModel(path("model.pth"));
        QVERIFY(settle());
        m_document->setBlock(2);
        QVERIFY(settle());
        const LoadedModelPtr before = m_document->model();
        write(path("bad.repscope"), text);
        QVERIFY(!m_window->sessions().open(path("bad.repscope")));
        QVERIFY(!m_document->isBusy());
        QVERIFY(m_document->model() == before);
        QCOMPARE(m_document->block(), 2);
        const std::vector<Problem> problems = m_document->problems();
        QVERIFY(std::ranges::any_of(problems, [&](const Problem& problem) { return problem.code == code; }));
        if (code == QStringLiteral("file-missing"))
            QVERIFY(std::ranges::any_of(problems, [](const Problem& problem) { return problem.where.contains(QStringLiteral("gone.")); }));
    }

    void aSessionIsDroppedOnTheWindow() {
        m_document->openModel(path("model.pth"));
        QVERIFY(settle());
        m_document->setBlock(4);
        QVERIFY(settle());
        QVERIFY(m_window->sessions().save(path("drop.repscope")));
        m_document->setBlock(0);
        QVERIFY(settle());
        test::drop(*m_window, {path("drop.repscope")});
        QVERIFY(settle());
        QCOMPARE(m_document->block(), 4);
    }

    void anotherModelMeanwhileIsLeftAlone() {
        lookAround();
        QVERIFY(m_window->sessions().save(path("late.repscope")));
        test::writeTwoSets(path("other.pth").toStdString());
        QVERIFY(m_window->sessions().open(path("late.repscope")));
        m_document->openModel(path("other.pth")); // before the session's model is there
        QVERIFY(settle());
        QCoreApplication::processEvents();
        QVERIFY(m_document->block() != 3);
        QCOMPARE(maps().state().channel(), 5); // nothing was selected anew
    }

    void theLastSessionIsReopened() {
        close();
        QSettings settings(path("settings.ini"), QSettings::IniFormat);
        {
            Document document;
            MainWindow window(document, &settings);
            QVERIFY(!window.actionSet()[ActionId::reopenSession]->isEnabled());
            window.show();
            document.openModel(path("model.pth"));
            QVERIFY(test::settle(document));
            document.setBlock(1);
            QVERIFY(test::settle(document));
            window.close();
        }
        Document document;
        MainWindow window(document, &settings);
        window.show();
        QVERIFY(window.actionSet()[ActionId::reopenSession]->isEnabled());
        window.actionSet()[ActionId::reopenSession]->trigger();
        QVERIFY(test::settle(document));
        QCOMPARE(document.modelPath(), path("model.pth"));
        QCOMPARE(document.block(), 1);
    }
};

QTEST_MAIN(TestSessions)
#include "tst_sessions.moc"
