// SPDX-License-Identifier: Apache-2.0
// One property tests the whole algebra: the forward pass of an expression equals the convolution it fuses to.
#include "core/exec/forward.h"
#include "core/fusion/fuse.h"
#include "tests/support/explained.h"
#include "tests/support/naive.h"
#include "tests/support/random_blocks.h"

#include <QTest>

using namespace rp;
using namespace rp::fusion;
using test::Generator;

class TestFuse : public QObject {
    Q_OBJECT
private slots:
    void repvggIsEqualBitForBit_data();
    void repvggIsEqualBitForBit();
    void repvggIsEqualToRounding_data() { repvggIsEqualBitForBit_data(); }
    void repvggIsEqualToRounding();
    void expressionsEqualTheirKernel_data();
    void expressionsEqualTheirKernel();
    void zeroPaddingBehindABiasIsExactInsideOnly();
    void borderThatHoldsTheBiasIsExactEverywhere();
    void poolThatDoesNotCountItsPaddingIsRefused();
    void unequalStridesAreRefused();
    void stepsNameEveryRuleThatWasApplied();
    void branchesAddUpToTheKernel();
    void brokenShapesThrow();
};

namespace {

TensorD run(const ExprPtr& expr, const TensorD& x, Phase phase = Phase::eval) {
    const auto engine = makeReferenceEngine();
    return engine->read(forward(expr, phase, engine->load(x), *engine));
}

TensorD runFused(const Fused& fused, const TensorD& x) { return run(toExactConv(fused, "fused"), x); }

/// Largest magnitude that a forward pass meets anywhere.
double largestIntermediate(const ExprPtr& expr, const TensorD& x) {
    const auto engine = makeReferenceEngine();
    double most = naive::largest(x);
    forward(expr, Phase::eval, engine->load(x), *engine,
            [&](const std::string&, const MapPtr& map) { most = std::max(most, naive::largest(engine->read(map))); });
    return most;
}

ExprPtr chain(std::vector<ExprPtr> steps) { return makeExpr("chain", Chain{std::move(steps)}); }

Conv conv(std::int64_t oc, std::int64_t ic, std::int64_t k, std::int64_t padding, std::int64_t stride, Generator& g, bool bias = true,
          std::int64_t groups = 1) {
    Conv c = test::randomConv(oc, ic, {k, k}, groups, bias, false, g);
    c.padding = Padding::same(padding);
    c.stride = {stride, stride};
    return c;
}

} // namespace

void TestFuse::repvggIsEqualBitForBit_data() {
    QTest::addColumn<int>("ic");
    QTest::addColumn<int>("oc");
    QTest::addColumn<int>("groups");
    QTest::addColumn<int>("stride");
    QTest::addColumn<int>("batch");
    for (int groups : {1, 2, 4})
        for (int stride : {1, 2})
            for (int batch : {1, 3}) {
                QTest::addRow("equal widths, groups %d, stride %d, batch %d", groups, stride, batch) << 8 << 8 << groups << stride << batch;
                QTest::addRow("wider output, groups %d, stride %d, batch %d", groups, stride, batch) << 4 << 12 << groups << stride << batch;
            }
}

void TestFuse::repvggIsEqualBitForBit() {
    QFETCH(int, ic);
    QFETCH(int, oc);
    QFETCH(int, groups);
    QFETCH(int, stride);
    QFETCH(int, batch);
    Generator generator(1);
    const ExprPtr body = test::repvggBody({ic, oc, groups, stride, true}, generator);
    const TensorD x = naive::integers({batch, ic, 5, 7}, generator);
    const FuseResult result = fuse(*body, ic);
    QVERIFY(result.fused());
    QVERIFY(result.fused()->exactness == Exactness::everywhere);
    const TensorD branches = run(body, x);
    QVERIFY(runFused(*result.fused(), x) == branches);
    // Independent of both engines: the stored float32 kernel through the naive loops.
    const ExprPtr stored = toStoredConv(*result.fused(), "stored");
    const auto& fusedConv = std::get<Conv>(stored->op);
    QVERIFY(naive::convolve(fusedConv, x) == branches);
    // And in float32, where every number here is exact as well.
    const auto engine = makeFloat32Engine();
    QVERIFY(engine->read(forward(stored, Phase::deploy, engine->load(x), *engine)) == branches);
    QVERIFY(engine->read(forward(body, Phase::eval, engine->load(x), *engine)) == branches);
}

