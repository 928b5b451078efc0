// SPDX-License-Identifier: Apache-2.0
// What goes wrong with such blocks in practice (families.md section 7): a wrong reading must be seen, by a refusal, by a rim, or by a
// difference that no rounding explains. Where each of the 24 traps is tested (here unless a file is named):
//  1 trainIsNotEval                          13 int8LosesWhatFloat16Keeps (tst_file_traps)
//  2 wrongEpsIsSeen                          14 halvesAreFoldedInFloat64 (tst_file_traps)
//  3 zeroPaddingInside…, borderOfAnother…    15 float32DiffersWithinItsBound (tst_file_traps)
//  4 squeezeAndExcitationStays… (file_traps) 16 aWrongAssumptionShows: FastViT, MobileCLIP (tst_every_family)
//  5 seBeforeAndBehindTheActivationDiffer    17 deployPaddingIsNotLost
//  6 dilationThatBranchesIgnoreIsRefused     18 paddleNamesMeanPaddlesRules (tst_file_traps); linear layers: tst_repvgg
//  7 identityNeedsTheGroupModulo             19 theSuffixDoesNotDecide (tst_file_traps); pickled classes: tst_module_attributes
//  8 aNormThatNoBlockHoldsStays (file_traps) 20 anAlphaOfZeroIsNone (tst_file_traps)
//  9 placeholderBesideBranchesIsNotTrusted   21 evalRunsBranchesAndDeployDoesNot (tst_file_traps)
// 10 branchesBeside…, oneName… (file_traps)  22 RepVGGplus' auxiliary heads (tst_networks)
// 11 theInnerNormIsFoldedFirst (file_traps)  23 parameters and MACs of every published RepVGG (tst_repvgg)
// 12 convBiasIsFolded                        24 implicitLayersArePartOfTheHead (tst_file_traps)
// strides, dilated taps, GhostNet: tst_file_traps
#include "core/exec/forward.h"
#include "core/families/family.h"
#include "core/fusion/fuse_model.h"
#include "core/verify/verify.h"
#include "tests/support/naive.h"
#include "tests/support/tiny_state.h"

#include <QTest>

using namespace rp;
using test::TinyState;

class TestFamilyTraps : public QObject {
    Q_OBJECT
private slots:
    void wrongEpsIsSeen();
    void zeroPaddingInsideDiffersOnTheRimOnly();
    void borderOfAnotherValueIsSeen();
    void identityNeedsTheGroupModulo();
    void seBeforeAndBehindTheActivationDiffer();
    void dilationThatBranchesIgnoreIsRefused();
    void normBehindSeIsRefused();
    void placeholderBesideBranchesIsNotTrusted();
    void convBiasIsFolded();
    void branchesThatDoNotLineUpAreRefused();
    void trainIsNotEval();
    void deployPaddingIsNotLost();
};

namespace {

Model assemble(const TinyState& state, const std::vector<std::string>& assume = {}) {
    const StateDict dict(state.tensors);
    return families::assembleModel(dict, families::Assumptions(assume));
}

TensorD run(const ExprPtr& expr, const TensorD& x, Phase phase = Phase::eval) {
    const auto engine = makeReferenceEngine();
    return engine->read(forward(expr, phase, engine->load(x), *engine));
}

TensorD input(Shape shape) {
    std::mt19937_64 generator(11);
    return naive::reals(std::move(shape), generator);
}

/// Largest difference relative to the reference, on the border of one pixel and inside of it.
std::pair<double, double> apart(const TensorD& reference, const TensorD& other) {
    double rim = 0, inside = 0;
    const std::int64_t h = reference.size(2), w = reference.size(3);
    for (std::int64_t i = 0; i < reference.count(); ++i) {
        const std::int64_t y = i / w % h, x = i % w;
        double& worst = y > 0 && x > 0 && y < h - 1 && x < w - 1 ? inside : rim;
        worst = std::max(worst, std::abs(reference[i] - other[i]) / naive::largest(reference));
    }
    return {rim, inside};
}

TinyState repVgg(std::int64_t c = 4) {
    TinyState state;
    state.conv("b.rbr_dense.conv", c, c, 3).norm("b.rbr_dense.bn", c).conv("b.rbr_1x1.conv", c, c, 1).norm("b.rbr_1x1.bn", c).norm("b.rbr_identity", c);
    return state;
}

TinyState rrrb() {
    TinyState state;
    state.conv("b.expand_conv", 8, 4, 1, true).conv("b.fea_conv", 8, 8, 3, true).conv("b.reduce_conv", 4, 8, 1, true);
    return state;
}

} // namespace

