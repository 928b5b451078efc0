// SPDX-License-Identifier: Apache-2.0
// What a certificate states is attained by its own worst input and never exceeded by others, at any pixel. The forms are
// run through the float64 engine, which shares nothing with the certificate's way of reading expressions backwards.
#include "core/exec/forward.h"
#include "core/verify/certificate.h"
#include "core/verify/pullback.h"
#include "core/verify/verify.h"
#include "tests/support/naive.h"
#include "tests/support/python.h"
#include "tests/support/random_blocks.h"
#include "tests/support/refusal.h"

#include <algorithm>
#include <cmath>

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

using namespace rp;
using namespace rp::verify;
using test::Generator;

class TestCertificate : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { setEngineThreads(1); } // maps of a few pixels
    void boundsOfAKernelThatIsKnown();
    void blocks_data();
    void worstInputsAttainTheBound_data() { blocks_data(); }
    void worstInputsAttainTheBound();
    void randomInputsNeverExceedTheBound_data() { blocks_data(); }
    void randomInputsNeverExceedTheBound();
    void worstInputsAttainTheBoundAtBorders_data() { blocks_data(); }
    void worstInputsAttainTheBoundAtBorders();
    void aBorderThatDiffersIsReportedApart();
    void mapsSmallerThanTheWindowAreBounded();
    void aKernelThatDiffersInTwoTapsIsMeasured();
    void everyFamilyIsCertified();
    void overflowHasNoCertificate();
    void roundedKernelsFollowTheirDefinition();
};

namespace {

ExprPtr chain(std::vector<ExprPtr> steps) { return makeExpr("chain", Chain{std::move(steps)}); }

ExprPtr conv(std::int64_t oc, std::int64_t ic, std::int64_t k, std::int64_t padding, std::int64_t stride, Generator& g, std::int64_t groups = 1) {
    Conv c = test::randomConv(oc, ic, {k, k}, groups, true, false, g);
    c.padding = Padding::same(padding);
    c.stride = {stride, stride};
    return makeExpr("conv", c);
}

Block blockOf(ExprPtr body, std::int64_t ic) {
    Block block;
    block.name = "block";
    block.body = std::move(body);
    block.inChannels = ic;
    block.outChannels = outChannelsOf(*block.body, ic);
    return block;
}

fusion::BlockFusion fusionOf(const Block& block) {
    Model model;
    model.blocks.push_back(block);
    return fusion::fuseModel(model, {true}).blocks.front();
}

TensorD run(const ExprPtr& expr, const TensorD& x) {
    const auto engine = makeReferenceEngine();
    return engine->read(forward(expr, Phase::eval, engine->load(x), *engine));
}

TensorD difference(const Block& block, const fusion::BlockFusion& fused, KernelFormat format, const TensorD& x) {
    const ExprPtr kernel = makeExpr("kernel", *rounded(std::get<Conv>(fused.stored->op), format));
    TensorD y = run(kernel, x);
    const TensorD branches = run(block.body, x);
    for (std::int64_t i = 0; i < y.count(); ++i) y.edit()[static_cast<std::size_t>(i)] -= branches[i];
    return y;
}

} // namespace

void TestCertificate::boundsOfAKernelThatIsKnown() {
    // One 1x1 with the weights 0.1 and -0.3 and the bias 0.7, none of which float32 holds.
    Conv c{Param(TensorD({1, 2, 1, 1}, {0.1, -0.3})), Param(TensorD({1}, {0.7})), {}, {}, {}, 1};
    const Block block = blockOf(makeExpr("conv", c), 2);
    const Certificate certificate = certify(block, fusionOf(block), 2);
    const double d0 = static_cast<double>(0.1F) - 0.1, d1 = static_cast<double>(-0.3F) + 0.3, b = static_cast<double>(0.7F) - 0.7;
    QVERIFY(d0 > 0 && d1 < 0 && b < 0);
    QVERIFY2(certificate.none.empty(), certificate.none.c_str());
    const Bounds& bounds = certificate.formats.front().inside;
    QCOMPARE(bounds.symmetric.front(), 2 * (d0 - d1) - b);
    QCOMPARE(bounds.low.front(), b + 2 * d1);
    QCOMPARE(bounds.high.front(), b + 2 * d0);
    QVERIFY(!certificate.formats.front().border);
}

