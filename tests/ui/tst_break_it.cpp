// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/open_window.h"
#include "tests/ui/tiny_files.h"
#include "ui/views/break_it_view.h"

#include <QTemporaryDir>

using namespace rp;
using namespace rp::ui;

class TestBreakIt : public QObject, test::OpenWindow {
    Q_OBJECT
private slots:
    void initTestCase() { test::writeTinyFile(m_folder.filePath(QStringLiteral("tiny.pth")).toStdString()); }
    void init() {
        QVERIFY(show());
        m_document->openModel(m_folder.filePath(QStringLiteral("tiny.pth")));
        QVERIFY(settle());
        m_document->setBlock(2); // stage1.1: with an identity
        QVERIFY(settle());
        m_view = m_window->findChild<BreakItView*>();
        QTRY_VERIFY(m_view->breakIt().faults() && !m_view->breakIt().isBusy());
    }
    void cleanup() { close(); }

    void aForgottenBranchIsRevealedAndUndone();
    void trainModeIsRevealed();
    void anotherBlockDropsWhatIsUnderWay();

private:
    QTemporaryDir m_folder;
    BreakItView* m_view = nullptr;
};

void TestBreakIt::aForgottenBranchIsRevealedAndUndone() {
    QVERIFY(m_view->chooseFault(QStringLiteral("branch-omitted")));
    m_view->predict({verify::Reach::everywhere, 2});
    m_view->reveal();
    QTRY_VERIFY_WITH_TIMEOUT(m_view->breakIt().outcome(), 60000);
    const verify::FaultOutcome& outcome = *m_view->breakIt().outcome();
    QCOMPARE(outcome.fault.code, std::string("branch-omitted"));
    QVERIFY(outcome.reach == verify::Reach::everywhere && outcome.comparison.maxAbs > 0);
    QCOMPARE(outcome.diagnosis->ranked.at(0).code, std::string("branch-omitted"));
    QVERIFY2(m_view->judgement().startsWith(QStringLiteral("You were right")) || m_view->judgement().startsWith(QStringLiteral("Right place")), qPrintable(m_view->judgement()));
    m_view->breakIt().undo();
    QVERIFY(!m_view->breakIt().outcome());
    QVERIFY(m_document->model()->fusion.blocks[2].fusable); // the model itself never changed
}

void TestBreakIt::trainModeIsRevealed() {
    QVERIFY(m_view->chooseFault(QStringLiteral("train-mode")));
    m_view->reveal();
    QTRY_VERIFY_WITH_TIMEOUT(m_view->breakIt().outcome(), 60000);
    QVERIFY(!m_view->breakIt().outcome()->diagnosis);
}

void TestBreakIt::anotherBlockDropsWhatIsUnderWay() {
    QVERIFY(m_view->chooseFault(QStringLiteral("eps")));
    m_view->reveal();
    m_document->setBlock(0);
    QVERIFY(settle());
    QTRY_VERIFY(m_view->breakIt().faults() && !m_view->breakIt().isBusy());
    QCOMPARE(m_view->breakIt().block(), 0);
    QVERIFY(!m_view->breakIt().outcome());
    m_view->reveal();
    m_document->openModel(m_folder.filePath(QStringLiteral("missing.pth"))); // while it is under way
    QVERIFY(settle());
}

QTEST_MAIN(TestBreakIt)
#include "tst_break_it.moc"
