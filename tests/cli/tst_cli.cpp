// SPDX-License-Identifier: Apache-2.0
// The real program: exit codes, what goes to which stream, and the JSON that scripts rely on.
#include "core/io/npy.h"
#include "core/io/torch_zip.h"
#include "tests/support/naive.h"
#include "tests/support/tiny_repvgg.h"

#include <cmath>
#include <limits>

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace rp;

class TestCli : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void exitCodes_data();
    void exitCodes();
    void inspectJson();
    void verifyJsonIsOneObjectAndReproduces();
    void refusalIsAJsonObject();
    void phasesOfOneBlock();
    void captures();
    void batchOfPicturesIsOneRun();
    void dispatchMethodsAgree();
    void assumedEpsChangesTheOutputAndIsShown();
    void weightSetsCanBeChosen();
    void unusedAssumptionIsNoted();
    void fuseWritesNothingWhenRefused();
    void worstInputsAttainTheCertificate();
    void fuseReadsBackWhatItWrote();
    void fuseRefusesAVerdictOfFailUnlessForced();
    void hostilePickleRunsNothing();
    void benchJson();

private:
    struct Result {
        int code;
        QByteArray out, err;
        QJsonObject json() const { return QJsonDocument::fromJson(out).object(); }
    };
    Result cli(const QStringList& arguments);
    QString path(const char* name) const { return m_folder.filePath(QLatin1String(name)); }
    TensorD array(const char* name) const { return io::readNpyFile(path(name).toStdString()).toDouble(); }

    QTemporaryDir m_folder;
};

namespace {

const QString kDemo = QStringLiteral(REPSCOPE_DEMO_DIR "/repvgg-shapes.pth");
const QString kPicture = QStringLiteral(REPSCOPE_DEMO_DIR "/star-640x480.jpg");

} // namespace

TestCli::Result TestCli::cli(const QStringList& arguments) {
    QProcess process;
    process.setWorkingDirectory(m_folder.path());
    process.start(QStringLiteral(REPSCOPE_CLI), arguments);
    process.closeWriteChannel();
    if (!process.waitForFinished(120000)) return {-1, {}, process.errorString().toUtf8()};
    const int code = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
    return {code, process.readAllStandardOutput(), process.readAllStandardError()};
}

void TestCli::initTestCase() {
    const std::string folder = m_folder.path().toStdString();
    test::writeTinyRepVgg(folder);
    test::TinyRepVgg deploy;
    deploy.deploy = true;
    test::writeTinyRepVgg(folder, deploy, "deploy.pth");
    std::vector<NamedTensor> tensors = test::tensorsOf({});
    test::replace(tensors, "stage1.0.rbr_dense.bn.running_var", TensorF({8}, std::vector<float>(8, -1)));
    io::writeTorchZip(folder + "/negative.pth", tensors, "", true, {});
    tensors = test::tensorsOf({});
    test::replace(tensors, "stage1.0.rbr_dense.conv.weight", TensorF({8, 8, 3, 3}, std::vector<float>(576, std::numeric_limits<float>::quiet_NaN())));
    io::writeTorchZip(folder + "/nan.pth", tensors, "", true, {});
    std::mt19937_64 generator(1);
    io::writeNpy(folder + "/x.npy", naive::reals({1, 3, 64, 64}, generator));
    io::writeNpy(folder + "/small.npy", naive::reals({1, 3, 16, 16}, generator));
    io::writeNpy(folder + "/block.npy", naive::reals({2, 8, 9, 7}, generator));
    for (const auto& [name, text] : {std::pair{"empty.pth", ""}, {"text.pth", "not a model at all"}, {"cut.pth", "PK\x03\x04 and no more"}}) {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }
}

