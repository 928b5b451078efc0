// SPDX-License-Identifier: Apache-2.0
// One element taken apart adds up to the number that the float64 engine puts there.
#include "core/base/error.h"
#include "core/exec/forward.h"
#include "core/fusion/fuse.h"
#include "core/fusion/pixel.h"
#include "tests/support/naive.h"
#include "tests/support/random_blocks.h"
#include "tests/support/refusal.h"

#include <QTest>

#include <cmath>

using namespace rp;
using namespace rp::fusion;
using test::Generator;

namespace {

/// The float64 engine's maps of a body: of each branch by name, and of the whole.
struct Maps {
    std::vector<std::pair<std::string, TensorD>> named;
    TensorD sum;
    const TensorD* find(const std::string& name) const {
        const auto found = std::ranges::find(named, name, &std::pair<std::string, TensorD>::first);
        return found == named.end() ? nullptr : &found->second;
    }
};

Maps mapsOf(const ExprPtr& body, const TensorD& x) {
    const auto engine = makeReferenceEngine();
    Maps maps;
    maps.sum = engine->read(forward(body, Phase::eval, engine->load(x), *engine, [&](const std::string& name, const MapPtr& map) {
        maps.named.emplace_back(name, engine->read(map));
    }));
    return maps;
}

double at(const TensorD& map, const PixelPlace& p) {
    return map[((p.sample * map.size(1) + p.channel) * map.size(2) + p.y) * map.size(3) + p.x];
}

/// DBB's average branch and MobileOne's several dense branches, as their families write them.
ExprPtr manyBranches(std::int64_t oc, std::int64_t ic, std::int64_t stride, Generator& g) {
    auto conv = [&](const std::string& name, std::int64_t o, std::int64_t i, std::int64_t k, std::int64_t padding, std::int64_t s) {
        Conv c = test::randomConv(o, i, {k, k}, 1, true, false, g);
        c.padding = Padding::same(padding);
        c.stride = {s, s};
        return makeExpr(name, c);
    };
    AvgPool pool{{3, 3}, {stride, stride}, Padding::same(1), true, false};
    const ExprPtr average = makeExpr("average", Chain{{makeExpr("average.pool", pool), conv("average.conv", oc, ic, 1, 0, 1)}});
    Conv tall = test::randomConv(oc, ic, {3, 1}, 1, false, false, g);
    tall.padding = {1, 0, 1, 0};
    tall.stride = {stride, stride};
    return makeExpr("", Sum{{conv("dense0", oc, ic, 3, 1, stride), conv("dense1", oc, ic, 3, 1, stride), average, makeExpr("tall", tall)}});
}

} // namespace

class TestPixel : public QObject {
    Q_OBJECT

    static void everyElementAddsUp(const ExprPtr& body, const TensorD& x);

private slots:
    void smallIntegersByHand();
    void repvggAddsUpEverywhere_data();
    void repvggAddsUpEverywhere();
    void otherFamiliesAddUpEverywhere();
    void whereTheRimDiffersIsMarked();
    void whatDoesNotFitIsRefused();
};

/// 2 input channels, kernel 2x2, padded above and left; every number by hand.
void TestPixel::smallIntegersByHand() {
    const Conv conv{Param(TensorD({1, 2, 2, 2}, {1, 2, 3, 4, 10, 20, 30, 40})), Param(TensorD({1}, {5})), {1, 1}, {1, 1, 0, 0}, {1, 1}, 1};
    const TensorD x({1, 2, 1, 2}, {7, 8, -1, -2});
    const PixelExplanation pixel = explainPixel({}, conv, 0, x, {0, 0, 0, 1});
    QCOMPARE(pixel.top, -1);
    QCOMPARE(pixel.left, 0);
    QVERIFY(pixel.patch == TensorD({2, 2, 2}, {0, 0, 7, 8, 0, 0, -1, -2}));
    QCOMPARE(pixel.isPadding, (std::vector<bool>{true, true, false, false}));
    QVERIFY(pixel.fused.products == TensorD({2, 2, 2}, {0, 0, 21, 32, 0, 0, -30, -80}));
    QCOMPARE(pixel.fused.channels, (std::vector<double>{53, -110}));
    QCOMPARE(pixel.fused.value, -52.0); // 5 + 53 - 110
    QCOMPARE(pixel.order, (std::vector<std::int64_t>{1, 0}));
    QVERIFY(pixel.branches.empty());
}