void TestCertificate::blocks_data() {
    QTest::addColumn<ExprPtr>("body");
    QTest::addColumn<int>("channels");
    Generator g(5);
    for (int groups : {1, 2, 4})
        for (int stride : {1, 2}) QTest::addRow("RepVGG, groups %d, stride %d", groups, stride) << test::repvggBody({8, 8, groups, stride}, g) << 8;
    const auto norm = [&g](std::int64_t c) { return makeExpr("bn", test::realNorm(c, g)); };
    const auto border = [] { return makeExpr("border", ConstantPad{Padding::same(1), {}}); };
    QTest::newRow("depthwise") << chain({conv(6, 6, 5, 2, 1, g, 6), norm(6)}) << 6;
    QTest::newRow("expand, border, squeeze") << makeExpr("sum", Sum{{chain({conv(8, 4, 1, 0, 1, g), border(), conv(4, 8, 3, 0, 1, g)}), makeExpr("x", Identity{})}}) << 4;
    QTest::newRow("1x1, norm, border, pool") << chain({conv(6, 4, 1, 0, 1, g), norm(6), border(), makeExpr("pool", AvgPool{{3, 3}, {2, 2}, {}})}) << 4;
    QTest::newRow("concat, 1x1") << chain({makeExpr("parts", Concat{{conv(3, 4, 5, 2, 1, g), chain({conv(3, 4, 1, 0, 1, g), norm(3)})}}), conv(5, 6, 1, 0, 1, g)}) << 4;
    QTest::newRow("norm before") << chain({norm(6), conv(4, 6, 1, 0, 1, g)}) << 6;
    Conv even = test::randomConv(4, 4, {3, 4}, 1, true, false, g);
    even.padding = {2, 1, 0, 2};
    even.stride = {1, 3};
    QTest::newRow("unequal sides") << chain({makeExpr("even", even), norm(4)}) << 4;
    even.padding = {-1, 0, -1, 0};
    QTest::newRow("cropped") << chain({makeExpr("cropped", even), norm(4)}) << 4;
}

void TestCertificate::worstInputsAttainTheBound() {
    QFETCH(ExprPtr, body);
    QFETCH(int, channels);
    const Block block = blockOf(body, channels);
    const fusion::BlockFusion fused = fusionOf(block);
    const double range = 3.5;
    const Certificate certificate = certify(block, fused, range);
    QVERIFY2(certificate.none.empty(), certificate.none.c_str());
    for (const FormatCertificate& f : certificate.formats)
        for (InputRange kind : {InputRange::symmetric, InputRange::nonNegative}) {
            const WorstInputs worst = worstInputs(block, fused, range, kind, f.format);
            const TensorD y = difference(block, fused, f.format, worst.inputs);
            for (std::int64_t o = 0; o < block.outChannels; ++o) {
                const auto at = static_cast<std::size_t>(o);
                const double stated = kind == InputRange::symmetric ? f.inside.symmetric[at] : std::max(std::abs(f.inside.low[at]), std::abs(f.inside.high[at]));
                const double measured = std::abs(y[((o * y.size(1) + o) * y.size(2) + worst.at[at][0]) * y.size(3) + worst.at[at][1]]);
                QVERIFY(stated > 0);
                QVERIFY2(std::abs(measured - stated) <= certificate.float64Rounding[at],
                         qPrintable(QStringLiteral("%1, channel %2: %3 stated, %4 measured").arg(QString::fromUtf8(toString(f.format).data())).arg(o).arg(stated).arg(measured)));
                // The rounding term is far below what it is a part of, or the two lines above would say nothing.
                QVERIFY(certificate.float64Rounding[at] < 1e-3 * stated);
                QCOMPARE(worst.bounds[at], stated);
            }
            for (double v : worst.inputs.values()) QVERIFY(std::abs(v) <= range && (kind == InputRange::symmetric || v >= 0));
        }
}

