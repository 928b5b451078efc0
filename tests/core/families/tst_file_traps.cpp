// SPDX-License-Identifier: Apache-2.0
// The other half of tst_family_traps.cpp, whose table says which trap is tested where: what files, toolkits and conversions do to blocks.
#include "core/exec/network.h"
#include "core/families/family.h"
#include "core/fusion/fuse_model.h"
#include "core/fusion/write_fused.h"
#include "core/io/checkpoint.h"
#include "core/io/torch_zip.h"
#include "core/tensor/cast.h"
#include "core/verify/rounded_kernel.h"
#include "core/verify/verify.h"
#include "tests/support/naive.h"
#include "tests/support/refusal.h"
#include "tests/support/tiny_state.h"

#include <QTemporaryDir>
#include <QTest>

using namespace rp;
using test::TinyState;

class TestFileTraps : public QObject {
    Q_OBJECT
private slots:
    void squeezeAndExcitationStaysInTheDeployForm();   // 4
    void aNormThatNoBlockHoldsStays();                 // 8
    void branchesBesideAConvertedKernelAreTrainForm(); // 10
    void oneNameInBothFormsIsToldByItsNeighbours();    // 10
    void theInnerNormIsFoldedFirst();                  // 11
    void int8LosesWhatFloat16Keeps();                  // 13
    void halvesAreFoldedInFloat64();                   // 14
    void float32DiffersWithinItsBound();               // 15
    void paddleNamesMeanPaddlesRules();                // 18
    void theSuffixDoesNotDecide();                     // 19
    void anAlphaOfZeroIsNone();                        // 20
    void evalRunsBranchesAndDeployDoesNot();           // 21
    void implicitLayersArePartOfTheHead();             // 24
    void anIdentityKeepsTheStride();
    void dilatedTapsStandApart();
    void ghostNetIsNotRepGhost();
};

namespace {

Model assemble(const TinyState& state, const std::vector<std::string>& assume = {}) {
    const StateDict dict(state.tensors);
    return families::assembleModel(dict, families::Assumptions(assume));
}

TensorD input(Shape shape) {
    std::mt19937_64 generator(11);
    return naive::reals(std::move(shape), generator);
}

/// The first block with its tail.
TensorD runBlock(const Model& model, const TensorD& x, Phase phase, EngineKind kind = EngineKind::float64) {
    const auto engine = makeEngine(kind);
    Network network(model, fusion::fuseModel(model).forms(model), *engine);
    return engine->read(network.runBlock(0, engine->load(x), phase));
}

TinyState repVgg(std::int64_t c = 4) {
    TinyState state;
    state.conv("b.rbr_dense.conv", c, c, 3).norm("b.rbr_dense.bn", c).conv("b.rbr_1x1.conv", c, c, 1).norm("b.rbr_1x1.bn", c).norm("b.rbr_identity", c);
    return state;
}

TensorD numbersOf(const TinyState& state, const std::string& name) {
    for (const NamedTensor& t : state.tensors)
        if (t.name == name) return t.tensor.toDouble();
    return {};
}

/// gamma / sqrt(var + eps) of channel c, written out.
double scaleOf(const TinyState& state, const std::string& norm, std::int64_t c, double eps) {
    return numbersOf(state, norm + ".weight")[c] / std::sqrt(numbersOf(state, norm + ".running_var")[c] + eps);
}

Conv fusedConv(const Model& model) {
    const auto fused = fusion::fuse(*model.blocks.front().body, model.blocks.front().inChannels);
    return std::get<Conv>(toExactConv(*fused.fused(), "fused")->op);
}

double relative(const TensorD& reference, const TensorD& other) { return naive::largestDifference(reference, other) / naive::largest(reference); }

} // namespace

void TestFileTraps::squeezeAndExcitationStaysInTheDeployForm() {
    TinyState state = repVgg();
    state.conv("b.se.down", 2, 4, 1, true).conv("b.se.up", 4, 2, 1, true);
    const TensorD x = input({1, 4, 6, 7});
    const Model model = assemble(state);
    const TensorD eval = runBlock(model, x, Phase::eval);
    QVERIFY(relative(eval, runBlock(model, x, Phase::deploy)) < 1e-6);
    // mmpretrain's and PaddleClas' deploy forms leave it out.
    QVERIFY(relative(eval, runBlock(assemble(state, {"se=none"}), x, Phase::deploy)) > 1e-3);
}

