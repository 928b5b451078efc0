// SPDX-License-Identifier: Apache-2.0
// Every writer is read back by ourselves and by somebody else: PyTorch for .pth, NumPy for .npz, Python's own
// pickle for .pdparams, a few lines of Python for .safetensors.
#include "core/io/write_checkpoint.h"
#include "tests/support/file_builder.h"
#include "tests/support/python.h"
#include "tests/support/refusal.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace rp;
using namespace rp::io;
using test::refusal;
namespace fs = std::filesystem;

namespace {

StoredTensor bytesOf(DType type, Shape shape) {
    std::string bytes(static_cast<std::size_t>(countOf(shape)) * sizeOf(type), '\0');
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<char>(type == DType::boolean ? i % 2 : 37 * i + 5);
    return StoredTensor::dense(type, std::move(shape), ownBytes(std::move(bytes)), "t");
}

/// One tensor of every type that all formats have, views and shapes of every kind.
std::vector<NamedTensor> tensors() {
    std::vector<NamedTensor> all{{"stage0.rbr_reparam.weight", bytesOf(DType::f32, {4, 3, 3, 3})},
                                 {"half", bytesOf(DType::f16, {5})},
                                 {"double", bytesOf(DType::f64, {2, 2})},
                                 {"count", bytesOf(DType::i64, {})},
                                 {"empty", bytesOf(DType::f32, {0, 3})},
                                 {"int32", bytesOf(DType::i32, {2})},
                                 {"int16", bytesOf(DType::i16, {2})},
                                 {"int8", bytesOf(DType::i8, {3})},
                                 {"uint8", bytesOf(DType::u8, {3})},
                                 {"flag", bytesOf(DType::boolean, {4})}};
    const StoredTensor base = bytesOf(DType::f32, {3, 4});
    all.push_back({"turned", StoredTensor::view(DType::f32, {4, 3}, {1, 4}, 0, base.bytes(), "t")});
    return all;
}

/// Reads `name` with somebody else's code into a dict `found` of arrays, then compares with expected.txt.
const char* const kReader = R"(
import sys, numpy as np
name = sys.argv[1]
if name.endswith(".pth"):
    import torch
    loaded = torch.load(name)
    bits = lambda t: t.view(torch.int16) if t.dtype == torch.bfloat16 else t
    found = {k: (str(v.dtype).replace("torch.", ""), bits(v).numpy()) for k, v in loaded["state_dict"].items()}
    assert loaded["epoch"] == 7 and list(loaded) == ["epoch", "note", "state_dict"], list(loaded)
elif name.endswith(".npz"):
    import zipfile
    assert zipfile.ZipFile(name).testzip() is None
    loaded = np.load(name)
    found = {k: (str(loaded[k].dtype), loaded[k]) for k in loaded.files}
elif name.endswith(".pdparams"):
    import pickle
    loaded = pickle.load(open(name, "rb"), encoding="latin1") # as paddle.load does
    table = loaded.pop("StructuredToParameterName@@")
    assert list(table) == list(loaded) and len(set(table.values())) == len(table)
    assert all(type(v) is np.ndarray for v in loaded.values())
    found = {k: ("bfloat16" if v.dtype == np.uint16 else str(v.dtype), v) for k, v in loaded.items()}
else:
    import json, struct
    raw = open(name, "rb").read()
    size, = struct.unpack("<Q", raw[:8])
    header = json.loads(raw[8:8 + size])
    assert header.pop("__metadata__") == {"note": "trained elsewhere"}
    types = {"F32": "float32", "F16": "float16", "F64": "float64", "BF16": "bfloat16", "I64": "int64", "I32": "int32", "I16": "int16", "I8": "int8", "U8": "uint8", "BOOL": "bool"}
    found = {}
    for k, h in header.items():
        b, e = h["data_offsets"]
        t = types[h["dtype"]]
        found[k] = (t, np.frombuffer(raw[8 + size + b:8 + size + e], np.uint16 if t == "bfloat16" else t).reshape(h["shape"]))
lines = [l.rstrip("\n").split("|") for l in open("expected.txt")]
assert list(found) == [l[0] for l in lines], list(found)
for key, dtype, shape, content in lines:
    assert found[key][0] == dtype, (key, found[key][0], dtype)
    assert ",".join(map(str, found[key][1].shape)) == shape, (key, found[key][1].shape)
    assert np.ascontiguousarray(found[key][1]).tobytes().hex() == content, key
)";

} // namespace