void TestFuse::repvggIsEqualToRounding() {
    QFETCH(int, ic);
    QFETCH(int, oc);
    QFETCH(int, groups);
    QFETCH(int, stride);
    QFETCH(int, batch);
    Generator generator(2);
    const ExprPtr body = test::repvggBody({ic, oc, groups, stride, false}, generator);
    const TensorD x = naive::reals({batch, ic, 9, 6}, generator);
    const FuseResult result = fuse(*body, ic);
    QVERIFY(naive::largestDifference(run(body, x), runFused(*result.fused(), x)) <= 1e-12 * largestIntermediate(body, x));
    QCOMPARE(test::unexplainedNumber(result), QString());
}

void TestFuse::expressionsEqualTheirKernel_data() {
    QTest::addColumn<ExprPtr>("expr");
    QTest::addColumn<int>("channels");
    Generator g(3);
    using test::realNorm;
    QTest::newRow("identity") << makeExpr("x", Identity{}) << 5;
    QTest::newRow("norm alone") << makeExpr("bn", realNorm(5, g)) << 5;
    QTest::newRow("conv with bias, then norm") << chain({makeExpr("conv", conv(6, 4, 3, 1, 1, g)), makeExpr("bn", realNorm(6, g))}) << 4;
    QTest::newRow("norm, then conv without padding") << chain({makeExpr("bn", realNorm(4, g)), makeExpr("conv", conv(6, 4, 3, 0, 1, g))}) << 4;
    QTest::newRow("1x1, then 3x3 without padding") << chain({makeExpr("a", conv(6, 4, 1, 0, 1, g)), makeExpr("b", conv(5, 6, 3, 0, 2, g))}) << 4;
    QTest::newRow("3x3, then 1x1") << chain({makeExpr("a", conv(6, 4, 3, 1, 2, g)), makeExpr("b", conv(5, 6, 1, 0, 1, g))}) << 4;
    QTest::newRow("strided 3x3, then 3x3 without padding") << chain({makeExpr("a", conv(4, 2, 3, 1, 2, g)), makeExpr("b", conv(3, 4, 2, 0, 2, g))}) << 2;
    QTest::newRow("1x1, border of its bias, 3x3") << chain({makeExpr("a", conv(6, 4, 1, 0, 1, g)), makeExpr("pad", ConstantPad{Padding::same(1), {}}),
                                                            makeExpr("b", conv(5, 6, 3, 0, 1, g))}) << 4;
    QTest::newRow("1x1 with norm, border, average pool, norm (DBB)")
        << chain({makeExpr("conv", conv(6, 4, 1, 0, 1, g, false)), makeExpr("bn", realNorm(6, g)), makeExpr("pad", ConstantPad{Padding::same(1), {}}),
                  makeExpr("avg", AvgPool{{3, 3}, {2, 2}, {}, true, false}), makeExpr("avgbn", realNorm(6, g))}) << 4;
    QTest::newRow("average pool that counts its padding") << makeExpr("avg", AvgPool{{3, 3}, {1, 1}, Padding::same(1), true, false}) << 3;
    QTest::newRow("padded input, then two convolutions (SPAN)")
        << chain({makeExpr("pad", ConstantPad{Padding::same(1), Param(TensorD(Shape{4}))}), makeExpr("a", conv(8, 4, 1, 0, 1, g)),
                  makeExpr("b", conv(6, 8, 3, 0, 1, g)), makeExpr("c", conv(3, 6, 1, 0, 1, g))}) << 4;
    QTest::newRow("asymmetric kernels (ACNet)") << [&] {
        Conv square = conv(4, 4, 3, 1, 1, g), vertical = test::randomConv(4, 4, {3, 1}, 1, false, false, g),
             horizontal = test::randomConv(4, 4, {1, 3}, 1, false, false, g);
        vertical.padding = {1, 0, 1, 0};
        horizontal.padding = {0, 1, 0, 1};
        return makeExpr("sum", Sum{{makeExpr("square", square), makeExpr("ver", vertical), makeExpr("hor", horizontal)}});
    }() << 4;
    QTest::newRow("a branch that crops (ACNet, padding 0)") << [&] {
        Conv square = conv(4, 4, 3, 0, 1, g), centre = conv(4, 4, 1, 0, 1, g);
        centre.padding = Padding::same(-1);
        return makeExpr("sum", Sum{{makeExpr("square", square), makeExpr("centre", centre)}});
    }() << 4;
    QTest::newRow("dilated branches (UniRepLKNet)") << [&] {
        Conv dense = conv(4, 4, 7, 3, 1, g, true, 4), dilated = conv(4, 4, 3, 3, 1, g, false, 4);
        dilated.dilation = {3, 3};
        return makeExpr("sum", Sum{{makeExpr("dense", dense), makeExpr("dil", dilated)}});
    }() << 4;
    QTest::newRow("concat behind a 1x1 (MobileIE)") << chain({
        makeExpr("concat", Concat{{makeExpr("3x3", conv(3, 4, 3, 1, 1, g)), makeExpr("1x1", conv(2, 4, 1, 0, 1, g)),
                                   chain({makeExpr("3x3", conv(3, 4, 3, 1, 1, g)), makeExpr("bn", realNorm(3, g))})}}),
        makeExpr("out", conv(4, 8, 1, 0, 1, g))}) << 4;
    QTest::newRow("sum inside a chain, then norm (QARepVGG)") << chain({
        makeExpr("sum", Sum{{chain({makeExpr("3x3", conv(4, 4, 3, 1, 1, g, false)), makeExpr("bn", realNorm(4, g))}), makeExpr("1x1", conv(4, 4, 1, 0, 1, g)),
                             makeExpr("x", Identity{})}}),
        makeExpr("bn", realNorm(4, g))}) << 4;
    QTest::newRow("layer scale on a branch (RepMixer)") << makeExpr("sum", Sum{{makeExpr("x", Identity{}),
        chain({makeExpr("dw", conv(4, 4, 3, 1, 1, g, true, 4)), makeExpr("ls", Scale{Param(naive::reals({4}, g)), {}})})}}) << 4;
    QTest::newRow("grouped, then grouped otherwise") << chain({makeExpr("a", conv(8, 4, 1, 0, 1, g, true, 4)), makeExpr("b", conv(6, 8, 3, 0, 1, g, true, 2))}) << 4;
}

