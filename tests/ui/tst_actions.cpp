// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/open_window.h"
#include "tests/ui/tiny_files.h"
#include "ui/presenters/document.h"
#include "ui/presenters/verdict_summary.h"
#include "ui/views/action_set.h"
#include "ui/views/activations_view.h"
#include "ui/views/block_diagram_view.h"
#include "ui/views/block_tree_view.h"
#include "ui/views/main_window.h"

#include <QDockWidget>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

#include <map>
#include <set>

using namespace rp;
using namespace rp::ui;

/// The list of actions, and the window driven by keys alone.
class TestActions : public QObject, private rp::test::OpenWindow {
    Q_OBJECT

    QTemporaryDir m_folder;
    QString m_model;

    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = {}) {
        QTest::keyClick(m_window.get(), key, modifiers);
    }
    QDockWidget* keySheet() { return m_window->findChild<QDockWidget*>(QStringLiteral("keysDock")); }

private slots:
    void initTestCase() {
        m_model = m_folder.filePath(QStringLiteral("tiny.pth"));
        test::writeTinyFile(m_model.toStdString());
    }
    void init() {
        QVERIFY(show());
        m_window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
        m_document->openModel(m_model);
        QVERIFY(settle());
    }
    void cleanup() { close(); }

    void noKeyMeansTwoThings() {
        std::map<QString, QString> owner;
        int keys = 0;
        for (const QAction* action : m_window->findChildren<QAction*>())
            for (const QKeySequence& key : action->shortcuts()) {
                const QString name = key.toString(QKeySequence::PortableText);
                QVERIFY2(!key.isEmpty() && !name.isEmpty(), qPrintable(action->text()));
                QVERIFY2(owner.emplace(name, action->text()).second,
                         qPrintable(QStringLiteral("%1: %2 and %3").arg(name, owner[name], action->text())));
                ++keys;
            }
        QVERIFY(keys >= 20);
        QVERIFY(!owner.contains(QStringLiteral("Space")));
    }

    void everyActionDoesSomethingAndSaysWhat() {
        QVERIFY(m_window->actionSet().unhandled().empty());
        for (const ActionSpec& spec : actionSpecs()) {
            QVERIFY(!spec.does.isEmpty());
            QCOMPARE(m_window->actionSet()[spec.id]->shortcuts().size(),
                     spec.keys.isEmpty() ? 0 : spec.keys.count(QStringLiteral("; ")) + 1);
        }
    }

    void mnemonicsOfAMenuDiffer() {
        std::set<std::pair<MenuId, QChar>> seen;
        for (const ActionSpec& spec : actionSpecs()) {
            const qsizetype mark = spec.text.indexOf(QLatin1Char('&'));
            QVERIFY2(mark >= 0, qPrintable(spec.text));
            QVERIFY2(seen.emplace(spec.menu, spec.text[mark + 1].toLower()).second, qPrintable(spec.text));
        }
    }

    void theKeySheetListsEveryKey() {
        QVERIFY(!keySheet()->isVisible());
        press(Qt::Key_F1);
        QVERIFY(keySheet()->isVisible());
        const auto* rows = keySheet()->findChild<QTableView*>()->model();
        auto expected = static_cast<int>(viewKeys().size());
        for (const ActionSpec& spec : actionSpecs())
            expected += !spec.keys.isEmpty();
        QCOMPARE(rows->rowCount(), expected);
        QCOMPARE(rows->index(0, 0).data().toString(),
                 QKeySequence(Qt::CTRL | Qt::Key_O).toString(QKeySequence::NativeText));
        press(Qt::Key_F1);
        QVERIFY(!keySheet()->isVisible());
    }

    void digitsChooseThePhase() {
        press(Qt::Key_3);
        QVERIFY(m_document->phase() == Phase::deploy);
        press(Qt::Key_1);
        QVERIFY(m_document->phase() == Phase::train);
        press(Qt::Key_2);
        QVERIFY(m_document->phase() == Phase::eval);
        QVERIFY(settle());
    }

    void keysWalkAlongTheBlocks() {
        m_document->setBlock(0);
        press(Qt::Key_PageDown);
        QCOMPARE(m_document->block(), 1);
        press(Qt::Key_J);
        QCOMPARE(m_document->block(), 2);
        press(Qt::Key_K);
        press(Qt::Key_PageUp);
        QCOMPARE(m_document->block(), 0);
        press(Qt::Key_K); // the first stays the first
        QCOMPARE(m_document->block(), 0);
        press(Qt::Key_W);
        QCOMPARE(m_document->block(), worstBlock(*m_document->report()));
        QVERIFY(settle());
    }

    void aKeyThatIsTypedIsNoCommand() {
        m_document->setBlock(0);
        press(Qt::Key_F, Qt::ControlModifier);
        QLineEdit* filter = m_window->findChild<BlockTreeView*>()->filter();
        QVERIFY(filter->hasFocus());
        QTest::keyClicks(filter, QStringLiteral("j3 "));
        QCOMPARE(filter->text(), QStringLiteral("j3 "));
        QCOMPARE(m_document->block(), 0);
        QVERIFY(m_document->phase() == Phase::eval);
        QVERIFY(settle());
    }

    void keysChangeTheTab() {
        auto* tabs = m_window->centralWidget()->findChild<QTabWidget*>();
        QCOMPARE(tabs->currentIndex(), 0);
        press(Qt::Key_PageDown, Qt::ControlModifier);
        QCOMPARE(tabs->currentIndex(), 1);
        press(Qt::Key_PageUp, Qt::ControlModifier);
        press(Qt::Key_PageUp, Qt::ControlModifier);
        int last = tabs->count() - 1;
        while (!tabs->isTabVisible(last)) --last; // Output is hidden
        QCOMPARE(tabs->currentIndex(), last);
    }

    void keysZoomTheTabThatIsSeen() {
        auto* tabs = m_window->centralWidget()->findChild<QTabWidget*>();
        auto* diagram = m_window->findChild<BlockDiagramView*>();
        const MapViewState& maps = m_window->findChild<ActivationsView*>()->state();
        const double fitted = diagram->transform().m11();
        press(Qt::Key_Plus, Qt::ControlModifier);
        QCOMPARE(diagram->transform().m11(), 1.25 * fitted);
        QCOMPARE(maps.window().zoom, 1.0);
        press(Qt::Key_0, Qt::ControlModifier);
        tabs->setCurrentIndex(1);
        press(Qt::Key_Equal, Qt::ControlModifier);
        press(Qt::Key_Plus, Qt::ControlModifier);
        QCOMPARE(maps.window().zoom, 1.25 * 1.25);
        press(Qt::Key_Minus, Qt::ControlModifier);
        press(Qt::Key_0, Qt::ControlModifier);
        QCOMPARE(maps.window().zoom, 1.0);
        QVERIFY(std::abs(diagram->transform().m11() - fitted) < 1e-12);
    }

    void spaceShowsTheOtherFormWhileItIsHeld() {
        QTest::keyPress(m_window.get(), Qt::Key_Space);
        QVERIFY(m_document->phase() == Phase::deploy);
        QTest::keyRelease(m_window.get(), Qt::Key_Space);
        QVERIFY(m_document->phase() == Phase::eval);
        press(Qt::Key_3);
        QTest::keyPress(m_window.get(), Qt::Key_Space);
        QVERIFY(m_document->phase() == Phase::eval);
        QEvent left(QEvent::WindowDeactivate); // the release goes to another window
        QCoreApplication::sendEvent(m_window.get(), &left);
        QVERIFY(m_document->phase() == Phase::deploy);
        QVERIFY(settle());
    }

    void reloadKeepsTheBlockThatWasChosen() {
        m_document->setBlock(3);
        QVERIFY(settle());
        const LoadedModelPtr before = m_document->model();
        press(Qt::Key_F5);
        QVERIFY(settle());
        QVERIFY(m_document->model() != before);
        QCOMPARE(m_document->block(), 3);
    }
};

QTEST_MAIN(TestActions)
#include "tst_actions.moc"
