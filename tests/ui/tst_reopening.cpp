// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/open_window.h"
#include "tests/ui/tiny_files.h"
#include "ui/presenters/document.h"
#include "ui/views/assumptions_pane.h"
#include "ui/views/details_tabs.h"
#include "ui/views/main_window.h"
#include "ui/views/weights_box.h"

#include <QComboBox>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace rp;
using namespace rp::ui;

/// The same file with other weights, or with other assumptions.
class TestReopening : public QObject, private rp::test::OpenWindow {
    Q_OBJECT

    QTemporaryDir m_folder;

    QString path(const char* name) const { return m_folder.filePath(QString::fromLatin1(name)); }
    void open(const char* name) {
        m_document->openModel(path(name));
        QVERIFY(settle());
        QVERIFY(m_document->model());
    }
    AssumptionsPane& pane() { return *m_window->findChild<AssumptionsPane*>(); }
    void assume(const QString& text) {
        pane().line()->setText(text);
        QTest::keyClick(pane().line(), Qt::Key_Return);
    }
    bool isInForce(const std::string& key, const std::string& value) const {
        return std::ranges::any_of(m_document->model()->model().assumptions,
                                   [&](const Assumption& a) { return a.key == key && a.value == value; });
    }

private slots:
    void initTestCase() {
        test::writeTinyFile(path("tiny.pth").toStdString());
        test::writeTwoSets(path("two.pth").toStdString());
    }
    void init() {
        QVERIFY(show());
        m_window->findChild<DetailsTabs*>()->setCurrentWidget(&pane());
    }
    void cleanup() {
        close();
    }

    void oneSetOfWeightsIsNoChoice() {
        open("tiny.pth");
        QVERIFY(!m_window->findChild<WeightsBox*>()->isVisible());
    }

    void anotherSetOfWeightsIsReadAndTheBlockStays() {
        open("two.pth");
        auto* choice = m_window->findChild<WeightsBox*>();
        QVERIFY(choice->isVisible());
        QCOMPARE(choice->box()->count(), 2);
        QCOMPARE(choice->box()->currentText(), QStringLiteral("model"));
        m_document->setBlock(3);
        QVERIFY(settle());
        const double before = m_document->run(Phase::eval)->output[0];
        choice->box()->setFocus();
        QTest::keyClick(choice->box(), Qt::Key_E); // "ema"
        emit choice->box()->activated(choice->box()->currentIndex());
        QVERIFY(settle());
        QCOMPARE(m_document->model()->opened.weights->name, std::string("ema"));
        QCOMPARE(choice->box()->currentText(), QStringLiteral("ema"));
        QCOMPARE(m_document->block(), 3);
        QVERIFY(m_document->run(Phase::eval)->output[0] != before);
        QVERIFY(m_document->report()->reproduce.find("--weights ema") != std::string::npos);
    }

    void anAssumptionIsAppliedAndTakenBack() {
        open("tiny.pth");
        QVERIFY(!isInForce("eps", "0.5"));
        const double before = m_document->run(Phase::eval)->output[0];
        assume(QStringLiteral("eps=0.5"));
        QVERIFY(settle());
        QVERIFY(isInForce("eps", "0.5"));
        QVERIFY(pane().error().isEmpty());
        QCOMPARE(pane().line()->text(), QStringLiteral("eps=0.5"));
        QVERIFY(m_document->run(Phase::eval)->output[0] != before);
        QVERIFY(m_document->report()->reproduce.find("--assume 'eps=0.5'") != std::string::npos);
        assume({});
        QVERIFY(settle());
        QCOMPARE(m_document->run(Phase::eval)->output[0], before);
    }

    void whatCannotBeUnderstoodIsToldAndNothingIsRead() {
        open("tiny.pth");
        const LoadedModelPtr model = m_document->model();
        for (const char* text : {"nonsense", "epsilon=1", "eps=small"}) {
            assume(QString::fromLatin1(text));
            QVERIFY2(!pane().error().isEmpty(), text);
            QVERIFY(!m_document->isBusy());
        }
        QCOMPARE(m_document->model(), model);
        QTest::keyClicks(pane().line(), QStringLiteral("x")); // whoever types on has read it
        QVERIFY(pane().error().isEmpty());
    }

    void whatDoesNotFitTheFileIsToldBesideTheLine() {
        open("tiny.pth");
        const LoadedModelPtr model = m_document->model();
        assume(QStringLiteral("family=nosuchfamily"));
        QVERIFY(settle());
        QVERIFY(!pane().error().isEmpty());
        QCOMPARE(m_document->model(), model);
    }
};

QTEST_MAIN(TestReopening)
#include "tst_reopening.moc"