void TestFuse::expressionsEqualTheirKernel() {
    QFETCH(ExprPtr, expr);
    QFETCH(int, channels);
    Generator generator(4);
    for (const Extent size : {Extent{9, 8}, Extent{7, 11}}) {
        TensorD x = naive::reals({2, channels, size.h, size.w}, generator);
        for (double& v : x.edit()) v += 0.5; // an offset: a border that is treated wrongly shows
        const FuseResult result = fuse(*expr, channels);
        QVERIFY2(result.fused(), result.refusal() ? result.refusal()->reason.c_str() : "");
        QVERIFY(result.fused()->exactness == Exactness::everywhere);
        const double difference = naive::largestDifference(run(expr, x), runFused(*result.fused(), x));
        QVERIFY2(difference <= 1e-12 * largestIntermediate(expr, x), qPrintable(QString::number(difference)));
        QCOMPARE(test::unexplainedNumber(result), QString());
    }
}

void TestFuse::zeroPaddingBehindABiasIsExactInsideOnly() {
    Generator generator(5);
    const ExprPtr expr = chain({makeExpr("a", conv(6, 4, 1, 0, 1, generator)), makeExpr("b", conv(5, 6, 3, 1, 1, generator))});
    const FuseResult result = fuse(*expr, 4);
    QVERIFY(result.fused());
    QVERIFY(result.fused()->exactness == Exactness::inside);
    QCOMPARE(result.fused()->rim, std::int64_t{1});
    const TensorD x = naive::reals({1, 4, 7, 8}, generator);
    const TensorD a = run(expr, x), b = runFused(*result.fused(), x);
    double rim = 0, inside = 0;
    for (std::int64_t i = 0; i < a.count(); ++i) {
        const Shape at = positionOf(i, a.shape());
        double& kind = at[2] == 0 || at[3] == 0 || at[2] == 6 || at[3] == 7 ? rim : inside;
        kind = std::max(kind, std::abs(a[i] - b[i]));
    }
    QVERIFY(inside < 1e-12);
    QVERIFY(rim > 1e-3);
}

