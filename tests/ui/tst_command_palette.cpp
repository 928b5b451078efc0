// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/open_window.h"
#include "tests/ui/tiny_files.h"
#include "ui/presenters/fuzzy_match.h"
#include "ui/views/action_set.h"
#include "ui/views/block_tree_view.h"
#include "ui/views/command_palette.h"
#include "ui/views/details_tabs.h"

#include <QAccessible>
#include <QDockWidget>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QTabWidget>
#include <QTemporaryDir>

#include <set>

using namespace rp;
using namespace rp::ui;

class TestCommandPalette : public QObject, private rp::test::OpenWindow {
    Q_OBJECT

    QTemporaryDir m_folder;

    CommandPalette& palette() { return *m_window->findChild<CommandPalette*>(); }
    QString current() { return palette().list()->currentIndex().data().toString(); }
    void summon(const QString& typed) {
        QTest::keyClick(m_window->focusWidget() ? m_window->focusWidget() : m_window.get(), Qt::Key_K, Qt::ControlModifier);
        QVERIFY(palette().isVisible());
        QVERIFY(palette().line()->hasFocus());
        QTest::keyClicks(palette().line(), typed);
    }
    void press(Qt::Key key) { QTest::keyClick(palette().line(), key); }
    void open(const QString& path) {
        m_document->openModel(path);
        QVERIFY(settle());
    }

private slots:
    void init() {
        QVERIFY(show());
        m_window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
        const QString path = m_folder.filePath(QStringLiteral("sets.pth"));
        test::writeTwoSets(path.toStdString());
        open(path);
    }
    void cleanup() { close(); }

    void lettersInARowAndAtTheBeginningOfWordsCountMost() {
        const QString query = QStringLiteral("zf");
        QVERIFY(!fuzzyMatch(query, QStringLiteral("Fuzz"))); // in order
        const int initials = fuzzyMatch(query, QStringLiteral("Zoom to fit"))->score;
        QVERIFY(initials > fuzzyMatch(query, QStringLiteral("Blaze of it"))->score);
        QCOMPARE(fuzzyMatch(query, QStringLiteral("Zoom to fit"))->places, (std::vector<int>{0, 8}));
        const QString name = QStringLiteral("2.1");
        QVERIFY(fuzzyMatch(name, QStringLiteral("Block: stage2.1"))->score > fuzzyMatch(name, QStringLiteral("Block: stage2.11"))->score);
        QCOMPARE(fuzzyMatch(name, QStringLiteral("a2.21 2.1"))->places, (std::vector<int>{6, 7, 8}));
        // Words in any order, each of them somewhere.
        QVERIFY(fuzzyMatch(QStringLiteral("fit ZOOM"), QStringLiteral("Zoom to fit")));
        QVERIFY(!fuzzyMatch(QStringLiteral("zoom gone"), QStringLiteral("Zoom to fit")));
        QCOMPARE(fuzzyMatch(QString(), QStringLiteral("anything"))->score, 0);
        QVERIFY(!fuzzyMatch(QStringLiteral("abc"), QString()));
    }

    void everyActionDockTabBlockAndWeightSetIsOfferedOnce() {
        std::set<QString> titles;
        for (const PaletteEntry& entry : paletteEntries(*m_window, *m_document)) {
            QVERIFY2(titles.insert(entry.title()).second, qPrintable(entry.title()));
            QVERIFY2(entry.run != nullptr && !entry.text.contains(QLatin1Char('&')), qPrintable(entry.text));
        }
        for (const ActionSpec& spec : actionSpecs())
            if (m_window->actionSet()[spec.id]->isEnabled()) QVERIFY2(titles.contains(withoutMnemonic(menuTitle(spec.menu)) + QStringLiteral(": ") + withoutMnemonic(spec.text)),
                     qPrintable(spec.text));
        for (const QDockWidget* dock : m_window->findChildren<QDockWidget*>())
            QVERIFY2(titles.contains(QStringLiteral("View: ") + dock->windowTitle()), qPrintable(dock->windowTitle()));
        for (const char* title : {"Tab: Kernel", "Tab: Answers", "Block: stage2.1", "Weights: ema", "Weights: model"})
            QVERIFY2(titles.contains(QString::fromLatin1(title)), title);
        QVERIFY(!titles.contains(QStringLiteral("Tab: Output"))); // hidden: the network makes no picture
    }