void TestCli::exitCodes_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("message"); ///< a word on standard error, or on output when the code is 0
    auto row = [](const char* name, const QStringList& arguments, int code, const char* word) {
        QTest::newRow(name) << arguments << code << QString::fromUtf8(word);
    };
    row("help", {"--help"}, 0, "inspect");
    row("version", {"--version"}, 0, "oneDNN");
    row("no command", {}, 2, "");
    row("unknown command", {"explode"}, 2, "");
    row("unknown option", {"inspect", "tiny.pth", "--colour"}, 2, "--colour");
    row("missing model argument", {"inspect"}, 2, "MODEL");
    row("bad phase", {"run", "tiny.pth", "--phase", "test"}, 2, "phase");
    row("bad thread count", {"run", "tiny.pth", "--threads", "0"}, 2, "threads");
    row("bad assumption", {"inspect", "tiny.pth", "--assume", "epsilon=1"}, 2, "epsilon");
    row("unknown family", {"inspect", "tiny.pth", "--assume", "family=VGG"}, 2, "RepVGG");
    row("stated family", {"inspect", "tiny.pth", "--assume", "family=RepVGG"}, 0, "RepVGG");
    row("unknown block", {"run", "tiny.pth", "--block", "stage9.9"}, 2, "stage9.9");
    row("unknown branch", {"run", "tiny.pth", "--capture", "stage1.0.nothing=o.npy"}, 2, "rbr_dense");
    row("unknown weight set", {"inspect", "tiny.pth", "--weights", "ema"}, 2, "state_dict");
    row("bad size", {"run", "tiny.pth", "--size", "0"}, 2, "--size");
    row("unknown report suffix", {"verify", "tiny.pth", "--input", "x.npy", "--report", "r.txt"}, 2, ".html");
    row("missing model", {"inspect", "nothing.pth"}, 3, "nothing.pth");
    row("folder as model", {"inspect", "."}, 3, "directory");
    row("empty model", {"inspect", "empty.pth"}, 3, "empty");
    row("text as model", {"verify", "text.pth"}, 3, "text.pth");
    row("cut model", {"verify", "cut.pth"}, 3, "cut.pth");
    row("picture as model", {"inspect", kPicture}, 3, "star");
    row("model as picture", {"run", "tiny.pth", "--input", "deploy.pth"}, 3, "deploy.pth");
    row("missing picture", {"run", "tiny.pth", "--input", "nothing.png"}, 3, "nothing.png");
    row("array of the wrong width", {"run", "tiny.pth", "--input", "block.npy"}, 3, "channels");
    row("one value per channel in train", {"run", "tiny.pth", "--input", "small.npy", "--phase", "train"}, 3, "more than one value per channel");
    row("deploy file has nothing to verify", {"verify", "deploy.pth"}, 3, "deploy form");
    row("negative variance cannot run", {"run", "negative.pth", "--input", "x.npy"}, 3, "running_var");
    row("negative variance fails", {"verify", "negative.pth", "--input", "x.npy"}, 1, "");
    row("NaN fails", {"verify", "nan.pth", "--input", "x.npy"}, 1, "");
    row("a right model passes", {"verify", "tiny.pth", "--input", "x.npy"}, 0, "pass");
}

void TestCli::exitCodes() {
    QFETCH(QStringList, arguments);
    QFETCH(int, code);
    QFETCH(QString, message);
    const Result result = cli(arguments);
    QVERIFY2(result.code == code, (QByteArray::number(result.code) + "\n" + result.out + result.err).constData());
    const QByteArray text = code == 0 ? result.out : result.err;
    QVERIFY2(text.contains(message.toUtf8()), text.constData());
    if (code == 3) QCOMPARE(result.err.trimmed().count('\n'), 0); // one sentence
}

void TestCli::inspectJson() {
    const Result result = cli({"inspect", kDemo, "--json"});
    QCOMPARE(result.code, 0);
    const QJsonObject root = result.json();
    QCOMPARE(root["family"].toString(), QStringLiteral("RepVGG"));
    QCOMPARE(root["form"].toString(), QStringLiteral("train"));
    QCOMPARE(root["format"].toString(), QStringLiteral("pytorch-zip"));
    QCOMPARE(root["parameters"].toObject()["train"].toInt(), 260426);
    QVERIFY(root["macs"].toObject()["fusableShare"].toDouble() > 0.99);
    const QJsonArray blocks = root["blocks"].toArray();
    QCOMPARE(blocks.size(), 11);
    const QJsonObject block = blocks[2].toObject();
    QCOMPARE(block["name"].toString(), QStringLiteral("stage1.1"));
    QCOMPARE(block["exactness"].toString(), QStringLiteral("everywhere"));
    QCOMPARE(block["kernel"].toArray(), (QJsonArray{3, 3}));
    QCOMPARE(block["stride"].toArray(), (QJsonArray{1, 1}));
    QCOMPARE(block["eps"].toDouble(), 1e-5);
    QCOMPARE(block["branches"].toArray(), (QJsonArray{"rbr_dense", "rbr_1x1", "rbr_identity"}));
    QVERIFY(root["unusedKeys"].toArray().isEmpty());
    QVERIFY(!root["assumptions"].toArray().isEmpty());
}