void TestFuse::borderThatHoldsTheBiasIsExactEverywhere() {
    Generator generator(6);
    const Conv first = conv(6, 4, 1, 0, 1, generator);
    const Conv second = conv(5, 6, 3, 0, 1, generator);
    auto withBorder = [&](const Param& value) {
        return chain({makeExpr("a", first), makeExpr("pad", ConstantPad{Padding::same(1), value}), makeExpr("b", second)});
    };
    QVERIFY(fuse(*withBorder(*first.bias), 4).fused()->exactness == Exactness::everywhere);
    TensorD other = first.bias->toDouble();
    other.edit()[2] += 1e-3;
    QVERIFY(fuse(*withBorder(Param(other)), 4).fused()->exactness == Exactness::inside);
}

void TestFuse::poolThatDoesNotCountItsPaddingIsRefused() {
    const ExprPtr expr = makeExpr("avg", AvgPool{{3, 3}, {1, 1}, Padding::same(1), false, false});
    const FuseResult result = fuse(*expr, 3);
    QVERIFY(result.refusal());
    QCOMPARE(result.refusal()->step, std::string("avg"));
}

void TestFuse::unequalStridesAreRefused() {
    Generator generator(7);
    const ExprPtr expr = makeExpr("sum", Sum{{makeExpr("a", conv(4, 4, 3, 1, 2, generator)), makeExpr("b", conv(4, 4, 1, 0, 1, generator))}});
    const FuseResult result = fuse(*expr, 4);
    QVERIFY(result.refusal());
    QCOMPARE(result.refusal()->step, std::string("b"));
    QVERIFY(result.refusal()->reason.find("stride") != std::string::npos);
}

void TestFuse::stepsNameEveryRuleThatWasApplied() {
    Generator generator(8);
    const FuseResult result = fuse(*test::repvggBody({8, 8, 2, 1, false}, generator), 8);
    std::vector<std::string> rules;
    for (const Step& step : result.steps) rules.push_back(step.rule);
    // fold 3x3; fold 1x1; identity as a kernel, fold it; embed the 1x1; group and embed the identity; add
    QCOMPARE(rules, (std::vector<std::string>{"F1", "F1", "F4", "F1", "F3", "F9", "F3", "F2"}));
    QVERIFY(result.steps.back().result.weight == result.fused()->kernel.weight);
}

void TestFuse::branchesAddUpToTheKernel() {
    Generator generator(9);
    const FuseResult result = fuse(*test::repvggBody({8, 8, 1, 1, true}, generator), 8);
    QCOMPARE(result.branches.size(), std::size_t{3});
    TensorD sum(result.fused()->kernel.weight.shape());
    for (const auto& [name, kernel] : result.branches)
        for (std::int64_t i = 0; i < sum.count(); ++i) sum.edit()[static_cast<std::size_t>(i)] += kernel.weight[i];
    QVERIFY(sum == result.fused()->kernel.weight);
}

void TestFuse::brokenShapesThrow() {
    Generator generator(10);
    const ExprPtr expr = chain({makeExpr("a", conv(6, 4, 1, 0, 1, generator)), makeExpr("bn", test::realNorm(5, generator))});
    QVERIFY_THROWS_EXCEPTION(std::exception, fuse(*expr, 4));
}

QTEST_APPLESS_MAIN(TestFuse)
#include "tst_fuse.moc"
