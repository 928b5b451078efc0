// SPDX-License-Identifier: Apache-2.0
#include "core/base/error.h"
#include "core/exec/engine.h"
#include "core/exec/float32_kernels.h"
#include "tests/support/naive.h"
#include "tests/support/refusal.h"

#include <QtTest>

#include <cmath>
#include <limits>

#include <fmt/format.h>

using namespace rp;
using Kind = Activation::Kind;
using rp::test::refusal;

namespace {

/// The bound of the design for float32 rounding over sums of K products.
double roundingBound(double reduction, double magnitude) {
    return 8 * std::ldexp(1.0, -23) * std::sqrt(reduction) * magnitude;
}

/// One convolution with an input for it.
struct Case {
    std::int64_t n, in, out, h, w, kernel;
    std::int64_t groups = 1, stride = 1, dilation = 1;
    Padding padding = {};
    bool bias = false;

    Conv conv(std::mt19937_64& generator, bool exact) const {
        const auto numbers = [&](Shape shape) {
            return Param(exact ? naive::integers(std::move(shape), generator)
                               : naive::reals(std::move(shape), generator));
        };
        Conv c;
        c.weight = numbers({out, in / groups, kernel, kernel});
        if (bias) c.bias = numbers({out});
        c.stride = {stride, stride};
        c.dilation = {dilation, dilation};
        c.padding = padding;
        c.groups = groups;
        return c;
    }
    Shape inShape() const { return {n, in, h, w}; }
    double reduction() const { return static_cast<double>(in / groups * kernel * kernel); }
    QByteArray text() const {
        return QByteArray::fromStdString(fmt::format(
            "[{}, {}, {}, {}] -> {} k{} g{} s{} d{} pad {} {} {} {} bias {}", n, in, h, w, out, kernel,
            groups, stride, dilation, padding.top, padding.left, padding.bottom, padding.right, bias));
    }
};

/// Every combination that the design names, as far as it has an output.
std::vector<Case> manyCases() {
    constexpr Padding kPaddings[] = {{0, 0, 0, 0}, {1, 1, 1, 1}, {2, 0, 1, 3}, {-1, 0, 0, -1}, {-1, 2, 1, 0}};
    std::vector<Case> all;
    std::int64_t i = 0;
    for (const std::int64_t in : {1, 3, 12, 16, 20, 48})
        for (const std::int64_t groups : {std::int64_t{1}, std::int64_t{2}, in})
            for (const std::int64_t kernel : {1, 3})
                for (const std::int64_t stride : {1, 2})
                    for (const std::int64_t dilation : {1, 2})
                        for (const Padding& padding : kPaddings) {
                            if (in % groups != 0 || (groups == 2 && in == 2) ||
                                (kernel == 1 && dilation == 2))
                                continue;
                            const std::int64_t outs[] = {in, 12, 20, 16, 3 * groups};
                            std::int64_t out = outs[i % 5];
                            if (out % groups != 0) out = in;
                            const std::int64_t n = 1 + i % 3, h = i % 2 ? 5 : 9, w = i % 2 ? 7 : 8;
                            ++i;
                            all.push_back(
                                {n, in, out, h, w, kernel, groups, stride, dilation, padding, i % 4 < 2});
                        }
    return all;
}

Activation activation(Kind kind, std::int64_t channels) {
    Activation a{kind, kind == Kind::leakyRelu ? 0.25 : 0.0, {}};
    if (kind != Kind::prelu) return a;
    TensorD slopes({channels});
    for (std::int64_t c = 0; c < channels; ++c)
        slopes.edit()[static_cast<std::size_t>(c)] = 0.25 * static_cast<double>(c % 5);
    a.slopes = Param(slopes);
    return a;
}

constexpr Kind kKinds[] = {Kind::none,        Kind::relu,    Kind::relu6, Kind::leakyRelu,
                           Kind::prelu,       Kind::silu,    Kind::gelu,  Kind::hardswish,
                           Kind::hardsigmoid, Kind::sigmoid, Kind::tanh};
bool isExact(Kind kind) {
    return kind == Kind::none || kind == Kind::relu || kind == Kind::relu6 || kind == Kind::leakyRelu ||
           kind == Kind::prelu;
}

ChannelAffine halves(std::int64_t channels) {
    ChannelAffine affine;
    for (std::int64_t c = 0; c < channels; ++c) {
        affine.scale.push_back(0.5 * static_cast<double>(c % 7 - 3));
        affine.shift.push_back(0.25 * static_cast<double>(c % 5 - 2));
    }
    return affine;
}

/// Convolutions of every kind that the engine dispatches differently.
std::vector<Case> typicalCases() {
    const Padding one = Padding::same(1);
    return {{1, 3, 48, 9, 8, 3, 1, 2, 1, one, true},    {2, 16, 16, 5, 7, 3, 1, 1, 1, one, false},
            {1, 12, 20, 5, 7, 3, 1, 1, 1, one, true},   {2, 48, 48, 5, 7, 1, 1, 1, 1, {}, true},
            {1, 12, 12, 9, 8, 3, 12, 1, 1, one, false}, {1, 48, 48, 9, 8, 3, 48, 2, 1, one, true},
            {1, 64, 64, 5, 7, 3, 4, 1, 1, one, true},   {3, 20, 12, 1, 1, 1, 1, 1, 1, {}, true},
            {2, 12, 20, 5, 7, 3, 2, 1, 1, one, false}};
}

/// A mixture of layouts: what the engine loads, and what its convolutions make of that.
std::vector<TensorD> typicalInputs(std::mt19937_64& generator) {
    std::vector<TensorD> all;
    for (const std::int64_t channels : {1, 3, 12, 16, 20, 48})
        all.push_back(naive::integers({1 + channels % 3, channels, 5, 7}, generator));
    return all;
}

TensorD withFirst(TensorD x, double value) {
    x.edit()[0] = value;
    return x;
}

} // namespace

