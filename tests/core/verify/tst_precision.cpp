// SPDX-License-Identifier: Apache-2.0
#include "core/exec/reduced_conv.h"
#include "core/fusion/fuse_model.h"
#include "core/tensor/cast.h"
#include "core/verify/precision.h"
#include "core/verify/report.h"
#include "core/verify/report_tables.h"
#include "tests/support/naive.h"
#include "tests/support/random_blocks.h"

#include <cmath>

#include <QTest>

using namespace rp;
using namespace rp::verify;

class TestPrecision : public QObject {
    Q_OBJECT
private slots:
    void int8IsRunAsIntegers_data();
    void int8IsRunAsIntegers();
    void bfloat16IsRunWithRoundedNumbers();
    void figuresFollowFromTheRoundedKernels();
    void aBlownUpChannelIsNamed();
    void branchesAreRoundedOnTheirOwn();
    void whatDoesNotFitHasNoFigure();
    void formatsAreJudgedByTheirWorstBlock();
};

namespace {

Conv convolution(std::int64_t oc, std::int64_t ic, std::int64_t groups, std::int64_t stride, test::Generator& g) {
    Conv conv = test::randomConv(oc, ic, {3, 3}, groups, true, false, g);
    conv.padding = Padding::same(1);
    conv.stride = {stride, stride};
    return conv;
}

struct Measured {
    Block block;
    ExprPtr fused;
    TensorD x, y;
    BlockPrecision precision;
};

/// The sum of branches by naive loops, so that only the rounded kernels go through the engine.
Measured measured(const ExprPtr& body, std::int64_t channels, const TensorD& x) {
    Measured m;
    m.block.body = body;
    m.block.inChannels = channels;
    m.fused = fusion::toStoredConv(*fusion::fuse(*body, channels).fused(), "fused");
    m.x = x;
    m.y = naive::convolve(std::get<Conv>(fusion::toExactConv(*fusion::fuse(*body, channels).fused(), "exact")->op), x);
    m.precision = measurePrecision(m.block, m.fused, m.x, m.y);
    return m;
}

double snr(const TensorD& reference, const TensorD& other) {
    double signal = 0, noise = 0;
    for (std::int64_t i = 0; i < reference.count(); ++i) {
        signal += reference[i] * reference[i];
        noise += (other[i] - reference[i]) * (other[i] - reference[i]);
    }
    return 10 * std::log10(signal / noise);
}

} // namespace

void TestPrecision::int8IsRunAsIntegers_data() {
    QTest::addColumn<bool>("isUnsigned");
    QTest::addColumn<int>("groups");
    QTest::addColumn<int>("stride");
    for (bool isUnsigned : {false, true})
        for (int groups : {1, 2, 8})
            for (int stride : {1, 2}) QTest::addRow("%s, groups %d, stride %d", isUnsigned ? "unsigned" : "signed", groups, stride) << isUnsigned << groups << stride;
}

void TestPrecision::int8IsRunAsIntegers() {
    QFETCH(bool, isUnsigned);
    QFETCH(int, groups);
    QFETCH(int, stride);
    test::Generator g(1);
    Conv conv = convolution(8, 8, groups, stride, g);
    // Small even integers times a power of two: every sum is exact, two products never reach 16 bits, and half a weight is an integer.
    TensorD weight = naive::integers(conv.weight.shape(), g, 30);
    for (double& w : weight.edit()) w *= 2 * 0.25;
    conv.weight = Param(weight);
    conv.bias = Param(naive::integers({8}, g, 7));
    const std::vector<double> steps(8, 0.25);
    TensorD x = naive::integers({2, 8, 6, 5}, g, 120);
    const double step = 0.5, most = isUnsigned ? 255 : 127;
    for (double& v : x.edit()) v = isUnsigned ? std::abs(v) * step : v * step;
    x.edit()[0] = most * step; // the map's maximum, so that its step is 0.5
    const std::optional<ReducedRun> run = convolveInt8(conv, steps, x);
    QVERIFY(run);
    QVERIFY2(run->output == naive::convolve(conv, x), run->implementation.c_str());
}

void TestPrecision::bfloat16IsRunWithRoundedNumbers() {
    test::Generator g(2);
    Conv conv = convolution(6, 4, 1, 1, g);
    const TensorD x = naive::reals({1, 4, 7, 7}, g);
    const std::optional<ReducedRun> run = convolveBfloat16(conv, x);
    if (!run) QSKIP("oneDNN has no bfloat16 convolution on this machine");
    auto toBfloat = [](const TensorD& values) { return castTo(DType::bf16, StoredTensor::of(toFloat(values)), "").toDouble(); };
    const TensorD unrounded = naive::convolve(conv, x);
    conv.weight = Param(toBfloat(conv.weight.toDouble()));
    const TensorD expected = naive::convolve(conv, toBfloat(x));
    QVERIFY(naive::largestDifference(expected, run->output) < 1e-5);
    QVERIFY(naive::largestDifference(unrounded, run->output) > 1e-3); // and not the float32 result
}