    void keysThatAreShownAreThoseOfTheActions() {
        int shown = 0;
        std::set<QString> keys;
        for (const PaletteEntry& entry : paletteEntries(*m_window, *m_document)) {
            if (entry.keys.isEmpty()) continue;
            QVERIFY2(keys.insert(entry.keys).second, qPrintable(entry.title()));
            ++shown;
        }
        int expected = 0;
        for (const ActionSpec& spec : actionSpecs()) expected += !spec.keys.isEmpty() && m_window->actionSet()[spec.id]->isEnabled();
        QCOMPARE(shown, expected);
        QVERIFY(keys.contains(QKeySequence(Qt::CTRL | Qt::Key_K).toString(QKeySequence::NativeText)));
    }

    void aBlockIsFoundByAPartOfItsName() {
        summon(QStringLiteral("ge2.1"));
        QCOMPARE(current(), QStringLiteral("Block: stage2.1"));
        press(Qt::Key_Return);
        QVERIFY(!palette().isVisible());
        QCOMPARE(m_document->block(), 4);
        QVERIFY(settle());
    }

    void anActionRunsAndTheFocusGoesBack() {
        QLineEdit* filter = m_window->findChild<BlockTreeView*>()->filter();
        filter->setFocus();
        summon(QStringLiteral("ph depl"));
        QCOMPARE(current(), QStringLiteral("View: Phase deploy"));
        press(Qt::Key_Return);
        QVERIFY(m_document->phase() == Phase::deploy);
        QVERIFY(filter->hasFocus());
        QVERIFY(filter->text().isEmpty());
        QVERIFY(settle());
    }

    void escClosesAndCancelsNothing() {
        m_document->verifyAgain();
        QVERIFY(m_document->isBusy());
        summon(QStringLiteral("quit"));
        press(Qt::Key_Escape);
        QVERIFY(!palette().isVisible());
        QVERIFY(settle());
        QVERIFY(m_document->report()); // the window's own Esc would have stopped it
    }

    void arrowsAndPagesWalkTheList() {
        summon(QString());
        const int count = palette().list()->model()->rowCount();
        press(Qt::Key_Up);
        QCOMPARE(palette().list()->currentIndex().row(), count - 1);
        press(Qt::Key_Down);
        QCOMPARE(palette().list()->currentIndex().row(), 0);
        const int block = m_document->block();
        press(Qt::Key_PageDown);
        QCOMPARE(palette().list()->currentIndex().row(), 11);
        QCOMPARE(m_document->block(), block); // the key was for the list
        press(Qt::Key_Tab);
        QVERIFY(palette().isVisible());
        QTest::mouseClick(m_window.get(), Qt::LeftButton, {}, QPoint(5, 5));
        m_window->findChild<BlockTreeView*>()->filter()->setFocus(Qt::MouseFocusReason);
        QVERIFY(!palette().isVisible()); // left
    }

    void aTabBringsItsPane() {
        auto* dock = m_window->findChild<QDockWidget*>(QStringLiteral("detailsDock"));
        dock->hide();
        summon(QStringLiteral("tab dispatch"));
        press(Qt::Key_Enter);
        QVERIFY(dock->isVisible());
        auto* details = m_window->findChild<DetailsTabs*>();
        QVERIFY(details->tabText(details->currentIndex()).startsWith(QStringLiteral("Dispatch")));
    }

    void aWeightSetIsRead() {
        const std::string& before = m_document->model()->opened.weights->name;
        QCOMPARE(QString::fromStdString(before), QStringLiteral("model"));
        summon(QStringLiteral("weights ema"));
        press(Qt::Key_Return);
        QVERIFY(settle());
        QCOMPARE(QString::fromStdString(m_document->model()->opened.weights->name), QStringLiteral("ema"));
    }

    void nothingFoundIsSaidAndEnterDoesNothing() {
        summon(QStringLiteral("qqqqzzzz"));
        QCOMPARE(palette().list()->model()->rowCount(), 0);
        press(Qt::Key_Return);
        QVERIFY(palette().isVisible());
        QVERIFY(palette().line()->accessibleDescription().contains(QStringLiteral("Nothing")));
        press(Qt::Key_Escape);
    }

    void aScreenReaderHearsTheChoice() {
        summon(QStringLiteral("zoom in"));
        const QAccessibleInterface* line = QAccessible::queryAccessibleInterface(palette().line());
        QVERIFY(line);
        QVERIFY(!line->text(QAccessible::Name).isEmpty());
        QVERIFY(line->text(QAccessible::Description).startsWith(QStringLiteral("View: Zoom in, ")));
        press(Qt::Key_Escape);
    }

    void itWorksBeforeAModelIsOpen() {
        close();
        QVERIFY(show());
        m_window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
        summon(QStringLiteral("block stage"));
        QVERIFY(!current().startsWith(QStringLiteral("Block")));
        press(Qt::Key_Escape);
    }
};

QTEST_MAIN(TestCommandPalette)
#include "tst_command_palette.moc"