class TestFloat32Engine : public QObject {
    Q_OBJECT

private slots:
    void init() {
        setEngineThreads(2);
        m_engine = makeFloat32Engine();
        m_generator.seed(7);
        fillPoolWithNaN();
    }
    void readingGivesBackWhatWasLoaded();
    void convolutionsOfIntegersAreExact();
    void convolutionsOfRealsStayWithinTheRoundingBound();
    void largeConvolutionsStayWithinTheRoundingBound();
    void everyEpilogueFollowsItsOrder();
    void activationsAreAccurateOverTheirRange();
    void resultsOfConvolutionsCanBeUsedByEveryOperation();
    void applyWorksOnEveryChannelCount();
    void preluTakesOneSlopeForAll();
    void aSecondRunGivesEqualBits();
    void whatIsKeptForANodeIsUsedForTheSameCallOnly();
    void otherThreadCountsGiveEqualResults();
    void anotherAffineIsTakenByTheSameNode();
    void aNewNodeNeverGetsTheWeightsOfADroppedOne();
    void watchedAndUnwatchedStepsGiveEqualBits();
    void momentsAreExactOnIntegers();
    void momentsSurviveALargeOffset();
    void momentsDoNotDependOnTheThreadCount();
    void instructionSetsGiveEqualBits();
    void padPutsItsValueAroundAndCrops();
    void averagePoolCountsPaddingAsAsked();
    void concatJoinsAnyChannelCounts();
    void globalAverageAndGate();
    void notANumberIsNeverHidden();
    void infinityPassesThroughActivations();
    void mapsOutliveTheEngine();
    void shapesThatDoNotFitAreRefused();
    void foreignMapsAreRefused();

private:
    TensorD convolved(const Conv& conv, const TensorD& x) {
        return m_engine->read(m_engine->convolve(makeExpr("conv", conv), m_engine->load(x), {}));
    }
    /// Leaves used buffers behind, so that whatever an operation forgets to write is NaN and not a fresh page
    /// of zeros.
    void fillPoolWithNaN() {
        std::vector<MapPtr> maps;
        for (std::int64_t floats = 1024; floats <= 65536; floats *= 2)
            for (int i = 0; i < 12; ++i) {
                TensorD x({1, 1, 1, floats});
                std::ranges::fill(x.edit(), std::numeric_limits<double>::quiet_NaN());
                maps.push_back(m_engine->load(x));
            }
    }
    std::unique_ptr<Engine> m_engine;
    std::mt19937_64 m_generator;
};

void TestFloat32Engine::readingGivesBackWhatWasLoaded() {
    for (const TensorD& x : typicalInputs(m_generator))
        QCOMPARE(naive::largestDifference(m_engine->read(m_engine->load(x)), x), 0.0);
}

