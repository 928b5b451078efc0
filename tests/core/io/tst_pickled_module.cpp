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
namespace pk = test::pickle;

namespace {

std::string tensor(int key) {
    return pk::tensor(pk::storage("FloatStorage", std::to_string(key), 1), 0, {1}, {1});
}

/// An object made by NEWOBJ whose state is `state`.
std::string object(std::string_view module, std::string_view name, const std::string& state) {
    return pk::global(module, name) + ")\x81" + state + "b";
}

const std::string kConv =
    object("torch.nn.modules.conv", "Conv2d",
           pk::dict({pk::str("training"), "\x89", pk::str("_parameters"),
                     pk::dict({pk::str("weight"), tensor(0), pk::str("bias"), "N"}), pk::str("_buffers"), "}",
                     pk::str("_modules"), "}", pk::str("kernel_size"), pk::tuple({pk::num(3), pk::num(3)}),
                     pk::str("padding"), pk::tuple({pk::num(0), pk::num(1)}), pk::str("groups"), pk::num(4),
                     pk::str("padding_mode"), pk::str("zeros")}));
const std::string kNorm =
    object("torch.nn.modules.batchnorm", "BatchNorm2d",
           pk::dict({pk::str("_parameters"), pk::dict({pk::str("weight"), tensor(1)}), pk::str("_buffers"),
                     pk::dict({pk::str("running_mean"), tensor(0), pk::str("secret"), tensor(1)}),
                     pk::str("_non_persistent_buffers_set"),
                     pk::reduce(pk::global("__builtin__", "set"), pk::tuple({pk::list({pk::str("secret")})})),
                     pk::str("_modules"), "}", pk::str("eps"), pk::real(0.001), pk::str("momentum"),
                     pk::real(0.03), pk::str("affine"), "\x88"}));

std::string model(const std::string& children) {
    return object("models.yolo", "Model",
                  pk::dict({pk::str("_parameters"), "}", pk::str("_buffers"), "}", pk::str("_modules"),
                            children, pk::str("stride"), pk::list({pk::num(8), pk::num(16)})}));
}

} // namespace

class PickledModuleTest : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(".*")); }

    void namesTensorsAsAStateDictDoes() {
        const Checkpoint checkpoint = open(model(pk::dict({pk::str("conv"), kConv, pk::str("bn"), kNorm})));
        const StateDict& tensors = checkpoint.weights({}).tensors;
        std::vector<std::string> names;
        for (const NamedTensor& named : tensors.tensors())
            names.push_back(named.name);
        // None is no tensor, and a buffer that is not persistent is not saved.
        QCOMPARE(names, (std::vector<std::string>{"conv.weight", "bn.weight", "bn.running_mean"}));
        QCOMPARE(tensors.find("bn.weight")->toDouble()[0], 101.);
        QVERIFY(checkpoint.weights({}).ordered);
    }

    void givesWhatAStateDictLacks() {
        const Checkpoint checkpoint = open(
            pk::dict({pk::str("model"),
                      model(pk::dict({pk::str("model"),
                                      model(pk::dict({pk::str("conv"), kConv, pk::str("bn"), kNorm}))}))}));
        const StateDict& tensors = checkpoint.weights({}).tensors;
        QCOMPARE(QString::fromStdString(tensors.strippedPrefix()), QString("model."));
        const auto attribute = [&](const char* path, const char* key) {
            const std::string* value = tensors.attribute(path, key);
            return value ? QString::fromStdString(*value) : QString("none");
        };
        QCOMPARE(attribute("bn", "eps"), QString("0.001"));
        QCOMPARE(attribute("bn", "momentum"), QString("0.03"));
        QCOMPARE(attribute("bn", "affine"), QString("true"));
        QCOMPARE(attribute("conv", "kernel_size"), QString("3"));
        QCOMPARE(attribute("conv", "padding"), QString("0x1"));
        QCOMPARE(attribute("conv", "groups"), QString("4"));
        QCOMPARE(attribute("conv", "class"), QString("torch.nn.modules.conv.Conv2d"));
        QCOMPARE(attribute("conv", "_parameters"), QString("none"));
        QCOMPARE(attribute("conv", "eps"), QString("none"));
        QCOMPARE(attribute("nowhere", "eps"), QString("none"));
    }

    void readsObjectsOfOlderWriters() {
        const std::string state = pk::dict({pk::str("_parameters"), pk::dict({pk::str("w"), tensor(1)})});
        const std::string made =
            pk::reduce(pk::global("copy_reg", "_reconstructor"),
                       pk::tuple({pk::global("m", "Net"), pk::global("__builtin__", "object"), "N"})) +
            state + "b";
        const Checkpoint checkpoint = open(made);
        QCOMPARE(checkpoint.weights({}).tensors.find("w")->toDouble()[0], 101.);
        QCOMPARE(*checkpoint.weights({}).tensors.attribute("", "class"), std::string("m.Net"));
    }

    void refusesParametersThatAreNoTensors() {
        const std::string odd =
            object("m", "Net",
                   pk::dict({pk::str("_parameters"),
                             pk::dict({pk::str("w"), tensor(0), pk::str("v"), pk::str("text")})}));
        QCOMPARE(refusal(ErrorCode::unsupported, "'v'", [&] { open(odd); }), QString());
    }

    void modulesThatRepeatExponentiallyAreRefused() {
        // 40 levels, each a module that holds the one before twice.
        std::string nest = kConv;
        for (int level = 0; level < 40; ++level)
            nest = object("m", "Twice",
                          pk::dict({pk::str("_parameters"), "}", pk::str("_modules"),
                                    "}(" + pk::str("a") + nest + "q\1" + pk::str("b") + "h\1u"}));
        QCOMPARE(refusal(ErrorCode::limitExceeded, "names and attributes", [&] { open(nest); }), QString());
    }

private:
    /// Storages 0 and 1 hold 100 and 101.
    Checkpoint open(const std::string& body) {
        const std::filesystem::path path = m_dir.filePath("model.pt").toStdString();
        test::save(path, test::torchFile(pk::file(body), {raw<float>({100}), raw<float>({101})}));
        return openCheckpoint(path);
    }

    QTemporaryDir m_dir;
};

QTEST_APPLESS_MAIN(PickledModuleTest)
#include "tst_pickled_module.moc"
