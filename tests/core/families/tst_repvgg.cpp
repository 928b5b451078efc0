// SPDX-License-Identifier: Apache-2.0
#include "core/exec/network.h"
#include "core/families/family.h"
#include "core/fusion/fuse_model.h"
#include "tests/support/naive.h"
#include "tests/support/refusal.h"
#include "tests/support/tiny_repvgg.h"

#include <limits>

#include <QTest>

using namespace rp;
using test::TinyRepVgg;

class TestRepVgg : public QObject {
    Q_OBJECT
private slots:
    void layoutsGiveTheSameNetwork_data();
    void layoutsGiveTheSameNetwork();
    void publishedVariantsAreRecognisedFromShapes_data();
    void publishedVariantsAreRecognisedFromShapes();
    void groupsComeFromTheWidthBefore();
    void defectsRefuseTheBlock_data();
    void defectsRefuseTheBlock();
    void kernelWithNanIsRefusedWhenFused();
    void surplusKeysAreNamed();
    void untouchedNormIsAFinding();
    void epsCanBeAssumed();
    void cachedKernelBesideBranchesIsTrainForm();
    void mixedFormIsSeen();
    void looseBlocksAreKnownOneByOne();
    void rootBlockIsADot();
    void foreignKeysAreUnsupported();
};

namespace {

Model assemble(std::vector<NamedTensor> tensors, const std::vector<std::string>& assume = {}) {
    // The model holds views only; the tensors' storages keep themselves alive.
    const StateDict dict(std::move(tensors));
    return families::assembleModel(dict, families::Assumptions(assume));
}

const Conv& fusedConv(const fusion::ModelFusion& fusion, std::size_t block) { return std::get<Conv>(fusion.blocks[block].stored->op); }

TensorD run(const Model& model, Phase phase) {
    const auto fusion = fusion::fuseModel(model);
    const auto engine = makeReferenceEngine();
    Network network(model, fusion.forms(model), *engine);
    std::mt19937_64 generator(3);
    return engine->read(network.run(engine->load(naive::reals({1, 3, 64, 48}, generator)), phase));
}

/// A state dict with the right shapes and one shared storage of zeros, so that the largest variant costs nothing.
std::vector<NamedTensor> shapesOnly(const std::vector<int>& depths, const std::vector<std::int64_t>& widths, std::int64_t groups, bool se) {
    std::vector<NamedTensor> tensors;
    const SharedBytes zeros = ownBytes(std::string(4, '\0'));
    auto add = [&](const std::string& name, const Shape& shape) {
        tensors.push_back({name, StoredTensor::view(DType::f32, shape, Shape(shape.size(), 0), 0, zeros, name)});
    };
    auto norm = [&](const std::string& prefix, std::int64_t c) {
        for (const char* part : {"weight", "bias", "running_mean", "running_var"}) add(prefix + "." + part, {c});
    };
    std::int64_t in = 3;
    int global = 0;
    for (std::size_t stage = 0; stage < widths.size(); ++stage)
        for (int i = 0; i < (stage == 0 ? 1 : depths[stage - 1]); ++i, ++global) {
            const std::string p = stage == 0 ? "stage0." : "stage" + std::to_string(stage) + "." + std::to_string(i) + ".";
            const std::int64_t out = widths[stage], g = global > 0 && global % 2 == 0 ? groups : 1;
            add(p + "rbr_dense.conv.weight", {out, in / g, 3, 3});
            norm(p + "rbr_dense.bn", out);
            add(p + "rbr_1x1.conv.weight", {out, in / g, 1, 1});
            norm(p + "rbr_1x1.bn", out);
            if (i > 0) norm(p + "rbr_identity", in);
            if (se) {
                add(p + "se.down.weight", {out / 16, out, 1, 1});
                add(p + "se.down.bias", {out / 16});
                add(p + "se.up.weight", {out, out / 16, 1, 1});
                add(p + "se.up.bias", {out});
            }
            in = out;
        }
    add("linear.weight", {1000, in});
    add("linear.bias", {1000});
    return tensors;
}

} // namespace