void TestFloat32Engine::convolutionsOfIntegersAreExact() {
    for (const Case& c : manyCases()) {
        const TensorD x = naive::integers(c.inShape(), m_generator);
        const Conv conv = c.conv(m_generator, true);
        const double difference = naive::largestDifference(convolved(conv, x), naive::convolve(conv, x));
        QVERIFY2(difference == 0.0, c.text() + " differs by " + QByteArray::number(difference));
    }
}

void TestFloat32Engine::convolutionsOfRealsStayWithinTheRoundingBound() {
    for (const Case& c : manyCases()) {
        const TensorD x = naive::reals(c.inShape(), m_generator);
        const Conv conv = c.conv(m_generator, false);
        const TensorD wanted = naive::convolve(conv, x);
        const double bound =
            roundingBound(c.reduction(), std::max(naive::largest(x), naive::largest(wanted)));
        const double difference = naive::largestDifference(convolved(conv, x), wanted);
        QVERIFY2(difference <= bound, c.text() + " differs by " + QByteArray::number(difference));
    }
}

void TestFloat32Engine::largeConvolutionsStayWithinTheRoundingBound() {
    // Large enough for every thread and every blocking of the channels.
    const Padding one = Padding::same(1);
    for (const Case& c :
         {Case{1, 3, 48, 33, 31, 3, 1, 2, 1, one, true}, Case{1, 192, 96, 14, 14, 3, 1, 1, 1, one, true},
          Case{1, 192, 320, 7, 7, 3, 1, 2, 1, one, true}, Case{2, 96, 96, 28, 28, 3, 96, 1, 1, one, false},
          Case{1, 640, 100, 1, 1, 1, 1, 1, 1, {}, true},
          Case{1, 48, 48, 28, 28, 5, 1, 1, 1, Padding::same(2)}}) {
        const TensorD x = naive::reals(c.inShape(), m_generator);
        const Conv conv = c.conv(m_generator, false);
        const TensorD wanted = naive::convolve(conv, x);
        const double difference = naive::largestDifference(convolved(conv, x), wanted);
        QVERIFY2(difference <= roundingBound(c.reduction(), std::max(1.0, naive::largest(wanted))), c.text());
    }
}

void TestFloat32Engine::everyEpilogueFollowsItsOrder() {
    for (const Case& c : typicalCases()) {
        const TensorD x = naive::integers(c.inShape(), m_generator);
        const Conv conv = c.conv(m_generator, true);
        const TensorD plain = naive::convolve(conv, x), addend = naive::integers(plain.shape(), m_generator);
        const ExprPtr node = makeExpr("conv", conv);
        const MapPtr in = m_engine->load(x);
        const ChannelAffine affine = halves(c.out);
        for (const Kind kind : kKinds)
            for (int parts = 0; parts < 4; ++parts) {
                const Activation act = activation(kind, c.out);
                const ChannelAffine* affinePart = parts & 1 ? &affine : nullptr;
                const Epilogue epilogue{affinePart, parts & 2 ? m_engine->load(addend) : nullptr, &act};
                const TensorD wanted = naive::finish(plain, affinePart, parts & 2 ? &addend : nullptr, &act);
                const double bound = isExact(kind) ? 0.0 : 1e-6 * std::max(1.0, naive::largest(wanted));
                const double difference =
                    naive::largestDifference(m_engine->read(m_engine->convolve(node, in, epilogue)), wanted);
                QVERIFY2(difference <= bound,
                         c.text() + " " + QByteArray::fromStdString(std::string(toString(kind))) + " parts " +
                             QByteArray::number(parts) + " differs by " + QByteArray::number(difference));
            }
    }
}

void TestFloat32Engine::activationsAreAccurateOverTheirRange() {
    TensorD x({1, 3, 1, 401});
    for (std::int64_t i = 0; i < x.count(); ++i)
        x.edit()[static_cast<std::size_t>(i)] = 0.0625 * static_cast<double>(i % 401 - 200);
    for (const Kind kind : kKinds) {
        const Activation act = activation(kind, 3);
        const TensorD got = m_engine->read(m_engine->apply(m_engine->load(x), {nullptr, nullptr, &act}));
        const TensorD wanted = naive::finish(x, nullptr, nullptr, &act);
        for (std::int64_t i = 0; i < x.count(); ++i) {
            const double bound = isExact(kind) ? 0.0 : 2e-7 * std::abs(wanted[i]) + 5e-7;
            QVERIFY2(std::abs(got[i] - wanted[i]) <= bound,
                     QByteArray::fromStdString(
                         fmt::format("{} of {}: {} instead of {}", toString(kind), x[i], got[i], wanted[i])));
        }
    }
}