void TestFamilyTraps::wrongEpsIsSeen() {
    const TinyState state = repVgg();
    const TensorD x = input({1, 4, 6, 7});
    const TensorD right = run(assemble(state).blocks.front().body, x), wrong = run(assemble(state, {"eps=1e-2"}).blocks.front().body, x);
    QVERIFY(naive::largestDifference(right, wrong) > 1e-3 * naive::largest(right));
    // YOLO's 1e-3 is in force where its names are, RepVGG's 1e-5 elsewhere.
    TinyState yolo;
    yolo.conv("b.rbr_dense.0", 4, 4, 3).norm("b.rbr_dense.1", 4).conv("b.rbr_1x1.0", 4, 4, 1).norm("b.rbr_1x1.1", 4);
    auto epsOf = [](const Model& model) { return std::get<Norm>(std::get<Chain>(branchesOf(model.blocks.front()).front()->op).steps[1]->op).eps; };
    QCOMPARE(epsOf(assemble(yolo)), 1e-3);
    QCOMPARE(epsOf(assemble(state)), 1e-5);
}

void TestFamilyTraps::zeroPaddingInsideDiffersOnTheRimOnly() {
    // What an implementation without the constant border computes: the same tensors, zeros around the expanded map.
    const Model model = assemble(rrrb());
    const auto& right = model.blocks.front().body;
    const auto& path = std::get<Chain>(std::get<Sum>(right->op).terms.front()->op);
    auto middle = std::get<Sum>(path.steps[1]->op);
    auto fea = std::get<Chain>(middle.terms.front()->op);
    fea.steps[0] = makeExpr("pad", ConstantPad{Padding::same(1), Param(TensorD(Shape{8}))});
    middle.terms[0] = makeExpr("fea", fea);
    Chain zeroPath{{path.steps[0], makeExpr("fea+1", middle), path.steps[2]}};
    const ExprPtr wrong = makeExpr("sum", Sum{{makeExpr("expand", zeroPath), std::get<Sum>(right->op).terms[1]}});
    const TensorD x = input({2, 4, 6, 7});
    const auto [rim, inside] = apart(run(right, x), run(wrong, x));
    QVERIFY(rim > 1e-3);
    QVERIFY(inside < 1e-12);
    const auto fused = fusion::fuse(*wrong, 4);
    QVERIFY(fused.fused()->exactness == fusion::Exactness::inside);
    QCOMPARE(fused.fused()->rim, std::int64_t{1});
    QVERIFY(fusion::fuse(*right, 4).fused()->exactness == fusion::Exactness::everywhere);
}

void TestFamilyTraps::borderOfAnotherValueIsSeen() {
    // A border of a stated value that is not what the convolution before the sum makes of zero: the bias of another one.
    TinyState state = rrrb();
    state.set("b.fea_conv.bias", {8});
    Model model = assemble(state);
    const auto& sum = std::get<Sum>(model.blocks.front().body->op);
    auto path = std::get<Chain>(sum.terms.front()->op);
    Conv other = std::get<Conv>(path.steps[0]->op);
    other.bias = Param(TensorD({8}, std::vector<double>(8, 0.25)));
    path.steps[0] = makeExpr("expand_conv", other);
    const ExprPtr wrong = makeExpr("sum", Sum{{makeExpr("expand", path), sum.terms[1]}});
    QVERIFY(fusion::fuse(*wrong, 4).fused()->exactness == fusion::Exactness::inside);
    const TensorD x = input({1, 4, 6, 7});
    const auto [rim, inside] = apart(run(wrong, x), run(toExactConv(*fusion::fuse(*wrong, 4).fused(), "fused"), x));
    QVERIFY(rim > 1e-3 && inside < 1e-12);
}