void TestCli::verifyJsonIsOneObjectAndReproduces() {
    const Result result = cli({"verify", "tiny.pth", "--input", "x.npy", "--json", "--report", "r.json"});
    QCOMPARE(result.code, 0);
    QCOMPARE(result.json()["verdict"].toString(), QStringLiteral("pass"));
    QFile report(path("r.json"));
    QVERIFY(report.open(QIODevice::ReadOnly));
    QCOMPARE(report.readAll(), result.out);
    QStringList again = result.json()["reproduce"].toString().split(' ');
    QCOMPARE(again.takeFirst(), QStringLiteral("repscope-cli"));
    QCOMPARE(cli(again << "--json").out, result.out);
}

void TestCli::refusalIsAJsonObject() {
    const Result result = cli({"verify", "text.pth", "--json"});
    QCOMPARE(result.code, 3);
    const QJsonObject root = result.json();
    QCOMPARE(root["verdict"].toString(), QStringLiteral("refused"));
    for (const char* key : {"code", "where", "expected", "found", "remedy"}) QVERIFY2(root["error"].toObject().contains(QLatin1String(key)), key);
    QVERIFY(!result.err.isEmpty());
}

void TestCli::phasesOfOneBlock() {
    for (const char* phase : {"eval", "deploy"})
        QCOMPARE(cli({"run", "tiny.pth", "--block", "stage1.0", "--input", "block.npy", "--phase", phase, "--engine", "float64", "--output",
                      QString("%1.npy").arg(phase)}).code, 0);
    QVERIFY(io::readNpyFile(path("eval.npy").toStdString()).dtype() == DType::f64);
    QVERIFY(naive::largestDifference(array("eval.npy"), array("deploy.npy")) < 1e-6 * naive::largest(array("eval.npy")));
    QCOMPARE(array("eval.npy").shape(), (Shape{2, 8, 5, 4})); // stride 2
    QCOMPARE(cli({"run", "tiny.pth", "--block", "stage1.0", "--input", "block.npy", "--output", "f32.npy"}).code, 0);
    QVERIFY(io::readNpyFile(path("f32.npy").toStdString()).dtype() == DType::f32);
}

void TestCli::captures() {
    QCOMPARE(cli({"run", "tiny.pth", "--input", "x.npy", "--engine", "float64", "--capture", "stage2.1.rbr_dense=a.npy", "--capture", "stage2.1.rbr_1x1=b.npy",
                  "--capture", "stage2.1.rbr_identity=c.npy", "--capture", "stage2.1.sum=s.npy", "--capture", "stage2.1.out=o.npy"}).code, 0);
    const TensorD a = array("a.npy"), b = array("b.npy"), c = array("c.npy"), sum = array("s.npy"), out = array("o.npy");
    for (std::int64_t i = 0; i < a.count(); ++i) {
        QVERIFY(std::abs(a[i] + b[i] + c[i] - sum[i]) < 1e-12);
        QCOMPARE(out[i], std::max(sum[i], 0.0));
    }
}

void TestCli::batchOfPicturesIsOneRun() {
    const QString other = QStringLiteral(REPSCOPE_DEMO_DIR "/ring-800x450.jpg");
    const Result batch = cli({"run", kDemo, "--input", kPicture, "--input", other, "--batch", "--phase", "train", "--output", "batch.npy"});
    QVERIFY2(batch.code == 0, batch.err.constData());
    QVERIFY2(batch.out.contains("18 (stage4.0) to 4608 (stage0) samples per channel"), batch.out.constData()); // 2 · 3 · 3, 2 · 48 · 48
    QCOMPARE(array("batch.npy").size(0), std::int64_t{2});
    QCOMPARE(cli({"run", kDemo, "--input", kPicture, "--input", other, "--output", "each.npy"}).code, 0);
    QCOMPARE(array("each-1.npy").size(0), std::int64_t{1});
}

