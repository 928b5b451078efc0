// SPDX-License-Identifier: Apache-2.0
// Faults that are put in are found again: nothing here tells the diagnosis which one it was.
#include "core/base/error.h"
#include "core/verify/diagnosis/fault.h"
#include "tests/support/naive.h"
#include "tests/support/random_blocks.h"

#include <QTest>

#include <algorithm>
#include <set>

using namespace rp;
using namespace rp::verify;

class TestFault : public QObject {
    Q_OBJECT
private slots:
    void everyFaultOfABlockIsNamed();
    void theFaultsOfABlockAreThoseThatConcernIt();
    void reachIsWhereMapsDiffer();
    void zeroPaddingInAChainShowsAtTheBorderOnly();
    void trainModeIsNoFaultOfTheKernel();
    void anIndexOutOfRangeIsRefused();
};

namespace {

std::size_t indexOf(const std::vector<Fault>& faults, std::string_view code, std::string_view part = {}) {
    for (std::size_t i = 0; i < faults.size(); ++i)
        if (faults[i].code == code && faults[i].sentence.find(part) != std::string::npos) return i;
    return faults.size();
}

} // namespace

void TestFault::everyFaultOfABlockIsNamed() {
    test::Generator g(31);
    const ExprPtr body = test::repvggBody({4, 4, 2, 1, false}, g);
    const TensorD x = naive::reals({2, 4, 7, 6}, g);
    const std::vector<Fault> faults = faultsOf(body, 4);
    QVERIFY(faults.size() > 40);
    for (std::size_t i = 0; i < faults.size(); ++i) {
        const FaultOutcome outcome = injectFault(body, 4, i, x);
        QCOMPARE(outcome.fault.sentence, faults[i].sentence);
        QVERIFY2((outcome.reach == Reach::nothing) == (naive::largestDifference(outcome.right, outcome.faulty) <= 1e-10 * naive::largest(outcome.right)),
                 faults[i].sentence.c_str());
        if (!outcome.diagnosis) continue;
        const bool isSmall = outcome.diagnosis->outcome == Diagnosis::Outcome::agrees;
        QVERIFY2(isSmall || outcome.diagnosis->outcome == Diagnosis::Outcome::explained, (faults[i].sentence + ": " + outcome.said).c_str());
        if (isSmall) continue;
        // Different faults may give one and the same kernel; the one that was put in is among those that explain it.
        QVERIFY2(std::ranges::any_of(outcome.diagnosis->ranked, [&](const Explanation& e) { return e.complete && e.code == faults[i].code; }),
                 (faults[i].code + ": " + outcome.said).c_str());
    }
}

void TestFault::theFaultsOfABlockAreThoseThatConcernIt() {
    test::Generator g(32);
    auto codes = [&](const test::BlockSpec& spec) {
        std::set<std::string> all;
        for (const Fault& fault : faultsOf(test::repvggBody(spec, g), spec.ic)) all.insert(fault.code);
        return all;
    };
    const std::set<std::string> grouped = codes({4, 4, 2, 1, false}), dense = codes({4, 4, 1, 1, false});
    for (const char* code : {"eps", "branch-omitted", "branch-misplaced", "identity-ignores-groups", "train-mode", "gamma-over-var", "int8"})
        QVERIFY2(grouped.contains(code), code);
    QVERIFY(!dense.contains("identity-ignores-groups"));
    QVERIFY(!dense.contains("zero-padding") && !dense.contains("merged-border"));
}

void TestFault::reachIsWhereMapsDiffer() {
    const TensorD right(Shape{1, 3, 4, 4}, std::vector<double>(48, 1.0));
    auto changed = [&](std::vector<std::size_t> at) {
        TensorD map = right;
        for (std::size_t i : at) map.edit()[i] = 2;
        return map;
    };
    QVERIFY(reachOf(right, right, 1) == Reach::nothing);
    QVERIFY(reachOf(right, changed({0, 19, 47}), 1) == Reach::border);
    QVERIFY(reachOf(right, changed({5}), 1) == Reach::oneChannel);
    QVERIFY(reachOf(right, changed({5}), 2) == Reach::border);
    QVERIFY(reachOf(right, changed({5, 16 + 5}), 1) == Reach::someChannels);
    QVERIFY(reachOf(right, changed({5, 16 + 5, 32}), 1) == Reach::everywhere);
}

void TestFault::zeroPaddingInAChainShowsAtTheBorderOnly() {
    test::Generator g(33);
    Conv first = test::randomConv(3, 2, {1, 1}, 1, true, false, g), second = test::randomConv(4, 3, {3, 3}, 1, true, false, g);
    const ExprPtr held = makeExpr("c", Chain{{makeExpr("a", first), makeExpr("pad", ConstantPad{Padding::same(1), {}}), makeExpr("b", second)}});
    const TensorD x = naive::reals({1, 2, 6, 6}, g);
    const std::vector<Fault> faults = faultsOf(held, 2);
    const FaultOutcome zeros = injectFault(held, 2, indexOf(faults, "zero-padding"), x);
    QVERIFY(zeros.reach == Reach::border && !zeros.diagnosis);
    QVERIFY2(zeros.said.find("outermost") != std::string::npos, zeros.said.c_str());
    second.padding = Padding::same(1);
    const ExprPtr padded = makeExpr("c", Chain{{makeExpr("a", first), makeExpr("b", second)}});
    const FaultOutcome merged = injectFault(padded, 2, indexOf(faultsOf(padded, 2), "merged-border"), x);
    QVERIFY(merged.reach == Reach::border);
    // Both are the same two maps, the other way round.
    QVERIFY(naive::largestDifference(merged.right, zeros.faulty) <= 1e-12 * naive::largest(merged.right));
    QVERIFY(naive::largestDifference(merged.faulty, zeros.right) <= 1e-12 * naive::largest(merged.right));
}

void TestFault::trainModeIsNoFaultOfTheKernel() {
    // One channel, x = 1 and 3: batch mean 2, biased variance 1; running mean 0, variance 3, eps 1.
    Norm norm{Param(TensorD(Shape{1}, {1})), Param(TensorD(Shape{1}, {0})), Param(TensorD(Shape{1}, {0})), Param(TensorD(Shape{1}, {3})), 1};
    const ExprPtr body = makeExpr("bn", norm);
    const TensorD x(Shape{1, 1, 1, 2}, {1, 3});
    const FaultOutcome outcome = injectFault(body, 1, indexOf(faultsOf(body, 1), "train-mode"), x);
    QVERIFY(!outcome.diagnosis);
    QCOMPARE(outcome.right[0], 0.5);
    QCOMPARE(outcome.faulty[0], -1 / std::sqrt(2.0));
}

void TestFault::anIndexOutOfRangeIsRefused() {
    test::Generator g(34);
    const ExprPtr body = test::repvggBody({2, 2, 1, 1, false}, g);
    QVERIFY_THROWS_EXCEPTION(Error, injectFault(body, 2, 100000, naive::reals({1, 2, 5, 5}, g)));
}

QTEST_APPLESS_MAIN(TestFault)
#include "tst_fault.moc"