void TestRepVgg::layoutsGiveTheSameNetwork_data() {
    QTest::addColumn<int>("layout");
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("se");
    for (bool se : {false, true}) {
        QTest::addRow("timm, SE %d", se) << int(TinyRepVgg::Layout::timm) << "timm" << se;
        QTest::addRow("mmpretrain, SE %d", se) << int(TinyRepVgg::Layout::mmpretrain) << "mmpretrain" << se;
        QTest::addRow("paddle, SE %d", se) << int(TinyRepVgg::Layout::paddle) << "paddle" << se;
    }
}

void TestRepVgg::layoutsGiveTheSameNetwork() {
    QFETCH(int, layout);
    QFETCH(QString, name);
    QFETCH(bool, se);
    TinyRepVgg official, other;
    official.se = other.se = se;
    other.layout = static_cast<TinyRepVgg::Layout>(layout);
    const Model a = assemble(test::tensorsOf(official)), b = assemble(test::tensorsOf(other));
    QCOMPARE(QString::fromStdString(b.layout), name);
    QCOMPARE(b.blocks.size(), std::size_t{6});
    QVERIFY(b.unusedKeys.empty());
    // The same random numbers in the same order: all but Paddle's transposed head must give equal outputs.
    if (other.layout == TinyRepVgg::Layout::paddle) {
        const TensorD rows = StateDict(test::tensorsOf(official)).find("linear.weight")->toDouble();
        TensorF columns(Shape{rows.size(1), rows.size(0)});
        for (std::int64_t i = 0; i < rows.count(); ++i)
            columns.edit()[static_cast<std::size_t>(i % rows.size(1) * rows.size(0) + i / rows.size(1))] = static_cast<float>(rows[i]);
        std::vector<NamedTensor> paddle = test::tensorsOf(other);
        test::replace(paddle, "linear.weight", columns);
        QVERIFY(run(assemble(paddle), Phase::eval) == run(a, Phase::eval));
        return;
    }
    QVERIFY(run(b, Phase::eval) == run(a, Phase::eval));
}

void TestRepVgg::publishedVariantsAreRecognisedFromShapes_data() {
    QTest::addColumn<QVector<int>>("depths");
    QTest::addColumn<QVector<qint64>>("widths");
    QTest::addColumn<int>("groups");
    QTest::addColumn<bool>("se");
    QTest::addColumn<QString>("name");
    QTest::addColumn<qint64>("train");
    QTest::addColumn<qint64>("deploy");
    QTest::addColumn<double>("gmacTrain");
    QTest::addColumn<double>("gmacDeploy");
    const QVector<int> a{2, 4, 14, 1}, b{4, 6, 16, 1}, d{8, 14, 24, 1};
    auto row = [](const QVector<int>& depths, const QVector<qint64>& widths, int groups, bool se, const char* name, qint64 train, qint64 deploy,
                  double gt, double gd) { QTest::newRow(name) << depths << widths << groups << se << name << train << deploy << gt << gd; };
    // families.md 5.1: parameters and GMACs at 224.
    row(a, {48, 48, 96, 192, 1280}, 1, false, "RepVGG-A0", 9108968, 8309384, 1.51, 1.36);
    row(a, {64, 64, 128, 256, 1280}, 1, false, "RepVGG-A1", 14092264, 12789864, 2.63, 2.36);
    row(a, {64, 96, 192, 384, 1408}, 1, false, "RepVGG-A2", 28210600, 25499944, 5.69, 5.12);
    row(b, {64, 64, 128, 256, 1280}, 1, false, "RepVGG-B0", 15817960, 14339048, 3.40, 3.06);
    row(b, {64, 128, 256, 512, 2048}, 1, false, "RepVGG-B1", 57415016, 51829480, 13.13, 11.82);
    row(b, {64, 128, 256, 512, 2048}, 2, false, "RepVGG-B1g2", 45782376, 41360104, 9.79, 8.81);
    row(b, {64, 128, 256, 512, 2048}, 4, false, "RepVGG-B1g4", 39966056, 36125416, 8.12, 7.31);
    row(b, {64, 160, 320, 640, 2560}, 1, false, "RepVGG-B2", 89022376, 80315112, 20.42, 18.38);
    row(b, {64, 160, 320, 640, 2560}, 2, false, "RepVGG-B2g2", 70846376, 63956712, 15.20, 13.68);
    row(b, {64, 160, 320, 640, 2560}, 4, false, "RepVGG-B2g4", 61758376, 55777512, 12.59, 11.33);
    row(b, {64, 192, 384, 768, 2560}, 1, false, "RepVGG-B3", 123085288, 110960872, 29.12, 26.21);
    row(b, {64, 192, 384, 768, 2560}, 2, false, "RepVGG-B3g2", 96911848, 87404776, 21.61, 19.45);
    row(b, {64, 192, 384, 768, 2560}, 4, false, "RepVGG-B3g4", 83825128, 75626728, 17.85, 16.06);
    row(d, {64, 160, 320, 640, 2560}, 1, true, "RepVGG-D2se", 133334836, 120387572, 36.5, 32.8);
}