/// Every branch and the sum, at every element, corners and edges included.
void TestPixel::everyElementAddsUp(const ExprPtr& body, const TensorD& x) {
    const FuseResult result = fuse(*body, x.size(1));
    QVERIFY(result.fused());
    QVERIFY(result.fused()->exactness == Exactness::everywhere);
    const ExprPtr stored = toStoredConv(*result.fused(), "fused");
    const Conv& fused = std::get<Conv>(stored->op);
    const Maps maps = mapsOf(body, x);
    const TensorD deploy = naive::convolve(fused, x);
    const double bound = 1e-12 * (1 + naive::largest(maps.sum));
    for (std::int64_t n = 0; n < maps.sum.size(0); ++n)
        for (std::int64_t c = 0; c < maps.sum.size(1); ++c)
            for (std::int64_t y = 0; y < maps.sum.size(2); ++y)
                for (std::int64_t q = 0; q < maps.sum.size(3); ++q) {
                    const PixelPlace place{n, c, y, q};
                    const PixelExplanation pixel = explainPixel(result.branches, fused, 0, x, place);
                    QVERIFY(std::abs(pixel.sum - at(maps.sum, place)) <= bound);
                    QVERIFY(std::abs(pixel.fused.value - at(deploy, place)) <= bound);
                    for (const PixelTerm& branch : pixel.branches) {
                        const TensorD* map = maps.find(branch.name);
                        QVERIFY2(map, branch.name.c_str());
                        QVERIFY(std::abs(branch.value - at(*map, place)) <= bound);
                    }
                }
}

void TestPixel::repvggAddsUpEverywhere_data() {
    QTest::addColumn<int>("groups");
    QTest::addColumn<int>("stride");
    for (int groups : {1, 4})
        for (int stride : {1, 2}) QTest::addRow("groups %d, stride %d", groups, stride) << groups << stride;
}

void TestPixel::repvggAddsUpEverywhere() {
    QFETCH(int, groups);
    QFETCH(int, stride);
    Generator g(7);
    everyElementAddsUp(test::repvggBody({8, 8, groups, stride, false}, g), naive::reals({2, 8, 5, 6}, g));
}

void TestPixel::otherFamiliesAddUpEverywhere() {
    Generator g(11);
    for (int stride : {1, 2}) everyElementAddsUp(manyBranches(6, 4, stride, g), naive::reals({1, 4, 6, 5}, g));
}

/// A 1x1 with bias before a zero-padded 3x3: right inside, something else on the rim of one pixel.
void TestPixel::whereTheRimDiffersIsMarked() {
    Generator g(3);
    const Conv first = test::randomConv(4, 3, {1, 1}, 1, true, false, g);
    Conv second = test::randomConv(2, 4, {3, 3}, 1, true, false, g);
    second.padding = Padding::same(1);
    const ExprPtr body = makeExpr("", Chain{{makeExpr("first", first), makeExpr("second", second)}});
    const FuseResult result = fuse(*body, 3);
    QCOMPARE(result.fused()->rim, 1);
    const TensorD x = naive::reals({1, 3, 4, 4}, g);
    const Maps maps = mapsOf(body, x);
    const ExprPtr exact = toExactConv(*result.fused(), "fused");
    int inside = 0;
    for (std::int64_t y = 0; y < 4; ++y)
        for (std::int64_t q = 0; q < 4; ++q) {
            const PixelPlace place{0, 1, y, q};
            const PixelExplanation pixel = explainPixel(result.branches, std::get<Conv>(exact->op), 1, x, place);
            const bool isEqual = std::abs(pixel.fused.value - at(maps.sum, place)) < 1e-12;
            QCOMPARE(isEqual, !pixel.isInRim);
            inside += isEqual;
        }
    QCOMPARE(inside, 4);
}

void TestPixel::whatDoesNotFitIsRefused() {
    Generator g(5);
    const Conv conv = test::randomConv(4, 3, {1, 1}, 1, true, false, g);
    const TensorD x = naive::reals({1, 3, 4, 4}, g);
    auto refusal = [&](const TensorD& map, const PixelPlace& place) {
        return test::refusal(ErrorCode::shapeMismatch, QStringLiteral("explain a pixel"), [&] { explainPixel({}, conv, 0, map, place); });
    };
    QCOMPARE(refusal(naive::reals({1, 2, 4, 4}, g), {0, 0, 0, 0}), QString());
    QCOMPARE(refusal(x, {0, 4, 0, 0}), QString());
    QCOMPARE(refusal(x, {1, 0, 0, 0}), QString());
    QCOMPARE(refusal(x, {0, 0, -1, 0}), QString());
    QCOMPARE(refusal(x, {0, 0, 0, 4}), QString());
}

QTEST_APPLESS_MAIN(TestPixel)
#include "tst_pixel.moc"
