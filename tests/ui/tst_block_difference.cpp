// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/open_window.h"
#include "tests/ui/tiny_files.h"
#include "ui/plots/pair_plots.h"
#include "ui/presenters/difference_pair.h"
#include "ui/presenters/document.h"
#include "ui/views/block_difference_view.h"
#include "ui/views/map_pane.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <limits>
#include <numeric>

using namespace rp;
using namespace rp::ui;

class TestBlockDifference : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    static BlockDetail detail(Phase phase) {
        BlockDetail detail;
        detail.phase = phase;
        detail.maps.push_back({BlockMap::Role::sum, {}, TensorD(Shape{1, 2, 1, 2}, {1, 2, 3, 4})});
        detail.maps.push_back(
            {BlockMap::Role::difference, {}, TensorD(Shape{1, 2, 1, 2}, {0, 0.5, -2, 0.25})});
        return detail;
    }

private slots:
    void init() {
        rp::test::failOnWarnings();
    }

    void aPairIsRebuiltFromSumAndDifferenceInEachPhase() {
        const auto eval = pairOf(detail(Phase::eval), 0); // shown: eval; difference: deploy - eval
        QVERIFY(eval);
        QCOMPARE(eval->x, (std::vector<double>{1, 2, 3, 4}));
        QCOMPARE(eval->y, (std::vector<double>{1, 2.5, 1, 4.25}));
        QCOMPARE(eval->yName, QStringLiteral("deploy"));
        const auto train = pairOf(detail(Phase::train), 0); // shown: train; difference: train - eval
        QCOMPARE(train->x, (std::vector<double>{1, 1.5, 5, 3.75}));
        QCOMPARE(train->y, (std::vector<double>{1, 2, 3, 4}));
        QCOMPARE(train->xName, QStringLiteral("eval"));
        QCOMPARE(train->yName, QStringLiteral("train"));
        QVERIFY(!pairOf(detail(Phase::eval), 1)); // no such sample
        QVERIFY(!pairOf(BlockDetail(), 0));
    }

    void theLargestDifferenceIsFoundWithItsPlace() {
        const auto pair = pairOf(detail(Phase::eval), 0);
        QVERIFY(pair->largest);
        QCOMPARE(pair->largest->channel, 1);
        QCOMPARE(pair->largest->y, 0);
        QCOMPARE(pair->largest->x, 0);
        QCOMPARE(pair->largest->value, -2.0);
    }

    void theHistogramCountsEveryElementOnce() {
        const double nan = std::numeric_limits<double>::quiet_NaN();
        const Histogram histogram = histogramOf({0, 0, 0, 0, 0, 0}, {-3, -0.9, 0, 0.9, 3, nan}, 3);
        QCOMPARE(histogram.reach, 3.0);
        QCOMPARE(histogram.counts, (std::vector<std::int64_t>{1, 3, 1}));
        QCOMPARE(histogram.zeros, 1);
        QCOMPARE(histogram.nonFinite, 1);
        QCOMPARE(histogram.centreOf(0), -2.0);
        QCOMPARE(histogram.centreOf(1), 0.0);
        QCOMPARE(histogram.centreOf(2), 2.0);
    }

    void allEqualIsOneBinInTheMiddle() {
        const Histogram histogram = histogramOf({1, 2}, {1, 2}, 5);
        QCOMPARE(histogram.reach, 0.0);
        QCOMPARE(histogram.counts, (std::vector<std::int64_t>{0, 0, 2, 0, 0}));
        QCOMPARE(histogram.zeros, 2);
    }

    void manyElementsAreThinnedOut() {
        DifferencePair pair;
        pair.x.resize(100000);
        std::iota(pair.x.begin(), pair.x.end(), 0);
        pair.y = pair.x;
        ScatterPlot plot;
        plot.setPair(pair, Qt::blue);
        QVERIFY(plot.pointCount() <= ScatterPlot::kMostPoints);
        QVERIFY(plot.pointCount() > ScatterPlot::kMostPoints / 2);
    }

    void theViewMarksTheLargestElementAndFollowsThePhase() {
        const QString model = m_folder.filePath(QStringLiteral("tiny.pth"));
        test::writeTinyFile(model.toStdString());
        Document document;
        QSignalSpy settled(&document, &Document::settled);
        document.openModel(model);
        QVERIFY(settled.wait(60000));
        document.setBlock(2);
        document.setPhase(Phase::train);
        QVERIFY(!document.isBusy() || settled.wait(60000));
        BlockDifferenceView view(document);
        view.resize(900, 300);
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        const auto pair = pairOf(*document.detail(), 0);
        double most = 0;
        for (double value : pair->difference.values())
            most = std::max(most, std::abs(value));
        auto* map = view.findChild<MapPane*>();
        QCOMPARE(std::abs(*map->valueAtCursor()), most);
        QVERIFY(map->title().contains(QStringLiteral("train")));
        QEvent leave(QEvent::Leave);
        QCoreApplication::sendEvent(map, &leave); // the mouse was elsewhere and left
        QCOMPARE(std::abs(*map->valueAtCursor()), most);
        settled.clear();
        document.setPhase(Phase::eval);
        QVERIFY(!document.isBusy() || settled.wait(60000));
        QVERIFY(map->title().contains(QStringLiteral("deploy")));
    }
};

QTEST_MAIN(TestBlockDifference)
#include "tst_block_difference.moc"
