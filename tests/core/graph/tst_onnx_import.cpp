// SPDX-License-Identifier: Apache-2.0
// Whole graphs: as PyTorch exports them, against PyTorch's float64 answer, and real trained ones against their authors'.
#include "core/exec/network.h"
#include "core/families/open_model.h"
#include "core/fusion/fuse_model.h"
#include "core/io/npy.h"
#include "core/verify/verify.h"
#include "tests/support/naive.h"
#include "tests/support/python.h"
#include "tests/support/refusal.h"
#include "tests/support/shared.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace rp;

namespace {

double relativeDifference(const TensorD& got, const TensorD& wanted) {
    return naive::largestDifference(got, wanted) / naive::largest(wanted);
}

TensorD array(const QString& path) { return io::readNpyFile(path.toStdString()).toDouble(); }

TensorD runOn(const families::OpenedModel& opened, const TensorD& x, Phase phase, EngineKind kind) {
    const auto engine = makeEngine(kind);
    const ModelForms forms = fusion::fuseModel(opened.model).forms(opened.model);
    Network network(opened.model, forms, *engine);
    return engine->read(network.run(engine->load(x), phase));
}

} // namespace

class TestOnnxImport : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void exportedNetworksGivePyTorchsAnswer_data();
    void exportedNetworksGivePyTorchsAnswer();
    void statedEpsIsInForce();
    void exportedOperatorsGivePyTorchsAnswer();
    void blocksAreFoundAndMerge_data();
    void blocksAreFoundAndMerge();
    void whatMustNotMergeSaysWhy();
    void unknownOperationIsNamedAndWhatLiesAroundItVerifies();
    void aGraphWithNothingToMergeVerifies();
    void trainedNetworksGiveTheirAuthorsAnswer_data();
    void trainedNetworksGiveTheirAuthorsAnswer();
    void inputsOfOtherSizesRun();

private:
    void need() {
        if (!m_hasTorch) QSKIP("needs PyTorch for the system's Python");
    }
    QString file(const QString& name) const { return m_folder.filePath(name); }
    families::OpenedModel open(const QString& name) const { return families::openModel(file(name).toStdString()); }

    QTemporaryDir m_folder;
    bool m_hasTorch = false;
};

void TestOnnxImport::initTestCase() {
    m_hasTorch = test::pythonHas("torch");
    if (!m_hasTorch) return;
    QCOMPARE(test::runDataScript("torch_onnx.py", m_folder.path(), {m_folder.path()}), QString());
}

void TestOnnxImport::exportedNetworksGivePyTorchsAnswer_data() {
    QTest::addColumn<QString>("name");
    for (const char* name : {"repvgg", "diverse", "zero_border", "asymmetric", "stacked", "bottleneck", "inverted", "upscaler", "linear_norm", "gated",
                             "flat_norm", "flat_depthwise", "flat_lenet", "flat_strided", "lone_norm"})
        QTest::newRow(name) << QString(name);
}

void TestOnnxImport::exportedNetworksGivePyTorchsAnswer() {
    need();
    QFETCH(QString, name);
    const families::OpenedModel opened = open(name + ".onnx");
    const TensorD x = array(file(name + ".x.npy")), y = array(file(name + ".y.npy"));
    QVERIFY(relativeDifference(runOn(opened, x, Phase::eval, EngineKind::float64), y) < 1e-12);
    QVERIFY(relativeDifference(runOn(opened, x, Phase::deploy, EngineKind::float64), y) < 2e-6); // kernels rounded to float32
    QVERIFY(relativeDifference(runOn(opened, x, Phase::eval, EngineKind::float32), y) < 1e-5);
    QVERIFY(relativeDifference(runOn(opened, x, Phase::deploy, EngineKind::float32), y) < 1e-5);
    QVERIFY(relativeDifference(runOn(opened, x, Phase::train, EngineKind::float64), array(file(name + ".train.npy"))) < 1e-9);
}

