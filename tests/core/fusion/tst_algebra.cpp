// SPDX-License-Identifier: Apache-2.0
// The algebra against hand-computed values.
#include "core/fusion/algebra.h"

#include <QTest>

using namespace rp;
using namespace rp::fusion;

class TestAlgebra : public QObject {
    Q_OBJECT
private slots:
    void affineAfterScalesKernelAndBias();
    void affineBeforeScalesInputsAndMovesTheShiftIntoTheBias();
    void identityKernelWithGroupsWrapsAround();
    void embedPutsA1x1IntoTheCentre();
    void undilateSpreadsTaps();
    void withGroupsWritesZerosBetweenGroups();
    void composeOf1x1AndKxKFollowsTheFormula();
    void composeOfKxKAnd1x1FollowsTheFormula();
    void composeHonoursTheFirstStride();
    void averageKernelSumsToOne();
    void positionNormsAreOverAllChannels();
};

namespace {

Kernel kernel(Shape shape, std::vector<double> weight, std::vector<double> bias, std::int64_t groups = 1) {
    const auto oc = shape[0];
    return {TensorD(std::move(shape), std::move(weight)), TensorD(Shape{oc}, std::move(bias)), groups};
}

std::vector<double> valuesOf(const TensorD& t) { return {t.values().begin(), t.values().end()}; }

} // namespace

void TestAlgebra::affineAfterScalesKernelAndBias() {
    const Kernel k = affineAfter(kernel({2, 1, 1, 2}, {1, 2, 3, 4}, {5, 6}), {{2, -1}, {10, 20}});
    QCOMPARE(valuesOf(k.weight), (std::vector<double>{2, 4, -3, -4}));
    QCOMPARE(valuesOf(k.bias), (std::vector<double>{20, 14})); // 5·2 + 10, 6·(-1) + 20
}

void TestAlgebra::affineBeforeScalesInputsAndMovesTheShiftIntoTheBias() {
    // One output, two inputs, kernel 1x2.
    const Kernel k = affineBefore({{2, 3}, {1, -1}}, kernel({1, 2, 1, 2}, {1, 2, 3, 4}, {100}));
    QCOMPARE(valuesOf(k.weight), (std::vector<double>{2, 4, 9, 12}));
    QCOMPARE(valuesOf(k.bias), (std::vector<double>{100 + 1 * (1 + 2) - 1 * (3 + 4)}));
}

void TestAlgebra::identityKernelWithGroupsWrapsAround() {
    const Kernel k = identityKernel(4, 2, {3, 3});
    QCOMPARE(k.weight.shape(), (Shape{4, 2, 3, 3}));
    for (std::int64_t o = 0; o < 4; ++o)
        for (std::int64_t i = 0; i < 2; ++i)
            for (std::int64_t t = 0; t < 9; ++t)
                QCOMPARE(k.weight[(o * 2 + i) * 9 + t], i == o % 2 && t == 4 ? 1.0 : 0.0);
}

void TestAlgebra::embedPutsA1x1IntoTheCentre() {
    const Kernel k = embed(kernel({1, 1, 1, 1}, {7}, {1}), {1, 1}, {3, 3});
    QCOMPARE(valuesOf(k.weight), (std::vector<double>{0, 0, 0, 0, 7, 0, 0, 0, 0}));
}

void TestAlgebra::undilateSpreadsTaps() {
    const Kernel k = undilate(kernel({1, 1, 2, 2}, {1, 2, 3, 4}, {0}), {2, 3});
    QCOMPARE(k.weight.shape(), (Shape{1, 1, 3, 4}));
    QCOMPARE(valuesOf(k.weight), (std::vector<double>{1, 0, 0, 2, 0, 0, 0, 0, 3, 0, 0, 4}));
}

void TestAlgebra::withGroupsWritesZerosBetweenGroups() {
    // Depthwise [4, 1] to two groups [4, 2] to dense [4, 4].
    const Kernel depthwise = kernel({4, 1, 1, 1}, {1, 2, 3, 4}, {0, 0, 0, 0}, 4);
    QCOMPARE(valuesOf(withGroups(depthwise, 2).weight), (std::vector<double>{1, 0, 0, 2, 3, 0, 0, 4}));
    QCOMPARE(valuesOf(withGroups(depthwise, 1).weight), (std::vector<double>{1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 3, 0, 0, 0, 0, 4}));
    const Kernel pairs = kernel({2, 2, 1, 1}, {1, 2, 3, 4}, {0, 0}, 2);
    QCOMPARE(valuesOf(withGroups(pairs, 1).weight), (std::vector<double>{1, 2, 0, 0, 0, 0, 3, 4}));
}

void TestAlgebra::composeOf1x1AndKxKFollowsTheFormula() {
    // first: 2 inputs to 2 middles; second: 2 middles to 1 output, 1x2.
    const Kernel first = kernel({2, 2, 1, 1}, {1, 2, 3, 4}, {10, 20});
    const Kernel second = kernel({1, 2, 1, 2}, {5, 6, 7, 8}, {1});
    const Kernel k = compose(first, {1, 1}, second);
    // K[i, x] = Σ_m second[m, x] first[m, i]
    QCOMPARE(valuesOf(k.weight), (std::vector<double>{5 * 1 + 7 * 3, 6 * 1 + 8 * 3, 5 * 2 + 7 * 4, 6 * 2 + 8 * 4}));
    QCOMPARE(valuesOf(k.bias), (std::vector<double>{1 + (5 + 6) * 10 + (7 + 8) * 20}));
}

void TestAlgebra::composeOfKxKAnd1x1FollowsTheFormula() {
    const Kernel first = kernel({2, 1, 1, 2}, {1, 2, 3, 4}, {10, 20});
    const Kernel second = kernel({1, 2, 1, 1}, {5, 6}, {1});
    const Kernel k = compose(first, {1, 1}, second);
    QCOMPARE(valuesOf(k.weight), (std::vector<double>{5 * 1 + 6 * 3, 5 * 2 + 6 * 4}));
    QCOMPARE(valuesOf(k.bias), (std::vector<double>{1 + 50 + 120}));
}

void TestAlgebra::composeHonoursTheFirstStride() {
    const Kernel first = kernel({1, 1, 1, 2}, {1, 2}, {0});
    const Kernel second = kernel({1, 1, 1, 2}, {3, 4}, {0});
    QCOMPARE(valuesOf(compose(first, {1, 2}, second).weight), (std::vector<double>{3, 6, 4, 8}));
    QCOMPARE(valuesOf(compose(first, {1, 1}, second).weight), (std::vector<double>{3, 6 + 4, 8}));
}

void TestAlgebra::averageKernelSumsToOne() {
    const Kernel k = averageKernel(2, {2, 4});
    QCOMPARE(k.groups, std::int64_t{2});
    for (double v : k.weight.values()) QCOMPARE(v, 0.125);
}

void TestAlgebra::positionNormsAreOverAllChannels() {
    const Kernel k = kernel({2, 1, 1, 2}, {3, 1, -4, 2}, {9, 9});
    QCOMPARE(valuesOf(positionNorms(k)), (std::vector<double>{5, std::sqrt(5.0)}));
}

QTEST_APPLESS_MAIN(TestAlgebra)
#include "tst_algebra.moc"