void TestFamilyTraps::identityNeedsTheGroupModulo() {
    TinyState state;
    state.conv("b.rbr_dense.conv", 4, 2, 3).norm("b.rbr_dense.bn", 4).conv("b.rbr_1x1.conv", 4, 2, 1).norm("b.rbr_1x1.bn", 4).norm("b.rbr_identity", 4);
    const Model model = assemble(state);
    const auto fused = fusion::fuse(*model.blocks.front().body, 4);
    QCOMPARE(fused.fused()->kernel.groups, std::int64_t{2});
    const TensorD x = input({1, 4, 5, 6}), right = run(model.blocks.front().body, x);
    fusion::Fused wrong = *fused.fused();
    // The identity's entries of the second group at i instead of i mod 2 fall outside the kernel: without them the result is far off.
    const Norm& norm = std::get<Norm>(branchesOf(model.blocks.front())[2]->op);
    const ChannelAffine affine = affineOf(norm);
    for (std::int64_t o = 2; o < 4; ++o) wrong.kernel.weight.edit()[static_cast<std::size_t>(((o * 2 + o % 2) * 3 + 1) * 3 + 1)] -= affine.scale[static_cast<std::size_t>(o)];
    QVERIFY(naive::largestDifference(right, run(toExactConv(wrong, "wrong"), x)) > 1e-3 * naive::largest(right));
    QVERIFY(naive::largestDifference(right, run(toExactConv(*fused.fused(), "right"), x)) < 1e-12 * naive::largest(right));
}

void TestFamilyTraps::seBeforeAndBehindTheActivationDiffer() {
    TinyState before = repVgg(), after = repVgg();
    before.conv("b.se.down", 2, 4, 1, true).conv("b.se.up", 4, 2, 1, true);
    after.conv("b.post_se.down", 2, 4, 1, true).conv("b.post_se.up", 4, 2, 1, true);
    auto kinds = [](const Model& model) {
        std::vector<std::string> names;
        for (const Operation& step : model.blocks.front().tail) names.push_back(step.name);
        return names;
    };
    QCOMPARE(kinds(assemble(before)), (std::vector<std::string>{"se", "activation"}));
    QCOMPARE(kinds(assemble(after)), (std::vector<std::string>{"activation", "se"}));
    QCOMPARE(kinds(assemble(before, {"se=after"})), (std::vector<std::string>{"activation", "se"}));
}

void TestFamilyTraps::dilationThatBranchesIgnoreIsRefused() {
    TinyState ac;
    ac.conv("b.square_conv", 4, 3, 3).norm("b.square_bn", 4).tensor("b.ver_conv.weight", {4, 3, 3, 1}).norm("b.ver_bn", 4).tensor("b.hor_conv.weight", {4, 3, 1, 3}).norm("b.hor_bn", 4);
    QVERIFY(!assemble(ac).blocks.front().refusal);
    const Model model = assemble(ac, {"dilation=2"});
    QVERIFY(model.blocks.front().refusal && model.blocks.front().refusal->find("line up") != std::string::npos);
    // RepVGG's 1x1 stands on the centre tap of a dilated 3x3.
    const Model dilated = assemble(repVgg(), {"dilation=2"});
    QVERIFY(!dilated.blocks.front().refusal);
    const auto fused = fusion::fuse(*dilated.blocks.front().body, 4);
    QVERIFY((fused.fused()->kernel.extent() == Extent{5, 5}));
    const TensorD x = input({1, 4, 7, 8}), branches = run(dilated.blocks.front().body, x);
    QCOMPARE(branches.shape(), x.shape());
    QVERIFY(naive::largestDifference(branches, run(toExactConv(*fused.fused(), "fused"), x)) < 1e-12 * naive::largest(branches));
}

void TestFamilyTraps::normBehindSeIsRefused() {
    TinyState state;
    state.conv("b.rbr_dense.conv", 4, 4, 3).norm("b.rbr_dense.bn", 4).conv("b.rbr_1x1", 4, 4, 1).norm("b.bn", 4);
    QVERIFY(!assemble(state).blocks.front().refusal);
    state.conv("b.se.down", 2, 4, 1, true).conv("b.se.up", 4, 2, 1, true);
    const Model model = assemble(state);
    QVERIFY(model.blocks.front().refusal && model.blocks.front().refusal->find("squeeze and excitation") != std::string::npos);
    QVERIFY(std::ranges::any_of(model.findings, [](const Finding& f) { return f.code == "not-affine" && f.block == "b"; }));
}

