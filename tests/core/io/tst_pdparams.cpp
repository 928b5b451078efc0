// SPDX-License-Identifier: Apache-2.0
#include "core/io/checkpoint.h"
#include "core/io/npy.h"
#include "core/io/pdparams.h"
#include "tests/support/checkpoint_numbers.h"
#include "tests/support/file_builder.h"
#include "tests/support/python.h"
#include "tests/support/refusal.h"

#include <QTemporaryDir>
#include <QTest>

using namespace rp;
using namespace rp::io;
using test::little;
using test::numbers;
using test::raw;
using test::refusal;
namespace pk = test::pickle;
namespace fs = std::filesystem;

namespace {

std::string array(std::string_view type, const std::string& shape, const std::string& payload) {
    const std::string dtype =
        pk::reduce(pk::global("numpy", "dtype"), pk::tuple({pk::str(type), "\x89", "\x88"})) +
        pk::tuple({pk::num(3), pk::str("<"), "N", "N", "N", pk::num(-1), pk::num(-1), pk::num(0)}) + "b";
    return pk::reduce(pk::global("numpy.core.multiarray", "_reconstruct"),
                      pk::tuple({pk::global("numpy", "ndarray"), pk::tuple({pk::num(0)}), "C\1b"})) +
           pk::tuple({pk::num(1), shape, dtype, "\x89", "B" + little(payload.size(), 4) + payload}) + "b";
}

std::string floats(std::initializer_list<float> values) {
    return array("f4", pk::tuple({pk::num(static_cast<std::int32_t>(values.size()))}), raw<float>(values));
}

std::string names(std::initializer_list<std::string> items) {
    std::string list = "](";
    for (const std::string& item : items)
        list += pk::str(item);
    return list + "e";
}

std::string split(const std::string& shape, const std::string& slices) {
    return pk::dict({pk::str("w"), pk::dict({pk::str("OriginShape"), shape, pk::str("slices"), slices})});
}

const std::string kShape = pk::tuple({pk::num(2), pk::num(2)});

/// w in two slices, with `table` as the list of what was split.
std::string splitFile(const std::string& table) {
    return pk::dict({pk::str("first"), floats({9}), pk::str("w@@.0"), floats({1, 2, 3}), pk::str("w@@.1"),
                     floats({4}), pk::str("last"), floats({8}), pk::str("UnpackBigParamInfor@@"), table});
}

Checkpoint read(const std::string& body, const Limits& limits = {}) {
    return readPdparams("m.pdparams", ownBytes(pk::file(body)), limits);
}

} // namespace

