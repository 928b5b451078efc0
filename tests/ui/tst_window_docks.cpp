// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/open_window.h"
#include "ui/presenters/document.h"
#include "ui/views/action_set.h"
#include "ui/views/main_window.h"
#include "ui/views/window_docks.h"

#include <QDockWidget>
#include <QMenu>
#include <QSettings>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace rp::ui;

class TestWindowDocks : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;

    /// A window with everything it needs; closing it keeps its layout.
    struct Shown {
        explicit Shown(const QString& file)
            : settings(file, QSettings::IniFormat), window(document, &settings) {
            window.show();
            if (!QTest::qWaitForWindowExposed(&window)) qFatal("not shown");
        }
        QDockWidget* dock(const char* name) {
            return window.findChild<QDockWidget*>(QString::fromLatin1(name));
        }
        QSettings settings;
        Document document;
        MainWindow window;
    };
    static bool isIn(const LayoutSpec& spec, const QString& dock) {
        return std::ranges::any_of(spec.places, [&](const DockPlace& place) { return place.dock == dock; });
    }
    QString file() const { return m_folder->filePath(QStringLiteral("settings.ini")); }

private slots:
    void init() {
        rp::test::failOnWarnings();
        m_folder = std::make_unique<QTemporaryDir>();
    }

    void everyPaneHasItsNameAndItsMenuEntry() {
        Shown shown(file());
        QList<QDockWidget*> docks = shown.window.findChildren<QDockWidget*>();
        QCOMPARE(docks.size(), 6);
        const QList<QAction*> entries = shown.window.actionSet().menu(MenuId::view)->actions();
        for (QDockWidget* dock : docks) {
            QVERIFY(!dock->objectName().isEmpty());
            QVERIFY(entries.contains(dock->toggleViewAction()));
        }
        shown.dock("topDock")->toggleViewAction()->trigger();
        QVERIFY(!shown.dock("topDock")->isVisible());
    }

    void theLayoutIsRemembered() {
        QSize size;
        {
            Shown shown(file());
            shown.dock("topDock")->hide();
            shown.window.addDockWidget(Qt::RightDockWidgetArea, shown.dock("modelDock"));
            shown.window.resize(1111, 777);
            size = shown.window.size();
            shown.window.close();
        }
        Shown again(file());
        QVERIFY(!again.dock("topDock")->isVisible());
        QVERIFY(again.dock("depthDock")->isVisible());
        QCOMPARE(again.window.dockWidgetArea(again.dock("modelDock")), Qt::RightDockWidgetArea);
        QCOMPARE(again.window.size(), size);
    }

    void resetPutsEveryPaneBack() {
        Shown shown(file());
        shown.dock("topDock")->hide();
        shown.dock("depthDock")->setFloating(true);
        shown.dock("keysDock")->show();
        shown.window.addDockWidget(Qt::RightDockWidgetArea, shown.dock("modelDock"));
        shown.window.actionSet()[ActionId::resetLayout]->trigger();
        QVERIFY(shown.dock("topDock")->isVisible());
        QVERIFY(!shown.dock("depthDock")->isFloating());
        QVERIFY(!shown.dock("keysDock")->isVisible());
        QCOMPARE(shown.window.dockWidgetArea(shown.dock("modelDock")), Qt::LeftDockWidgetArea);
        QVERIFY(shown.dock("depthDock")->geometry().right() < shown.dock("topDock")->geometry().left());
        QVERIFY(shown.dock("topDock")->geometry().right() < shown.dock("detailsDock")->geometry().left());
    }

    void everyLayoutShowsItsPanesAndComesBackAsItWasLeft() {
        {
            Shown shown(file());
            auto* tabs = shown.window.centralWidget()->findChild<QTabWidget*>();
            const auto tab = [&] { return tabs->currentWidget()->objectName(); };
            const ActionSet& actions = shown.window.actionSet();
            QVERIFY(actions[ActionId::layoutInspect]->isChecked());
            QCOMPARE(tab(), QStringLiteral("diagramTab"));
            shown.dock("topDock")->hide();
            tabs->setCurrentIndex(1);
            actions[ActionId::layoutVerify]->trigger();
            QVERIFY(actions[ActionId::layoutVerify]->isChecked() && !actions[ActionId::layoutInspect]->isChecked());
            for (const LayoutId layout : {LayoutId::verify, LayoutId::teach}) {
                actions[layout == LayoutId::verify ? ActionId::layoutVerify : ActionId::layoutTeach]->trigger();
                const LayoutSpec spec = layoutSpec(layout);
                QCOMPARE(tab(), spec.tab);
                for (QDockWidget* dock : shown.window.findChildren<QDockWidget*>())
                    QVERIFY2(dock->isVisible() == isIn(spec, dock->objectName()), qPrintable(dock->objectName()));
            }
            actions[ActionId::layoutInspect]->trigger();
            QCOMPARE(tab(), QStringLiteral("activationsTab"));
            QVERIFY(!shown.dock("topDock")->isVisible() && shown.dock("depthDock")->isVisible());
            actions[ActionId::layoutTeach]->trigger();
            shown.dock("detailsDock")->show();
            shown.window.close();
        }
        Shown again(file());
        QVERIFY(again.window.actionSet()[ActionId::layoutTeach]->isChecked());
        QVERIFY(again.dock("detailsDock")->isVisible() && !again.dock("depthDock")->isVisible());
        again.window.actionSet()[ActionId::layoutInspect]->trigger();
        QVERIFY(!again.dock("topDock")->isVisible() && again.dock("depthDock")->isVisible());
        QCOMPARE(again.window.centralWidget()->findChild<QTabWidget*>()->currentWidget()->objectName(),
                 QStringLiteral("activationsTab"));
    }

    void everyPaneAndTabThatALayoutNamesExists() {
        Shown shown(file());
        for (const LayoutId layout : kLayouts) {
            const LayoutSpec spec = layoutSpec(layout);
            QVERIFY2(shown.window.findChild<QWidget*>(spec.tab), qPrintable(spec.tab));
            for (const DockPlace& place : spec.places)
                QVERIFY2(shown.window.findChild<QDockWidget*>(place.dock), qPrintable(place.dock));
        }
    }

    void aLayoutOfAnotherVersionOrWithoutSenseIsLeftAside() {
        {
            Shown shown(file());
            shown.dock("topDock")->hide();
            shown.settings.setValue(QStringLiteral("window/docks-inspect"),
                                    shown.window.saveState(WindowDocks::kVersion + 1));
        }
        {
            Shown newer(file());
            QVERIFY(newer.dock("topDock")->isVisible());
            newer.settings.setValue(QStringLiteral("window/docks-inspect"), QByteArray("no layout"));
            newer.settings.setValue(QStringLiteral("window/geometry"), QByteArray("no geometry"));
        }
        Shown broken(file());
        QVERIFY(broken.dock("topDock")->isVisible());
    }
};

QTEST_MAIN(TestWindowDocks)
#include "tst_window_docks.moc"