void TestFileTraps::aNormThatNoBlockHoldsStays() {
    TinyState state = repVgg();
    state.norm("norm", 4); // RepViT's script replaces such a one by nothing
    const Model model = assemble(state);
    const std::vector<NamedTensor> tensors = fusion::fusedTensors(model, fusion::fuseModel(model), StateDict(state.tensors));
    for (const std::string key : {"norm.weight", "norm.bias", "norm.running_mean", "norm.running_var"}) {
        const auto found = std::ranges::find(tensors, key, &NamedTensor::name);
        QVERIFY2(found != tensors.end() && found->tensor.toDouble() == numbersOf(state, key), key.c_str());
    }
    QVERIFY(std::ranges::count(model.unusedKeys, "norm.running_var") == 1); // and is named
}

void TestFileTraps::branchesBesideAConvertedKernelAreTrainForm() {
    TinyState state; // RT-DETR keeps conv1 and conv2 when it converts
    state.conv("b.conv1.conv", 4, 4, 3).norm("b.conv1.norm", 4).conv("b.conv2.conv", 4, 4, 1).norm("b.conv2.norm", 4).conv("b.conv", 4, 4, 3, true);
    const Model model = assemble(state);
    QVERIFY(model.form == Form::train && model.blocks.front().cached);
    const TensorD x = input({1, 4, 5, 6});
    QVERIFY(relative(runBlock(model, x, Phase::eval), runBlock(model, x, Phase::deploy)) < 1e-6); // our kernel, not the file's
}

void TestFileTraps::oneNameInBothFormsIsToldByItsNeighbours() {
    TinyState deploy; // UniRepLKNet
    deploy.tensor("b.dwconv.lk_origin.weight", {4, 1, 7, 7}).tensor("b.dwconv.lk_origin.bias", {4});
    QVERIFY(assemble(deploy).form == Form::deploy);
    TinyState train;
    train.tensor("b.dwconv.lk_origin.weight", {4, 1, 7, 7}).norm("b.dwconv.origin_bn", 4).tensor("b.dwconv.dil_conv_k5_1.weight", {4, 1, 5, 5});
    train.norm("b.dwconv.dil_bn_k5_1", 4).norm("b.norm", 4);
    QVERIFY(assemble(train).form == Form::train);
}

void TestFileTraps::theInnerNormIsFoldedFirst() {
    TinyState state; // QARepVGG: BN( BN(3x3) + 1x1 + x )
    state.conv("b.rbr_dense.conv", 4, 4, 3).norm("b.rbr_dense.bn", 4).conv("b.rbr_1x1", 4, 4, 1).norm("b.bn", 4);
    const Conv fused = fusedConv(assemble(state));
    const TensorD dense = numbersOf(state, "b.rbr_dense.conv.weight"), one = numbersOf(state, "b.rbr_1x1.weight");
    const double inner = scaleOf(state, "b.rbr_dense.bn", 1, 1e-5), outer = scaleOf(state, "b.bn", 1, 1e-5);
    const std::int64_t centre = (1 * 4 + 1) * 9 + 4; // output 1 of input 1
    const double right = outer * (inner * dense[centre] + one[1 * 4 + 1] + 1), unfolded = outer * (dense[centre] + one[1 * 4 + 1] + 1);
    QVERIFY(std::abs(fused.weight.toDouble()[centre] - right) < 1e-12);
    QVERIFY(std::abs(unfolded - right) > 1e-3);
}

void TestFileTraps::int8LosesWhatFloat16Keeps() {
    TinyState state = repVgg(); // a variance near 0 widens one channel, and with it the one step that a whole tensor has
    std::erase_if(state.tensors, [](const NamedTensor& t) { return t.name == "b.rbr_dense.bn.running_var"; });
    state.tensors.push_back({"b.rbr_dense.bn.running_var", StoredTensor::of(TensorF({4}, {1e-4F, 1, 1, 1}))});
    const Model model = assemble(state);
    const Conv conv = fusedConv(model);
    const auto engine = makeReferenceEngine();
    const TensorD x = input({1, 4, 6, 6});
    auto channelError = [&](verify::KernelFormat format, std::int64_t c) {
        const TensorD exact = engine->read(forward(makeExpr("exact", conv), Phase::eval, engine->load(x), *engine));
        const TensorD rough = engine->read(forward(makeExpr("rough", *verify::rounded(conv, format)), Phase::eval, engine->load(x), *engine));
        double worst = 0, largest = 0;
        for (std::int64_t i = c * 36; i < (c + 1) * 36; ++i) {
            worst = std::max(worst, std::abs(exact[i] - rough[i]));
            largest = std::max(largest, std::abs(exact[i]));
        }
        return worst / largest;
    };
    QVERIFY(channelError(verify::KernelFormat::float16, 1) < 1e-3);
    QVERIFY(channelError(verify::KernelFormat::int8Tensor, 1) > 5e-2);
    QVERIFY(channelError(verify::KernelFormat::int8, 1) < 2e-2); // a step for each channel helps
}