class PdparamsTest : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(".*")); }

    void readsAStateDictWithoutItsNameTable() {
        const SharedBytes file = ownBytes(
            pk::file(pk::dict({pk::str("conv.weight"), floats({1, 2}), pk::str("StructuredToParameterName@@"),
                               pk::dict({pk::str("conv.weight"), pk::str("conv2d_0.w_0")})})));
        const Checkpoint checkpoint = readPdparams("m.pdparams", file, {});
        QVERIFY(checkpoint.format == Format::pdparams);
        QCOMPARE(checkpoint.weights({}).tensors.size(), std::size_t{1});
        QCOMPARE(numbers(checkpoint, "conv.weight"), (std::vector<double>{1, 2}));
        QVERIFY(checkpoint.notes.empty());
        const std::byte* at = checkpoint.weights({}).tensors.find("conv.weight")->bytes().bytes.data();
        QVERIFY(at >= file.bytes.data() && at < file.bytes.data() + file.size()); // mapped, not copied
    }

    void joinsSplitArrays() {
        const Checkpoint checkpoint = read(splitFile(split(kShape, names({"w@@.0", "w@@.1"}))));
        QCOMPARE(numbers(checkpoint, "w"), (std::vector<double>{1, 2, 3, 4}));
        QCOMPARE(checkpoint.weights({}).tensors.find("w")->shape(), (Shape{2, 2}));
        std::vector<std::string> found;
        for (const NamedTensor& named : checkpoint.weights({}).tensors.tensors())
            found.push_back(named.name);
        QCOMPARE(found, (std::vector<std::string>{"first", "w", "last"}));
    }

    void readsTensorsThatStandAlone() {
        const std::string pair =
            pk::reduce(pk::global("__builtin__", "tuple"),
                       pk::tuple({pk::tuple({pk::str("conv2d_0.w_0"), floats({5, 6})})}));
        const std::string data =
            pk::reduce(pk::global("__builtin__", "eval"),
                       pk::tuple({pk::str("data"), pk::dict({pk::str("data"), floats({7})})}));
        const Checkpoint checkpoint = read(pk::dict({pk::str("epoch"), "K\3", pk::str("model"),
                                                     pk::dict({pk::str("w"), pair, pk::str("v"), data}),
                                                     pk::str("opt"), pk::dict({pk::str("moment"), pair})}));
        QCOMPARE(checkpoint.weights({}).name, std::string("model"));
        QCOMPARE(numbers(checkpoint, "w"), (std::vector<double>{5, 6}));
        QCOMPARE(numbers(checkpoint, "v"), std::vector<double>{7});
        QCOMPARE(*(*checkpoint.extras.find("epoch"))->as<std::int64_t>(), 3);
    }

    void neverEvaluatesText() {
        for (const std::string& arguments :
             {pk::tuple({pk::str("__import__('os').abort()"), pk::dict({pk::str("data"), floats({7})})}),
              pk::tuple({pk::str("data"), pk::dict({pk::str("data"), floats({7}), pk::str("x"), "N"})}),
              pk::tuple({pk::str("data"), pk::dict({pk::str("data"), pk::str("text")})}),
              pk::tuple({pk::str("1+1")})}) {
            const std::string call = pk::reduce(pk::global("__builtin__", "eval"), arguments);
            const Checkpoint checkpoint =
                read(pk::dict({pk::str("model"), pk::dict({pk::str("w"), floats({1})}), pk::str("x"), call}));
            QVERIFY(QString::fromStdString(checkpoint.notes.at(0))
                        .contains("symbol __builtin__.eval is not interpreted"));
            QCOMPARE(refusal(ErrorCode::unsupported, "eval",
                             [&] {
                                 read(pk::dict({pk::str("conv.weight"), call, pk::str("b"), floats({1})}));
                             }),
                     QString());
        }
    }

    void readsSixteenBitsAsBfloat() {
        const Checkpoint checkpoint = read(pk::dict(
            {pk::str("w"), array("u2", pk::tuple({pk::num(2)}), raw<std::uint16_t>({0x3f80, 0xc040}))}));
        QVERIFY(checkpoint.weights({}).tensors.find("w")->dtype() == DType::bf16);
        QCOMPARE(numbers(checkpoint, "w"), (std::vector<double>{1, -3}));
        QVERIFY(QString::fromStdString(checkpoint.notes.at(0)).contains("bfloat16"));
    }

    void rejectsDefects_data() {
        const auto row = test::defectRows("body");
        row("missing slice", splitFile(split(kShape, names({"w@@.0", "w@@.2"}))), ErrorCode::malformed,
            "'w@@.2'");
        row("slice twice", splitFile(split(kShape, names({"w@@.0", "w@@.0"}))), ErrorCode::malformed,
            "'w@@.0', once");
        row("no slices", splitFile(split(kShape, names({}))), ErrorCode::malformed, "OriginShape and slices");
        row("other shape", splitFile(split(pk::tuple({pk::num(5)}), names({"w@@.0", "w@@.1"}))),
            ErrorCode::shapeMismatch, "[5]");
        row("shape beyond 2^63",
            splitFile(
                split(pk::tuple({"\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f", pk::num(4)}), names({"w@@.0"}))),
            ErrorCode::limitExceeded, "'w'");
        row("table that is none", splitFile(pk::str("x")), ErrorCode::malformed, "UnpackBigParamInfor@@");
        row("slices of two types",
            pk::dict({pk::str("a"), floats({1}), pk::str("b"),
                      array("f8", pk::tuple({pk::num(1)}), raw<double>({1})),
                      pk::str("UnpackBigParamInfor@@"), split(pk::tuple({pk::num(3)}), names({"a", "b"}))}),
            ErrorCode::malformed, "one type");
        row("a storage elsewhere", pk::dict({pk::str("w"), pk::storage("FloatStorage", "0", 1)}),
            ErrorCode::malformed, "arrays inside the pickle");
        row("payload of another size", pk::dict({pk::str("w"), array("f4", kShape, raw<float>({1}))}),
            ErrorCode::shapeMismatch, "'w'");
        row("bytes behind", "N.N", ErrorCode::malformed, "nothing behind");
        row("no weights", pk::dict({pk::str("a"), "K\1"}), ErrorCode::unsupported, "a dict with a");
    }
    void rejectsDefects() {
        QFETCH(QByteArray, body);
        QFETCH(int, code);
        QFETCH(QString, word);
        QCOMPARE(refusal(static_cast<ErrorCode>(code), word, [&] { read(body.toStdString()); }), QString());
    }

    void manyArraysOfTheSameBytesAreLimited() {
        // The payload stands once in the file; each further array takes it from the memo.
        const std::string payload = "B" + little(100'000, 4) + std::string(100'000, '\0') + "q\1";
        const std::string shape = pk::tuple({pk::num(100'000)});
        std::string body = "}(";
        for (int i = 0; i < 200; ++i) {
            std::string text = array("u1", shape, "");
            const std::string empty = "B" + little(0, 4);
            text.replace(text.rfind(empty), empty.size(), i == 0 ? payload : "h\1");
            body += pk::str("v" + std::to_string(i)) + text;
        }
        body += "u";
        QCOMPARE(read(body, {20'000'000}).weights({}).tensors.size(), std::size_t{200});
        QCOMPARE(refusal(ErrorCode::limitExceeded, "views that exceed", [&] { read(body, {10'000'000}); }),
                 QString());
    }

    void survivesEveryChangedByte() {
        const std::string file = pk::file(splitFile(split(kShape, names({"w@@.0", "w@@.1"}))));
        for (std::size_t at = 0; at < file.size(); ++at)
            for (const int value : {0, 1, 0x7f, 0x80, 0xff, file[at] ^ 1, file[at] + 1}) {
                std::string changed = file;
                changed[at] = static_cast<char>(value);
                test::succeedsOrRefuses([&] {
                    const Checkpoint checkpoint = readPdparams("m.pdparams", ownBytes(changed), {1 << 20});
                    for (const NamedTensor& named : checkpoint.sets.front().tensors.tensors())
                        named.tensor.toDouble();
                });
            }
    }

    void readsWhatPythonPickles_data() {
        QTest::addColumn<int>("protocol");
        for (const int protocol : {2, 3, 4})
            QTest::addRow("protocol %d", protocol) << protocol;
    }
    void readsWhatPythonPickles() {
        if (!test::pythonHas("numpy")) QSKIP("NumPy is not installed for " REPSCOPE_TEST_PYTHON);
        QFETCH(int, protocol);
        const char* script = R"(
import collections, pickle, sys, numpy as np
rng = np.random.default_rng(3)
sd = collections.OrderedDict((k, rng.standard_normal(s).astype(t)) for k, s, t in [
    ("conv.weight", (64, 3, 7, 7), np.float32), ("bn._mean", (64,), np.float32), ("fc.weight", (64, 200), np.float32),
    ("half", (5,), np.float16), ("double", (5,), np.float64), ("scalar", (), np.float32), ("columns", (3, 4), np.float32)])
sd["columns"] = np.asfortranarray(sd["columns"])
for k, v in sd.items(): np.save(k + ".npy", v)
saved = collections.OrderedDict(sd)
if int(sys.argv[1]) < 4: # as paddle.save does with arrays beyond a gigabyte
    flat = saved.pop("fc.weight").flatten()
    parts = {"fc.weight@@.%d" % i: p for i, p in enumerate(np.split(flat, [5000, 10000]))}
    saved.update(parts)
    saved["UnpackBigParamInfor@@"] = {"fc.weight": {"OriginShape": (64, 200), "slices": list(parts)}}
saved["StructuredToParameterName@@"] = {k: "p_%d" % i for i, k in enumerate(sd)}
pickle.dump(saved, open("net.pdparams", "wb"), protocol=int(sys.argv[1]))
)";
        QCOMPARE(test::runPython(script, m_dir.path(), {QString::number(protocol)}), QString());
        const Checkpoint checkpoint = openCheckpoint(path("net.pdparams"));
        const StateDict& tensors = checkpoint.weights({}).tensors;
        QCOMPARE(tensors.size(), std::size_t{7});
        for (const NamedTensor& named : tensors.tensors()) {
            const StoredTensor expected = readNpyFile(path(named.name + ".npy"));
            QVERIFY2(named.tensor.dtype() == expected.dtype() && named.tensor.shape() == expected.shape(),
                     named.name.c_str());
            QVERIFY2(std::ranges::equal(named.tensor.toDouble().values(), expected.toDouble().values()),
                     named.name.c_str());
        }
    }

private:
    fs::path path(const std::string& name) const { return fs::path(m_dir.path().toStdString()) / name; }
    QTemporaryDir m_dir;
};

QTEST_APPLESS_MAIN(PdparamsTest)
#include "tst_pdparams.moc"
