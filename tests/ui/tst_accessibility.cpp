// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/open_window.h"
#include "tests/ui/tiny_files.h"
#include "ui/plots/depth_plot.h"
#include "ui/presenters/display_text.h"
#include "ui/views/action_set.h"
#include "ui/views/activations_view.h"
#include "ui/views/block_diagram_view.h"
#include "ui/views/kernel_grid.h"
#include "ui/views/kernel_view.h"
#include "ui/views/map_pane.h"
#include "ui/views/theme.h"

#include <QButtonGroup>
#include <QAccessible>
#include <QTabBar>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QToolButton>

#include <cmath>
#include <algorithm>
#include <set>

using namespace rp;
using namespace rp::ui;

/// The keyboard alone reaches everything, and what is seen can be heard.
class TestAccessibility : public QObject, private rp::test::OpenWindow {
    Q_OBJECT

    QTemporaryDir m_folder;

    QTabWidget& tabs() { return *m_window->centralWidget()->findChild<QTabWidget*>(); }
    static QString textOf(QWidget& widget, QAccessible::Text kind) {
        const QAccessibleInterface* face = QAccessible::queryAccessibleInterface(&widget);
        return face ? face->text(kind) : QString();
    }
    static QString described(const QWidget& widget) {
        return QStringLiteral("%1 '%2' in %3").arg(QLatin1String(widget.metaObject()->className()), widget.accessibleName(),
                                                   widget.parentWidget() ? QLatin1String(widget.parentWidget()->metaObject()->className()) : QString());
    }
    /// What Tab should reach: inner line edits of spin boxes and the like stand for their owner.
    std::set<QWidget*> wanted() {
        std::set<QWidget*> widgets;
        for (QWidget* widget : m_window->findChildren<QWidget*>()) {
            if (widget->focusProxy()) continue;
            const QWidget* owner = widget->parentWidget();
            const bool isInner = owner && owner->focusProxy() == nullptr && qstrcmp(widget->metaObject()->className(), "QExpandingLineEdit") == 0;
            if (!isInner && widget->window() == m_window.get() && widget->isVisible() && widget->isEnabled() && (widget->focusPolicy() & Qt::TabFocus) &&
                !widget->visibleRegion().isEmpty())
                widgets.insert(widget);
        }
        return widgets;
    }
    /// WCAG 2.1: (L1 + 0.05) / (L2 + 0.05)
    static double luminance(const QColor& colour) {
        const auto linear = [](double c) { return c <= 0.03928 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4); };
        return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF());
    }
    static double contrast(const QColor& a, const QColor& b) {
        const double x = luminance(a), y = luminance(b);
        return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
    }

