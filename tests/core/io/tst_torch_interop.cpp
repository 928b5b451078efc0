// SPDX-License-Identifier: Apache-2.0
// PyTorch as the judge: it writes files and, beside each tensor, the numbers as .npy; and it reads what we
// wrote.
#include "core/base/error.h"
#include "core/io/checkpoint.h"
#include "core/io/npy.h"
#include "core/io/safetensors.h"
#include "core/io/torch_zip.h"
#include "tests/support/file_builder.h"
#include "tests/support/python.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <cstring>

using namespace rp;
using namespace rp::io;
namespace fs = std::filesystem;

namespace {

const char* const kWriter = R"(
import argparse, collections, numpy as np, torch
torch.manual_seed(7)

def dump(name, obj, tensors, **options):
    torch.save(obj, name + ".pth", **options)
    with open(name + ".txt", "w") as f:
        for key, t in tensors.items():
            f.write(f"{key}|{str(t.dtype).replace('torch.', '')}|{','.join(map(str, t.shape))}\n")
            np.save(f"{name}.{key}.npy", t.detach().double().numpy() if t.dtype != torch.int64 else t.numpy())

class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = torch.nn.Conv2d(3, 4, 3, bias=False)
        self.bn = torch.nn.BatchNorm2d(4)
        self.linear = torch.nn.Linear(4, 2)

net = Net()
with torch.no_grad():
    for p in list(net.parameters()) + [b for b in net.buffers() if b.is_floating_point()]:
        p.normal_()
sd = net.state_dict()
dump("bare", sd, sd)
dump("state_dict", {"epoch": 3, "state_dict": sd}, sd)
dump("half", {k: v.half() if v.is_floating_point() else v for k, v in sd.items()},
     {k: v.half() if v.is_floating_point() else v for k, v in sd.items()})
dump("bfloat16", {k: v.bfloat16() for k, v in sd.items()}, {k: v.bfloat16() for k, v in sd.items()})
dump("double", {k: v.double() for k, v in sd.items()}, {k: v.double() for k, v in sd.items()})

base = torch.arange(120, dtype=torch.float32)
views = {
    "channels_last": torch.randn(2, 3, 4, 5).contiguous(memory_format=torch.channels_last),
    "transposed": torch.randn(3, 4).t(),
    "permuted": torch.randn(2, 3, 4).permute(2, 0, 1),
    "expanded": torch.randn(1, 3, 1).expand(4, 3, 2),
    "slice": base[10:20],
    "strided": base[1::7],
    "columns": base.view(10, 12)[2:9:2, 3:11:3],
    "same": base,
    "scalar": torch.tensor(2.5),
    "count": torch.tensor(1 << 40),
    "empty": torch.empty(0, 3),
    "one": torch.ones(1, 1, 1, 1),
    "special": torch.tensor([float("nan"), float("inf"), -float("inf"), -0.0, 1e-45]),
    "int32": torch.tensor([-1, 2], dtype=torch.int32), "int16": torch.tensor([-1, 2], dtype=torch.int16),
    "int8": torch.tensor([-1, 2], dtype=torch.int8), "uint8": torch.tensor([255, 2], dtype=torch.uint8),
    "bool": torch.tensor([True, False]),
    "parameter": torch.nn.Parameter(torch.randn(2)),
}
dump("views", views, views)

optimizer = torch.optim.Adam(net.parameters())
net(torch.randn(1, 3, 3, 3)) if False else sum(p.sum() for p in net.parameters()).backward()
optimizer.step()
sd = net.state_dict()
dump("training", {
    "model": collections.OrderedDict(("module." + k, v) for k, v in sd.items()),
    "ema": {k: v * 2 for k, v in sd.items()},
    "optimizer": optimizer.state_dict(),
    "lr_scheduler": torch.optim.lr_scheduler.StepLR(optimizer, 3).state_dict(),
    "epoch": 12, "best": np.float64(0.78125), "best32": np.float32(0.5), "count": np.int64(-7), "flag": np.bool_(True),
    "history": np.arange(6, dtype=np.float32).reshape(2, 3),
    "best_acc1": torch.tensor(71.5), "args": argparse.Namespace(lr=0.1, arch="RepVGG-A0"),
    "meta": {"names": ["a", "b"], "size": (224, 224), "none": None, 5: "five", "big": 1 << 40, "bytes": b"\x00\xff", "set": {1}},
}, {"module." + k: v for k, v in sd.items()})
dump("protocol4", {"state_dict": sd, "best": np.float64(0.78125), "history": np.arange(6, dtype=np.float32).reshape(2, 3)}, sd, pickle_protocol=4)
net2 = Net()
net2.load_state_dict(torch.load("bare.pth"))
torch.save(net2, "module.pth")
torch.save(net2, "legacy_module.pth", _use_new_zipfile_serialization=False)
torch.jit.script(torch.nn.ReLU()).save("script.pt")
dump("legacy", sd, sd, _use_new_zipfile_serialization=False)
dump("legacy_views", {"state_dict": views}, views, _use_new_zipfile_serialization=False)
)";