void TestFamilyTraps::placeholderBesideBranchesIsNotTrusted() {
    TinyState state; // SPAN's eval_conv is stale until the next evaluation
    state.conv("b.conv.0", 8, 4, 1, true).conv("b.conv.1", 8, 8, 3, true).conv("b.conv.2", 4, 8, 1, true).conv("b.sk", 4, 4, 1, true).conv("b.eval_conv", 4, 4, 3, true);
    const Model model = assemble(state);
    const Block& block = model.blocks.front();
    QVERIFY(block.form == Form::train && block.cached);
    const auto fused = fusion::fuse(*block.body, 4);
    const TensorD x = input({1, 4, 6, 6}), branches = run(block.body, x);
    QVERIFY(naive::largestDifference(branches, run(block.cached, x)) > 1e-3 * naive::largest(branches));
    QVERIFY(naive::largestDifference(branches, run(toExactConv(*fused.fused(), "fused"), x)) < 1e-12 * naive::largest(branches));
    const fusion::ModelFusion fusion = fusion::fuseModel(model);
    QVERIFY(fusion.blocks.front().fusable); // our kernel, not the file's
}

void TestFamilyTraps::convBiasIsFolded() {
    TinyState with = repVgg(), without = repVgg();
    with.tensor("b.rbr_dense.conv.bias", {4});
    const TensorD x = input({1, 4, 5, 5});
    const Model a = assemble(with), b = assemble(without);
    const TensorD branches = run(a.blocks.front().body, x);
    QVERIFY(naive::largestDifference(branches, run(b.blocks.front().body, x)) > 1e-3 * naive::largest(branches));
    const auto fused = fusion::fuse(*a.blocks.front().body, 4);
    QVERIFY(naive::largestDifference(branches, run(toExactConv(*fused.fused(), "fused"), x)) < 1e-12 * naive::largest(branches));
    QVERIFY(a.unusedKeys.empty());
}

void TestFamilyTraps::branchesThatDoNotLineUpAreRefused() {
    // A 1x1 at the corner of the 3x3 window: the builder never makes one, and the fuser refuses it.
    const Model model = assemble(repVgg());
    auto sum = std::get<Sum>(model.blocks.front().body->op);
    auto chain = std::get<Chain>(sum.terms[1]->op);
    Conv corner = std::get<Conv>(chain.steps[0]->op);
    corner.padding = {1, 1, -1, -1};
    chain.steps[0] = makeExpr("rbr_1x1.conv", corner);
    sum.terms[1] = makeExpr("rbr_1x1", chain);
    const ExprPtr shifted = makeExpr("sum", sum);
    const TensorD x = input({1, 4, 6, 6}), right = run(model.blocks.front().body, x);
    QVERIFY(naive::largestDifference(right, run(shifted, x)) > 1e-3 * naive::largest(right));
    const auto fused = fusion::fuse(*shifted, 4); // another kernel, or none; never the centred one
    QVERIFY(!fused.fused() || naive::largestDifference(run(shifted, x), run(toExactConv(*fused.fused(), "fused"), x)) < 1e-12 * naive::largest(right));
}

void TestFamilyTraps::trainIsNotEval() {
    const Model model = assemble(repVgg());
    const TensorD x = input({2, 4, 6, 6}), eval = run(model.blocks.front().body, x);
    QVERIFY(naive::largestDifference(eval, run(model.blocks.front().body, x, Phase::train)) > 1e-3 * naive::largest(eval));
}

void TestFamilyTraps::deployPaddingIsNotLost() {
    TinyState state; // timm's constructor gives its fused convolution none; the right one is half the kernel
    state.conv("b.reparam_conv", 4, 4, 3, true);
    const Model model = assemble(state);
    QVERIFY(model.form == Form::deploy);
    QCOMPARE(run(model.blocks.front().body, input({1, 4, 5, 6})).shape(), (Shape{1, 4, 5, 6}));
}

QTEST_APPLESS_MAIN(TestFamilyTraps)
#include "tst_family_traps.moc"