private slots:
    void init() {
        QVERIFY(show());
        m_window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
        const QString path = m_folder.filePath(QStringLiteral("tiny.pth"));
        test::writeTinyFile(path.toStdString());
        m_document->openModel(path);
        QVERIFY(settle());
    }
    void cleanup() { close(); }

    void tabReachesEverythingInEveryLayout_data() {
        QTest::addColumn<int>("layout");
        QTest::newRow("inspect") << static_cast<int>(ActionId::layoutInspect);
        QTest::newRow("teach") << static_cast<int>(ActionId::layoutTeach);
        QTest::newRow("verify") << static_cast<int>(ActionId::layoutVerify);
    }
    void tabReachesEverythingInEveryLayout() {
        QFETCH(int, layout);
        m_window->actionSet()[static_cast<ActionId>(layout)]->trigger();
        for (int tab = 0; tab < tabs().count(); ++tab) {
            if (!tabs().isTabVisible(tab)) continue;
            tabs().setCurrentIndex(tab);
            QVERIFY(settle());
            std::set<QWidget*> missing = wanted();
            QVERIFY(missing.size() > 5);
            QWidget* const start = *missing.begin();
            start->setFocus(Qt::TabFocusReason);
            bool isRound = false;
            for (int press = 0; press < 600 && !isRound; ++press) {
                QWidget* at = m_window->focusWidget();
                QVERIFY(at);
                missing.erase(at);
                QTest::keyClick(at, Qt::Key_Tab);
                isRound = press > 0 && m_window->focusWidget() == start && at != start;
            }
            QVERIFY2(isRound, "Tab never comes back: a trap");
            // Of buttons that exclude each other Tab reaches one, arrow keys the others.
            const auto isReachedByArrows = [&missing](QWidget* widget) {
                const auto* button = qobject_cast<QAbstractButton*>(widget);
                if (!button || !button->group() || !button->group()->exclusive()) return false;
                return std::ranges::any_of(button->group()->buttons(), [&missing](QAbstractButton* other) { return !missing.contains(other); });
            };
            for (QWidget* widget : missing)
                if (!isReachedByArrows(widget)) QFAIL(qPrintable(tabs().tabText(tab) + QStringLiteral(": ") + described(*widget)));
        }
    }

    void whatTakesTheFocusHasAName() {
        for (int tab = 0; tab < tabs().count(); ++tab) {
            if (!tabs().isTabVisible(tab)) continue;
            tabs().setCurrentIndex(tab);
            QVERIFY(settle());
            for (QWidget* widget : wanted()) {
                if (qobject_cast<QTabBar*>(widget)) continue; // its tabs have names
                QVERIFY2(!textOf(*widget, QAccessible::Name).isEmpty() || !textOf(*widget, QAccessible::Value).isEmpty(), qPrintable(described(*widget)));
            }
        }
    }

    void aMapTellsChannelRowColumnAndValue() {
        tabs().setCurrentIndex(1);
        m_document->setBlock(1);
        QVERIFY(settle());
        auto* maps = m_window->findChild<ActivationsView*>();
        MapPane* pane = maps->panes()[1];
        pane->setFocus();
        maps->state().setCursor(MapViewState::Cursor{2, 1, 3, static_cast<int>(pane->map().size(2)), static_cast<int>(pane->map().size(3))});
        const double value = pane->map()[(2 * pane->map().size(2) + 1) * pane->map().size(3) + 3];
        QCOMPARE(textOf(*pane, QAccessible::Value), QStringLiteral("channel 2, row 1, column 3: %1").arg(numberText(value, 5)));
        QTest::keyClick(pane, Qt::Key_Right);
        QVERIFY(textOf(*pane, QAccessible::Value).startsWith(QStringLiteral("channel 2, row 1, column 4: ")));
        QVERIFY(QAccessible::queryAccessibleInterface(pane)->role() == QAccessible::Graphic);
        maps->state().setCursor(std::nullopt);
        QVERIFY(textOf(*pane, QAccessible::Value).contains(QStringLiteral("no element")));
    }

    void aKernelTellsTheCellThatTheKeysAreOn() {
        tabs().setCurrentIndex(2);
        m_document->setBlock(1);
        QVERIFY(settle());
        KernelGrid* grid = m_window->findChild<KernelView*>()->grids().front();
        grid->setFocus();
        // The edge holds.
        for (Qt::Key key : {Qt::Key_Down, Qt::Key_Right, Qt::Key_Right, Qt::Key_Right, Qt::Key_Left}) QTest::keyClick(grid, key);
        QCOMPARE(textOf(*grid, QAccessible::Value), QStringLiteral("row 1, column 1: %1").arg(numberText(grid->slice().values[4], 5)));
        QVERIFY(textOf(*grid, QAccessible::Name).startsWith(QStringLiteral("Kernel of ")));
    }

    void theDepthPlotTellsTheBlockAndArrowsWalk() {
        auto* depth = m_window->findChild<DepthPlot*>();
        m_document->setBlock(1);
        QVERIFY(settle());
        depth->setFocus();
        QTest::keyClick(depth, Qt::Key_Right);
        QCOMPARE(m_document->block(), 2);
        QVERIFY(settle());
        const QString value = textOf(*depth, QAccessible::Value);
        QVERIFY2(value.startsWith(QStringLiteral("stage1.1, local ")), qPrintable(value));
        QVERIFY2(value.contains(numberText(m_document->report()->blocks[2].local->maxAbs, 3)), qPrintable(value));
    }

    void theDiagramTellsTheBoxThatTheKeysAreOn() {
        tabs().setCurrentIndex(0);
        auto* diagram = m_window->findChild<BlockDiagramView*>();
        diagram->setFocus(Qt::TabFocusReason);
        const QString first = textOf(*diagram, QAccessible::Description);
        QVERIFY(!first.isEmpty());
        QTest::keyClick(diagram, Qt::Key_Right);
        QVERIFY(textOf(*diagram, QAccessible::Description) != first);
    }

    void textStandsOutFromItsGround() {
        for (const QPalette& palette : {lightPalette(), darkPalette()}) {
            const auto of = [&palette](QPalette::ColorRole role) { return palette.color(role); };
            const std::vector<std::tuple<const char*, QColor, QColor>> pairs{
                {"window text", of(QPalette::WindowText), of(QPalette::Window)}, {"text", of(QPalette::Text), of(QPalette::Base)},
                {"alternate", of(QPalette::Text), of(QPalette::AlternateBase)}, {"button", of(QPalette::ButtonText), of(QPalette::Button)},
                {"selected", of(QPalette::HighlightedText), of(QPalette::Highlight)}, {"tool tip", of(QPalette::ToolTipText), of(QPalette::ToolTipBase)},
                {"placeholder", of(QPalette::PlaceholderText), of(QPalette::Base)}, {"link", of(QPalette::Link), of(QPalette::Window)},
                {"muted", mutedText(palette), of(QPalette::Window)}};
            for (const auto& [name, text, ground] : pairs)
                QVERIFY2(contrast(text, ground) >= 4.5, qPrintable(QStringLiteral("%1 %2").arg(QLatin1String(name)).arg(contrast(text, ground))));
            for (Tone tone : {Tone::pass, Tone::warn, Tone::fail, Tone::note, Tone::working})
                for (QPalette::ColorRole ground : {QPalette::Window, QPalette::Base})
                    QVERIFY2(contrast(toneColour(tone, palette), of(ground)) >= 4.5, qPrintable(QStringLiteral("tone %1").arg(static_cast<int>(tone))));
            for (int series = 0; series < 4; ++series) QVERIFY(contrast(seriesColour(series, palette), of(QPalette::Base)) >= 3); // graphics: WCAG 1.4.11
        }
    }

    void numbersStandOutOnAnyColour() {
        for (int r = 0; r < 256; r += 15)
            for (int g = 0; g < 256; g += 15)
                for (int b = 0; b < 256; b += 15) QVERIFY(contrast(textOn(QColor(r, g, b)), QColor(r, g, b)) >= 4.5);
    }

    void aStateIsAlsoAShape() {
        std::set<QByteArray> shapes;
        for (Tone tone : {Tone::pass, Tone::warn, Tone::fail, Tone::note}) {
            const QImage image = toneIcon(tone, lightPalette()).pixmap(32, 32).toImage().convertToFormat(QImage::Format_Alpha8);
            QImage mark = toneIcon(tone, lightPalette()).pixmap(32, 32).toImage();
            QByteArray bits; // without its colour: covered or not, and where the mark is
            for (int y = 0; y < 32; ++y)
                for (int x = 0; x < 32; ++x) bits += static_cast<char>('0' + (image.pixelColor(x, y).alpha() > 128) + (qGray(mark.pixel(x, y)) > 200));
            QVERIFY(shapes.insert(bits).second);
        }
    }
};

QTEST_MAIN(TestAccessibility)
#include "tst_accessibility.moc"
