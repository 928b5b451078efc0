// SPDX-License-Identifier: Apache-2.0
#include "core/io/checkpoint.h"
#include "tests/support/file_builder.h"
#include "tests/support/refusal.h"

#include <QTemporaryDir>
#include <QTest>

using namespace rp;
using namespace rp::io;
using test::raw;
using test::refusal;
namespace fs = std::filesystem;
namespace pk = test::pickle;

namespace {

/// A tensor whose one value is the number of its storage.
std::string tensor(int key) {
    return pk::tensor(pk::storage("FloatStorage", std::to_string(key), 1), 0, {1}, {1});
}

std::string weights(int key) {
    return pk::dict({pk::str("conv.weight"), tensor(key), pk::str("conv.bias"), tensor(key)});
}

const std::string kModule = pk::global("models.yolo", "Model") + ")\x81" +
                            pk::dict({pk::str("training"), "\x89", pk::str("_parameters"),
                                      pk::dict({pk::str("w"), tensor(0)}), pk::str("_modules"), "}"}) +
                            "b";

} // namespace

class CheckpointTest : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(".*")); }

    void findsSetsOfWeights_data() {
        QTest::addColumn<QByteArray>("pickle");
        QTest::addColumn<QStringList>("names");
        QTest::addColumn<QString>("preferred");
        const auto row = [](const char* name, const std::string& body, QStringList names,
                            const char* preferred) {
            QTest::newRow(name) << QByteArray::fromStdString(body) << names << QString(preferred);
        };
        row("bare", weights(0), {""}, "");
        row("state_dict", pk::dict({pk::str("epoch"), "K\1", pk::str("state_dict"), weights(0)}),
            {"state_dict"}, "state_dict");
        row("model and ema", pk::dict({pk::str("ema"), weights(1), pk::str("model"), weights(0)}),
            {"ema", "model"}, "model");
        row("state_dict before model",
            pk::dict({pk::str("model"), weights(1), pk::str("state_dict"), weights(0)}),
            {"model", "state_dict"}, "state_dict");
        row("BasicSR", pk::dict({pk::str("params"), weights(1), pk::str("params_ema"), weights(0)}),
            {"params", "params_ema"}, "params_ema");
        row("only ema", pk::dict({pk::str("model_ema"), weights(0), pk::str("epoch"), "K\1"}), {"model_ema"},
            "model_ema");
        row("wrapped twice",
            pk::dict({pk::str("ema"),
                      pk::dict({pk::str("state_dict"), weights(0), pk::str("decay"), pk::real(0.9)})}),
            {"ema.state_dict"}, "ema.state_dict");
        row("wrapped twice, both",
            pk::dict({pk::str("ema"), pk::dict({pk::str("state_dict"), weights(1)}), pk::str("model"),
                      pk::dict({pk::str("state_dict"), weights(0)})}),
            {"ema.state_dict", "model.state_dict"}, "model.state_dict");
        row("an unknown name", pk::dict({pk::str("generator"), weights(0)}), {"generator"}, "generator");
        row("with an optimizer",
            pk::dict({pk::str("optimizer"),
                      pk::dict({pk::str("state"), pk::dict({"K\2", pk::dict({pk::str("step"), tensor(1)})}),
                                pk::str("flat"), weights(1)}),
                      pk::str("state"), weights(1), pk::str("lr_scheduler"), weights(1), pk::str("scaler"),
                      weights(1), pk::str("model"), weights(0)}),
            {"model"}, "model");
        row("best accuracy as a tensor",
            pk::dict({pk::str("best_acc1"), tensor(1), pk::str("state_dict"), weights(0)}), {"state_dict"},
            "state_dict");
        row("in a list", pk::list({weights(0), pk::dict({pk::str("epoch"), "K\1"})}), {"0"}, "0");
        row("flat beside an optimizer",
            pk::dict({pk::str("conv.weight"), tensor(0), pk::str("optimizer"),
                      pk::dict({pk::str("state"), weights(1)})}),
            {""}, "");
        row("flat beside a list of tensors",
            pk::dict({pk::str("conv.weight"), tensor(0), pk::str("anchors"), pk::list({tensor(1)})}), {""},
            "");
    }
    void findsSetsOfWeights() {
        QFETCH(QByteArray, pickle);
        QFETCH(QStringList, names);
        QFETCH(QString, preferred);
        const Checkpoint checkpoint = open(pickle.toStdString());
        QStringList found;
        for (const WeightSet& set : checkpoint.sets)
            found << QString::fromStdString(set.name);
        QCOMPARE(found, names);
        QCOMPARE(QString::fromStdString(checkpoint.weights({}).name), preferred);
        QCOMPARE(checkpoint.weights({}).tensors.find("conv.weight")->toFloat()[0], 100.f);
    }

    void givesTheSetThatIsNamed() {
        const Checkpoint checkpoint =
            open(pk::dict({pk::str("ema"), weights(1), pk::str("model"), weights(0)}));
        QCOMPARE(checkpoint.weights("ema").tensors.find("conv.bias")->toFloat()[0], 101.f);
        QCOMPARE(refusal(ErrorCode::usage, "'ema', 'model'", [&] { checkpoint.weights("nonsense"); }),
                 QString());
        QVERIFY(noted(checkpoint, "2 sets of weights: ema, model; used unless another is named: model"));
    }

    void keepsPlainDataBesideTheWeights() {
        const std::string meta =
            pk::dict({pk::str("version"), pk::str("1.0"), "K\7", pk::tuple({"N", "\x88"})});
        const Checkpoint checkpoint =
            open(pk::dict({pk::str("meta"), meta, pk::str("state_dict"), weights(0), pk::str("best"),
                           pk::real(0.75), pk::str("optimizer"), pk::dict({pk::str("momentum"), tensor(1)}),
                           pk::str("args"), pk::reduce(pk::global("argparse", "Namespace"), ")")}));
        QCOMPARE(checkpoint.extras.items.size(), std::size_t{2});
        QCOMPARE(*(*checkpoint.extras.find("best"))->as<double>(), 0.75);
        const Dict& kept = *(*checkpoint.extras.find("meta"))->as<Dict>();
        QVERIFY(kept.items[1].second->as<Sequence>()->kind == Sequence::Kind::tuple);
        QVERIFY(noted(checkpoint, "left out, because they hold tensors: optimizer"));
        QVERIFY(noted(checkpoint, "left out, because they hold symbols that are not interpreted: args"));
        QVERIFY(noted(checkpoint, "symbol argparse.Namespace is not interpreted"));
    }

    void namesEntriesThatAreNoTensors() {
        const Checkpoint checkpoint = open(pk::dict({pk::str("w"), tensor(0), pk::str("num_batches_tracked"),
                                                     "K\5", "K\1", tensor(1), pk::str("_metadata"), "}"}));
        QCOMPARE(checkpoint.weights({}).tensors.size(), std::size_t{1});
        QVERIFY(noted(checkpoint, "not tensors, skipped: num_batches_tracked, a key of type int"));
    }

    void keepsWhetherADictWasOrdered() {
        const std::string ordered =
            pk::reduce(pk::global("collections", "OrderedDict"), ")") + "(" + pk::str("w") + tensor(0) + "u";
        QVERIFY(open(ordered).sets[0].ordered);
        QVERIFY(!open(weights(0)).sets[0].ordered);
    }

    void hostileSymbolsAreNamedAndNeverRun() {
        const fs::path proof = m_dir.filePath("was-run").toStdString();
        const std::string hostile =
            pk::reduce(pk::global("posix", "system"), pk::tuple({pk::str("touch " + proof.string())}));
        const Checkpoint checkpoint =
            open(pk::dict({pk::str("x"), hostile, pk::str("state_dict"), weights(0)}));
        QVERIFY(noted(checkpoint, "symbol posix.system is not interpreted"));
        QVERIFY(!fs::exists(proof));
        QCOMPARE(refusal(ErrorCode::unsupported, "posix.system", [&] { open(hostile); }), QString());
        QCOMPARE(refusal(ErrorCode::unsupported, "'conv.weight'",
                         [&] {
                             open(pk::dict({pk::str("conv.weight"), hostile, pk::str("b"), tensor(0)}));
                         }),
                 QString());
    }

    void refusesTensorsOfKindsThatAreNotRead() {
        const std::string complex = pk::tensor(pk::storage("ComplexFloatStorage", "0", 1), 0, {1}, {1});
        QCOMPARE(refusal(ErrorCode::unsupported, "'model.phase'",
                         [&] {
                             open(pk::dict({pk::str("model"),
                                            pk::dict({pk::str("w"), tensor(0), pk::str("phase"), complex})}));
                         }),
                 QString());
    }

    void findsPickledModules() {
        const Checkpoint bare = open(kModule);
        QCOMPARE(bare.weights({}).name, std::string());
        QVERIFY(bare.weights({}).tensors.find("w"));
        QVERIFY(noted(bare, "the file is a pickled module"));
        const Checkpoint inside =
            open(pk::dict({pk::str("best_fitness"), tensor(0), pk::str("model"), kModule, pk::str("ema"), "N"}));
        QCOMPARE(inside.weights({}).name, std::string("model"));
        const Checkpoint dictBeside = open(pk::dict({pk::str("model"), kModule, pk::str("ema"), weights(0)}));
        QCOMPARE(dictBeside.weights({}).name, std::string("model"));
        // YOLO runs its averaged weights, and writes both as modules.
        const Checkpoint both = open(pk::dict({pk::str("model"), kModule, pk::str("ema"), kModule}));
        QCOMPARE(both.weights({}).name, std::string("ema"));
    }

    void refusesFilesWithoutWeights() {
        QCOMPARE(refusal(ErrorCode::unsupported, "a dict with epoch",
                         [&] {
                             open(pk::dict({pk::str("epoch"), "K\1"}));
                         }),
                 QString());
        QCOMPARE(refusal(ErrorCode::unsupported, "a tensor", [&] { open(tensor(0)); }), QString());
        QCOMPARE(refusal(ErrorCode::unsupported, "a list", [&] { open("]"); }), QString());
        QCOMPARE(refusal(ErrorCode::unsupported, "a dict with optimizer",
                         [&] {
                             open(pk::dict({pk::str("optimizer"), weights(0)}));
                         }),
                 QString());
    }

    void valuesThatRepeatExponentiallyAreNotWalkedSo() {
        std::string nest = "((((" + pk::list({tensor(0)}); // 500^4 ways to the innermost list
        for (int level = 0; level < 4; ++level) {
            nest += "q\1";
            for (int k = 1; k < 500; ++k) nest += "h\1";
            nest += "t";
        }
        std::string plain = "N";
        for (int i = 0; i < 60; ++i)
            plain += "q\2h\2\x86";
        const Checkpoint checkpoint =
            open(pk::dict({pk::str("a"), nest, pk::str("b"), plain, pk::str("state_dict"), weights(0)}));
        QVERIFY(noted(checkpoint, "'b' is too large to keep"));
        QVERIFY(!checkpoint.extras.find("b"));
    }

    void errorsNameTheFile() {
        const fs::path path = m_dir.filePath("broken.pth").toStdString();
        test::save(path, test::torchFile(pk::file("t"), {}));
        QCOMPARE(refusal(ErrorCode::malformed, "broken.pth: archive/data.pkl: byte 2",
                         [&] { openCheckpoint(path); }),
                 QString());
        QCOMPARE(refusal(ErrorCode::fileMissing, "absent.pth", [&] { openCheckpoint("absent.pth"); }),
                 QString());
    }

    void suffixesAreNotAsked() {
        const fs::path path = m_dir.filePath("weights.png").toStdString();
        test::save(path, test::safetensors(R"({"w":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})", "x"));
        QVERIFY(openCheckpoint(path).format == Format::safetensors);
        QVERIFY(looksLikeCheckpoint(path));
    }

    void refusesForeignFormatsWithTheLineThatHelps_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("found");
        QTest::addColumn<QString>("remedy");
        QTest::addColumn<bool>("isModel");
        const auto row = [](const char* name, const std::string& bytes, ErrorCode code, const char* found,
                            const char* remedy, bool isModel) {
            QTest::newRow(name) << QByteArray::fromStdString(bytes) << static_cast<int>(code)
                                << QString(found) << QString(remedy) << isModel;
        };
        const auto foreign = [&](const char* name, const std::string& bytes, const char* found,
                                 const char* remedy, bool isModel = true) {
            row(name, bytes, ErrorCode::formatForeign, found, remedy, isModel);
        };
        foreign("tar", std::string(257, '\0') + "ustar" + std::string(300, '\0'), "tar", "torch.load");
        foreign("HDF5", "\x89HDF\r\n\x1a\n----", "HDF5", R"(h5py.File("model.bin"))");
        row("ONNX without a graph", "\x08\x07\x12\x07pytorch", ErrorCode::malformed, "none", "the file is damaged", true);
        foreign("NumPy array", "\x93NUMPY----", "NumPy array", "--input model.bin", false);
        foreign("picture", test::jpegBlackWhite(), "picture", "--input model.bin", false);
        row("web page", "<!DOCTYPE html><html>", ErrorCode::formatUnknown, "web page",
            "download the file itself", false);
        row("Git LFS", "version https://git-lfs.github.com/spec/v1\n", ErrorCode::formatUnknown, "Git LFS",
            "git lfs pull", false);
        row("text", "hello, world", ErrorCode::formatUnknown, "no known format", "safetensors", false);
        row("one byte", "x", ErrorCode::formatUnknown, "no known format", "safetensors", false);
    }
    void refusesForeignFormatsWithTheLineThatHelps() {
        QFETCH(QByteArray, bytes);
        QFETCH(int, code);
        QFETCH(QString, found);
        QFETCH(QString, remedy);
        QFETCH(bool, isModel);
        const fs::path path = m_dir.filePath("model.bin").toStdString();
        test::save(path, bytes.toStdString());
        QCOMPARE(refusal(static_cast<ErrorCode>(code), found, [&] { openCheckpoint(path); }), QString());
        QCOMPARE(refusal(static_cast<ErrorCode>(code), remedy, [&] { openCheckpoint(path); }), QString());
        QCOMPARE(looksLikeCheckpoint(path), isModel);
    }

private:
    /// Storages 0 and 1 hold 100 and 101.
    Checkpoint open(const std::string& body) {
        const fs::path path = m_dir.filePath("model.pth").toStdString();
        test::save(path, test::torchFile(pk::file(body), {raw<float>({100}), raw<float>({101})}));
        return openCheckpoint(path);
    }

    static bool noted(const Checkpoint& checkpoint, const QString& text) {
        for (const std::string& note : checkpoint.notes)
            if (QString::fromStdString(note).contains(text)) return true;
        return false;
    }

    QTemporaryDir m_dir;
};

QTEST_APPLESS_MAIN(CheckpointTest)
#include "tst_checkpoint.moc"