void TestRepVgg::publishedVariantsAreRecognisedFromShapes() {
    QFETCH(QVector<int>, depths);
    QFETCH(QVector<qint64>, widths);
    QFETCH(int, groups);
    QFETCH(bool, se);
    QFETCH(QString, name);
    QFETCH(qint64, train);
    QFETCH(qint64, deploy);
    QFETCH(double, gmacTrain);
    QFETCH(double, gmacDeploy);
    const Model model = assemble(shapesOnly({depths.begin(), depths.end()}, {widths.begin(), widths.end()}, groups, se));
    QCOMPARE(QString::fromStdString(model.variant), name);
    // Forms from shapes alone: folding the largest variants here would only cost time.
    fusion::ModelFusion fusion;
    for (const Block& block : model.blocks) {
        const auto& chain = std::get<Chain>(branchesOf(block).front()->op);
        Conv conv = std::get<Conv>(chain.steps.front()->op);
        conv.bias = Param({block.outChannels}, {}, [] { return TensorD(); });
        fusion.blocks.push_back({true, fusion::Exactness::everywhere, 0, {}, false, makeExpr("fused", conv)});
    }
    const fusion::Cost cost = fusion::costOf(model, fusion, {1, 3, 224, 224});
    QCOMPARE(cost.trainParameters, std::int64_t{train});
    QCOMPARE(cost.deployParameters, std::int64_t{deploy});
    QVERIFY(cost.hasMacs);
    const double digit = gmacTrain > 30 ? 0.051 : 0.0051;
    QVERIFY2(std::abs(static_cast<double>(cost.trainMacs) / 1e9 - gmacTrain) < digit, qPrintable(QString::number(double(cost.trainMacs))));
    QVERIFY2(std::abs(static_cast<double>(cost.deployMacs) / 1e9 - gmacDeploy) < digit, qPrintable(QString::number(double(cost.deployMacs))));
    QVERIFY(cost.fusableShare > 0.99);
}

void TestRepVgg::groupsComeFromTheWidthBefore() {
    TinyRepVgg spec;
    spec.groups = 4;
    const Model model = assemble(test::tensorsOf(spec));
    const auto fusion = fusion::fuseModel(model);
    std::vector<std::int64_t> groups;
    for (std::size_t i = 0; i < model.blocks.size(); ++i) groups.push_back(fusedConv(fusion, i).groups);
    QCOMPARE(groups, (std::vector<std::int64_t>{1, 1, 4, 1, 4, 1}));
}