void TestFileTraps::halvesAreFoldedInFloat64() {
    TinyState state = repVgg();
    for (NamedTensor& t : state.tensors) t.tensor = castTo(DType::f16, t.tensor, t.name);
    const TensorD dense = numbersOf(state, "b.rbr_dense.conv.weight"), one = numbersOf(state, "b.rbr_1x1.conv.weight");
    const TensorD weight = fusedConv(assemble(state)).weight.toDouble();
    double apart = 0;
    for (std::int64_t c = 0; c < 4; ++c) {
        const std::int64_t centre = (c * 4 + c) * 9 + 4;
        const double right = scaleOf(state, "b.rbr_dense.bn", c, 1e-5) * dense[centre] + scaleOf(state, "b.rbr_1x1.bn", c, 1e-5) * one[c * 4 + c] +
                             scaleOf(state, "b.rbr_identity", c, 1e-5);
        QVERIFY(std::abs(weight[centre] - right) < 1e-14);
        auto half = [](double v) { return static_cast<double>(halfToFloat(halfFrom(v))); };
        const double rough = half(half(half(scaleOf(state, "b.rbr_dense.bn", c, 1e-5)) * dense[centre]) + half(half(scaleOf(state, "b.rbr_1x1.bn", c, 1e-5)) * one[c * 4 + c]) +
                                  half(scaleOf(state, "b.rbr_identity", c, 1e-5)));
        apart = std::max(apart, std::abs(rough - right));
    }
    QVERIFY(apart > 1e-5); // in halves it would show
}

void TestFileTraps::float32DiffersWithinItsBound() {
    TinyState state; // OREPA: reports of differences between one machine and another
    state.tensor("b.weight_or1x1_origin", {32, 32, 1, 1}).tensor("b.weight_or1x1_l2i_conv1", {32, 32, 1, 1}).tensor("b.weight_or1x1_l2i_conv2", {32, 32, 1, 1});
    state.tensor("b.vector", {2, 32}).norm("b.bn", 32);
    families::OpenedModel opened;
    opened.model = assemble(state);
    const fusion::ModelFusion fusion = fusion::fuseModel(opened.model);
    const verify::Report report = verify::verifyModel(opened, fusion, input({1, 32, 8, 8}), {});
    QVERIFY(report.blocks.front().local->maxAbs > 0);
    QVERIFY(report.blocks.front().local->maxAbs <= report.blocks.front().roundingBound);
    QVERIFY(report.verdict == verify::Verdict::pass);
}

void TestFileTraps::paddleNamesMeanPaddlesRules() {
    TinyState torch = repVgg(), paddle = repVgg();
    for (NamedTensor& t : paddle.tensors)
        for (const auto& [from, to] : {std::pair(".running_mean", "._mean"), std::pair(".running_var", "._variance")})
            if (t.name.ends_with(from)) t.name.replace(t.name.size() - std::string_view(from).size(), std::string::npos, to);
    auto normOf = [](const Model& model) { return std::get<Norm>(branchesOf(model.blocks.front())[2]->op); };
    QVERIFY(normOf(assemble(paddle)).biasedUpdate && !normOf(assemble(torch)).biasedUpdate);
    QCOMPARE(normOf(assemble(paddle)).momentum, 0.1); // Paddle writes 0.9 for the same
    const TensorD x = input({2, 4, 5, 5});
    QVERIFY(relative(runBlock(assemble(torch), x, Phase::eval), runBlock(assemble(paddle), x, Phase::eval)) == 0);
}

void TestFileTraps::theSuffixDoesNotDecide() {
    QTemporaryDir folder;
    const TinyState state = repVgg();
    for (const char* name : {"model.pth.tar", "model.pt", "model"}) { // Apple's .pth.tar is no tar
        const std::string path = folder.filePath(name).toStdString();
        io::writeTorchZip(path, state.tensors, "", true, {});
        QVERIFY2(io::openCheckpoint(path).format == io::Format::torchZip, name);
    }
}

void TestFileTraps::anAlphaOfZeroIsNone() {
    auto block = [](std::optional<float> alpha) {
        TinyState state;
        state.conv("b.conv1.conv", 4, 4, 3).norm("b.conv1.bn", 4).conv("b.conv2.conv", 4, 4, 1).norm("b.conv2.bn", 4);
        if (alpha) state.tensors.push_back({"b.alpha", StoredTensor::of(TensorF({1}, {*alpha}))});
        return assemble(state);
    };
    const TensorD x = input({1, 4, 5, 5}), none = runBlock(block({}), x, Phase::deploy);
    QVERIFY(relative(none, runBlock(block(0), x, Phase::deploy)) == 0); // as PaddleDetection tests its truth
    QVERIFY(relative(none, runBlock(block(0.5F), x, Phase::deploy)) > 1e-3);
}

