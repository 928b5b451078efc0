// SPDX-License-Identifier: Apache-2.0
// Deploy graphs, read back by OpenCV's dnn, by ONNX Runtime where it is installed, and by our own engine.
#include "core/exec/network.h"
#include "core/families/open_model.h"
#include "core/fusion/fuse_model.h"
#include "core/fusion/write_fused.h"
#include "core/graph/export.h"
#include "core/io/npy.h"
#include "core/io/onnx_model.h"
#include "core/io/onnx_write.h"
#include "tests/support/naive.h"
#include "tests/support/python.h"
#include "tests/support/refusal.h"
#include "tests/support/shared.h"
#include "tests/support/tiny_repvgg.h"

#include <opencv2/dnn.hpp>

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace rp;

namespace {

TensorD array(const QString& path) { return io::readNpyFile(path.toStdString()).toDouble(); }

double relativeDifference(const TensorD& got, const TensorD& wanted) { return naive::largestDifference(got, wanted) / naive::largest(wanted); }

TensorD runOn(const families::OpenedModel& opened, const TensorD& x, Phase phase) {
    const auto engine = makeReferenceEngine();
    const ModelForms forms = fusion::fuseModel(opened.model).forms(opened.model);
    Network network(opened.model, forms, *engine);
    return engine->read(network.run(engine->load(x), phase));
}

/// What OpenCV makes of it, in float32.
TensorD runInOpenCv(const std::string& path, const TensorD& x) {
    cv::dnn::Net net = cv::dnn::readNetFromONNX(path);
    const std::vector<int> sizes(x.shape().begin(), x.shape().end());
    cv::Mat input(sizes, CV_32F);
    std::copy(x.values().begin(), x.values().end(), input.ptr<float>());
    net.setInput(input);
    const cv::Mat output = net.forward();
    Shape shape;
    for (int axis = 0; axis < output.dims; ++axis) shape.push_back(output.size[axis]);
    const float* values = output.ptr<float>();
    return TensorD(shape, std::vector<double>(values, values + output.total()));
}

std::int64_t countOf(const io::OnnxModel& model, const char* type) { return std::ranges::count(model.nodes, type, &io::OnnxNode::opType); }

} // namespace

class TestOnnxExport : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void mergedGraphsComputeTheSame_data();
    void mergedGraphsComputeTheSame();
    void everythingElseStaysAsItWas();
    void statedEpsIsWritten();
    void stateDictsBecomeGraphs_data();
    void stateDictsBecomeGraphs();
    void trainedNetworksComputeTheSame_data();
    void trainedNetworksComputeTheSame();
    void trainedCheckpointsBecomeGraphs_data();
    void trainedCheckpointsBecomeGraphs();
    void onnxRuntimeAgrees();
    void checkpointsFromAGraphLoadInPyTorch_data();
    void checkpointsFromAGraphLoadInPyTorch();
    void blocksAroundAnUnknownOperationAreMerged();
    void nothingToMergeWritesNothing();

private:
    QString file(const QString& name) const { return m_folder.filePath(name); }
    /// Opens, fuses, writes and opens again.
    struct Pair {
        families::OpenedModel source, deploy;
        std::string path;
    };
    Pair deploy(const std::string& source) {
        Pair pair{families::openModel(source), {}, file("deploy.onnx").toStdString()};
        graph::writeDeployOnnx(pair.path, pair.source.model, fusion::fuseModel(pair.source.model), *pair.source.checkpoint);
        pair.deploy = families::openModel(pair.path);
        return pair;
    }

    QTemporaryDir m_folder;
    bool m_hasTorch = false;
};

void TestOnnxExport::initTestCase() {
    m_hasTorch = test::pythonHas("torch");
    if (!m_hasTorch) return;
    QCOMPARE(test::runDataScript("torch_onnx.py", m_folder.path(), {m_folder.path()}), QString());
}