void TestCertificate::randomInputsNeverExceedTheBound() {
    QFETCH(ExprPtr, body);
    QFETCH(int, channels);
    const Block block = blockOf(body, channels);
    const fusion::BlockFusion fused = fusionOf(block);
    const Certificate certificate = certify(block, fused, 1);
    Generator g(6);
    std::bernoulli_distribution flip;
    double closest = 0;
    // 1,000 inputs for every format: noise, and half of them on the corners of the range, where a bound of an affine map is attained.
    for (int batch = 0; batch < 10; ++batch)
        for (const FormatCertificate& f : certificate.formats) {
            TensorD x = naive::reals({100, channels, 9, 8}, g);
            if (batch % 2)
                for (double& v : x.edit()) v = flip(g) ? 1 : -1;
            const TensorD y = difference(block, fused, f.format, x);
            const std::int64_t area = y.size(2) * y.size(3);
            for (std::int64_t i = 0; i < y.count(); ++i) {
                const auto o = static_cast<std::size_t>(i / area % block.outChannels);
                const double bound = std::max(f.inside.symmetric[o], f.border ? f.border->symmetric[o] : 0);
                QVERIFY(std::abs(y[i]) <= bound + certificate.float64Rounding[o]);
                closest = std::max(closest, std::abs(y[i]) / bound);
            }
        }
    QVERIFY(closest > 0.1);
}

void TestCertificate::worstInputsAttainTheBoundAtBorders() {
    QFETCH(ExprPtr, body);
    QFETCH(int, channels);
    const Block block = blockOf(body, channels);
    const fusion::BlockFusion fused = fusionOf(block);
    const double range = 2.5;
    const Certificate certificate = certify(block, fused, range);
    for (const FormatCertificate& f : certificate.formats) {
        if (!f.border) {
            QCOMPARE(test::refusal(ErrorCode::unsupported, "does not pad", [&] { worstInputs(block, fused, range, InputRange::symmetric, f.format, Pixels::border); }), QString());
            continue;
        }
        for (InputRange kind : {InputRange::symmetric, InputRange::nonNegative}) {
            const WorstInputs worst = worstInputs(block, fused, range, kind, f.format, Pixels::border);
            const TensorD y = difference(block, fused, f.format, worst.inputs);
            double largest = 0, most = 0;
            for (std::int64_t o = 0; o < block.outChannels; ++o) {
                const auto at = static_cast<std::size_t>(o);
                const double stated = kind == InputRange::symmetric ? f.border->symmetric[at] : std::max(std::abs(f.border->low[at]), std::abs(f.border->high[at]));
                const double measured = std::abs(y[((o * y.size(1) + o) * y.size(2) + worst.at[at][0]) * y.size(3) + worst.at[at][1]]);
                QVERIFY(std::abs(measured - worst.bounds[at]) <= certificate.float64Rounding[at]);
                QVERIFY(measured <= stated + certificate.float64Rounding[at]);
                largest = std::max(largest, stated);
                most = std::max(most, measured + certificate.float64Rounding[at]);
                const auto& conv = std::get<Conv>(fused.stored->op);
                if (conv.stride == Extent{1, 1} && fused.exactness == fusion::Exactness::everywhere) QVERIFY(std::abs(measured - stated) <= certificate.float64Rounding[at]);
            }
            QVERIFY2(most >= largest, qPrintable(QStringLiteral("%1 attained of %2").arg(most).arg(largest)));
        }
    }
}

