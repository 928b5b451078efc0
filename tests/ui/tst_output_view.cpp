// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/open_window.h"
#include "ui/presenters/bundled.h"
#include "ui/presenters/output_pair.h"
#include "ui/views/map_pane.h"
#include "ui/views/output_view.h"

#include <QTabWidget>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <limits>

using namespace rp;
using namespace rp::ui;

class TestOutputView : public QObject, rp::test::OpenWindow {
    Q_OBJECT

    QTemporaryDir m_folder;

    static PhaseRunPtr run(const Shape& shape, std::vector<double> values) {
        auto run = std::make_shared<PhaseRun>();
        run->output = TensorD(shape, std::move(values));
        return run;
    }
    QTabWidget* tabs() { return m_window->centralWidget()->findChild<QTabWidget*>(); }
    OutputView* view() { return m_window->findChild<OutputView*>(); }
    bool hasTab() { return tabs()->isTabVisible(tabs()->indexOf(view())); }

private slots:
    void init() { QVERIFY(show()); }
    void cleanup() { close(); }

    void aPairHoldsTheDifferenceOnThePicture() {
        // Two samples of three channels, 2 x 2; beyond [0, 1] a file would hold the ends.
        std::vector<double> x(24, 0.5), y(24, 0.5);
        y[1] = 0.75, y[5] = 0.25 - 0.0625;              // sample 0, pixel 1: channels 0 and 1, the second moves further
        x[20] = 2, y[20] = 1.5;                         // sample 1, channel 2, pixel 0: the largest, but white in both
        const auto pair = outputPair(run({2, 3, 2, 2}, x), run({2, 3, 2, 2}, y));
        QVERIFY(pair);
        QCOMPARE(toString(pair->difference.shape()), toString(Shape{2, 1, 2, 2}));
        QCOMPARE(std::vector<double>(pair->difference.values().begin(), pair->difference.values().end()),
                 (std::vector<double>{0, -0.3125, 0, 0, -0.5, 0, 0, 0}));
        QCOMPARE(pair->largest, 0.5);
        QCOMPARE(toString(pair->largestAt), toString(Shape{1, 2, 0, 0}));
        QCOMPARE(pair->roundedOtherwise, 2);
        QVERIFY(std::abs(*pair->psnr - 10 * std::log10(24 / (0.0625 + 0.09765625 + 0.25))) < 1e-12);
    }

    void equalAndNonFinitePicturesAreToldApart() {
        const std::vector<double> grey(4, 0.5);
        const auto equal = outputPair(run({1, 1, 2, 2}, grey), run({1, 1, 2, 2}, grey));
        QVERIFY(equal && equal->largestAt.empty() && !equal->psnr);
        QCOMPARE(equal->roundedOtherwise, 0);
        const double nan = std::numeric_limits<double>::quiet_NaN();
        const auto broken = outputPair(run({1, 1, 2, 2}, grey), run({1, 1, 2, 2}, {0.5, nan, 0.25, 0.5}));
        QVERIFY(broken && !broken->psnr);
        QVERIFY(std::isnan(broken->difference[1]));
        QCOMPARE(broken->largest, 0.25);
        QCOMPARE(broken->roundedOtherwise, 2);
    }

    void whatIsNoPictureHasNoPair() {
        QVERIFY(!outputPair(run({1, 5, 1, 1}, std::vector<double>(5)), run({1, 5, 1, 1}, std::vector<double>(5))));
        QVERIFY(!outputPair(run({1, 2, 2, 2}, std::vector<double>(8)), run({1, 2, 2, 2}, std::vector<double>(8))));
        QVERIFY(!outputPair(run({1, 1, 2, 2}, std::vector<double>(4)), run({1, 1, 2, 3}, std::vector<double>(6))));
        QVERIFY(!outputPair(nullptr, run({1, 1, 2, 2}, std::vector<double>(4))));
    }

    void theTabComesWithANetworkThatMakesPictures() {
        const QStringList models = bundledModels();
        QCOMPARE(models.size(), 2);
        QVERIFY(!hasTab());
        m_document->openFiles({models[1], bundledPictures().constFirst()});
        QVERIFY(settle());
        QVERIFY(hasTab());
        tabs()->setCurrentWidget(view());
        const QList<MapPane*> panes = view()->findChildren<MapPane*>();
        QCOMPARE(panes.size(), 3);
        QCOMPARE(panes[0]->title(), QStringLiteral("eval"));
        QCOMPARE(panes[1]->title(), QStringLiteral("deploy"));
        QCOMPARE(toString(panes[0]->map().shape()), toString(Shape{1, 3, 256, 256}));
        QVERIFY2(view()->text().contains(QStringLiteral("of 196,608 values differ")), qPrintable(view()->text()));
        // The pictures that are seen are those of the runs, in colour: a pixel has the three numbers of its place.
        const QImage seen = panes[0]->grab().toImage();
        const double side = panes[0]->elementSide();
        QVERIFY(side > 0);
        bool hasColour = false;
        for (int y = seen.height() / 2; y < seen.height() && !hasColour; ++y)
            for (int x = 0; x < seen.width() && !hasColour; ++x) hasColour = seen.pixelColor(x, y).saturation() > 100;
        QVERIFY(hasColour);
        m_document->setPhase(Phase::train);
        QVERIFY(settle());
        QCOMPARE(panes[1]->title(), QStringLiteral("train"));
        // The zoom goes to all three, and to nobody else.
        view()->zoomBy(4);
        for (const MapPane* pane : panes) QVERIFY(pane->elementSide() > side);
        // A classifier takes the tab away.
        m_document->openModel(models[0]);
        QVERIFY(settle());
        QVERIFY(!hasTab());
        QVERIFY(tabs()->currentWidget() != view());
    }
};

QTEST_MAIN(TestOutputView)
#include "tst_output_view.moc"