void TestOnnxExport::mergedGraphsComputeTheSame_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("convolutions");
    QTest::newRow("RepVGG") << "repvgg" << 3;
    QTest::newRow("DBB") << "diverse" << 1;
    QTest::newRow("zero border") << "zero_border" << 3;
    QTest::newRow("ACNet, stride 2") << "asymmetric" << 1;
    QTest::newRow("concat and 1x1") << "stacked" << 1;
    QTest::newRow("inverted bottleneck") << "inverted" << 2;
    QTest::newRow("super-resolution") << "upscaler" << 3;
    QTest::newRow("norms beside linear layers") << "linear_norm" << 1;
    QTest::newRow("a norm behind a flattened map") << "flat_norm" << 1;
    QTest::newRow("a norm behind a flattened depthwise map") << "flat_depthwise" << 1;
    QTest::newRow("a linear layer behind a flattened map") << "flat_lenet" << 1;
    QTest::newRow("a flattened map of stride 2") << "flat_strided" << 1;
}

void TestOnnxExport::mergedGraphsComputeTheSame() {
    if (!m_hasTorch) QSKIP("needs PyTorch for the system's Python");
    QFETCH(QString, name);
    QFETCH(int, convolutions);
    const Pair pair = deploy(file(name + ".onnx").toStdString());
    QCOMPARE(countOf(*pair.deploy.checkpoint->onnx, "Conv"), std::int64_t{convolutions});
    QCOMPARE(countOf(*pair.deploy.checkpoint->onnx, "BatchNormalization"), std::int64_t{0});
    const TensorD x = array(file(name + ".x.npy")), y = array(file(name + ".y.npy"));
    QVERIFY(relativeDifference(runOn(pair.deploy, x, Phase::eval), runOn(pair.source, x, Phase::deploy)) < 1e-13); // the same kernels
    QVERIFY(relativeDifference(runOn(pair.deploy, x, Phase::eval), y) < 2e-6);
    // OpenCV 4.6 takes the bounds of Clip as attributes only, and the file's own Clip has them as inputs.
    if (countOf(*pair.deploy.checkpoint->onnx, "Clip") == 0) QVERIFY(relativeDifference(runInOpenCv(pair.path, x), y) < 1e-5);
}

void TestOnnxExport::everythingElseStaysAsItWas() {
    if (!m_hasTorch) QSKIP("needs PyTorch for the system's Python");
    io::OnnxModel marked = *families::openModel(file("upscaler.onnx").toStdString()).checkpoint->onnx;
    const Pair pair = deploy(file("upscaler.onnx").toStdString());
    const io::OnnxModel& after = *pair.deploy.checkpoint->onnx;
    QCOMPARE(after.opset, marked.opset);
    QCOMPARE(after.irVersion, marked.irVersion);
    QCOMPARE(after.producer, marked.producer);
    QCOMPARE(after.inputs.front().name, marked.inputs.front().name);
    QCOMPARE(after.outputs.front().name, marked.outputs.front().name);
    for (const char* type : {"DepthToSpace", "Resize", "PRelu", "Sigmoid", "Erf"}) QCOMPARE(countOf(after, type), countOf(marked, type));
    const auto find = [](const io::OnnxModel& model, const char* type) { return *std::ranges::find(model.nodes, type, &io::OnnxNode::opType); };
    for (const char* type : {"Resize", "DepthToSpace", "PRelu"}) {
        QCOMPARE(find(after, type).name, find(marked, type).name);
        QCOMPARE(find(after, type).outputs, find(marked, type).outputs);
        QCOMPARE(find(after, type).inputs, find(marked, type).inputs);
        QCOMPARE(find(after, type).attributes.size(), find(marked, type).attributes.size());
    }
}

/// Into the merged kernel, and onto the norm that stays; read back without the assumption.
void TestOnnxExport::statedEpsIsWritten() {
    if (!m_hasTorch) QSKIP("needs PyTorch for the system's Python");
    families::OpenOptions options;
    options.assumptions = {"eps=1e-2"};
    const families::OpenedModel source = families::openModel(file("lone_norm.onnx").toStdString(), options);
    const std::string path = file("deploy.onnx").toStdString();
    graph::writeDeployOnnx(path, source.model, fusion::fuseModel(source.model), *source.checkpoint);
    const families::OpenedModel back = families::openModel(path);
    QCOMPARE(countOf(*back.checkpoint->onnx, "BatchNormalization"), std::int64_t{1});
    const TensorD x = array(file("lone_norm.x.npy")), y = array(file("lone_norm.eps.npy"));
    QVERIFY(relativeDifference(runOn(back, x, Phase::eval), y) < 2e-6);
    QVERIFY(relativeDifference(runInOpenCv(path, x), y) < 1e-5);
    QVERIFY(relativeDifference(array(file("lone_norm.y.npy")), y) > 1e-4);
}