void TestCli::dispatchMethodsAgree() {
    for (const char* method : {"state", "fusion", "decorator"}) {
        const Result result = cli({"run", "tiny.pth", "--input", "x.npy", "--phase", "deploy", "--dispatch", method, "--trace", "--output", QString("%1.npy").arg(method)});
        QCOMPARE(result.code, 0);
        QCOMPARE(result.out.count("forwardInfer"), 6);
    }
    QVERIFY(array("state.npy") == array("fusion.npy"));
    QVERIFY(array("state.npy") == array("decorator.npy"));
}

void TestCli::assumedEpsChangesTheOutputAndIsShown() {
    QCOMPARE(cli({"run", "tiny.pth", "--input", "x.npy", "--output", "preset.npy"}).code, 0);
    QCOMPARE(cli({"run", "tiny.pth", "--input", "x.npy", "--assume", "eps=0.1", "--output", "assumed.npy"}).code, 0);
    QVERIFY(naive::largestDifference(array("preset.npy"), array("assumed.npy")) > 1e-3);
    const Result verify = cli({"verify", "tiny.pth", "--input", "x.npy", "--assume", "stage2.*:eps=0.1"});
    QVERIFY(verify.out.contains("eps = 0.1 (--assume): stage2.0, stage2.1"));
}

void TestCli::weightSetsCanBeChosen() {
    // {"model": …, "ema": …}, two networks with different numbers.
    test::TinyRepVgg other;
    other.seed = 9;
    io::Dict average;
    for (const NamedTensor& t : test::tensorsOf(other)) average.items.emplace_back(io::makeValue(t.name), io::makeValue(t.tensor));
    io::Dict extras;
    extras.items.emplace_back(io::makeValue(std::string("ema")), io::makeValue(average));
    io::writeTorchZip(path("two.pth").toStdString(), test::tensorsOf({}), "model", true, extras);
    test::writeTinyRepVgg(m_folder.path().toStdString(), other, "other.pth");

    const Result preferred = cli({"run", "two.pth", "--input", "x.npy", "--output", "model.npy"});
    QCOMPARE(preferred.code, 0);
    QVERIFY2(preferred.err.contains("model") && preferred.err.contains("ema"), preferred.err.constData()); // the choice is offered
    QCOMPARE(cli({"run", "two.pth", "--input", "x.npy", "--weights", "ema", "--output", "ema.npy"}).code, 0);
    QCOMPARE(cli({"run", "tiny.pth", "--input", "x.npy", "--output", "first.npy"}).code, 0);
    QCOMPARE(cli({"run", "other.pth", "--input", "x.npy", "--output", "second.npy"}).code, 0);
    QVERIFY(array("model.npy") == array("first.npy"));
    QVERIFY(array("ema.npy") == array("second.npy"));
}

void TestCli::unusedAssumptionIsNoted() {
    const Result result = cli({"inspect", "tiny.pth", "--assume", "stage7.*:eps=1e-3"});
    QCOMPARE(result.code, 0);
    QVERIFY(result.out.contains("stage7"));
}

void TestCli::fuseWritesNothingWhenRefused() {
    const QStringList before = QDir(m_folder.path()).entryList();
    QCOMPARE(cli({"fuse", "deploy.pth", "--output", "again.pth"}).code, 3);
    QCOMPARE(cli({"fuse", "tiny.pth", "--output", "nowhere/fused.pth"}).code, 3);
    QCOMPARE(cli({"fuse", "tiny.pth", "--output", "fused.bin"}).code, 2);
    QCOMPARE(QDir(m_folder.path()).entryList(), before);
}