void TestFloat32Engine::resultsOfConvolutionsCanBeUsedByEveryOperation() {
    for (const Case& c : typicalCases()) {
        const TensorD x = naive::integers(c.inShape(), m_generator);
        const Conv conv = c.conv(m_generator, true);
        const TensorD plain = naive::convolve(conv, x);
        const MapPtr map = m_engine->convolve(makeExpr("conv", conv), m_engine->load(x), {});
        const ChannelAffine affine = halves(c.out);
        // An activation that makes something of zero would spill from padding channels into what follows.
        const Activation sigmoid{Kind::hardsigmoid, 0, {}};
        const MapPtr applied = m_engine->apply(map, {&affine, map, &sigmoid});
        const TensorD appliedWanted = naive::finish(plain, &affine, &plain, &sigmoid);
        QVERIFY2(naive::largestDifference(m_engine->read(applied), appliedWanted) <= 1e-6, c.text());

        Case next{c.n, c.out, 20, plain.size(2), plain.size(3), 1};
        const Conv nextConv = next.conv(m_generator, true);
        const TensorD nextWanted = naive::convolve(nextConv, appliedWanted);
        const TensorD nextGot = m_engine->read(m_engine->convolve(makeExpr("next", nextConv), applied, {}));
        QVERIFY2(naive::largestDifference(nextGot, nextWanted) <=
                     1e-5 * std::max(1.0, naive::largest(nextWanted)),
                 c.text());

        const TensorD joined = m_engine->read(m_engine->concat(std::vector{map, applied, map}));
        QVERIFY2(naive::largestDifference(joined, naive::concat({plain, appliedWanted, plain})) <= 1e-6,
                 c.text());

        const Padding border{1, 2, 0, 1};
        const TensorD padded = m_engine->read(m_engine->pad(border, affine.shift, map));
        QCOMPARE(naive::largestDifference(padded, naive::pad(border, affine.shift, plain)), 0.0);

        const Moments got = m_engine->moments(map), wanted = naive::moments(plain);
        for (std::size_t k = 0; k < wanted.mean.size(); ++k) {
            QVERIFY2(std::abs(got.mean[k] - wanted.mean[k]) <= 1e-12 * (1 + std::abs(wanted.mean[k])),
                     c.text());
            QVERIFY2(std::abs(got.var[k] - wanted.var[k]) <= 1e-12 * (1 + wanted.var[k]), c.text());
        }
    }
}

void TestFloat32Engine::applyWorksOnEveryChannelCount() {
    for (std::int64_t channels = 1; channels <= 70; ++channels) {
        const TensorD x = naive::integers({2, channels, 3, 5}, m_generator),
                      y = naive::integers(x.shape(), m_generator);
        const ChannelAffine affine = halves(channels);
        const Activation act = activation(Kind::prelu, channels);
        const TensorD got =
            m_engine->read(m_engine->apply(m_engine->load(x), {&affine, m_engine->load(y), &act}));
        QVERIFY2(naive::largestDifference(got, naive::finish(x, &affine, &y, &act)) == 0.0,
                 QByteArray::number(qlonglong(channels)));
    }
}

void TestFloat32Engine::preluTakesOneSlopeForAll() {
    Activation act{Kind::prelu, 0, Param(TensorD({1}, {0.5}))};
    const TensorD x = naive::integers({1, 5, 2, 3}, m_generator);
    const Activation same{Kind::leakyRelu, 0.5, {}};
    const TensorD got = m_engine->read(m_engine->apply(m_engine->load(x), {nullptr, nullptr, &act}));
    QCOMPARE(naive::largestDifference(got, naive::finish(x, nullptr, nullptr, &same)), 0.0);
}

void TestFloat32Engine::aSecondRunGivesEqualBits() {
    for (const Case& c : typicalCases()) {
        const ExprPtr node = makeExpr("conv", c.conv(m_generator, false));
        const MapPtr x = m_engine->load(naive::reals(c.inShape(), m_generator));
        const TensorD first = m_engine->read(m_engine->convolve(node, x, {}));
        QCOMPARE(naive::largestDifference(m_engine->read(m_engine->convolve(node, x, {})), first), 0.0);
    }
}