const char* const kReader = R"(
import collections, torch, zipfile

def raw(t):
    t = t.detach().contiguous()
    return (t.view(torch.int16) if t.dtype == torch.bfloat16 else t).numpy().tobytes()

for name, key in [("bare", None), ("state_dict", "state_dict"), ("half", None), ("bfloat16", None), ("double", None),
                  ("views", None), ("training", "model"), ("protocol4", "state_dict")]:
    was, got = torch.load(name + ".pth"), torch.load(name + ".out.pth")
    old, new = (was[key], got[key]) if key else (was, got)
    assert type(new) is type(old), (name, type(new), type(old))
    assert list(new) == list(old), name
    for k in old:
        assert new[k].dtype == old[k].dtype and new[k].shape == old[k].shape, (name, k)
        assert raw(new[k]) == raw(old[k]), (name, k)
        assert new[k].is_contiguous() and not new[k].requires_grad, (name, k)
    assert zipfile.ZipFile(name + ".out.pth").testzip() is None, name

got, was = torch.load("training.out.pth"), torch.load("training.pth")
assert got["meta"] == was["meta"], got["meta"]
assert type(got["meta"]["size"]) is tuple and type(got["meta"]["set"]) is set and type(got["meta"]["bytes"]) is bytes
assert got["epoch"] == 12 and got["best"] == 0.78125 and got["flag"] is True
assert sorted(got) == ["best", "best32", "count", "epoch", "flag", "lr_scheduler", "meta", "model"], sorted(got)

net = torch.nn.Module()
net.conv, net.bn, net.linear = torch.nn.Conv2d(3, 4, 3, bias=False), torch.nn.BatchNorm2d(4), torch.nn.Linear(4, 2)
net.load_state_dict(torch.load("bare.out.pth"), strict=True)
)";

/// One line of the list that the script wrote beside a checkpoint: key|dtype|shape.
struct Expected {
    std::string key;
    std::string dtype;
    Shape shape;
};

std::vector<Expected> listOf(const fs::path& file) {
    std::vector<Expected> list;
    for (const QString& line : QString::fromStdString(test::load(file)).split('\n', Qt::SkipEmptyParts)) {
        const QStringList fields = line.split('|');
        Expected expected{fields[0].toStdString(), fields[1].toStdString(), {}};
        for (const QString& size : fields[2].split(',', Qt::SkipEmptyParts))
            expected.shape.push_back(size.toLongLong());
        list.push_back(std::move(expected));
    }
    return list;
}

/// Bit for bit, so that NaN equals NaN and -0 differs from 0.
bool sameBits(const TensorD& a, const TensorD& b) {
    if (a.shape() != b.shape() || a.isEmpty()) return a.shape() == b.shape();
    return std::memcmp(a.values().data(), b.values().data(), a.values().size_bytes()) == 0;
}

} // namespace

class TorchInteropTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        if (!test::pythonHas("torch")) QSKIP("PyTorch is not installed for " REPSCOPE_TEST_PYTHON);
        QCOMPARE(test::runPython(kWriter, m_dir.path()), QString());
    }
    void init() { QTest::failOnWarning(QRegularExpression(".*")); }

    void readsExactlyWhatTorchWrote_data() {
        QTest::addColumn<QString>("set");
        QTest::newRow("bare") << "";
        QTest::newRow("state_dict") << "state_dict";
        QTest::newRow("half") << "";
        QTest::newRow("bfloat16") << "";
        QTest::newRow("double") << "";
        QTest::newRow("views") << "";
        QTest::newRow("training") << "model";
        QTest::newRow("protocol4") << "state_dict";
        QTest::newRow("legacy") << "";
        QTest::newRow("legacy_views") << "state_dict";
    }
    void readsExactlyWhatTorchWrote() {
        QFETCH(QString, set);
        const std::string name = QTest::currentDataTag();
        const Checkpoint checkpoint = openCheckpoint(path(name + ".pth"));
        const WeightSet& weights = checkpoint.weights({});
        QCOMPARE(QString::fromStdString(weights.name), set);
        const std::vector<Expected> expected = listOf(path(name + ".txt"));
        QVERIFY(!expected.empty());
        QCOMPARE(weights.tensors.size(), expected.size());
        for (std::size_t i = 0; i < expected.size(); ++i) {
            const auto& [key, tensor] = weights.tensors.tensors()[i];
            QCOMPARE(key, expected[i].key);
            QCOMPARE(std::string(toString(tensor.dtype())), expected[i].dtype);
            QCOMPARE(tensor.shape(), expected[i].shape);
            const StoredTensor numbers = readNpyFile(path(name + "." + key + ".npy"));
            QVERIFY2(sameBits(tensor.toDouble(), numbers.toDouble()), key.c_str());
        }
    }

    void lossyConversionIsToFloatOnly() {
        const Checkpoint checkpoint = openCheckpoint(path("double.pth"));
        const StoredTensor& weight = *checkpoint.weights({}).tensors.find("conv.weight");
        const TensorD exact = weight.toDouble();
        const TensorF rounded = weight.toFloat();
        for (std::int64_t i = 0; i < exact.count(); ++i)
            QCOMPARE(rounded[i], static_cast<float>(exact[i]));
    }

    void sharedStoragesAreShared() {
        const Checkpoint checkpoint = openCheckpoint(path("views.pth"));
        const StateDict& tensors = checkpoint.weights({}).tensors;
        QVERIFY(tensors.find("slice")->storageAddress() == tensors.find("same")->storageAddress());
        QVERIFY(tensors.find("strided")->storageAddress() == tensors.find("same")->storageAddress());
    }

    void keepsTheExtrasOfATrainingRun() {
        const Checkpoint checkpoint = openCheckpoint(path("training.pth"));
        QCOMPARE(checkpoint.sets.size(), std::size_t{2});
        QCOMPARE(*(*checkpoint.extras.find("epoch"))->as<std::int64_t>(), 12);
        QCOMPARE(*(*checkpoint.extras.find("best"))->as<double>(), 0.78125);
        QCOMPARE(*(*checkpoint.extras.find("best32"))->as<double>(), 0.5);
        QCOMPARE(*(*checkpoint.extras.find("count"))->as<std::int64_t>(), -7);
        QCOMPARE(*(*checkpoint.extras.find("flag"))->as<bool>(), true);
        QVERIFY(!checkpoint.extras.find("optimizer"));
        QVERIFY(!checkpoint.extras.find("args"));
        const QString notes = QString::fromStdString(fmtNotes(checkpoint));
        QVERIFY(notes.contains("symbol argparse.Namespace is not interpreted"));
        QVERIFY(notes.contains("optimizer"));
        QVERIFY(notes.contains("args"));
    }

    void readsAPickledModuleAsItsStateDict_data() {
        QTest::addColumn<QString>("file");
        for (const char* file : {"module.pth", "legacy_module.pth"}) QTest::newRow(file) << file;
    }
    void readsAPickledModuleAsItsStateDict() {
        QFETCH(QString, file);
        const Checkpoint module = openCheckpoint(path(file.toStdString()));
        const Checkpoint dict = openCheckpoint(path("bare.pth"));
        const StateDict& tensors = module.weights({}).tensors;
        QCOMPARE(tensors.size(), dict.weights({}).tensors.size());
        for (std::size_t i = 0; i < tensors.size(); ++i) {
            const auto& [key, tensor] = dict.weights({}).tensors.tensors()[i];
            QCOMPARE(tensors.tensors()[i].name, key);
            QVERIFY2(sameBits(tensors.tensors()[i].tensor.toDouble(), tensor.toDouble()), key.c_str());
        }
        const std::pair<const char*, std::pair<const char*, const char*>> attributes[] = {
            {"bn", {"eps", "1e-05"}}, {"bn", {"momentum", "0.1"}},   {"conv", {"kernel_size", "3"}},
            {"conv", {"groups", "1"}}, {"conv", {"padding", "0"}}, {"linear", {"out_features", "2"}}};
        for (const auto& [path, entry] : attributes) {
            const std::string* value = tensors.attribute(path, entry.first);
            QVERIFY2(value, entry.first);
            QCOMPARE(QString::fromStdString(*value), QString(entry.second));
        }
    }

    void refusesTorchScript() {
        try {
            openCheckpoint(path("script.pt"));
            QFAIL("no error");
        } catch (const Error& error) {
            QVERIFY2(error.code() == ErrorCode::formatForeign, error.what());
        }
    }

    void torchLoadsWhatWeWrite() {
        // One Python process for all: importing PyTorch takes longer than everything else here.
        for (const char* name :
             {"bare", "state_dict", "half", "bfloat16", "double", "views", "training", "protocol4"}) {
            const Checkpoint checkpoint = openCheckpoint(path(std::string(name) + ".pth"));
            const WeightSet& weights = checkpoint.weights({});
            writeTorchZip(path(std::string(name) + ".out.pth"), weights.tensors.tensors(), weights.name,
                          weights.ordered, checkpoint.extras);
        }
        QCOMPARE(test::runPython(kReader, m_dir.path()), QString());
    }

    void readsAFileThatWasZippedAgain() {
        const char* script = R"(
import zipfile
with zipfile.ZipFile("bare.pth") as old, zipfile.ZipFile("again.pth", "w", zipfile.ZIP_DEFLATED) as new:
    for name in reversed(old.namelist()):
        new.writestr(name, old.read(name))
)";
        QCOMPARE(test::runPython(script, m_dir.path()), QString());
        const Checkpoint one = openCheckpoint(path("bare.pth"));
        const Checkpoint two = openCheckpoint(path("again.pth"));
        for (const auto& [name, tensor] : one.weights({}).tensors.tensors())
            QVERIFY2(sameBits(tensor.toDouble(), two.weights({}).tensors.find(name)->toDouble()),
                     name.c_str());
    }

    void safetensorsAgreeWithTheReferencePackage() {
        if (!test::pythonHas("safetensors")) QSKIP("the safetensors package is not installed");
        const Checkpoint checkpoint = openCheckpoint(path("views.pth"));
        writeSafetensors(path("out.safetensors"), checkpoint.weights({}).tensors.tensors(), {});
        const char* script = R"(
import torch, safetensors.torch
was, got = torch.load("views.pth"), safetensors.torch.load_file("out.safetensors")
assert sorted(was) == sorted(got)
for k in was: assert torch.equal(was[k].nan_to_num(), got[k].nan_to_num()), k
)";
        QCOMPARE(test::runPython(script, m_dir.path()), QString());
    }

private:
    fs::path path(const std::string& name) const { return fs::path(m_dir.path().toStdString()) / name; }

    static std::string fmtNotes(const Checkpoint& checkpoint) {
        std::string text;
        for (const std::string& note : checkpoint.notes)
            text += note + "\n";
        return text;
    }

    QTemporaryDir m_dir;
};

QTEST_APPLESS_MAIN(TorchInteropTest)
#include "tst_torch_interop.moc"
