// SPDX-License-Identifier: Apache-2.0
// A pickled module says what a state dict cannot: its eps, stride, groups and activation beat the presets, and the user
// beats both. PyTorch pickles the module and computes what the block must give.
#include "core/exec/network.h"
#include "core/families/open_model.h"
#include "core/fusion/fuse_model.h"
#include "core/io/npy.h"
#include "tests/support/file_builder.h"
#include "tests/support/naive.h"
#include "tests/support/python.h"

#include <algorithm>

#include <QTemporaryDir>
#include <QTest>

using namespace rp;
namespace fs = std::filesystem;
namespace pk = test::pickle;

namespace {

const char* const kScript = R"(
import numpy as np, torch
from torch import nn
torch.manual_seed(2)

def branch(k, eps):
    pair = nn.Sequential()
    pair.add_module("conv", nn.Conv2d(6, 8, k, 2, k // 2, groups=2, bias=False))
    pair.add_module("bn", nn.BatchNorm2d(8, eps=eps, momentum=0.25))
    for t in (pair.bn.weight.data, pair.bn.bias.data, pair.bn.running_mean): t.normal_()
    pair.bn.running_var.uniform_(1e-3, 1e-2)
    return pair

class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.nonlinearity = nn.Hardswish()
        self.rbr_dense, self.rbr_1x1 = branch(3, 0.02), branch(1, 0.05)

    def forward(self, x):
        return self.nonlinearity(self.rbr_dense(x) + self.rbr_1x1(x))

class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.model = nn.Sequential(Block())

    def forward(self, x):
        return self.model(x)

net = Model()
x = torch.randn(2, 6, 7, 5)
torch.save({"model": net, "ema": None, "epoch": 3}, "net.pt")
torch.save(net.state_dict(), "dict.pt")
net.double().eval()
np.save("x.npy", x.double().numpy())
with torch.no_grad(): np.save("y.npy", net(x.double()).numpy())
)";

} // namespace

class ModuleAttributesTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        if (!test::pythonHas("torch")) QSKIP("PyTorch is not installed for " REPSCOPE_TEST_PYTHON);
        QCOMPARE(test::runPython(kScript, m_dir.path()), QString());
    }

    void theFileBeatsThePresets() {
        const families::OpenedModel opened = families::openModel(path("net.pt"));
        QCOMPARE(opened.model.blocks.size(), std::size_t{1});
        const Block& block = opened.model.blocks.front();
        QVERIFY2(!block.refusal, block.refusal.value_or("").c_str());
        QCOMPARE(block.inChannels, std::int64_t{6});
        for (const auto& [key, value] : {std::pair("stride", "2"), std::pair("groups", "2"), std::pair("padding", "1"), std::pair("eps", "0.05"),
                                         std::pair("momentum", "0.25"), std::pair("activation", "hardswish")})
            QVERIFY2(states(opened.model, key, value, "file"), key);
        // Each norm has an eps of its own.
        QVERIFY(naive::largestDifference(run(opened.model), io::readNpyFile(path("y.npy")).toDouble()) < 1e-12);
    }

    void theUserBeatsTheFile() {
        families::OpenOptions options;
        options.assumptions = {"eps=1e-3", "activation=relu"};
        const families::OpenedModel opened = families::openModel(path("net.pt"), options);
        QVERIFY(states(opened.model, "eps", "1e-3", "--assume"));
        QVERIFY(states(opened.model, "stride", "2", "file"));
        QVERIFY(naive::largestDifference(run(opened.model), io::readNpyFile(path("y.npy")).toDouble()) > 1e-2);
    }

    void aStateDictNeedsAllOfItStated() {
        families::OpenOptions options;
        options.assumptions = {"eps=0.02", "stride=2", "groups=2", "activation=hardswish"};
        const families::OpenedModel opened = families::openModel(path("dict.pt"), options);
        for (const Assumption& a : opened.model.assumptions) QVERIFY2(a.origin != "file", a.key.c_str());
        QVERIFY(naive::largestDifference(run(opened.model), io::readNpyFile(path("y.npy")).toDouble()) > 1e-3); // one eps for both norms is not it
    }

    void valuesThatMakeNoSenseArePassedOver() {
        const auto tensor = [](int elements, std::initializer_list<std::int32_t> sizes, std::initializer_list<std::int32_t> strides) {
            return pk::tensor(pk::storage("FloatStorage", "0", elements), 0, sizes, strides);
        };
        const auto object = [](const std::string& parameters, const std::string& buffers, const std::string& modules, const std::string& more) {
            return pk::global("m", "Any") + ")\x81}(" + pk::str("_parameters") + parameters + pk::str("_buffers") + buffers + pk::str("_modules") + modules +
                   more + "ub";
        };
        const std::string norm = object(pk::dict({pk::str("weight"), tensor(1, {1}, {1}), pk::str("bias"), tensor(1, {1}, {1})}),
                                        pk::dict({pk::str("running_mean"), tensor(1, {1}, {1}), pk::str("running_var"), tensor(1, {1}, {1})}), "}",
                                        pk::str("eps") + pk::str("tiny") + pk::str("momentum") + pk::real(-3));
        const auto conv = [&](std::int32_t k) {
            return object(pk::dict({pk::str("weight"), tensor(k * k, {1, 1, k, k}, {k * k, k * k, k, 1})}), "}", "}",
                          pk::str("stride") + pk::tuple({pk::num(0), pk::num(0)}) + pk::str("groups") + pk::num(-1) + pk::str("padding") + pk::str("same"));
        };
        const auto branch = [&](std::int32_t k) { return object("}", "}", pk::dict({pk::str("conv"), conv(k), pk::str("bn"), norm}), ""); };
        const std::string block = object("}", "}", pk::dict({pk::str("rbr_dense"), branch(3), pk::str("rbr_1x1"), branch(1)}), "");
        test::save(path("odd.pt"), test::torchFile(pk::file(object("}", "}", pk::dict({pk::str("b"), block}), "")), {std::string(36, '\0')}));
        const families::OpenedModel opened = families::openModel(path("odd.pt"));
        QVERIFY(!opened.model.blocks.front().refusal);
        QVERIFY(states(opened.model, "eps", "1e-05", "preset: RepVGG"));
        for (const Assumption& a : opened.model.assumptions) QVERIFY2(a.origin != "file", a.key.c_str());
    }

private:
    fs::path path(const std::string& name) const { return fs::path(m_dir.path().toStdString()) / name; }

    static bool states(const Model& model, std::string_view key, std::string_view value, std::string_view origin) {
        return std::ranges::any_of(model.assumptions, [&](const Assumption& a) { return a.key == key && a.value == value && a.origin == origin; });
    }

    TensorD run(const Model& model) const {
        const auto engine = makeReferenceEngine();
        const fusion::ModelFusion fusion = fusion::fuseModel(model);
        Network network(model, fusion.forms(model), *engine);
        return engine->read(network.runBlock(0, engine->load(io::readNpyFile(path("x.npy")).toDouble()), Phase::eval, {}));
    }

    QTemporaryDir m_dir;
};

QTEST_GUILESS_MAIN(ModuleAttributesTest)
#include "tst_module_attributes.moc"