void TestOnnxExport::stateDictsBecomeGraphs_data() {
    QTest::addColumn<bool>("se");
    QTest::addColumn<int>("groups");
    QTest::newRow("plain") << false << 1;
    QTest::newRow("groups and SE") << true << 2;
}

void TestOnnxExport::stateDictsBecomeGraphs() {
    QFETCH(bool, se);
    QFETCH(int, groups);
    test::TinyRepVgg spec;
    spec.se = se;
    spec.groups = groups;
    const Pair pair = deploy(test::writeTinyRepVgg(m_folder.path().toStdString(), spec));
    std::mt19937_64 generator(1);
    const TensorD x = naive::reals({1, 3, 224, 224}, generator);
    const TensorD wanted = runOn(pair.source, x, Phase::deploy);
    const Shape flat{wanted.size(0), wanted.size(1)};
    QVERIFY(relativeDifference(runOn(pair.deploy, x, Phase::eval), wanted.reshaped(flat)) < 1e-13);
    QVERIFY(relativeDifference(runInOpenCv(pair.path, x), wanted.reshaped(flat)) < 1e-5);
    QCOMPARE(countOf(*pair.deploy.checkpoint->onnx, "Gemm"), std::int64_t{1});
}

void TestOnnxExport::trainedNetworksComputeTheSame_data() {
    QTest::addColumn<QString>("folder");
    QTest::addColumn<int>("convolutions");
    QTest::newRow("RT4KSR") << "rt4ksr_x2" << 7; // five blocks, head and upsampling
    QTest::newRow("MobileIE") << "mobileie_uieb" << 6;
}

void TestOnnxExport::trainedNetworksComputeTheSame() {
    QFETCH(QString, folder);
    QFETCH(int, convolutions);
    const QString path = test::sharedFile(folder + "/onnx/train_form.onnx");
    if (path.isEmpty()) QSKIP("the shared checkpoints are not here (REPSCOPE_SHARED)");
    const Pair pair = deploy(path.toStdString());
    const io::OnnxModel& graph = *pair.deploy.checkpoint->onnx;
    QCOMPARE(countOf(graph, "Conv"), std::int64_t{convolutions});
    QCOMPARE(countOf(graph, "ScatterND"), std::int64_t{0});
    const TensorD x = array(test::sharedFile(folder + "/onnx/x.npy")), y = array(test::sharedFile(folder + "/onnx/y_eval.npy"));
    QVERIFY(relativeDifference(runOn(pair.deploy, x, Phase::eval), runOn(pair.source, x, Phase::deploy)) < 1e-12);
    QVERIFY(relativeDifference(runOn(pair.deploy, x, Phase::eval), y) < 2e-6);
}

void TestOnnxExport::trainedCheckpointsBecomeGraphs_data() {
    QTest::addColumn<QString>("file");
    QTest::newRow("RT4KSR") << "rt4ksr_x2/rt4ksr_x2.pth";
    QTest::newRow("MobileIE") << "mobileie_uieb/model_best.pkl";
}

/// From their state dicts.
void TestOnnxExport::trainedCheckpointsBecomeGraphs() {
    QFETCH(QString, file);
    const QString path = test::sharedFile(file);
    if (path.isEmpty()) QSKIP("the shared checkpoints are not here (REPSCOPE_SHARED)");
    const Pair pair = deploy(path.toStdString());
    const QString folder = file.section('/', 0, 0);
    const TensorD x = array(test::sharedFile(folder + "/x.npy")), y = array(test::sharedFile(folder + "/y_eval.npy"));
    QVERIFY(relativeDifference(runOn(pair.deploy, x, Phase::eval), y) < 5e-6);
}