void TestFloat32Engine::whatIsKeptForANodeIsUsedForTheSameCallOnly() {
    for (const Case& c : typicalCases()) {
        const Conv conv = c.conv(m_generator, true);
        const ExprPtr node = makeExpr("conv", conv);
        const Activation relu, leaky = activation(Kind::leakyRelu, c.out), leakier{Kind::leakyRelu, 0.5, {}};
        const std::vector<const Activation*> activations{&relu, nullptr, &leaky, &leakier};
        for (const Shape& shape :
             {c.inShape(), Shape{1, c.in, c.h + 4, c.w + 3}, Shape{c.n + 1, c.in, c.h, c.w}})
            for (const Activation* act : activations) {
                const TensorD x = naive::integers(shape, m_generator);
                const TensorD wanted = naive::finish(naive::convolve(conv, x), nullptr, nullptr, act);
                const TensorD got =
                    m_engine->read(m_engine->convolve(node, m_engine->load(x), {nullptr, nullptr, act}));
                QVERIFY2(naive::largestDifference(got, wanted) == 0.0, c.text());
            }
    }
}

void TestFloat32Engine::otherThreadCountsGiveEqualResults() {
    for (const Case& c : typicalCases()) {
        const ExprPtr node = makeExpr("conv", c.conv(m_generator, true));
        const MapPtr x = m_engine->load(naive::integers(c.inShape(), m_generator));
        setEngineThreads(1);
        const TensorD one = m_engine->read(m_engine->convolve(node, x, {}));
        setEngineThreads(3);
        QCOMPARE(engineThreads(), 3);
        QCOMPARE(naive::largestDifference(m_engine->read(m_engine->convolve(node, x, {})), one), 0.0);
    }
}

void TestFloat32Engine::anotherAffineIsTakenByTheSameNode() {
    const Case c = typicalCases()[1];
    const Conv conv = c.conv(m_generator, true);
    const ExprPtr node = makeExpr("conv", conv);
    const TensorD x = naive::integers(c.inShape(), m_generator);
    const MapPtr in = m_engine->load(x);
    ChannelAffine affine = halves(c.out);
    for (int i = 0; i < 3; ++i) {
        for (double& s : affine.shift)
            s += 1;
        const TensorD got = m_engine->read(m_engine->convolve(node, in, {&affine, nullptr, nullptr}));
        QCOMPARE(
            naive::largestDifference(got, naive::finish(naive::convolve(conv, x), &affine, nullptr, nullptr)),
            0.0);
    }
}

void TestFloat32Engine::aNewNodeNeverGetsTheWeightsOfADroppedOne() {
    const Case c = typicalCases()[1];
    const TensorD x = naive::integers(c.inShape(), m_generator);
    for (int i = 0; i < 50; ++i) { // the allocator likes to give the same address again
        const Conv conv = c.conv(m_generator, true);
        QCOMPARE(naive::largestDifference(convolved(conv, x), naive::convolve(conv, x)), 0.0);
    }
    // A node that is not made by make_shared frees its address at once.
    for (int i = 0; i < 50; ++i) {
        const Conv conv = c.conv(m_generator, true);
        const ExprPtr node(new Expr{"conv", conv});
        const TensorD got = m_engine->read(m_engine->convolve(node, m_engine->load(x), {}));
        QCOMPARE(naive::largestDifference(got, naive::convolve(conv, x)), 0.0);
    }
}

void TestFloat32Engine::watchedAndUnwatchedStepsGiveEqualBits() {
    // A watched run computes every step on its own; it must show the numbers of the unwatched one.
    for (const Case& c : typicalCases()) {
        const ExprPtr node = makeExpr("conv", c.conv(m_generator, false));
        const MapPtr x = m_engine->load(naive::reals(c.inShape(), m_generator));
        const MapPtr plain = m_engine->convolve(node, x, {});
        const MapPtr addend = m_engine->load(naive::reals(plain->shape(), m_generator));
        const TensorD numbers = naive::reals({2, c.out}, m_generator);
        ChannelAffine affine;
        affine.scale.assign(numbers.values().begin(), numbers.values().begin() + c.out);
        affine.shift.assign(numbers.values().begin() + c.out, numbers.values().end());
        const Activation relu;
        const Epilogue epilogue{&affine, addend, &relu};
        const TensorD together = m_engine->read(m_engine->convolve(node, x, epilogue));
        const TensorD apart = m_engine->read(m_engine->apply(
            m_engine->apply(m_engine->apply(plain, {&affine, nullptr, nullptr}), {nullptr, addend, nullptr}),
            {nullptr, nullptr, &relu}));
        QVERIFY2(naive::largestDifference(together, apart) == 0.0, c.text());
    }
}

