// SPDX-License-Identifier: Apache-2.0
// The float64 engine against loops that were written down again in tests/support/naive.h.
#include "core/base/error.h"
#include "core/exec/forward.h"
#include "tests/support/naive.h"
#include "tests/support/random_blocks.h"
#include "tests/support/refusal.h"

#include <QTest>

using namespace rp;
using test::Generator;

class TestReferenceEngine : public QObject {
    Q_OBJECT
private slots:
    void convolutionsAreExactOnIntegers_data();
    void convolutionsAreExactOnIntegers();
    void bitsDoNotDependOnThreads();
    void momentsAreMeanAndBiasedVariance();
    void activationsFollowTheirDefinition();
    void averagePoolCountsPaddingOrNot();
    void padConcatGateAndGlobalAverage();
    void trainPhaseTakesBatchStatistics();
    void trainPhaseRefusesOneValuePerChannel();
    void borderHoldsTheImageOfZero();
    void borderInTrainPhaseUsesTheUpdatedRunningStatistics();
    void mismatchedShapesAreRefused();

private:
    std::unique_ptr<Engine> m_engine = makeReferenceEngine();
};

void TestReferenceEngine::convolutionsAreExactOnIntegers_data() {
    QTest::addColumn<int>("ic");
    QTest::addColumn<int>("oc");
    QTest::addColumn<int>("groups");
    QTest::addColumn<int>("kernel");
    QTest::addColumn<int>("stride");
    QTest::addColumn<int>("dilation");
    QTest::addColumn<int>("batch");
    for (int groups : {1, 2, 12})
        for (int kernel : {1, 3})
            for (int stride : {1, 2})
                for (int dilation : {1, 2})
                    QTest::addRow("g%d k%d s%d d%d", groups, kernel, stride, dilation) << 12 << 24 << groups << kernel << stride << dilation << 2;
    QTest::addRow("more rows and columns than one tile") << 3 << 300 << 1 << 3 << 1 << 1 << 1;
}

void TestReferenceEngine::convolutionsAreExactOnIntegers() {
    QFETCH(int, ic);
    QFETCH(int, oc);
    QFETCH(int, groups);
    QFETCH(int, kernel);
    QFETCH(int, stride);
    QFETCH(int, dilation);
    QFETCH(int, batch);
    Generator generator(1);
    Conv conv = test::randomConv(oc, ic, {kernel, kernel}, groups, true, true, generator);
    conv.stride = {stride, stride};
    conv.dilation = {dilation, dilation};
    conv.padding = {1, 2, 0, kernel == 3 ? -1 : 1};
    const TensorD x = naive::integers({batch, ic, 19, 23}, generator);
    const TensorD y = m_engine->read(m_engine->convolve(makeExpr("conv", conv), m_engine->load(x), {}));
    QVERIFY(y == naive::convolve(conv, x));
}

void TestReferenceEngine::bitsDoNotDependOnThreads() {
    Generator generator(2);
    Conv conv = test::randomConv(64, 32, {3, 3}, 1, true, false, generator);
    conv.padding = Padding::same(1);
    const ExprPtr expr = makeExpr("conv", conv);
    const TensorD x = naive::reals({1, 32, 40, 40}, generator);
    const int before = engineThreads();
    std::vector<TensorD> results;
    for (int threads : {1, 2, 3}) {
        setEngineThreads(threads);
        const auto engine = makeReferenceEngine();
        results.push_back(engine->read(engine->convolve(expr, engine->load(x), {})));
    }
    setEngineThreads(before);
    QVERIFY(results[0] == results[1]);
    QVERIFY(results[0] == results[2]);
}

void TestReferenceEngine::momentsAreMeanAndBiasedVariance() {
    // Two pictures of 1x2: values 1, 3 and 5, 7: mean 4, squares 9 + 1 + 1 + 9 over 4.
    const Moments m = m_engine->moments(m_engine->load(TensorD({2, 1, 1, 2}, {1, 3, 5, 7})));
    QCOMPARE(m.samples, std::int64_t{4});
    QCOMPARE(m.mean[0], 4.0);
    QCOMPARE(m.var[0], 5.0);
}