/// ONNX Runtime from npm (tests/bench/onnxruntime.js), where NODE_PATH names it.
void TestOnnxExport::onnxRuntimeAgrees() {
    if (!m_hasTorch) QSKIP("needs PyTorch for the system's Python");
    auto node = [&](const QStringList& arguments) {
        QProcess process;
        process.setWorkingDirectory(m_folder.path());
        process.start("node", arguments);
        const bool ran = process.waitForFinished(-1) && process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0;
        return ran ? QString() : "failed: " + QString::fromUtf8(process.readAllStandardOutput() + process.readAllStandardError());
    };
    if (!node({"-e", "require('onnxruntime-node')"}).isEmpty()) QSKIP("needs node and onnxruntime-node (NODE_PATH)");
    const QString script = QStringLiteral(REPSCOPE_SOURCE_DIR "/tests/bench/onnxruntime.js");
    for (const QString name : {"repvgg", "diverse", "zero_border", "asymmetric", "stacked", "inverted", "upscaler", "linear_norm", "flat_norm", "flat_depthwise", "flat_lenet", "flat_strided"}) {
        const Pair pair = deploy(file(name + ".onnx").toStdString());
        const QString problem = node({script, QString::fromStdString(pair.path), name + ".x.npy", name + ".y.npy"});
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
    }
    // A graph of our own making; no other reference than the branches in float64.
    test::TinyRepVgg spec;
    spec.se = true;
    const Pair pair = deploy(test::writeTinyRepVgg(m_folder.path().toStdString(), spec));
    std::mt19937_64 generator(1);
    const TensorD x = naive::reals(pair.source.model.defaultInput, generator);
    io::writeNpy(file("own.x.npy").toStdString(), x);
    io::writeNpy(file("own.y.npy").toStdString(), runOn(pair.source, x, Phase::eval));
    const QString problem = node({script, "deploy.onnx", "own.x.npy", "own.y.npy"});
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
}

/// A graph's kernels as a checkpoint, which PyTorch loads strictly into the deploy form.
void TestOnnxExport::checkpointsFromAGraphLoadInPyTorch_data() {
    QTest::addColumn<QString>("suffix");
    for (const char* suffix : {"pth", "npz", "safetensors"}) QTest::newRow(suffix) << QString(suffix);
}

void TestOnnxExport::checkpointsFromAGraphLoadInPyTorch() {
    if (!m_hasTorch) QSKIP("needs PyTorch for the system's Python");
    QFETCH(QString, suffix);
    const families::OpenedModel opened = families::openModel(file("repvgg.onnx").toStdString());
    const QString target = file("deploy." + suffix);
    fusion::writeFused(target.toStdString(), opened.model, fusion::fuseModel(opened.model), *opened.checkpoint, *opened.weights);
    QCOMPARE(test::runDataScript("torch_onnx_deploy.py", m_folder.path(), {target, file("repvgg.x.npy"), file("deploy.npy")}), QString());
    QVERIFY(relativeDifference(array(file("deploy.npy")), array(file("repvgg.y.npy"))) < 2e-6);
}

/// Both sides of an operation that is not known here are merged; it stays, and so does what it feeds.
void TestOnnxExport::blocksAroundAnUnknownOperationAreMerged() {
    if (!m_hasTorch) QSKIP("needs PyTorch for the system's Python");
    const Pair pair = deploy(file("unknown.onnx").toStdString());
    const io::OnnxModel& graph = *pair.deploy.checkpoint->onnx;
    QCOMPARE(countOf(graph, "Conv"), std::int64_t{2});
    QCOMPARE(countOf(graph, "CumSum"), std::int64_t{1});
    QCOMPARE(countOf(graph, "BatchNormalization"), std::int64_t{0});
}

void TestOnnxExport::nothingToMergeWritesNothing() {
    if (!m_hasTorch) QSKIP("needs PyTorch for the system's Python");
    const families::OpenedModel opened = families::openModel(file("bottleneck.onnx").toStdString());
    const std::string target = file("none.onnx").toStdString();
    QCOMPARE(test::refusal(ErrorCode::nothingToFuse, "bottleneck", [&] {
        graph::writeDeployOnnx(target, opened.model, fusion::fuseModel(opened.model), *opened.checkpoint);
    }), QString());
    QVERIFY(!QFile::exists(QString::fromStdString(target)));
}

QTEST_GUILESS_MAIN(TestOnnxExport)
#include "tst_onnx_export.moc"