void TestFloat32Engine::momentsAreExactOnIntegers() {
    for (const TensorD& x : typicalInputs(m_generator)) {
        const Moments got = m_engine->moments(m_engine->load(x)), wanted = naive::moments(x);
        QCOMPARE(got.samples, wanted.samples);
        for (std::size_t c = 0; c < wanted.mean.size(); ++c) {
            QVERIFY(std::abs(got.mean[c] - wanted.mean[c]) <= 1e-14);
            QVERIFY(std::abs(got.var[c] - wanted.var[c]) <= 1e-14 * (1 + wanted.var[c]));
        }
    }
}

void TestFloat32Engine::momentsSurviveALargeOffset() {
    TensorD x = naive::integers({2, 12, 60, 50}, m_generator);
    for (double& v : x.edit())
        v += 1e6; // float sums of squares would lose everything
    const Moments got = m_engine->moments(m_engine->load(x)), wanted = naive::moments(x);
    for (std::size_t c = 0; c < wanted.mean.size(); ++c) {
        QVERIFY(std::abs(got.mean[c] - wanted.mean[c]) <= 1e-9);
        QVERIFY(std::abs(got.var[c] - wanted.var[c]) <= 1e-9);
    }
}

void TestFloat32Engine::momentsDoNotDependOnTheThreadCount() {
    for (const std::int64_t channels : {3, 48}) {
        const MapPtr x = m_engine->load(naive::reals({2, channels, 71, 53}, m_generator));
        setEngineThreads(1);
        const Moments one = m_engine->moments(x);
        for (const int threads : {2, 3, 5}) {
            setEngineThreads(threads);
            const Moments other = m_engine->moments(x);
            QVERIFY(other.mean == one.mean);
            QVERIFY(other.var == one.var);
        }
    }
}

void TestFloat32Engine::instructionSetsGiveEqualBits() {
    std::vector<VectorIsa> others;
    if (__builtin_cpu_supports("avx2")) others.push_back(VectorIsa::avx2);
    if (__builtin_cpu_supports("avx512f")) others.push_back(VectorIsa::avx512);
    for (const std::int64_t block : {1, 8, 12, 27, 600}) {
        const MapLayout layout = layoutOf({2, block == 8 ? 12 : block, 11, 13}, block);
        const TensorF x = toFloat(naive::reals({layout.floats()}, m_generator));
        const TensorF numbers = toFloat(naive::reals({3 * layout.channels}, m_generator));
        const auto lanes = [&](std::int64_t i) {
            return ChannelLanes(layout, numbers.values().subspan(i * layout.channels, layout.channels));
        };
        const ChannelLanes scale = lanes(0), shift = lanes(1), slope = lanes(2);
        const auto applied = [&](VectorIsa isa, Pointwise function, bool adds) {
            TensorF y({layout.floats()});
            applyPointwise(isa, {layout, x.values().data(), adds ? x.values().data() : nullptr,
                                 y.edit().data(), &scale, &shift, &slope, function});
            return y;
        };
        for (const VectorIsa isa : others) {
            for (const Pointwise f : {Pointwise::none, Pointwise::relu, Pointwise::relu6, Pointwise::slope,
                                      Pointwise::hardswish, Pointwise::hardsigmoid})
                for (const bool adds : {false, true})
                    QVERIFY(applied(isa, f, adds) == applied(VectorIsa::baseline, f, adds));
            const auto got = planeMoments(isa, layout, x.values().data());
            const auto wanted = planeMoments(VectorIsa::baseline, layout, x.values().data());
            for (std::size_t p = 0; p < wanted.size(); ++p)
                QVERIFY(got[p].mean == wanted[p].mean && got[p].squares == wanted[p].squares);
        }
    }
}

void TestFloat32Engine::padPutsItsValueAroundAndCrops() {
    for (const TensorD& x : typicalInputs(m_generator)) {
        std::vector<double> value;
        for (std::int64_t c = 0; c < x.size(1); ++c)
            value.push_back(0.5 * static_cast<double>(c));
        const MapPtr map = m_engine->load(x);
        for (const Padding& p : {Padding{}, Padding{1, 1, 1, 1}, Padding{2, 0, 1, 3}, Padding{-1, -2, -1, -3},
                                 Padding{3, -1, -2, 1}, Padding{0, -6, 0, 9}, Padding{-4, 8, 6, -6}})
            QCOMPARE(naive::largestDifference(m_engine->read(m_engine->pad(p, value, map)),
                                              naive::pad(p, value, x)),
                     0.0);
    }
}