void TestOnnxImport::statedEpsIsInForce() {
    need();
    families::OpenOptions options;
    options.assumptions = {"eps=1e-2", "stride=2"};
    const families::OpenedModel opened = families::openModel(file("repvgg.onnx").toStdString(), options);
    const TensorD x = array(file("repvgg.x.npy")), y = array(file("repvgg.eps.npy"));
    QVERIFY(relativeDifference(runOn(opened, x, Phase::eval, EngineKind::float64), y) < 1e-12);
    QVERIFY(relativeDifference(runOn(opened, x, Phase::deploy, EngineKind::float64), y) < 2e-6);
    QVERIFY(relativeDifference(array(file("repvgg.y.npy")), y) > 1e-3);
    QVERIFY(std::ranges::any_of(opened.model.assumptions, [](const Assumption& a) { return a.key == "eps" && a.origin == "--assume" && a.value == "1e-2"; }));
    QVERIFY(std::ranges::none_of(opened.model.assumptions, [](const Assumption& a) { return a.key == "eps" && a.origin == "file"; }));
    QVERIFY(std::ranges::any_of(opened.model.findings, [](const Finding& f) {
        return f.code == "assumption-unused" && f.message.find("stride") != std::string::npos && f.message.find("the graph states it") != std::string::npos;
    }));
}

void TestOnnxImport::exportedOperatorsGivePyTorchsAnswer() {
    need();
    const QStringList files = QDir(m_folder.path()).entryList({"*.11.onnx", "*.13.onnx", "*.17.onnx"});
    QFile list(file("skipped.txt"));
    QVERIFY(list.open(QIODevice::ReadOnly));
    const QByteArray skipped = list.readAll();
    QVERIFY2(skipped.isEmpty(), skipped.constData()); // PyTorch 1.13 exports all of them to all three opsets
    QVERIFY(files.size() >= 60);
    for (const QString& name : files) {
        const QString stem = name.chopped(5);
        const families::OpenedModel opened = open(name);
        QVERIFY2(!opened.model.graph.empty(), qPrintable(name + ": " + QString::fromStdString(opened.model.whyNoGraph)));
        const TensorD x = array(file(stem + ".x.npy")), y = array(file(stem + ".y.npy"));
        const TensorD exact = runOn(opened, x, Phase::eval, EngineKind::float64);
        QVERIFY2(exact.shape() == y.shape(), qPrintable(name));
        QVERIFY2(relativeDifference(exact, y) < 1e-12, qPrintable(QStringLiteral("%1: %2").arg(name).arg(relativeDifference(exact, y))));
        QVERIFY2(relativeDifference(runOn(opened, x, Phase::eval, EngineKind::float32), y) < 1e-5, qPrintable(name));
    }
}

void TestOnnxImport::blocksAreFoundAndMerge_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<QStringList>("blocks"); // name: branches | tail
    QTest::newRow("RepVGG, three branches, groups") << "repvgg" << QStringList{"stage0: rbr_dense rbr_1x1 | ReLU", "stage1: rbr_dense rbr_1x1 rbr_identity | ReLU",
                                                                               "stage2: rbr_dense rbr_1x1 | ReLU"};
    QTest::newRow("borders written by ScatterND") << "diverse" << QStringList{"origin.0: origin one average kxk | ReLU"};
    QTest::newRow("a zero border is merged in parts") << "zero_border" << QStringList{"origin: origin |", "first: first |", "second: second |"};
    QTest::newRow("crops and a stride") << "asymmetric" << QStringList{"square.0: square tall wide | LeakyReLU 0.1"};
    QTest::newRow("concat and 1x1") << "stacked" << QStringList{"a: a b n | Hardswish"};
    QTest::newRow("norms beside linear layers") << "linear_norm" << QStringList{"fc: fc |", "head: head |"};
    QTest::newRow("expansion behind a projection") << "inverted" << QStringList{"project: project |", "expand: expand | ReLU ReLU6"};
    QTest::newRow("among other operations") << "upscaler" << QStringList{"body: rbr_dense rbr_1x1 rbr_identity | ReLU"};
}

