// SPDX-License-Identifier: Apache-2.0
// Small graphs written here: operators that PyTorch does not export, with values computed by hand, and hostile files.
#include "core/exec/network.h"
#include "core/fusion/fuse_model.h"
#include "core/graph/import.h"
#include "core/io/checkpoint.h"
#include "core/io/onnx_read.h"
#include "core/io/onnx_write.h"
#include "tests/support/naive.h"
#include "tests/support/refusal.h"

#include <cmath>
#include <cstring>

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace rp;
using io::OnnxModel;
using io::OnnxNode;

namespace {

using Attributes = std::vector<io::OnnxAttribute>;
using Ints = std::vector<std::int64_t>;

StoredTensor integers(const Ints& values) {
    std::string bytes(values.size() * 8, '\0');
    std::memcpy(bytes.data(), values.data(), bytes.size());
    return StoredTensor::dense(DType::i64, {std::ssize(values)}, ownBytes(std::move(bytes)), "test");
}

StoredTensor floats(const Shape& shape, const std::vector<float>& values) { return StoredTensor::of(TensorF(shape, values)); }

OnnxNode node(const char* type, std::vector<std::string> inputs, std::vector<std::string> outputs, Attributes attributes = {}) {
    return {std::string("the ") + type, type, "", std::move(inputs), std::move(outputs), std::move(attributes), -1};
}

/// x [1, 2, 4, 4] -> nodes -> y.
OnnxModel graphOf(std::int64_t opset, std::vector<OnnxNode> nodes, std::vector<NamedTensor> initializers = {}) {
    OnnxModel model;
    model.opset = opset;
    model.graphName = "test";
    model.nodes = std::move(nodes);
    model.initializers = std::move(initializers);
    model.inputs = {{"x", true, {1, 2, 4, 4}}};
    model.outputs = {{"y", false, {}}};
    return model;
}

TensorD ramp() {
    TensorD x(Shape{1, 2, 4, 4});
    for (double next = -16; double& v : x.edit()) v = next++ / 8;
    return x;
}

class Files {
public:
    std::string write(const OnnxModel& model) {
        const std::string path = m_folder.filePath("model.onnx").toStdString();
        io::writeOnnx(path, model);
        return path;
    }
    std::string write(const QByteArray& bytes) {
        QFile file(m_folder.filePath("model.onnx"));
        if (!file.open(QIODevice::WriteOnly)) return {};
        file.write(bytes);
        return file.fileName().toStdString();
    }
    QByteArray bytesOf(const OnnxModel& model) {
        QFile file(QString::fromStdString(write(model)));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    QString path(const char* name) const { return m_folder.filePath(name); }

private:
    QTemporaryDir m_folder;
};

Model modelOf(const std::string& path) {
    const io::Checkpoint checkpoint = io::openCheckpoint(path);
    return graph::importOnnx(*checkpoint.onnx).model;
}

} // namespace

class TestOnnxNodes : public QObject {
    Q_OBJECT
private slots:
    void newerSpellingsMeanTheSame_data();
    void newerSpellingsMeanTheSame();
    void automaticPadding();
    void hostileFilesAreRefused_data();
    void hostileFilesAreRefused();
    void everyTruncationIsRefused();
    void externalDataStaysInItsFolder_data();
    void externalDataStaysInItsFolder();
    void attributesMeanTheDecimalThatWasWritten();
    void shapeArithmeticFoldsAndBindsTheInputSize();
    void aBorderIsOverwrittenByOneNodeOnly();
    void blocksBehindAnUnknownValueAreFound_data();
    void blocksBehindAnUnknownValueAreFound();
    void anOpenFirstAxisIsTheBatchOfMapsOnly();

private:
    TensorD run(const OnnxModel& model) {
        const Model imported = modelOf(m_files.write(model));
        if (imported.graph.empty()) qWarning("%s", imported.whyNoGraph.c_str());
        const auto engine = makeReferenceEngine();
        Network network(imported, fusion::fuseModel(imported).forms(imported), *engine);
        return engine->read(network.run(engine->load(ramp()), Phase::eval));
    }
    Files m_files;
};

void TestOnnxNodes::newerSpellingsMeanTheSame_data() {
    QTest::addColumn<int>("which");
    int row = 0;
    for (const char* name : {"ReduceMean 18", "LayerNormalization 17", "HardSwish 14", "Gelu 20", "Split 18", "Pad with axes 18", "HardSigmoid's own slope",
                             "Softmax over all axes before 13", "SpaceToDepth", "Clip without a bound", "Gemm with alpha and beta", "Flatten to one row"})
        QTest::newRow(name) << row++;
}

void TestOnnxNodes::newerSpellingsMeanTheSame() {
    QFETCH(int, which);
    const TensorD x = ramp();
    auto at = [&](std::int64_t c, std::int64_t i) { return x[c * 16 + i]; };
    TensorD wanted(Shape{1, 2, 4, 4});
    auto each = [&](auto function) {
        for (std::int64_t c = 0; c < 2; ++c)
            for (std::int64_t i = 0; i < 16; ++i) wanted.edit()[static_cast<std::size_t>(c * 16 + i)] = function(c, i);
    };
    OnnxModel model;
    switch (which) {
    case 0:
        model = graphOf(18, {node("ReduceMean", {"x", "axes"}, {"y"})}, {{"axes", integers({1})}});
        wanted = TensorD(Shape{1, 1, 4, 4});
        for (std::int64_t i = 0; i < 16; ++i) wanted.edit()[static_cast<std::size_t>(i)] = (at(0, i) + at(1, i)) / 2;
        break;
    case 1:
        model = graphOf(17, {node("LayerNormalization", {"x", "g", "b"}, {"y"}, {{"axis", std::int64_t{-1}}, {"epsilon", 0.25}})},
                      {{"g", floats({4}, {1, 2, 3, 4})}, {"b", floats({4}, {4, 3, 2, 1})}});
        each([&](std::int64_t c, std::int64_t i) {
            const std::int64_t row = i / 4 * 4;
            double mean = 0, var = 0;
            for (std::int64_t k = 0; k < 4; ++k) mean += at(c, row + k) / 4;
            for (std::int64_t k = 0; k < 4; ++k) var += (at(c, row + k) - mean) * (at(c, row + k) - mean) / 4;
            return (at(c, i) - mean) / std::sqrt(var + 0.25) * static_cast<double>(i % 4 + 1) + static_cast<double>(4 - i % 4);
        });
        break;
    case 2:
        model = graphOf(14, {node("HardSwish", {"x"}, {"y"})});
        each([&](std::int64_t c, std::int64_t i) { return at(c, i) * std::clamp(at(c, i) / 6 + 0.5, 0.0, 1.0); });
        break;
    case 3:
        model = graphOf(20, {node("Gelu", {"x"}, {"y"})});
        each([&](std::int64_t c, std::int64_t i) { return 0.5 * at(c, i) * (1 + std::erf(at(c, i) / std::sqrt(2.0))); });
        break;
    case 4:
        model = graphOf(18, {node("Split", {"x"}, {"first", "y"}, {{"axis", std::int64_t{2}}, {"num_outputs", std::int64_t{2}}})});
        wanted = TensorD(Shape{1, 2, 2, 4});
        for (std::int64_t c = 0; c < 2; ++c)
            for (std::int64_t i = 0; i < 8; ++i) wanted.edit()[static_cast<std::size_t>(c * 8 + i)] = at(c, 8 + i);
        break;
    case 5:
        model = graphOf(18, {node("Pad", {"x", "pads", "value", "axes"}, {"y"})},
                      {{"pads", integers({1, 0})}, {"value", floats({}, {7})}, {"axes", integers({-2})}});
        wanted = TensorD(Shape{1, 2, 5, 4});
        for (std::int64_t c = 0; c < 2; ++c)
            for (std::int64_t i = 0; i < 20; ++i) wanted.edit()[static_cast<std::size_t>(c * 20 + i)] = i < 4 ? 7 : at(c, i - 4);
        break;
    case 6:
        model = graphOf(13, {node("HardSigmoid", {"x"}, {"y"}, {{"alpha", 0.25}, {"beta", 0.25}})});
        each([&](std::int64_t c, std::int64_t i) { return std::clamp(at(c, i) / 4 + 0.25, 0.0, 1.0); });
        break;
    case 7: {
        model = graphOf(11, {node("Softmax", {"x"}, {"y"})}); // axis 1: channels, rows and columns are one
        double sum = 0;
        for (double v : x.values()) sum += std::exp(v);
        each([&](std::int64_t c, std::int64_t i) { return std::exp(at(c, i)) / sum; });
        break;
    }
    case 8: // [1, 2, 4, 4] -> [1, 8, 2, 2]: channel (by, bx, c)
        model = graphOf(13, {node("SpaceToDepth", {"x"}, {"y"}, {{"blocksize", std::int64_t{2}}})});
        wanted = TensorD(Shape{1, 8, 2, 2});
        for (std::int64_t o = 0; o < 32; ++o) {
            const std::int64_t by = o / 16, bx = o / 8 % 2, c = o / 4 % 2, h = o / 2 % 2, w = o % 2;
            wanted.edit()[static_cast<std::size_t>(o)] = at(c, (2 * h + by) * 4 + 2 * w + bx);
        }
        break;
    case 9:
        model = graphOf(13, {node("Clip", {"x", "", "high"}, {"y"})}, {{"high", floats({}, {0.5})}});
        each([&](std::int64_t c, std::int64_t i) { return std::min(at(c, i), 0.5); });
        break;
    case 10: {
        std::vector<float> b(64);
        for (std::size_t i = 0; i < b.size(); ++i) b[i] = static_cast<float>(i % 5);
        model = graphOf(13, {node("Flatten", {"x"}, {"f"}), node("Gemm", {"f", "b", "c"}, {"y"}, {{"alpha", 0.5}, {"beta", 2.0}})},
                      {{"b", floats({32, 2}, b)}, {"c", floats({1}, {3})}});
        wanted = TensorD(Shape{1, 2});
        for (std::size_t o = 0; o < 2; ++o) {
            double sum = 0;
            for (std::size_t k = 0; k < 32; ++k) sum += x[static_cast<std::int64_t>(k)] * static_cast<double>(b[k * 2 + o]);
            wanted.edit()[o] = 0.5 * sum + 6;
        }
        break;
    }
    default:
        model = graphOf(13, {node("Flatten", {"x"}, {"y"}, {{"axis", std::int64_t{0}}})});
        wanted = x.reshaped({1, 32});
        break;
    }
    const TensorD got = run(model);
    QVERIFY2(naive::largestDifference(got, wanted) <= 1e-14, qPrintable(QStringLiteral("%1").arg(naive::largestDifference(got, wanted))));
}

/// SAME_UPPER puts the odd pixel behind, SAME_LOWER before: a sum over 2x2 windows tells them apart.
void TestOnnxNodes::automaticPadding() {
    for (const char* mode : {"SAME_UPPER", "SAME_LOWER", "VALID"}) {
        const OnnxModel model = graphOf(13, {node("Conv", {"x", "w"}, {"y"}, {{"auto_pad", std::string(mode)}, {"group", std::int64_t{2}}})},
                                      {{"w", floats({2, 1, 2, 2}, std::vector<float>(8, 1.0f))}});
        const bool upper = std::string(mode) == "SAME_UPPER", valid = std::string(mode) == "VALID";
        const Padding padding = valid ? Padding{} : upper ? Padding{0, 0, 1, 1} : Padding{1, 1, 0, 0};
        Conv conv{Param(TensorD(Shape{2, 1, 2, 2}, std::vector<double>(8, 1.0))), {}, {}, padding, {}, 2};
        QCOMPARE(naive::largestDifference(run(model), naive::convolve(conv, ramp())), 0.0);
    }
}

void TestOnnxNodes::hostileFilesAreRefused_data() {
    const auto row = test::defectRows("bytes");
    Files files;
    auto add = [&](const char* name, const OnnxModel& model, ErrorCode code, const char* word) {
        row(name, files.bytesOf(model).toStdString(), code, word);
    };
    add("a cycle", graphOf(13, {node("Relu", {"b"}, {"a"}), node("Relu", {"a"}, {"b"}), node("Add", {"x", "a"}, {"y"})}), ErrorCode::malformed, "cycles");
    add("an input that nothing makes", graphOf(13, {node("Relu", {"nowhere"}, {"y"})}), ErrorCode::malformed, "'nowhere'");
    add("a value made twice", graphOf(13, {node("Relu", {"x"}, {"y"}), node("Abs", {"x"}, {"y"})}), ErrorCode::malformed, "made once");
    add("no such output", graphOf(13, {node("Relu", {"x"}, {"z"})}), ErrorCode::malformed, "output 'y'");
    add("a constant beyond memory", graphOf(13, {node("ConstantOfShape", {"s"}, {"c"}), node("Add", {"x", "c"}, {"y"})}, {{"s", integers({1 << 20, 1 << 20, 1 << 20})}}),
        ErrorCode::limitExceeded, "the ConstantOfShape");
    add("a shape whose product overflows", graphOf(13, {node("ConstantOfShape", {"s"}, {"c"}), node("Add", {"x", "c"}, {"y"})}, {{"s", integers({std::int64_t{1} << 40, std::int64_t{1} << 40})}}),
        ErrorCode::limitExceeded, "2^63");
    add("a tile beyond memory", graphOf(13, {node("Tile", {"x", "r"}, {"y"})}, {{"r", integers({1, 1, 1 << 20, 1 << 20})}}), ErrorCode::limitExceeded, "the Tile");
    OnnxModel vast = graphOf(13, {node("Relu", {"x"}, {"y"})});
    vast.inputs[0].shape = {1, 3, std::int64_t{1} << 40, std::int64_t{1} << 40};
    add("an input of any size", vast, ErrorCode::limitExceeded, "input");
    OnnxModel flat = graphOf(13, {node("Relu", {"x"}, {"y"})});
    flat.inputs[0].shape = {1, 3};
    add("an input that is no picture", flat, ErrorCode::unsupported, "[n, c, h, w]");
    row("no protobuf", std::string("\x08\x07\x12\xff\xff\xff\xff\x0f", 8), ErrorCode::malformed, "protobuf");
}

void TestOnnxNodes::hostileFilesAreRefused() {
    QFETCH(QByteArray, bytes);
    QFETCH(int, code);
    QFETCH(QString, word);
    const std::string path = m_files.write(bytes);
    QCOMPARE(test::refusal(static_cast<ErrorCode>(code), word, [&] { modelOf(path); }), QString());
}

void TestOnnxNodes::everyTruncationIsRefused() {
    std::vector<float> w(36, 0.5f);
    const QByteArray whole = m_files.bytesOf(graphOf(13, {node("Conv", {"x", "w"}, {"a"}, {{"pads", Ints{1, 1, 1, 1}}}), node("Relu", {"a"}, {"y"})}, {{"w", floats({2, 2, 3, 3}, w)}}));
    QVERIFY(whole.size() > 200);
    int opened = 0;
    for (qsizetype size = 0; size < whole.size(); ++size)
        opened += test::succeedsOrRefuses([&] { modelOf(m_files.write(whole.first(size))); });
    QVERIFY(opened <= 2); // a cut between two fields of the message leaves a smaller message
}

void TestOnnxNodes::externalDataStaysInItsFolder_data() {
    QTest::addColumn<QString>("location");
    QTest::addColumn<QString>("offset");
    QTest::addColumn<int>("code"); // 0: opens
    QTest::newRow("beside the model") << "weights.bin" << "0" << -1;
    QTest::newRow("below it") << "sub/weights.bin" << "8" << -1;
    QTest::newRow("above it") << "../weights.bin" << "0" << int(ErrorCode::malformed);
    QTest::newRow("above it, in passing") << "sub/../../weights.bin" << "0" << int(ErrorCode::malformed);
    QTest::newRow("absolute") << "/etc/passwd" << "0" << int(ErrorCode::malformed);
    QTest::newRow("nothing") << "" << "0" << int(ErrorCode::malformed);
    QTest::newRow("a link") << "link.bin" << "0" << int(ErrorCode::malformed);
    QTest::newRow("a folder") << "sub" << "0" << int(ErrorCode::fileUnreadable);
    QTest::newRow("missing") << "none.bin" << "0" << int(ErrorCode::fileMissing);
    QTest::newRow("beyond the end") << "weights.bin" << "100" << int(ErrorCode::truncated);
    QTest::newRow("an offset that wraps") << "weights.bin" << "18446744073709551615" << int(ErrorCode::truncated);
    QTest::newRow("no number") << "weights.bin" << "-1" << int(ErrorCode::malformed);
}

void TestOnnxNodes::externalDataStaysInItsFolder() {
    QFETCH(QString, location);
    QFETCH(QString, offset);
    QFETCH(int, code);
    const QDir folder = QFileInfo(m_files.path("x")).dir();
    folder.mkpath("sub");
    for (const QString& name : {QString("weights.bin"), QString("sub/weights.bin")}) {
        QFile data(folder.filePath(name));
        QVERIFY(data.open(QIODevice::WriteOnly));
        const float numbers[6] = {9, 9, 2, 4, 9, 9};
        data.write(reinterpret_cast<const char*>(numbers), sizeof numbers);
    }
    QFile::link(folder.filePath("weights.bin"), folder.filePath("link.bin"));
    auto field = [](int number, const QByteArray& bytes) {
        return QByteArray(1, static_cast<char>(number << 3 | 2)) + QByteArray(1, static_cast<char>(bytes.size())) + bytes;
    };
    auto entry = [&](const char* key, const QString& value) { return field(13, field(1, key) + field(2, value.toUtf8())); };
    // TensorProto: dims 2, float, name s, external data, data_location 1
    const QByteArray tensor = QByteArray("\x08\x02\x10\x01", 4) + field(8, "s") + entry("location", location) + entry("offset", offset) + QByteArray("\x70\x01", 2);
    const QByteArray external = "\x2a" + QByteArray(1, static_cast<char>(tensor.size())) + tensor;
    // y = x * reshape(s): the graph's fields, then the tensor as one more of them (messages that repeat are joined).
    const QByteArray whole = m_files.bytesOf(graphOf(13, {node("Reshape", {"s", "four"}, {"r"}), node("Mul", {"x", "r"}, {"y"})}, {{"four", integers({1, 2, 1, 1})}}));
    const std::string path = m_files.write(whole + "\x3a" + QByteArray(1, static_cast<char>(external.size())) + external);
    if (code >= 0) {
        QCOMPARE(test::refusal(static_cast<ErrorCode>(code), "", [&] { modelOf(path); }), QString());
        return;
    }
    const Model model = modelOf(path);
    const auto engine = makeReferenceEngine();
    Network network(model, fusion::fuseModel(model).forms(model), *engine);
    const TensorD y = engine->read(network.run(engine->load(ramp()), Phase::eval));
    QCOMPARE(y[0], -2.0 * (offset == "8" ? 2 : 9));
    QCOMPARE(y[16], 0.0);
    QCOMPARE(y[17], 0.125 * (offset == "8" ? 4 : 9));
}

/// The file holds float32; eps was meant to be 1e-5.
void TestOnnxNodes::attributesMeanTheDecimalThatWasWritten() {
    const Model model = modelOf(m_files.write(graphOf(13, {node("BatchNormalization", {"x", "g", "b", "m", "v"}, {"y"}, {{"epsilon", 1e-5}})},
                                                    {{"g", floats({2}, {1, 1})}, {"b", floats({2}, {0, 0})}, {"m", floats({2}, {0, 0})}, {"v", floats({2}, {0, 0})}})));
    const auto& region = std::get<Region>(model.graph.at(0).what);
    QCOMPARE(std::get<Norm>(region.body->op).eps, 1e-5);
}

/// y = reshape(x, concat([1, 1, 2], shape(x)[2:])): known for the size that the file declares, and for no other.
void TestOnnxNodes::shapeArithmeticFoldsAndBindsTheInputSize() {
    const OnnxModel source = graphOf(13, {node("Shape", {"x"}, {"s"}), node("Slice", {"s", "two", "four"}, {"hw"}), node("Concat", {"head", "hw"}, {"t"}, {{"axis", std::int64_t{0}}}),
                                          node("Reshape", {"x", "t"}, {"y"})},
                                     {{"two", integers({2})}, {"four", integers({4})}, {"head", integers({1, 1, 2})}});
    QVERIFY(run(source) == ramp().reshaped({1, 1, 2, 4, 4}));
    const Model model = modelOf(m_files.write(source));
    QVERIFY(model.inputIsFixed);
    const auto engine = makeReferenceEngine();
    Network network(model, {}, *engine);
    QCOMPARE(test::refusal(ErrorCode::inputInvalid, "[1, 2, 4, 4]", [&] { network.run(engine->load(TensorD(Shape{1, 2, 3, 3})), Phase::eval); }), QString());
}

/// Two nodes that both overwrite the same padded map: the second one is refused, by name.
void TestOnnxNodes::aBorderIsOverwrittenByOneNodeOnly() {
    OnnxNode second = node("ScatterND", {"p", "at", "one"}, {"y"});
    second.name = "the second";
    const Model model = modelOf(m_files.write(
        graphOf(13, {node("Pad", {"x", "pads"}, {"p"}), node("ScatterND", {"p", "at", "one"}, {"unused"}), second},
                {{"pads", integers({0, 0, 1, 1, 0, 0, 1, 1})},
                 {"at", StoredTensor::dense(DType::i64, {1, 4}, ownBytes(std::string(32, '\0')), "at")},
                 {"one", floats({1}, {1})}})));
    QVERIFY(model.graph.empty());
    QVERIFY2(model.whyNoGraph.find("the second") != std::string::npos && model.whyNoGraph.find("another node") != std::string::npos,
             model.whyNoGraph.c_str());
}

void TestOnnxNodes::blocksBehindAnUnknownValueAreFound_data() {
    QTest::addColumn<QString>("which");
    QTest::addColumn<int>("blocks");
    QTest::newRow("its shape is stated") << "stated" << 1;
    QTest::newRow("its batch is open") << "batch" << 1;
    QTest::newRow("its size is open") << "open" << 0;
    QTest::newRow("nothing is said of it") << "none" << 0;
    QTest::newRow("a shape beyond any memory") << "huge" << 0;
    QTest::newRow("an operator that keeps the shape") << "sine" << 1;
    QTest::newRow("a second input") << "input" << 1;
}

/// m is not known; y = a(m) + b(m) is one convolution all the same.
void TestOnnxNodes::blocksBehindAnUnknownValueAreFound() {
    QFETCH(QString, which);
    QFETCH(int, blocks);
    OnnxNode unknown = node(which == "sine" ? "Sin" : "Foo", {"x"}, {"m"});
    if (which != "sine") unknown.domain = "mine";
    OnnxModel model = graphOf(13, {unknown, node("Conv", {"m", "a"}, {"am"}), node("Conv", {"m", "b"}, {"bm"}), node("Add", {"am", "bm"}, {"y"})},
                              {{"a", floats({1, 2, 1, 1}, {1, 2})}, {"b", floats({1, 2, 1, 1}, {4, 8})}});
    const Shape stated = which == "stated" ? Shape{1, 2, 4, 4} : which == "batch" ? Shape{-1, 2, 4, 4} : Shape{1, 2, -1, -1};
    const std::int64_t large = std::int64_t{1} << 40;
    if (which == "stated" || which == "batch" || which == "open") model.values = {{"m", true, stated}};
    if (which == "huge") model.values = {{"m", true, {1, 2, large, large}}};
    if (which == "input") {
        model.nodes.erase(model.nodes.begin());
        model.nodes.insert(model.nodes.begin(), node("Relu", {"x"}, {"unused"}));
        model.inputs.push_back({"m", true, {1, 2, 4, 4}});
    }
    const Model imported = modelOf(m_files.write(model));
    QVERIFY(imported.graph.empty());
    QVERIFY2(imported.whyNoGraph.find(which == "input" ? "second input" : which == "sine" ? "Sin" : "Foo") != std::string::npos, imported.whyNoGraph.c_str());
    QCOMPARE(static_cast<int>(imported.blocks.size()), blocks);
    if (blocks == 0) return;
    const fusion::ModelFusion fusion = fusion::fuseModel(imported);
    QVERIFY(fusion.blocks[0].fusable);
    const TensorD kernel = std::get<Conv>(fusion.blocks[0].stored->op).weight.toDouble();
    QCOMPARE(kernel[0], 5.0);
    QCOMPARE(kernel[1], 10.0);
}

/// m [?, 2] is not known; its rows need not be pictures, so that nothing is computed from their number.
void TestOnnxNodes::anOpenFirstAxisIsTheBatchOfMapsOnly() {
    for (const std::int64_t rows : {-1, 1}) {
        OnnxNode unknown = node("Foo", {"x"}, {"m"});
        unknown.domain = "mine";
        OnnxModel model = graphOf(13, {unknown, node("Gemm", {"m", "a"}, {"am"}), node("Gemm", {"am", "b"}, {"y"})},
                                  {{"a", floats({2, 2}, {1, 2, 3, 4})}, {"b", floats({2, 1}, {4, 8})}});
        model.values = {{"m", true, {rows, 2}}};
        QCOMPARE(modelOf(m_files.write(model)).blocks.size(), std::size_t{rows == 1});
    }
}

QTEST_GUILESS_MAIN(TestOnnxNodes)
#include "tst_onnx_nodes.moc"