void TestFloat32Engine::averagePoolCountsPaddingAsAsked() {
    for (const TensorD& x : typicalInputs(m_generator)) {
        const MapPtr map = m_engine->load(x);
        for (const bool counts : {true, false})
            for (const bool ceil : {true, false})
                for (const Padding& p :
                     {Padding{}, Padding{1, 1, 1, 1}, Padding{0, 1, 1, 0}, Padding{-1, 0, 0, -1}})
                    for (const std::int64_t stride : {1, 2, 3}) {
                        if (ceil && p.top < 0) continue; // frameworks know negative padding with floor only
                        const AvgPool pool{{3, 2}, {stride, stride}, p, counts, ceil};
                        const Shape out = outShapeOf(Expr{"pool", pool}, x.shape());
                        const TensorD got = m_engine->read(m_engine->averagePool(pool, map));
                        // Cropping first is what a negative padding means.
                        AvgPool rest = pool;
                        const Padding crop{std::min(p.top, std::int64_t{0}), 0, 0,
                                           std::min(p.right, std::int64_t{0})};
                        rest.padding = {std::max(p.top, std::int64_t{0}), p.left, p.bottom,
                                        std::max(p.right, std::int64_t{0})};
                        const std::vector<double> none(static_cast<std::size_t>(x.size(1)));
                        const TensorD wanted =
                            naive::averagePool(rest, naive::pad(crop, none, x), out[2], out[3]);
                        QVERIFY(naive::largestDifference(got, wanted) <= 1e-6);
                    }
    }
}

void TestFloat32Engine::concatJoinsAnyChannelCounts() {
    for (const std::vector<std::int64_t>& counts :
         {std::vector<std::int64_t>{3}, {16, 16}, {3, 5, 12}, {20, 1, 48}, {8, 24, 16}}) {
        std::vector<TensorD> parts;
        std::vector<MapPtr> maps;
        for (const std::int64_t channels : counts) {
            parts.push_back(naive::integers({2, channels, 3, 5}, m_generator));
            maps.push_back(m_engine->load(parts.back()));
        }
        QCOMPARE(naive::largestDifference(m_engine->read(m_engine->concat(maps)), naive::concat(parts)), 0.0);
    }
}

void TestFloat32Engine::globalAverageAndGate() {
    for (const TensorD& x : typicalInputs(m_generator)) {
        const MapPtr map = m_engine->load(x), average = m_engine->globalAverage(map);
        const AvgPool whole{{x.size(2), x.size(3)}, {1, 1}, {}, true, false};
        const TensorD wanted = naive::averagePool(whole, x, 1, 1);
        QVERIFY(naive::largestDifference(m_engine->read(average), wanted) <= 1e-7);

        const TensorD factors = naive::integers(wanted.shape(), m_generator);
        const TensorD gated = m_engine->read(m_engine->gate(map, m_engine->load(factors)));
        for (std::int64_t i = 0; i < x.count(); ++i)
            QCOMPARE(gated[i], x[i] * factors[i / (x.size(2) * x.size(3))]);
    }
}

void TestFloat32Engine::notANumberIsNeverHidden() {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const Activation relu;
    for (const Case& c : typicalCases()) {
        const TensorD x = naive::integers(c.inShape(), m_generator);
        const Conv conv = c.conv(m_generator, true);
        Conv broken = conv;
        broken.weight = Param(withFirst(conv.weight.toDouble(), nan));
        ChannelAffine affine = halves(c.out);
        affine.scale[0] = nan;
        const auto firstOf = [&](const Conv& k, const TensorD& in, const ChannelAffine* a) {
            const MapPtr y = m_engine->convolve(makeExpr("conv", k), m_engine->load(in), {a, nullptr, &relu});
            // … nor by what follows.
            return m_engine->read(
                m_engine->apply(m_engine->gate(y, m_engine->globalAverage(y)), {nullptr, nullptr, &relu}))[0];
        };
        QVERIFY2(std::isnan(firstOf(broken, x, nullptr)), c.text());
        QVERIFY2(std::isnan(firstOf(conv, withFirst(x, nan), nullptr)), c.text());
        QVERIFY2(std::isnan(firstOf(conv, x, &affine)), c.text());
        QVERIFY2(!std::isnan(firstOf(conv, x, nullptr)), c.text());
    }
}