/// Rims that meet: zero padding behind a 1x1 with bias loses eight of nine taps on a map of one pixel, on a larger one no more than five.
void TestCertificate::mapsSmallerThanTheWindowAreBounded() {
    Generator g(11);
    auto positive = [](const ExprPtr& expr) { // what every tap loses adds up
        Conv c = std::get<Conv>(expr->op);
        for (Param* p : {&c.weight, &*c.bias}) {
            TensorD values = p->toDouble();
            for (double& v : values.edit()) v = std::abs(v);
            *p = Param(values);
        }
        return makeExpr(expr->name, c);
    };
    const Block block = blockOf(chain({positive(conv(6, 3, 1, 0, 1, g)), positive(conv(3, 6, 3, 1, 1, g))}), 3);
    const fusion::BlockFusion fused = fusionOf(block);
    const Certificate certificate = certify(block, fused, 1);
    QVERIFY2(certificate.none.empty(), certificate.none.c_str());
    std::vector<double> onSmall(3), onLarge(3);
    for (const auto& [h, w] : {std::pair{1, 1}, {1, 2}, {2, 1}, {2, 2}, {1, 6}, {6, 2}, {6, 6}})
        for (int i = 0; i < 30; ++i)
            for (const FormatCertificate& f : certificate.formats) {
                const TensorD y = difference(block, fused, f.format, naive::reals({1, 3, h, w}, g));
                for (std::int64_t e = 0; e < y.count(); ++e) {
                    const auto o = static_cast<std::size_t>(e / (h * w));
                    QVERIFY2(std::abs(y[e]) <= f.border->symmetric[o] + certificate.float64Rounding[o], qPrintable(QStringLiteral("%1x%2").arg(h).arg(w)));
                    double& most = h * w < 3 ? onSmall[o] : onLarge[o];
                    if (f.format == KernelFormat::float32 && (h * w < 3 || h * w == 36)) most = std::max(most, std::abs(y[e]));
                }
            }
    QVERIFY2(onSmall[0] > onLarge[0], qPrintable(QStringLiteral("%1 %2").arg(onSmall[0]).arg(onLarge[0]))); // else the small ones say nothing
}

void TestCertificate::aBorderThatDiffersIsReportedApart() {
    Generator g(7);
    const Block block = blockOf(chain({conv(6, 3, 1, 0, 1, g), conv(3, 6, 3, 1, 1, g)}), 3);
    const fusion::BlockFusion fused = fusionOf(block);
    QVERIFY(fused.exactness == fusion::Exactness::inside);
    const Certificate certificate = certify(block, fused, 1);
    QVERIFY2(certificate.none.empty(), certificate.none.c_str());
    const FormatCertificate& f = certificate.formats.front();
    QVERIFY(f.inside.largestSymmetric() < 1e-5);
    QVERIFY(f.border->largestSymmetric() > 1e-2);
    double most = 0;
    for (int i = 0; i < 50; ++i) {
        const TensorD y = difference(block, fused, KernelFormat::float32, naive::reals({1, 3, 7, 7}, g));
        for (std::int64_t o = 0; o < 3; ++o)
            for (std::int64_t p = 0; p < 49; ++p) {
                const bool rim = p / 7 == 0 || p / 7 == 6 || p % 7 == 0 || p % 7 == 6;
                const Bounds& bounds = rim ? *f.border : f.inside;
                const auto at = static_cast<std::size_t>(o);
                QVERIFY(std::abs(y[o * 49 + p]) <= bounds.symmetric[at] + certificate.float64Rounding[at]);
                most = std::max(most, std::abs(y[o * 49 + p]) / bounds.symmetric[at]);
            }
    }
    QVERIFY(most > 0.9); // only the constant differs at this rim, so every input comes close
}

void TestCertificate::aKernelThatDiffersInTwoTapsIsMeasured() {
    Generator g(8);
    const Block block = blockOf(test::repvggBody({4, 4, 1, 1}, g), 4);
    fusion::BlockFusion fused = fusionOf(block);
    Conv conv = std::get<Conv>(fused.stored->op);
    TensorD weight = conv.weight.toDouble();
    weight.edit()[4 * 9 + 2] += 0.25; // channel 1, input 0, top right
    weight.edit()[4 * 9 + 6] -= 0.25; // bottom left
    conv.weight = Param(weight);
    fused.stored = makeExpr("changed", conv);
    const Certificate certificate = certify(block, fused, 2);
    const Bounds& inside = certificate.formats.front().inside;
    QCOMPARE(inside.worst(), std::size_t{1});
    QVERIFY(std::abs(inside.symmetric[1] - 1) < 1e-5);
    QVERIFY(std::abs(inside.low[1] + 0.5) < 1e-5 && std::abs(inside.high[1] - 0.5) < 1e-5);
    QVERIFY(inside.symmetric[0] < 1e-5);
    // Every edge hides one of the two.
    QVERIFY(std::abs(certificate.formats.front().border->symmetric[1] - 0.5) < 1e-5);
}