class WriteCheckpointTest : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(".*")); }

    void suffixChoosesTheFormat() {
        QVERIFY(formatForSuffix("a/b.pth") == Format::torchZip &&
                formatForSuffix("b.pt") == Format::torchZip);
        QVERIFY(formatForSuffix("b.safetensors") == Format::safetensors &&
                formatForSuffix("b.npz") == Format::npz);
        QVERIFY(formatForSuffix("b.pdparams") == Format::pdparams);
        QVERIFY(!formatForSuffix("b.txt") && !formatForSuffix("pth"));
    }

    void everyWriterIsReadBack_data() { formats(); }
    void everyWriterIsReadBack() {
        QFETCH(QString, name);
        const CheckpointContent content = contentFor(name);
        writeCheckpoint(path(name), *formatForSuffix(path(name)), content);
        const Checkpoint back = openCheckpoint(path(name));
        const auto& found = back.weights({}).tensors.tensors();
        QCOMPARE(found.size(), content.tensors.size());
        for (std::size_t i = 0; i < found.size(); ++i) {
            const auto& [key, tensor] = content.tensors[i];
            QCOMPARE(found[i].name, key);
            QVERIFY2(found[i].tensor.dtype() == tensor.dtype() && found[i].tensor.shape() == tensor.shape(),
                     key.c_str());
            QVERIFY2(std::ranges::equal(found[i].tensor.bytes().bytes, tensor.bytes().bytes), key.c_str());
        }
    }

    void somebodyElseReadsTheSame_data() { formats(); }
    void somebodyElseReadsTheSame() {
        QFETCH(QString, name);
        if (!test::pythonHas("numpy")) QSKIP("NumPy is not installed for " REPSCOPE_TEST_PYTHON);
        if (name.endsWith(".pth") && !test::pythonHas("torch"))
            QSKIP("PyTorch is not installed for " REPSCOPE_TEST_PYTHON);
        const CheckpointContent content = contentFor(name);
        writeCheckpoint(path(name), *formatForSuffix(path(name)), content);
        std::string expected;
        for (const auto& [key, tensor] : content.tensors) {
            QStringList shape;
            for (const std::int64_t size : tensor.shape())
                shape << QString::number(size);
            const SharedBytes bytes = tensor.bytes();
            const QByteArray hex = QByteArray(reinterpret_cast<const char*>(bytes.bytes.data()),
                                              static_cast<qsizetype>(bytes.size()))
                                       .toHex();
            expected += key + "|" + std::string(toString(tensor.dtype())) + "|" +
                        shape.join(',').toStdString() + "|" + hex.toStdString() + "\n";
        }
        test::save(path("expected.txt"), expected);
        QCOMPARE(test::runPython(kReader, m_dir.path(), {name}), QString());
    }

    void equalContentGivesEqualFiles_data() { formats(); }
    void equalContentGivesEqualFiles() {
        QFETCH(QString, name);
        const Format format = *formatForSuffix(path(name));
        writeCheckpoint(path("one"), format, contentFor(name));
        writeCheckpoint(path("two"), format, contentFor(name));
        QVERIFY(test::load(path("one")) == test::load(path("two")));
    }

    void saysWhatAFormatCannotCarry() {
        const CheckpointContent content = contentFor("x.npz");
        QVERIFY(writeCheckpoint(path("a.pth"), Format::torchZip, content).empty());
        const auto texts = writeCheckpoint(path("a.safetensors"), Format::safetensors, content);
        QCOMPARE(texts.size(), std::size_t{1});
        QVERIFY(texts[0].find("'epoch'") == 0);
        QCOMPARE(writeCheckpoint(path("a.npz"), Format::npz, content).size(), std::size_t{2});
        QCOMPARE(writeCheckpoint(path("a.pdparams"), Format::pdparams, content).size(), std::size_t{2});
    }

    void refusesTypesThatAFormatLacks() {
        CheckpointContent bfloat, unsigned16;
        bfloat.tensors = {{"w", bytesOf(DType::bf16, {2})}};
        unsigned16.tensors = {{"w", bytesOf(DType::u16, {2})}};
        QCOMPARE(refusal(ErrorCode::unsupported, "'w'",
                         [&] { writeCheckpoint(path("new.npz"), Format::npz, bfloat); }),
                 QString());
        // It would come back as bfloat16.
        QCOMPARE(refusal(ErrorCode::unsupported, "uint16",
                         [&] { writeCheckpoint(path("new.pdparams"), Format::pdparams, unsigned16); }),
                 QString());
        QCOMPARE(refusal(ErrorCode::unsupported, "uint16",
                         [&] { writeCheckpoint(path("new.pth"), Format::torchZip, unsigned16); }),
                 QString());
        QVERIFY(!QDir(m_dir.path()).exists("new.npz") && !QDir(m_dir.path()).exists("new.pdparams"));
    }

    void whatCannotBeReadBackNeverTakesItsPlace() {
        test::save(path("old.npz"), "older");
        CheckpointContent content;
        content.tensors = {{"../w", bytesOf(DType::f32, {2})}}; // a member that a reader must refuse
        QVERIFY(!test::succeedsOrRefuses([&] { writeCheckpoint(path("old.npz"), Format::npz, content); }));
        content.tensors = {{"w", bytesOf(DType::f32, {2})}, {"w", bytesOf(DType::f32, {2})}};
        QVERIFY(!test::succeedsOrRefuses([&] { writeCheckpoint(path("old.npz"), Format::npz, content); }));
        QCOMPARE(test::load(path("old.npz")), std::string("older"));
        QCOMPARE(QDir(m_dir.path()).entryList({".repscope*"}, QDir::Files | QDir::Hidden).size(), 0);
    }

private:
    static void formats() {
        QTest::addColumn<QString>("name");
        for (const char* name : {"m.pth", "m.safetensors", "m.npz", "m.pdparams"})
            QTest::newRow(name) << name;
    }

    static CheckpointContent contentFor(const QString& name) {
        CheckpointContent content;
        content.tensors = tensors();
        if (!name.endsWith(".npz")) content.tensors.push_back({"bfloat", bytesOf(DType::bf16, {3})});
        content.setName = "state_dict";
        content.extras.items.emplace_back(makeValue(std::string("epoch")), makeValue(std::int64_t{7}));
        content.extras.items.emplace_back(makeValue(std::string("note")),
                                          makeValue(std::string("trained elsewhere")));
        return content;
    }

    fs::path path(const QString& name) const {
        return fs::path(m_dir.path().toStdString()) / name.toStdString();
    }
    QTemporaryDir m_dir;
};

QTEST_APPLESS_MAIN(WriteCheckpointTest)
#include "tst_write_checkpoint.moc"