void TestPrecision::figuresFollowFromTheRoundedKernels() {
    test::Generator g(3);
    const Measured m = measured(test::repvggBody({6, 6, 2, 1}, g), 6, naive::reals({1, 6, 8, 8}, g));
    QCOMPARE(m.precision.formats.size(), kKernelFormats.size());
    const auto& conv = std::get<Conv>(m.fused->op);
    for (const FormatDamage& f : m.precision.formats) {
        const Conv rounded = *verify::rounded(conv, f.format);
        if (f.format == KernelFormat::float32)
            QVERIFY(f.weight->exact);
        else
            QVERIFY(std::abs(*f.weight->snr - snr(conv.weight.toDouble(), rounded.weight.toDouble())) < 1e-6);
        QVERIFY(std::abs(*f.output->snr - snr(m.y, naive::convolve(rounded, m.x))) < 1e-3);
        double share = 0;
        for (const OutlierChannel& o : f.outliers) share += o.share;
        QCOMPARE(f.outliers.size(), std::size_t{3});
        QVERIFY(share > 0.5 - 1e-9 && share <= 1 + 1e-9); // the worst three of six
    }
    auto of = [&](KernelFormat format) { return *m.precision.of(format).output->snr; };
    QVERIFY(of(KernelFormat::float32) > of(KernelFormat::float16));
    QVERIFY(of(KernelFormat::float16) > of(KernelFormat::bfloat16));
    QVERIFY(of(KernelFormat::bfloat16) > of(KernelFormat::int8));
    QVERIFY(of(KernelFormat::int8) > of(KernelFormat::int4));
}

void TestPrecision::aBlownUpChannelIsNamed() {
    test::Generator g(4);
    Conv conv = convolution(8, 8, 1, 1, g);
    TensorD weight = conv.weight.toDouble();
    for (std::int64_t i = 0; i < 72; ++i) weight.edit()[static_cast<std::size_t>(5 * 72 + i)] *= 50;
    conv.weight = Param(weight);
    const Measured m = measured(makeExpr("conv", conv), 8, naive::reals({1, 8, 9, 9}, g));
    // The other channels pay for its step when there is one for the tensor, and do not when each has its own.
    QVERIFY(*m.precision.of(KernelFormat::int8Tensor).output->snr < *m.precision.of(KernelFormat::int8).output->snr + 1);
    QVERIFY(*m.precision.of(KernelFormat::int8Tensor).weight->snr > 30); // dominated by the large channel itself
    const OutlierChannel& worst = m.precision.of(KernelFormat::int8).outliers.front();
    QCOMPARE(worst.channel, std::int64_t{5});
    QVERIFY(worst.timesMedian > 20);
    QVERIFY(worst.share > 0.9);
}

void TestPrecision::branchesAreRoundedOnTheirOwn() {
    // Two 1x1 kernels of one channel: 1 and 1/127/4. Fused, the small one vanishes in the step; alone it is kept.
    auto one = [](double w) { return makeExpr("conv", Conv{Param(TensorD({1, 1, 1, 1}, {w})), Param(TensorD(Shape{1})), {}, {}, {}, 1}); };
    const Measured m = measured(makeExpr("sum", Sum{{one(1), one(0.25 / 127)}}), 1, TensorD({1, 1, 1, 2}, {1, -2}));
    QVERIFY(m.precision.of(KernelFormat::int8).weight->maxAbs < 1e-7); // one number is always a multiple of its own step
    auto two = [](double a, double b) { return makeExpr("conv", Conv{Param(TensorD({1, 2, 1, 1}, {a, b})), Param(TensorD(Shape{1})), {}, {}, {}, 1}); };
    const Measured n = measured(makeExpr("sum", Sum{{two(1, 0), two(0, 0.25 / 127)}}), 2, TensorD({1, 2, 1, 1}, {1, 127}));
    const FormatDamage& f = n.precision.of(KernelFormat::int8);
    QVERIFY(std::abs(f.output->maxAbs - 0.25) < 1e-6);
    QVERIFY(f.branchOutput->maxAbs < 1e-6);
}

void TestPrecision::whatDoesNotFitHasNoFigure() {
    const ExprPtr body = makeExpr("conv", Conv{Param(TensorD({1, 1, 1, 1}, {1e5})), {}, {}, {}, {}, 1});
    const Measured m = measured(body, 1, TensorD({1, 1, 1, 1}, {1}));
    QVERIFY(!m.precision.of(KernelFormat::float16).none.empty() && !m.precision.of(KernelFormat::float16).output);
    QVERIFY(m.precision.of(KernelFormat::bfloat16).none.empty());
}

void TestPrecision::formatsAreJudgedByTheirWorstBlock() {
    Report report;
    for (int i = 0; i < 8; ++i) {
        BlockReport block;
        block.name = "block" + std::to_string(i);
        block.precision.emplace();
        for (KernelFormat format : kKernelFormats) {
            FormatDamage damage;
            damage.format = format;
            damage.output.emplace();
            damage.output->snr = format == KernelFormat::int8 ? 22.0 + i : 70.0 + i;
            if (format == KernelFormat::float16 && i == 3) damage.none = "too large";
            block.precision->formats.push_back(damage);
        }
        report.blocks.push_back(block);
    }
    const Table table = formatTable(report);
    auto row = [&](const char* format) { return *std::ranges::find_if(table, [&](const auto& r) { return r.front() == format; }); };
    QVERIFY((row("int8 per channel") == std::vector<std::string>{"int8 per channel", "warn", "22.0", "block0", "25", "3"}));
    QVERIFY((row("bfloat16") == std::vector<std::string>{"bfloat16", "pass", "70.0", "block0", "45", "0"}));
    QVERIFY((row("float16") == std::vector<std::string>{"float16", "fail", "overflow", "block3", "60", "1"}));
    QVERIFY(row("int4 per channel")[1] == "-");
    const std::string text = toText(report), all = toMarkdown(report);
    const std::size_t precision = text.find("The 5 blocks that int8 costs most, of 8");
    QVERIFY2(precision != std::string::npos && text.find("Channels that suffer") == std::string::npos, text.c_str());
    QVERIFY(text.find("block4", precision) != std::string::npos && text.find("block5", precision) == std::string::npos);
    QVERIFY(all.find("Channels that suffer") != std::string::npos && all.rfind("block7") > all.find("worst block first"));
}

QTEST_APPLESS_MAIN(TestPrecision)
#include "tst_precision.moc"
