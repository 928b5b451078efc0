// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/open_window.h"
#include "tests/ui/tiny_files.h"
#include "ui/views/action_set.h"

#include <QImage>
#include <QTemporaryDir>

using namespace rp;
using namespace rp::ui;

/// Undo and redo by the window's keys; and files that change on disk.
class TestEditHistory : public QObject, private rp::test::OpenWindow {
    Q_OBJECT

    QTemporaryDir m_folder;

    QString path(const char* name) const { return m_folder.filePath(QString::fromUtf8(name)); }
    QAction* undo() { return m_window->actionSet()[ActionId::undo]; }
    QAction* redo() { return m_window->actionSet()[ActionId::redo]; }
    void press(QAction* action) {
        action->trigger();
        QVERIFY(settle());
    }
    double eps() const { return std::stod(m_document->model()->options.assumptions.empty() ? "0" : m_document->model()->options.assumptions.front().substr(4)); }

private slots:
    void initTestCase() {
        test::writeTinyFile(path("model.pth").toStdString());
        test::writeTwoSets(path("sets.pth").toStdString());
        test::TinyFile deploy;
        deploy.deploy = true;
        test::writeTinyFile(path("deploy.pth").toStdString(), deploy);
    }
    void init() {
        QVERIFY(show());
        m_document->openModel(path("model.pth"));
        QVERIFY(settle());
    }
    void cleanup() { close(); }

    void openingIsNoEdit() {
        QVERIFY(!undo()->isEnabled());
        QVERIFY(!redo()->isEnabled());
    }

    void assumptionsComeAndGo() {
        const double before = m_document->report()->blocks[2].local->maxAbs;
        m_document->setAssumptions({QStringLiteral("eps=0.5")});
        QVERIFY(settle());
        QVERIFY(undo()->text().contains(QStringLiteral("assumptions")));
        const double changed = m_document->report()->blocks[2].local->maxAbs;
        QVERIFY(changed != before);
        m_document->setAssumptions({QStringLiteral("eps=0.25")});
        QVERIFY(settle());
        press(undo());
        QCOMPARE(eps(), 0.5);
        QCOMPARE(m_document->report()->blocks[2].local->maxAbs, changed);
        press(undo());
        QVERIFY(m_document->model()->options.assumptions.empty());
        QCOMPARE(m_document->report()->blocks[2].local->maxAbs, before);
        QVERIFY(!undo()->isEnabled());
        press(redo());
        press(redo());
        QCOMPARE(eps(), 0.25);
        QVERIFY(!redo()->isEnabled());
    }

    void engineAndComparisonComeAndGo() {
        m_document->setSettings({EngineKind::float64, DispatchMethod::state});
        QVERIFY(settle());
        m_document->compareAgainst(path("deploy.pth"));
        QVERIFY(settle());
        QVERIFY(m_document->report()->blocks[0].against);
        press(undo());
        QVERIFY(m_document->edits().against.isEmpty());
        QVERIFY(!m_document->report()->blocks[0].against);
        QVERIFY(m_document->settings().engine == EngineKind::float64);
        press(undo());
        QVERIFY(m_document->settings().engine == EngineKind::float32);
        QVERIFY(m_document->currentRun()->settings.engine == EngineKind::float32);
        press(redo());
        press(redo());
        QVERIFY(m_document->report()->blocks[0].against);
    }

    void aNewEditForgetsWhatWasUndone() {
        m_document->setAssumptions({QStringLiteral("eps=0.5")});
        QVERIFY(settle());
        press(undo());
        m_document->setSettings({EngineKind::float64, DispatchMethod::state});
        QVERIFY(settle());
        QVERIFY(!redo()->isEnabled());
        press(undo());
        QVERIFY(!undo()->isEnabled());
    }

    void undoingWhileItIsComputedIsHeard() {
        m_document->setAssumptions({QStringLiteral("eps=0.5")});
        undo()->trigger(); // the file is still being read
        QVERIFY(settle());
        QVERIFY(m_document->model()->options.assumptions.empty());
    }

    void anotherModelBeginsAnew() {
        m_document->setAssumptions({QStringLiteral("eps=0.5")});
        QVERIFY(settle());
        m_document->openModel(path("sets.pth"));
        QVERIFY(settle());
        QVERIFY(!undo()->isEnabled());
        m_document->setWeights(QStringLiteral("ema"));
        QVERIFY(settle());
        press(undo());
        QCOMPARE(QString::fromStdString(m_document->model()->opened.weights->name), QStringLiteral("model"));
    }

    void aPictureThatChangesIsReadAgain() {
        QImage picture(24, 24, QImage::Format_RGB32);
        picture.fill(Qt::black);
        QVERIFY(picture.save(path("live.png")));
        m_document->openPicture(path("live.png"));
        QVERIFY(settle());
        const double before = m_document->input()->values[0];
        QSignalSpy read(m_document.get(), &Document::inputChanged);
        picture.fill(Qt::white);
        QVERIFY(picture.save(path("live.png")));
        QVERIFY(read.wait(10000));
        QVERIFY(settle());
        QVERIFY(m_document->input()->values[0] > before + 0.5);
        QVERIFY(!undo()->isEnabled()); // a file's change is nobody's edit
    }
};

QTEST_MAIN(TestEditHistory)
#include "tst_edit_history.moc"