void TestReferenceEngine::activationsFollowTheirDefinition() {
    using Kind = Activation::Kind;
    Generator generator(3);
    const TensorD x = naive::reals({1, 3, 4, 4}, generator);
    TensorD wide = x;
    for (double& v : wide.edit()) v *= 8;
    for (Kind kind : {Kind::none, Kind::relu, Kind::relu6, Kind::leakyRelu, Kind::prelu, Kind::silu, Kind::gelu, Kind::hardswish, Kind::hardsigmoid,
                      Kind::sigmoid, Kind::tanh}) {
        Activation activation{kind, 0.05, {}};
        if (kind == Kind::prelu) activation.slopes = Param(TensorD({3}, {0.1, -0.5, 2}));
        const TensorD y = m_engine->read(m_engine->apply(m_engine->load(wide), {nullptr, nullptr, &activation}));
        QVERIFY2(naive::largestDifference(naive::finish(wide, nullptr, nullptr, &activation), y) < 1e-14, toString(kind).data());
    }
}

void TestReferenceEngine::averagePoolCountsPaddingOrNot() {
    const TensorD x({1, 1, 2, 2}, {1, 2, 3, 4});
    auto pool = [&](bool counts) {
        return m_engine->read(m_engine->averagePool({{3, 3}, {1, 1}, Padding::same(1), counts, false}, m_engine->load(x)));
    };
    QCOMPARE(pool(true)[0], 10.0 / 9);
    QCOMPARE(pool(false)[0], 10.0 / 4);
    Generator generator(4);
    const TensorD big = naive::reals({2, 3, 7, 5}, generator);
    const AvgPool ceil{{3, 2}, {2, 2}, Padding{1, 0, 1, 1}, true, true};
    const Shape out = outShapeOf(*makeExpr("pool", ceil), big.shape());
    QVERIFY(naive::largestDifference(naive::averagePool(ceil, big, out[2], out[3]), m_engine->read(m_engine->averagePool(ceil, m_engine->load(big)))) < 1e-15);
}

void TestReferenceEngine::padConcatGateAndGlobalAverage() {
    Generator generator(5);
    const TensorD a = naive::integers({2, 2, 3, 4}, generator), b = naive::integers({2, 3, 3, 4}, generator);
    const std::vector<double> value{7, -2};
    const Padding padding{1, -1, 0, 2};
    QVERIFY(m_engine->read(m_engine->pad(padding, value, m_engine->load(a))) == naive::pad(padding, value, a));
    const std::vector<MapPtr> parts{m_engine->load(a), m_engine->load(b)};
    QVERIFY(m_engine->read(m_engine->concat(parts)) == naive::concat({a, b}));
    const TensorD mean = m_engine->read(m_engine->globalAverage(m_engine->load(TensorD({1, 2, 1, 2}, {1, 3, 5, 9}))));
    QVERIFY(mean == TensorD({1, 2, 1, 1}, {2, 7}));
    const TensorD gated = m_engine->read(m_engine->gate(m_engine->load(TensorD({1, 2, 1, 2}, {1, 3, 5, 9})), m_engine->load(mean)));
    QVERIFY(gated == TensorD({1, 2, 1, 2}, {2, 6, 35, 63}));
}