void TestRepVgg::defectsRefuseTheBlock_data() {
    QTest::addColumn<QString>("key");
    QTest::addColumn<bool>("remove");
    QTest::addColumn<int>("count"); ///< elements of the replacement
    QTest::addColumn<float>("value");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("word");
    const float nan = std::numeric_limits<float>::quiet_NaN(), inf = std::numeric_limits<float>::infinity();
    QTest::newRow("missing 1x1") << "stage2.1.rbr_1x1.conv.weight" << true << 0 << 0.f << "incomplete-block" << "stage2.1.rbr_1x1.conv.weight";
    QTest::newRow("missing variance") << "stage2.1.rbr_dense.bn.running_var" << true << 0 << 0.f << "incomplete-block" << "running_var";
    QTest::newRow("missing gamma only") << "stage2.1.rbr_dense.bn.weight" << true << 0 << 0.f << "incomplete-block" << "rbr_dense.bn.weight";
    QTest::newRow("missing identity") << "stage2.1.rbr_identity.running_mean" << true << 0 << 0.f << "incomplete-block" << "rbr_identity.running_mean";
    QTest::newRow("short mean") << "stage2.1.rbr_dense.bn.running_mean" << false << 5 << 0.f << "incomplete-block" << "[5]";
    QTest::newRow("negative variance") << "stage2.1.rbr_dense.bn.running_var" << false << 12 << -0.25f << "negative-variance" << "-0.25";
    QTest::newRow("NaN in beta") << "stage2.1.rbr_1x1.bn.bias" << false << 12 << nan << "nan" << "nan";
    QTest::newRow("infinite mean") << "stage2.1.rbr_identity.running_mean" << false << 12 << inf << "nan" << "inf";
}

void TestRepVgg::defectsRefuseTheBlock() {
    QFETCH(QString, key);
    QFETCH(bool, remove);
    QFETCH(int, count);
    QFETCH(float, value);
    QFETCH(QString, code);
    QFETCH(QString, word);
    std::vector<NamedTensor> tensors = test::tensorsOf({});
    if (remove)
        test::erase(tensors, key.toStdString());
    else
        test::replace(tensors, key.toStdString(), TensorF({count}, std::vector<float>(static_cast<std::size_t>(count), value)));
    const Model model = assemble(tensors);
    const Block* block = model.find("stage2.1");
    QVERIFY(block && block->refusal);
    QVERIFY2(block->refusal->find(word.toStdString()) != std::string::npos, block->refusal->c_str());
    const auto finding = std::ranges::find(model.findings, "stage2.1", &Finding::block);
    QVERIFY(finding != model.findings.end());
    QCOMPARE(QString::fromStdString(finding->code), code);
    // The others still fuse, and the network says why it does not run whole.
    QCOMPARE(fusion::fuseModel(model).fusedCount(), std::int64_t{5});
    QVERIFY(model.graph.empty());
    QVERIFY(model.whyNoGraph.find("stage2.1") != std::string::npos);
}

void TestRepVgg::kernelWithNanIsRefusedWhenFused() {
    std::vector<NamedTensor> tensors = test::tensorsOf({});
    TensorF kernel(Shape{12, 12, 3, 3});
    kernel.edit()[100] = std::numeric_limits<float>::quiet_NaN();
    test::replace(tensors, "stage2.1.rbr_dense.conv.weight", kernel);
    const Model model = assemble(tensors);
    QVERIFY(!model.find("stage2.1")->refusal); // kernels are not read on opening
    const auto fusion = fusion::fuseModel(model);
    QCOMPARE(fusion.fusedCount(), std::int64_t{5});
    QVERIFY(fusion.blocks[3].valueInvalid);
    QVERIFY2(fusion.blocks[3].reason.find("[0, 11, 0, 1]") != std::string::npos, fusion.blocks[3].reason.c_str()); // 100 = 11 · 9 + 1
}

void TestRepVgg::surplusKeysAreNamed() {
    std::vector<NamedTensor> tensors = test::tensorsOf({});
    tensors.push_back({"aux_head.weight", StoredTensor::of(TensorF(Shape{2, 2}))});
    const Model model = assemble(tensors);
    QCOMPARE(model.unusedKeys, (std::vector<std::string>{"aux_head.weight"}));
    QVERIFY(std::ranges::any_of(model.findings, [](const Finding& f) { return f.code == "surplus-key"; }));
}

