// SPDX-License-Identifier: Apache-2.0
// Numbers small enough to check in the head; that explanations give the step's own numbers for every family and every
// expression is tested where these are (tst_fuse, tst_every_family).
#include "core/fusion/explain.h"
#include "core/fusion/fuse.h"

#include <QTest>

using namespace rp;
using namespace rp::fusion;

class TestExplain : public QObject {
    Q_OBJECT
private slots:
    void aFoldedNormShowsItsFourNumbers();
    void anEmbeddedKernelIsZeroAround();
    void anIdentityIsOneOnItsDiagonalOfGroups();
    void aProductOfKernelsSumsOverTheChannelBetween();
    void stackedPartsAreFoundInTheirOwnRows();
    void whatIsShownOfAnOperandIsWhatTheResultIsMadeOf();
};

namespace {

Param values(Shape shape, std::vector<double> numbers) { return Param(TensorD(std::move(shape), std::move(numbers))); }

ExprPtr conv(const char* name, Shape shape, std::vector<double> weight, std::vector<double> bias, Padding padding = {}) {
    Conv c;
    const std::int64_t oc = shape[0];
    c.weight = values(std::move(shape), std::move(weight));
    if (!bias.empty()) c.bias = values({oc}, std::move(bias));
    c.padding = padding;
    return makeExpr(name, std::move(c));
}

const Step& stepOf(const FuseResult& result, Rewriting what) {
    for (const Step& step : result.steps)
        if (step.rewriting == what) return step;
    qFatal("no such step");
}

} // namespace

void TestExplain::aFoldedNormShowsItsFourNumbers() {
    Norm norm{values({2}, {3, 1}), values({2}, {5, 0}), values({2}, {7, 0}), values({2}, {3.75, 1}), 0.25};
    const FuseResult r = fuse(*makeExpr("b", Chain{{conv("conv", {2, 1, 1, 2}, {10, 20, 30, 40}, {11, 0}), makeExpr("bn", norm)}}), 1);
    const Step& step = stepOf(r, Rewriting::norm);
    // gamma / sqrt(var + eps) = 3 / sqrt(4) = 1.5
    const Explanation k = explainCell(step, {false, 0, 0, 0, 1});
    QCOMPARE(k.terms.size(), std::size_t{1});
    const Factor &scale = k.terms[0].factors[0], &weight = k.terms[0].factors[1];
    QVERIFY(scale.scale && scale.scale->gamma == 3 && scale.scale->var == 3.75 && scale.scale->eps == 0.25);
    QCOMPARE(scale.value, 1.5);
    QCOMPARE(scale.operand, 1);
    QCOMPARE(weight.value, 20.0);
    QCOMPARE(weight.operand, 0);
    QVERIFY((weight.cell == Cell{false, 0, 0, 0, 1}));
    QCOMPARE(k.value(), 30.0);
    // b' = 1.5 · 11 − 1.5 · 7 + 5
    const Explanation b = explainCell(step, {true, 0});
    QCOMPARE(b.terms.size(), std::size_t{3});
    QVERIFY(b.terms[1].isNegative && b.terms[1].factors[1].value == 7 && b.terms[2].factors[0].value == 5);
    QCOMPARE(b.value(), 11.0);
    QCOMPARE(step.result.bias[0], 11.0);
}

void TestExplain::anEmbeddedKernelIsZeroAround() {
    const ExprPtr sum = makeExpr("s", Sum{{conv("3x3", {1, 1, 3, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9}, {}, Padding::same(1)), conv("1x1", {1, 1, 1, 1}, {40}, {2})}});
    const FuseResult r = fuse(*sum, 1);
    const Step& embed = stepOf(r, Rewriting::embed);
    QVERIFY(explainCell(embed, {false, 0, 0, 0, 1}).terms.empty());
    const Explanation centre = explainCell(embed, {false, 0, 0, 1, 1});
    QVERIFY((centre.terms.at(0).factors.at(0).cell == Cell{false, 0, 0, 0, 0}));
    QCOMPARE(centre.value(), 40.0);
    const Explanation added = explainCell(stepOf(r, Rewriting::add), {false, 0, 0, 1, 1});
    QCOMPARE(added.terms.size(), std::size_t{2});
    QCOMPARE(added.terms[0].factors[0].symbol, std::string("3x3"));
    QCOMPARE(added.value(), 45.0);
}