void TestReferenceEngine::trainPhaseTakesBatchStatistics() {
    Norm norm;
    norm.gamma = Param(TensorD({1}, {3}));
    norm.beta = Param(TensorD({1}, {1}));
    norm.mean = Param(TensorD({1}, {100}));
    norm.var = Param(TensorD({1}, {100}));
    norm.eps = 1;
    // mean 3, biased variance 8, scale 3 / sqrt(9) = 1
    const TensorD x({1, 1, 1, 2}, {3 - std::sqrt(8), 3 + std::sqrt(8)});
    const TensorD y = m_engine->read(forward(makeExpr("bn", norm), Phase::train, m_engine->load(x), *m_engine));
    QVERIFY(std::abs(y[0] - (1 - std::sqrt(8))) < 1e-14);
    norm.alwaysRunning = true;
    const TensorD frozen = m_engine->read(forward(makeExpr("bn", norm), Phase::train, m_engine->load(x), *m_engine));
    QVERIFY(frozen == m_engine->read(forward(makeExpr("bn", norm), Phase::eval, m_engine->load(x), *m_engine)));
}

void TestReferenceEngine::trainPhaseRefusesOneValuePerChannel() {
    Generator generator(6);
    const ExprPtr norm = makeExpr("rbr_dense.bn", test::realNorm(2, generator));
    auto run = [&](std::int64_t batch) { forward(norm, Phase::train, m_engine->load(naive::reals({batch, 2, 1, 1}, generator)), *m_engine); };
    QCOMPARE(test::refusal(ErrorCode::valueInvalid, "rbr_dense.bn", [&] { run(1); }), QString());
    run(2);
}

void TestReferenceEngine::borderHoldsTheImageOfZero() {
    Conv conv;
    conv.weight = Param(TensorD({1, 1, 1, 1}, {2}));
    conv.bias = Param(TensorD({1}, {5}));
    const ExprPtr chain = makeExpr("chain", Chain{{makeExpr("conv", conv), makeExpr("pad", ConstantPad{{0, 1, 0, 0}, {}})}});
    QVERIFY(m_engine->read(forward(chain, Phase::eval, m_engine->load(TensorD({1, 1, 1, 1}, {3})), *m_engine)) == TensorD({1, 1, 1, 2}, {5, 11}));
}

void TestReferenceEngine::borderInTrainPhaseUsesTheUpdatedRunningStatistics() {
    // DiverseBranchBlock's BNAndPadLayer: the interior takes the batch, the border the running values after this update.
    Norm norm;
    norm.gamma = Param(TensorD({1}, {2}));
    norm.beta = Param(TensorD({1}, {1}));
    norm.mean = Param(TensorD({1}, {4}));
    norm.var = Param(TensorD({1}, {1}));
    norm.eps = 0;
    norm.momentum = 0.5;
    const ExprPtr chain = makeExpr("chain", Chain{{makeExpr("bn", norm), makeExpr("pad", ConstantPad{{0, 1, 0, 0}, {}})}});
    // batch 1, 3: mean 2, biased variance 1, unbiased 2; running afterwards: mean 3, variance 1.5
    const TensorD y = m_engine->read(forward(chain, Phase::train, m_engine->load(TensorD({1, 1, 1, 2}, {1, 3})), *m_engine));
    QVERIFY(std::abs(y[0] - (1 - 3 * 2 / std::sqrt(1.5))) < 1e-14);
    QCOMPARE(y[1], -1.0);
    QCOMPARE(y[2], 3.0);
}

void TestReferenceEngine::mismatchedShapesAreRefused() {
    Generator generator(7);
    const ExprPtr conv = makeExpr("stage1.conv", test::randomConv(4, 3, {3, 3}, 1, false, false, generator));
    QCOMPARE(test::refusal(ErrorCode::shapeMismatch, "stage1.conv", [&] { m_engine->convolve(conv, m_engine->load(TensorD(Shape{1, 5, 8, 8})), {}); }), QString());
    QCOMPARE(test::refusal(ErrorCode::shapeMismatch, "3x3", [&] { m_engine->convolve(conv, m_engine->load(TensorD(Shape{1, 3, 2, 2})), {}); }), QString());
}

QTEST_APPLESS_MAIN(TestReferenceEngine)
#include "tst_reference_engine.moc"