void TestRepVgg::untouchedNormIsAFinding() {
    std::vector<NamedTensor> tensors = test::tensorsOf({});
    test::replace(tensors, "stage1.0.rbr_dense.bn.running_mean", TensorF(Shape{8}));
    test::replace(tensors, "stage1.0.rbr_dense.bn.running_var", TensorF({8}, std::vector<float>(8, 1)));
    const Model model = assemble(tensors);
    QVERIFY(std::ranges::any_of(model.findings, [](const Finding& f) { return f.code == "untouched-bn" && f.block == "stage1.0"; }));
}

void TestRepVgg::epsCanBeAssumed() {
    const std::vector<NamedTensor> tensors = test::tensorsOf({});
    const Model model = assemble(tensors, {"eps=1e-3", "stage1.*:eps=0.5"});
    auto epsOf = [&](const char* name) {
        const auto& chain = std::get<Chain>(branchesOf(*model.find(name)).front()->op);
        return std::get<Norm>(chain.steps[1]->op).eps;
    };
    QCOMPARE(epsOf("stage2.0"), 1e-3);
    QCOMPARE(epsOf("stage1.0"), 0.5);
}

void TestRepVgg::cachedKernelBesideBranchesIsTrainForm() {
    std::vector<NamedTensor> tensors = test::tensorsOf({});
    tensors.push_back({"stage1.0.rbr_reparam.weight", StoredTensor::of(TensorF(Shape{8, 8, 3, 3}))});
    tensors.push_back({"stage1.0.rbr_reparam.bias", StoredTensor::of(TensorF(Shape{8}))});
    const Model model = assemble(tensors);
    QVERIFY(model.form == Form::train);
    QVERIFY(model.find("stage1.0")->cached);
    QVERIFY(model.unusedKeys.empty());
}

void TestRepVgg::mixedFormIsSeen() {
    TinyRepVgg deploy;
    deploy.deploy = true;
    QVERIFY(assemble(test::tensorsOf(deploy)).form == Form::deploy);
    std::vector<NamedTensor> tensors = test::tensorsOf({});
    std::erase_if(tensors, [](const NamedTensor& t) { return t.name.starts_with("stage1.0."); });
    for (NamedTensor& t : test::tensorsOf(deploy))
        if (t.name.starts_with("stage1.0.")) tensors.push_back(t);
    const Model model = assemble(tensors);
    QVERIFY(model.form == Form::mixed);
    QVERIFY(model.find("stage1.0")->form == Form::deploy);
    QVERIFY(!model.graph.empty());
}

void TestRepVgg::looseBlocksAreKnownOneByOne() {
    std::vector<NamedTensor> tensors;
    for (NamedTensor& t : test::tensorsOf({}))
        if (t.name.starts_with("stage2.")) tensors.push_back({"neck.rep" + t.name.substr(7), t.tensor});
    const Model model = assemble(tensors);
    QCOMPARE(model.blocks.size(), std::size_t{2});
    QCOMPARE(model.blocks[1].name, std::string("neck.rep1"));
    QVERIFY(model.graph.empty());
    QVERIFY(!model.whyNoGraph.empty());
    QCOMPARE(fusion::fuseModel(model).fusedCount(), std::int64_t{2});
}

void TestRepVgg::rootBlockIsADot() {
    std::vector<NamedTensor> tensors;
    for (NamedTensor& t : test::tensorsOf({}))
        if (t.name.starts_with("stage2.1.")) tensors.push_back({t.name.substr(9), t.tensor});
    const Model model = assemble(tensors);
    QCOMPARE(model.blocks.front().name, std::string("."));
    QCOMPARE(model.blocks.front().fusedWeightKey, std::string("rbr_reparam.weight"));
    QCOMPARE(fusion::fuseModel(model).fusedCount(), std::int64_t{1});
}

void TestRepVgg::foreignKeysAreUnsupported() {
    std::vector<NamedTensor> tensors{{"layer1.0.conv1.weight", StoredTensor::of(TensorF(Shape{4, 4, 3, 3}))}};
    QCOMPARE(test::refusal(ErrorCode::unsupported, "layer1.0.conv1.weight", [&] { assemble(tensors); }), QString());
}

QTEST_APPLESS_MAIN(TestRepVgg)
#include "tst_repvgg.moc"