void TestCertificate::everyFamilyIsCertified() {
    if (!test::pythonHas(QStringLiteral("torch"))) QSKIP("PyTorch is not installed");
    QTemporaryDir folder;
    QCOMPARE(test::runDataScript(QStringLiteral("torch_blocks.py"), folder.path(), {QStringLiteral("make"), folder.path()}), QString());
    int certified = 0;
    for (const QString& name : QDir(folder.path()).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        families::OpenOptions options;
        if (name == QLatin1String("repghost_identity")) options.assumptions = {"family=RepGhost-identity"}; // no key tells that one
        const families::OpenedModel opened = families::openModel(folder.filePath(name + "/model.pth").toStdString(), options);
        const fusion::ModelFusion fusion = fusion::fuseModel(opened.model);
        for (std::size_t i = 0; i < opened.model.blocks.size(); ++i) {
            const Block& block = opened.model.blocks[i];
            if (!fusion.blocks[i].fusable) continue;
            const Certificate certificate = certify(block, fusion.blocks[i], 2);
            QVERIFY2(certificate.none.empty(), qPrintable(name + ": " + QString::fromStdString(certificate.none)));
            const FormatCertificate& f = certificate.formats.front();
            TensorD x = seededInput({2, block.inChannels, 12, 11}, 9);
            for (double& v : x.edit()) v = std::clamp(v, -2.0, 2.0);
            const TensorD y = difference(block, fusion.blocks[i], KernelFormat::float32, x);
            const std::int64_t area = y.size(2) * y.size(3);
            for (std::int64_t e = 0; e < y.count(); ++e) {
                const auto o = static_cast<std::size_t>(e / area % block.outChannels);
                const double bound = std::max(f.inside.symmetric[o], f.border ? f.border->symmetric[o] : 0);
                QVERIFY2(std::abs(y[e]) <= bound + certificate.float64Rounding[o], qPrintable(name));
            }
            ++certified;
        }
    }
    QVERIFY(certified > 60);
}

void TestCertificate::overflowHasNoCertificate() {
    Conv c{Param(TensorD({1, 1, 1, 1}, {1e5})), {}, {}, {}, {}, 1};
    const Block block = blockOf(makeExpr("conv", c), 1);
    const Certificate certificate = certify(block, fusionOf(block), 1);
    QVERIFY(certificate.formats[0].none.empty());
    QVERIFY(certificate.formats[1].format == KernelFormat::float16 && !certificate.formats[1].none.empty());
    QVERIFY(certificate.formats[2].none.empty());
}

void TestCertificate::roundedKernelsFollowTheirDefinition() {
    const Conv c{Param(TensorD({2, 1, 1, 3}, {127, 0.4, -63.6, 7, 1.4, -3.6})), Param(TensorD({2}, {0.1, 2})), {}, {}, {}, 1};
    auto weights = [&](KernelFormat format) { return *rounded(c, format); };
    QVERIFY(weights(KernelFormat::int8).weight.toDouble() == TensorD({2, 1, 1, 3}, {127, 0, -64, 7, 25 * (7.0 / 127), -65 * (7.0 / 127)}));
    QVERIFY(weights(KernelFormat::int8Tensor).weight.toDouble() == TensorD({2, 1, 1, 3}, {127, 0, -64, 7, 1, -4}));
    QVERIFY(weights(KernelFormat::int4).weight.toDouble() == TensorD({2, 1, 1, 3}, {127, 0, -4 * (127.0 / 7), 7, 1, -4}));
    QCOMPARE(weights(KernelFormat::int8).bias->toDouble()[0], static_cast<double>(0.1F));
    QCOMPARE(weights(KernelFormat::bfloat16).bias->toDouble()[0], 0.10009765625);
    QCOMPARE(weights(KernelFormat::float16).bias->toDouble()[0], 0.0999755859375);
}

QTEST_APPLESS_MAIN(TestCertificate)
#include "tst_certificate.moc"