void TestCli::worstInputsAttainTheCertificate() {
    const Result verified = cli({"verify", "tiny.pth", "--input", "x.npy", "--block", "stage2.1", "--worst-inputs", "worst.npy", "--json"});
    QVERIFY2(verified.code == 0, verified.err.constData());
    const QJsonObject certificate = verified.json()["blocks"].toArray().first().toObject()["certificate"].toObject();
    const QJsonArray bounds = certificate["formats"].toArray().first().toObject()["channels"].toObject()["symmetric"].toArray();
    QCOMPARE(bounds.size(), 12);
    for (const char* phase : {"eval", "deploy"})
        QCOMPARE(cli({"run", "tiny.pth", "--block", "stage2.1", "--input", "worst.npy", "--engine", "float64", "--phase", phase, "--capture",
                      QStringLiteral("stage2.1.sum=worst-%1.npy").arg(phase)}).code, 0);
    const TensorD eval = array("worst-eval.npy"), deploy = array("worst-deploy.npy");
    QCOMPARE(eval.shape(), (Shape{12, 12, 3, 3}));
    for (std::int64_t o = 0; o < 12; ++o) {
        const std::int64_t at = (o * 12 + o) * 9 + 4; // input o, channel o, the centre
        const double stated = bounds[o].toDouble();
        QVERIFY(stated > 0);
        QVERIFY(std::abs(std::abs(deploy[at] - eval[at]) - stated) < 1e-6 * stated);
    }
    QVERIFY(array("worst.at.npy") == TensorD({12, 2}, std::vector<double>(24, 1.0)));
    QCOMPARE(array("worst.border.npy").shape(), (Shape{12, 12, 3, 3}));
    QCOMPARE(array("worst.border.at.npy").shape(), (Shape{12, 2}));
    QCOMPARE(cli({"verify", "tiny.pth", "--worst-inputs", "worst.npy"}).code, 2);
}

void TestCli::fuseReadsBackWhatItWrote() {
    for (const char* name : {"back.pth", "back.safetensors", "back.npz", "back.pdparams", "back.onnx"}) {
        const Result result = cli({"fuse", "tiny.pth", "--output", QLatin1String(name)});
        QVERIFY2(result.code == 0, result.err.constData());
        QVERIFY2(result.out.contains("read back") && result.out.contains("outputs agree to the last bit"), result.out.constData());
    }
    const Result again = cli({"fuse", "back.pth", "--output", "again.pth"});
    QCOMPARE(again.code, 3);
    QVERIFY2(again.err.contains("fused already"), again.err.constData());
}

void TestCli::fuseRefusesAVerdictOfFailUnlessForced() {
    const Result refused = cli({"fuse", "nan.pth", "--output", "guarded.pth"});
    QCOMPARE(refused.code, 1);
    QVERIFY2(refused.err.contains("verdict") && refused.err.contains("--force"), refused.err.constData());
    QVERIFY(!QFile::exists(path("guarded.pth")));
    QCOMPARE(cli({"fuse", "nan.pth", "--output", "guarded.pth", "--force"}).code, 0);
    QVERIFY(QFile::exists(path("guarded.pth")));
}

void TestCli::hostilePickleRunsNothing() {
    // A bare pickle: os.system("touch owned").
    QFile file(path("hostile.pkl"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("\x80\x02" "cposix\nsystem\nX\x0b\x00\x00\x00touch owned\x85R.", 35);
    file.close();
    QCOMPARE(cli({"inspect", "hostile.pkl"}).code, 3);
    QVERIFY(!QFile::exists(path("owned")));
}

void TestCli::benchJson() {
    const Result result = cli({"bench", "tiny.pth", "--input", "x.npy", "--threads", "1", "--json"});
    QCOMPARE(result.code, 0);
    const QJsonObject root = result.json();
    QCOMPARE(root["threads"].toInt(), 1);
    for (const char* phase : {"train", "eval", "deploy"}) QVERIFY(root["phases"].toObject()[QLatin1String(phase)].toObject()["medianMs"].toDouble() > 0);
    QVERIFY(root["peakGflops"].toDouble() > 0 && root["loadMs"].toDouble() > 0 && root["fuseMs"].toDouble() > 0);
}

QTEST_GUILESS_MAIN(TestCli)
#include "tst_cli.moc"