void TestFileTraps::evalRunsBranchesAndDeployDoesNot() {
    const Model model = assemble(repVgg());
    const auto engine = makeReferenceEngine();
    Network network(model, fusion::fuseModel(model).forms(model), *engine);
    const MapPtr x = engine->load(input({1, 4, 5, 5}));
    for (const Phase phase : {Phase::eval, Phase::deploy}) { // eval() alone merges nothing
        int steps = 0;
        RunHooks hooks;
        hooks.wantsSteps = [](std::size_t) { return true; };
        hooks.onStep = [&](std::size_t, const std::string& path, const MapPtr&) { steps += path.starts_with("rbr_dense"); };
        network.runBlock(0, x, phase, hooks);
        QVERIFY((steps > 0) == (phase == Phase::eval));
    }
}

void TestFileTraps::implicitLayersArePartOfTheHead() {
    TinyState state; // YOLOv7's IDetect: m (W (x + a) + b)
    state.conv("h.m.0", 3, 4, 1, true).tensor("h.ia.0.implicit", {1, 4, 1, 1}).tensor("h.im.0.implicit", {1, 3, 1, 1});
    const Conv fused = fusedConv(assemble(state));
    const TensorD w = numbersOf(state, "h.m.0.weight"), b = numbersOf(state, "h.m.0.bias"), a = numbersOf(state, "h.ia.0.implicit"), m = numbersOf(state, "h.im.0.implicit");
    double plain = 0;
    for (std::int64_t o = 0; o < 3; ++o) {
        double bias = b[o];
        for (std::int64_t i = 0; i < 4; ++i) {
            bias += w[o * 4 + i] * a[i];
            QVERIFY(std::abs(fused.weight.toDouble()[o * 4 + i] - m[o] * w[o * 4 + i]) < 1e-14);
        }
        QVERIFY(std::abs(fused.bias->toDouble()[o] - m[o] * bias) < 1e-14);
        plain = std::max(plain, std::abs(b[o] - m[o] * bias));
    }
    QVERIFY(plain > 1e-3); // without them the head is another one
}

void TestFileTraps::anIdentityKeepsTheStride() {
    const TensorD x = input({1, 4, 8, 8});
    QCOMPARE(runBlock(assemble(repVgg()), x, Phase::eval).shape(), x.shape());
    QVERIFY(assemble(repVgg(), {"stride=2"}).blocks.front().refusal || fusion::fuseModel(assemble(repVgg(), {"stride=2"})).fusedCount() == 0);
    TinyState state = repVgg(); // the first block of a stage has none, though its widths are equal
    std::erase_if(state.tensors, [](const NamedTensor& t) { return t.name.starts_with("b.rbr_identity"); });
    QCOMPARE(runBlock(assemble(state, {"stride=2"}), x, Phase::deploy).shape(), (Shape{1, 4, 4, 4}));
}

void TestFileTraps::dilatedTapsStandApart() {
    TinyState state; // of a 3x3 kernel with dilation 3 in a 7x7 one
    state.tensors.push_back({"b.dwconv.lk_origin.weight", StoredTensor::of(TensorF(Shape{2, 1, 7, 7}))});
    state.norm("b.dwconv.origin_bn", 2).tensor("b.dwconv.dil_conv_k3_3.weight", {2, 1, 3, 3}).norm("b.dwconv.dil_bn_k3_3", 2).norm("b.norm", 2);
    const TensorD weight = fusedConv(assemble(state)).weight.toDouble(), taps = numbersOf(state, "b.dwconv.dil_conv_k3_3.weight");
    const double scale = scaleOf(state, "b.dwconv.dil_bn_k3_3", 1, 1e-5) * scaleOf(state, "b.norm", 1, 1e-5);
    for (std::int64_t y = 0; y < 7; ++y)
        for (std::int64_t x = 0; x < 7; ++x) {
            const double wanted = y % 3 == 0 && x % 3 == 0 ? scale * taps[9 + y / 3 * 3 + x / 3] : 0;
            QVERIFY(std::abs(weight[49 + y * 7 + x] - wanted) < 1e-14);
        }
}

void TestFileTraps::ghostNetIsNotRepGhost() {
    TinyState state; // GhostNet concatenates what RepGhost adds
    state.conv("g.cheap_operation.0", 4, 1, 3).norm("g.cheap_operation.1", 4);
    QCOMPARE(test::refusal(ErrorCode::unsupported, "known family", [&] { assemble(state); }), QString());
    QVERIFY(!assemble(state, {"family=RepGhost-identity"}).blocks.front().refusal);
    state.norm("g.fusion_bn.0", 4);
    QCOMPARE(assemble(state).blocks.front().family, std::string("RepGhost"));
}

QTEST_GUILESS_MAIN(TestFileTraps)
#include "tst_file_traps.moc"