void TestOnnxImport::blocksAreFoundAndMerge() {
    need();
    QFETCH(QString, name);
    QFETCH(QStringList, blocks);
    const families::OpenedModel opened = open(name + ".onnx");
    const fusion::ModelFusion fusion = fusion::fuseModel(opened.model);
    QStringList found;
    for (std::size_t i = 0; i < opened.model.blocks.size(); ++i) {
        const Block& block = opened.model.blocks[i];
        QVERIFY2(fusion.blocks[i].fusable && fusion.blocks[i].exactness == fusion::Exactness::everywhere, fusion.blocks[i].reason.c_str());
        QString text = QString::fromStdString(block.name) + ":";
        if (branchesOf(block).size() == 1)
            text += " " + QString::fromStdString(block.name); // a single branch is the block itself
        else
            for (const ExprPtr& branch : branchesOf(block)) text += " " + QString::fromStdString(branch->name);
        text += " |";
        for (const Operation& step : block.tail) text += " " + QString::fromStdString(describe(step));
        found << text;
    }
    QCOMPARE(found, blocks);
    verify::VerifyOptions options;
    const verify::Report report = verify::verifyModel(opened, fusion, array(file(name + ".x.npy")), options);
    QVERIFY2(report.verdict == verify::Verdict::pass, report.questions.structure.sentence.c_str());
}

void TestOnnxImport::whatMustNotMergeSaysWhy() {
    need();
    const families::OpenedModel bottleneck = open("bottleneck.onnx");
    QCOMPARE(bottleneck.model.blocks.size(), std::size_t{1});
    const fusion::ModelFusion fusion = fusion::fuseModel(bottleneck.model);
    QVERIFY(!fusion.blocks[0].fusable);
    QVERIFY2(fusion.blocks[0].reason.find("2 times the multiplications") != std::string::npos, fusion.blocks[0].reason.c_str());
    auto remark = [](const Model& model, const char* text) {
        return std::ranges::any_of(model.findings, [&](const Finding& f) { return f.code == "larger-region" && f.message.find(text) != std::string::npos; });
    };
    QVERIFY(remark(open("inverted.onnx").model, "times the multiplications"));
    QVERIFY(remark(open("zero_border.onnx").model, "a border of 1 pixel would differ"));
    const Model gated = open("gated.onnx").model;
    QVERIFY(remark(gated, "count"));
    QStringList reasons;
    for (const Finding& f : gated.findings)
        if (f.code == "not-affine") reasons << QString::fromStdString(f.message);
    QCOMPARE(reasons.size(), 3);
    for (const auto& [at, operation] : {std::pair(0, "(ReLU)"), std::pair(1, "(abs)"), std::pair(2, "(layer norm)")})
        QVERIFY2(reasons[at].contains(operation) && reasons[at].contains("'/Add"), qPrintable(reasons[at]));
}

void TestOnnxImport::unknownOperationIsNamedAndWhatLiesAroundItVerifies() {
    need();
    const families::OpenedModel opened = open("unknown.onnx");
    QVERIFY(opened.model.graph.empty());
    QVERIFY2(opened.model.whyNoGraph.find("'/CumSum' (CumSum)") != std::string::npos, opened.model.whyNoGraph.c_str());
    QCOMPARE(opened.model.blocks.size(), std::size_t{2});
    QCOMPARE(opened.model.blocks[0].name, std::string("known"));
    QCOMPARE(opened.model.blocks[1].name, std::string("after"));
    const fusion::ModelFusion fusion = fusion::fuseModel(opened.model);
    const verify::Report report = verify::verifyModel(opened, fusion, array(file("unknown.x.npy")), {});
    for (const verify::BlockReport& block : report.blocks) QVERIFY2(block.verdict == verify::Verdict::pass && block.algebra, block.name.c_str());
    QVERIFY(report.verdict == verify::Verdict::warn);
    // The block behind it gives PyTorch's numbers: convolution, then its ReLU.
    TensorD after = naive::convolve(std::get<Conv>(fusion.blocks[1].stored->op), array(file("after.x.npy")));
    for (double& v : after.edit()) v = std::max(v, 0.0);
    QVERIFY(relativeDifference(after, array(file("after.y.npy"))) < 2e-6); // the kernel is rounded to float32
}