void TestExplain::anIdentityIsOneOnItsDiagonalOfGroups() {
    const FuseResult r = fuse(*makeExpr("x", Identity{}), 4);
    const Step& step = stepOf(r, Rewriting::identity);
    QCOMPARE(explainCell(step, {false, 3, 0, 0, 0}).value(), 1.0);
    QVERIFY(explainCell(step, {true, 3}).terms.empty());
    // regrouped beside a dense kernel
    const ExprPtr sum = makeExpr("s", Sum{{makeExpr("x", Identity{}), conv("k", {2, 2, 1, 1}, {1, 2, 3, 4}, {})}});
    const FuseResult dense = fuse(*sum, 2);
    const Step& grouped = stepOf(dense, Rewriting::regroup);
    QCOMPARE(explainCell(grouped, {false, 1, 1, 0, 0}).value(), 1.0);
    QVERIFY(explainCell(grouped, {false, 1, 0, 0, 0}).terms.empty());
    QVERIFY(!operandSlice(grouped, 0, {1, 0}));
    QVERIFY((*operandSlice(grouped, 0, {1, 1}) == SliceAt{1, 0}));
}

void TestExplain::aProductOfKernelsSumsOverTheChannelBetween() {
    const ExprPtr chain = makeExpr("c", Chain{{conv("a", {2, 1, 1, 1}, {2, 3}, {5, 7}), conv("b", {1, 2, 1, 2}, {10, 20, 30, 40}, {1})}});
    const FuseResult r = fuse(*chain, 1);
    const Step& step = stepOf(r, Rewriting::compose);
    QCOMPARE(middleChannels(step), std::int64_t{2});
    const Explanation k = explainCell(step, {false, 0, 0, 0, 1}); // 20 · 2 + 40 · 3
    QCOMPARE(k.terms.size(), std::size_t{2});
    QVERIFY((k.terms[1].factors[0].cell == Cell{false, 0, 1, 0, 1} && k.terms[1].factors[0].operand == 1));
    QVERIFY((k.terms[1].factors[1].cell == Cell{false, 1, 0, 0, 0} && k.terms[1].factors[1].operand == 0));
    QCOMPARE(k.value(), 160.0);
    QCOMPARE(explainCell(step, {true, 0}).value(), 1.0 + 30 * 5 + 70 * 7);
    QVERIFY((*operandSlice(step, 0, {0, 0}, 1) == SliceAt{1, 0}));
    QVERIFY((*operandSlice(step, 1, {0, 0}, 1) == SliceAt{0, 1}));
}

void TestExplain::stackedPartsAreFoundInTheirOwnRows() {
    const ExprPtr concat = makeExpr("c", Concat{{conv("a", {1, 1, 1, 1}, {2}, {}), conv("b", {2, 1, 1, 1}, {3, 4}, {8, 9})}});
    const FuseResult r = fuse(*concat, 1);
    const Step& step = stepOf(r, Rewriting::stack);
    const Explanation e = explainCell(step, {true, 2});
    QCOMPARE(e.value(), 9.0);
    QCOMPARE(e.terms[0].factors[0].operand, 1);
    QVERIFY((e.terms[0].factors[0].cell == Cell{true, 1}));
    QVERIFY(!operandSlice(step, 0, {2, 0}));
    QVERIFY((*operandSlice(step, 1, {2, 0}) == SliceAt{1, 0}));
}

void TestExplain::whatIsShownOfAnOperandIsWhatTheResultIsMadeOf() {
    // A norm in front: channel 1 of the input meets s[1], whatever the output channel.
    Norm norm{values({2}, {1, 2}), values({2}, {0, 6}), values({2}, {0, 0}), values({2}, {1, 1}), 0};
    const FuseResult r = fuse(*makeExpr("c", Chain{{makeExpr("bn", norm), conv("k", {1, 2, 1, 1}, {10, 20}, {3})}}), 2);
    const Step& step = stepOf(r, Rewriting::affineBefore);
    QVERIFY((*operandSlice(step, 0, {0, 1}) == SliceAt{1, 0}));
    QCOMPARE(explainCell(step, {false, 0, 1, 0, 0}).value(), 40.0);
    QCOMPARE(explainCell(step, {true, 0}).value(), 3.0 + 6 * 20);
}

QTEST_APPLESS_MAIN(TestExplain)
#include "tst_explain.moc"
