// SPDX-License-Identifier: Apache-2.0
#include "core/verify/compare.h"
#include "core/verify/verify.h"
#include "tests/support/refusal.h"

#include <cmath>
#include <limits>

#include <QTest>

using namespace rp;
using verify::compare;

class TestCompare : public QObject {
    Q_OBJECT
private slots:
    void equalTensorsAreExact();
    void figuresFollowTheirDefinition();
    void theWorstElementIsLocated();
    void nanEqualsNothing();
    void emptyAndZeroTensors();
    void shapesMustAgree();
    void cosineOfNearlyEqualVectorsDoesNotCancel();
    void topIsSortedAndSharesAddUp();
    void seededInputIsTheSameEverywhere();
};

void TestCompare::equalTensorsAreExact() {
    const TensorD a({1, 2}, {1, -2});
    const auto c = compare(a, a);
    QVERIFY(c.exact);
    QVERIFY(!c.snr);
    QCOMPARE(c.maxAbs, 0.0);
    QCOMPARE(c.oneMinusCosine, 0.0);
}

void TestCompare::figuresFollowTheirDefinition() {
    const auto c = compare(TensorD({2}, {3, 4}), TensorD({2}, {3, 4.5}));
    QCOMPARE(c.maxAbs, 0.5);
    QCOMPARE(c.meanAbs, 0.25);
    QCOMPARE(c.relativeL2, 0.1);
    QVERIFY(std::abs(*c.snr - 20) < 1e-12);
    const double cosine = (9 + 18) / (5 * std::sqrt(9 + 20.25));
    QVERIFY(std::abs(c.oneMinusCosine - (1 - cosine)) < 1e-15);
}

void TestCompare::theWorstElementIsLocated() {
    TensorD a(Shape{2, 3, 4, 5}), b = a;
    b.edit()[(1 * 3 + 2) * 20 + 3 * 5 + 4] = -2;
    const auto c = compare(a, b);
    QCOMPARE(c.maxAt, (Shape{1, 2, 3, 4}));
    QCOMPARE(c.otherThere, -2.0);
}

void TestCompare::nanEqualsNothing() {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const auto c = compare(TensorD({2}, {nan, 1}), TensorD({2}, {nan, 1}));
    QVERIFY(!c.exact);
    QCOMPARE(c.nonFinite, std::int64_t{1});
}

void TestCompare::emptyAndZeroTensors() {
    QVERIFY(compare(TensorD(Shape{0}), TensorD(Shape{0})).exact);
    const auto c = compare(TensorD(Shape{2}), TensorD({2}, {0, 1}));
    QVERIFY(std::isinf(c.relativeL2));
}

void TestCompare::shapesMustAgree() {
    QCOMPARE(test::refusal(ErrorCode::shapeMismatch, "[2, 1]", [] { compare(TensorD(Shape{1, 2}), TensorD(Shape{2, 1})); }), QString());
}

void TestCompare::cosineOfNearlyEqualVectorsDoesNotCancel() {
    // b = a + d with d orthogonal to a, |d| = 1e-9 |a|: 1 - cos is 0.5e-18, far below the rounding of cos itself.
    const auto c = compare(TensorD({2}, {1, 0}), TensorD({2}, {1, 1e-9}));
    QVERIFY(std::abs(c.oneMinusCosine / 0.5e-18 - 1) < 1e-6);
}

void TestCompare::topIsSortedAndSharesAddUp() {
    const std::vector<double> logits{0, std::log(2.0), 0};
    const auto top = verify::topOf(logits, 5);
    QCOMPARE(top.size(), std::size_t{3});
    QCOMPARE(top[0].index, std::int64_t{1});
    QVERIFY(std::abs(top[0].share - 0.5) < 1e-15);
    QCOMPARE(top[1].index, std::int64_t{0}); // of equals, the lower index first
}

void TestCompare::seededInputIsTheSameEverywhere() {
    const TensorD a = verify::seededInput({1, 3, 32, 32}, 5);
    QVERIFY(a == verify::seededInput({1, 3, 32, 32}, 5));
    QVERIFY(!(a == verify::seededInput({1, 3, 32, 32}, 6)));
    double sum = 0, squares = 0;
    for (double v : a.values()) {
        sum += v;
        squares += v * v;
        QCOMPARE(v, static_cast<double>(static_cast<float>(v)));
    }
    const double n = static_cast<double>(a.count());
    QVERIFY(std::abs(sum / n) < 0.06);
    QVERIFY(std::abs(squares / n - 1) < 0.1);
}

QTEST_APPLESS_MAIN(TestCompare)
#include "tst_compare.moc"