void TestOnnxImport::aGraphWithNothingToMergeVerifies() {
    need();
    const families::OpenedModel opened = open("pools.13.onnx");
    QVERIFY(opened.model.blocks.empty());
    const verify::Report report = verify::verifyModel(opened, fusion::fuseModel(opened.model), array(file("pools.13.x.npy")), {});
    QVERIFY(report.verdict == verify::Verdict::pass);
    QCOMPARE(report.findings.back().code, std::string("nothing-to-fuse"));
}

void TestOnnxImport::trainedNetworksGiveTheirAuthorsAnswer_data() {
    QTest::addColumn<QString>("folder");
    QTest::addColumn<QStringList>("blocks");
    QTest::newRow("RT4KSR") << "rt4ksr_x2" << QStringList{"body.0.conv1", "body.1.conv1", "body.2.conv1", "body.3.conv1", "tail.1"};
    QTest::newRow("MobileIE") << "mobileie_uieb" << QStringList{"head.block1.0", "head.block1.2", "body.block1", "att.1", "att1.0", "tail"};
}

void TestOnnxImport::trainedNetworksGiveTheirAuthorsAnswer() {
    QFETCH(QString, folder);
    QFETCH(QStringList, blocks);
    const QString path = test::sharedFile(folder + "/onnx/train_form.onnx");
    if (path.isEmpty()) QSKIP("the shared checkpoints are not here (REPSCOPE_SHARED)");
    const families::OpenedModel opened = families::openModel(path.toStdString());
    QStringList found;
    for (const Block& block : opened.model.blocks) found << QString::fromStdString(block.name);
    QCOMPARE(found, blocks);
    const fusion::ModelFusion fusion = fusion::fuseModel(opened.model);
    for (const fusion::BlockFusion& block : fusion.blocks) QVERIFY2(block.fusable, block.reason.c_str());
    const TensorD x = array(test::sharedFile(folder + "/onnx/x.npy")), y = array(test::sharedFile(folder + "/onnx/y_eval.npy"));
    QVERIFY(relativeDifference(runOn(opened, x, Phase::eval, EngineKind::float64), y) < 1e-9);
    QVERIFY(relativeDifference(runOn(opened, x, Phase::deploy, EngineKind::float32), y) < 1e-5);
    QVERIFY(verify::verifyModel(opened, fusion, x, {}).verdict == verify::Verdict::pass);
}

void TestOnnxImport::inputsOfOtherSizesRun() {
    need();
    std::mt19937_64 generator(1);
    const families::OpenedModel opened = open("upscaler.onnx"); // exported for 8x10
    QVERIFY(runOn(opened, naive::reals({1, 3, 16, 12}, generator), Phase::eval, EngineKind::float64).shape() == (Shape{1, 3, 32, 24}));
    // Its linear layer takes eight values; a larger picture makes more of them.
    const families::OpenedModel flat = open("flat_lenet.onnx");
    for (Phase phase : {Phase::eval, Phase::deploy})
        QCOMPARE(test::refusal(ErrorCode::shapeMismatch, "", [&] { runOn(flat, naive::reals({1, 3, 6, 6}, generator), phase, EngineKind::float64); }), QString());
    const families::OpenedModel norm = open("flat_norm.onnx");
    QCOMPARE(test::refusal(ErrorCode::shapeMismatch, "", [&] { runOn(norm, naive::reals({1, 3, 8, 8}, generator), Phase::eval, EngineKind::float64); }), QString());
}

QTEST_GUILESS_MAIN(TestOnnxImport)
#include "tst_onnx_import.moc"
