// SPDX-License-Identifier: Apache-2.0
#include "core/fusion/anatomy.h"
#include "tests/support/naive.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace rp;
using namespace rp::fusion;

class TestAnatomy : public QObject {
    Q_OBJECT
private slots:
    void energiesSplitAtTheMiddleTap();
    void identityIsAllCentre();
    void spreadByHand();
    void quartilesAreThoseOfNumPy();
    void zerosAndInfinitiesAreCountedApart();
    void equalNumbersShareOneBin();
};

void TestAnatomy::energiesSplitAtTheMiddleTap() {
    // Two outputs, one input, 3x3.
    const Kernel kernel{TensorD({2, 1, 3, 3}, {1, 0, 0, 0, 3, 0, 0, 0, 2, -1, -1, -1, -1, 0, -1, -1, -1, -1}), TensorD({2}), 1};
    const ChannelEnergies energies = channelEnergies(kernel);
    QCOMPARE(energies.centre, (std::vector<double>{9, 0}));
    QCOMPARE(energies.ring, (std::vector<double>{5, 8}));
    QCOMPARE(energies.of(0), 14.0);
}

void TestAnatomy::identityIsAllCentre() {
    const ChannelEnergies energies = channelEnergies(identityKernel(4, 2, {5, 5}));
    QCOMPARE(energies.centre, (std::vector<double>{1, 1, 1, 1}));
    QCOMPARE(energies.ring, (std::vector<double>{0, 0, 0, 0}));
}

void TestAnatomy::spreadByHand() {
    // 1 … 9 and one far out: quartiles 3.25 and 7.75, fences -10.25 and 21.25.
    const std::vector<double> weights{1, 2, 3, 4, 5, 6, 7, 8, 9, 101};
    const WeightSpread spread = spreadOf(weights, 10);
    QCOMPARE(spread.low, 1.0);
    QCOMPARE(spread.high, 101.0);
    QCOMPARE(spread.counts, (std::vector<std::int64_t>{9, 0, 0, 0, 0, 0, 0, 0, 0, 1}));
    QCOMPARE(spread.lowFence, -10.25);
    QCOMPARE(spread.highFence, 21.25);
    QCOMPARE(spread.outliers, 1);
    QCOMPARE(spread.binWidth(), 10.0);
}

/// numpy.percentile([4, -1, 7, 2], [25, 75]) is 1.25, 4.75.
void TestAnatomy::quartilesAreThoseOfNumPy() {
    const std::vector<double> weights{4, -1, 7, 2};
    const WeightSpread spread = spreadOf(weights);
    QCOMPARE(spread.lowFence, 1.25 - 3 * 3.5);
    QCOMPARE(spread.highFence, 4.75 + 3 * 3.5);
    QCOMPARE(spread.outliers, 0);
}

void TestAnatomy::zerosAndInfinitiesAreCountedApart() {
    const double inf = std::numeric_limits<double>::infinity();
    const std::vector<double> weights{0, 0, -0.0, inf, std::nan(""), 2, 4};
    const WeightSpread spread = spreadOf(weights, 2);
    QCOMPARE(spread.zeros, 3);
    QCOMPARE(spread.nonFinite, 2);
    QCOMPARE(spread.counts, (std::vector<std::int64_t>{1, 1}));
    QCOMPARE(spreadOf({}).zeros, 0);
}

void TestAnatomy::equalNumbersShareOneBin() {
    const std::vector<double> weights{3, 3, 3};
    const WeightSpread spread = spreadOf(weights, 3);
    QCOMPARE(spread.counts, (std::vector<std::int64_t>{0, 3, 0}));
    QCOMPARE(spread.outliers, 0);
}

QTEST_APPLESS_MAIN(TestAnatomy)
#include "tst_anatomy.moc"