void TestFloat32Engine::infinityPassesThroughActivations() {
    const double inf = std::numeric_limits<double>::infinity();
    const TensorD x({1, 1, 1, 3}, {inf, -inf, std::numeric_limits<double>::quiet_NaN()});
    const auto applied = [&](Kind kind) {
        const Activation act{kind, 0, {}};
        return m_engine->read(m_engine->apply(m_engine->load(x), {nullptr, nullptr, &act}));
    };
    for (const Kind kind : {Kind::sigmoid, Kind::tanh, Kind::silu, Kind::gelu}) {
        const TensorD y = applied(kind);
        QCOMPARE(y[0], kind == Kind::sigmoid || kind == Kind::tanh ? 1.0 : inf);
        QVERIFY(std::isnan(y[2]));
    }
    QCOMPARE(applied(Kind::sigmoid)[1], 0.0);
    QCOMPARE(applied(Kind::tanh)[1], -1.0);
}

void TestFloat32Engine::mapsOutliveTheEngine() {
    const TensorD x = naive::integers({1, 12, 5, 7}, m_generator);
    std::vector<MapPtr> maps;
    for (int i = 0; i < 4; ++i)
        maps.push_back(m_engine->load(x));
    maps.pop_back(); // one buffer lies in the pool while the engine goes
    m_engine = makeFloat32Engine();
    QCOMPARE(naive::largestDifference(m_engine->read(maps.front()), x), 0.0);
}

void TestFloat32Engine::shapesThatDoNotFitAreRefused() {
    const Case c = typicalCases()[1];
    const ExprPtr node = makeExpr("stage1.conv", c.conv(m_generator, true));
    const MapPtr x = m_engine->load(TensorD(c.inShape())), other = m_engine->load(TensorD({1, 3, 5, 7}));
    const ChannelAffine three = halves(3);
    const auto refused = [](const char* word, auto action) {
        return refusal(ErrorCode::shapeMismatch, word, action);
    };
    QCOMPARE(refused("stage1.conv", [&] { m_engine->convolve(node, other, {}); }), QString());
    QCOMPARE(refused("stage1.conv",
                     [&] {
                         m_engine->convolve(node, x, {&three, nullptr, nullptr});
                     }),
             QString());
    QCOMPARE(refused("stage1.conv",
                     [&] {
                         m_engine->convolve(node, x, {nullptr, other, nullptr});
                     }),
             QString());
    const Activation prelu = activation(Kind::prelu, 3);
    QCOMPARE(refused("stage1.conv",
                     [&] {
                         m_engine->convolve(node, x, {nullptr, nullptr, &prelu});
                     }),
             QString());
    QCOMPARE(refused("apply", [&] { m_engine->apply(x, {&three, nullptr, nullptr}); }), QString());
    QCOMPARE(refused("gate", [&] { m_engine->gate(x, other); }), QString());
    QCOMPARE(refused("pad", [&] { m_engine->pad({}, std::vector<double>(3), x); }), QString());
    QCOMPARE(refused("pad", [&] { m_engine->pad({-3, 0, -2, 0}, std::vector<double>(16), x); }), QString());
    QCOMPARE(refused("concat", [&] { m_engine->concat(std::vector{x, other}); }), QString());
    QCOMPARE(refused("concat", [&] { m_engine->concat({}); }), QString());
    QCOMPARE(refused("input", [&] { m_engine->load(TensorD(Shape{1, 0, 5, 7})); }), QString());
    QCOMPARE(refused("stage1.conv", [&] { m_engine->convolve(node, m_engine->load(TensorD({3, 5, 7})), {}); }),
             QString());
}

void TestFloat32Engine::foreignMapsAreRefused() {
    struct Foreign : Map {
        Foreign() : Map({1, 3, 5, 7}) {}
    };
    const MapPtr foreign = std::make_shared<const Foreign>();
    QCOMPARE(refusal(ErrorCode::internal, "map", [&] { m_engine->apply(foreign, {}); }), QString());
    QCOMPARE(refusal(ErrorCode::internal, "convolution",
                     [&] { m_engine->convolve(makeExpr("id", Identity{}), foreign, {}); }),
             QString());
}

QTEST_APPLESS_MAIN(TestFloat32Engine)
#include "tst_float32_engine.moc"
