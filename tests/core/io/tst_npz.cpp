// SPDX-License-Identifier: Apache-2.0
#include "core/io/checkpoint.h"
#include "core/io/npz.h"
#include "tests/support/checkpoint_numbers.h"
#include "tests/support/file_builder.h"
#include "tests/support/python.h"
#include "tests/support/refusal.h"

#include <QTemporaryDir>
#include <QTest>

using namespace rp;
using namespace rp::io;
using test::numbers;
using test::raw;
using test::refusal;
using test::ZipEntry;
namespace fs = std::filesystem;

namespace {

const std::string kTwo =
    test::npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }\n", raw<float>({1, -2}));

Checkpoint read(const std::string& bytes, const Limits& limits = {}) {
    ZipArchive zip(ownBytes(bytes), limits.decodedBytes);
    return readNpz("w.npz", zip);
}

} // namespace

class NpzTest : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(".*")); }

    void mapsStoredArrays() {
        const SharedBytes file = ownBytes(test::zip({{"conv.weight.npy", kTwo}, {"a/b.npy", kTwo}}));
        ZipArchive zip(file, 0);
        const Checkpoint checkpoint = readNpz("w.npz", zip);
        QVERIFY(checkpoint.format == Format::npz);
        QCOMPARE(numbers(checkpoint, "conv.weight"), (std::vector<double>{1, -2}));
        QCOMPARE(numbers(checkpoint, "a/b"), (std::vector<double>{1, -2}));
        const std::byte* at = checkpoint.weights({}).tensors.find("a/b")->bytes().bytes.data();
        QVERIFY(at >= file.bytes.data() && at < file.bytes.data() + file.size());
    }

    void inflatesWithinTheLimit() {
        const std::string zeros = test::npy(
            "{'descr': '|u1', 'fortran_order': False, 'shape': (600000,), }\n", std::string(600'000, '\0'));
        const std::string file = test::zip({test::deflated("a.npy", zeros), test::deflated("b.npy", zeros)});
        QVERIFY(file.size() < 4000);
        QCOMPARE(numbers(read(file, {2'000'000}), "b").size(), std::size_t{600'000});
        QCOMPARE(refusal(ErrorCode::limitExceeded, "b.npy", [&] { read(file, {1'000'000}); }), QString());
    }

    void namesArraysThatAreNoNumbers() {
        const std::string text =
            test::npy("{'descr': '<U3', 'fortran_order': False, 'shape': (1,), }\n", std::string(12, 'x'));
        const Checkpoint checkpoint = read(test::zip({{"names.npy", text}, {"w.npy", kTwo}}));
        QCOMPARE(checkpoint.sets.front().tensors.size(), std::size_t{1});
        QVERIFY(QString::fromStdString(checkpoint.notes.at(0)).contains("names.npy"));
        QCOMPARE(refusal(ErrorCode::unsupported, "names.npy",
                         [&] {
                             read(test::zip({{"names.npy", text}}));
                         }),
                 QString());
    }

    void rejectsDefects_data() {
        const auto row = test::defectRows("file");
        row("array cut short", test::zip({{"w.npy", kTwo.substr(0, kTwo.size() - 1)}}), ErrorCode::truncated,
            "w.npy");
        row("no array", test::zip({{"w.npy", "text"}}), ErrorCode::truncated, "w.npy");
        row("name twice", test::zip({{"w.npy", kTwo}, {"w.npy", kTwo}}), ErrorCode::malformed, "twice");
        ZipEntry bomb = test::deflated("w.npy", kTwo);
        bomb.bytes = 1u << 29;
        row("impossible ratio", test::zip({bomb}), ErrorCode::malformed, "packed ones");
        ZipEntry liar{"w.npy", kTwo};
        liar.bytes = liar.packedBytes = static_cast<std::uint32_t>(kTwo.size() + 40);
        row("members that overlap", test::zip({liar, {"v.npy", kTwo}}), ErrorCode::malformed, "overlap");
    }
    void rejectsDefects() {
        QFETCH(QByteArray, file);
        QFETCH(int, code);
        QFETCH(QString, word);
        QCOMPARE(refusal(static_cast<ErrorCode>(code), word, [&] { read(file.toStdString()); }), QString());
    }

    void contentDecidesWhichArchiveItIs() {
        const fs::path path = m_dir.filePath("weights.pth").toStdString();
        test::save(path, test::zip({{"w.npy", kTwo}}));
        QVERIFY(openCheckpoint(path).format == Format::npz);
    }

    void readsWhatNumpyWrote() {
        if (!test::pythonHas("numpy")) QSKIP("NumPy is not installed for " REPSCOPE_TEST_PYTHON);
        const char* script = R"(
import numpy as np
w = np.arange(24, dtype=np.float32).reshape(2, 3, 4)
arrays = {"layer.weight": w, "f": np.asfortranarray(w), "big": w.astype(">f8"), "half": w.astype(np.float16),
          "scalar": np.array(7, dtype=np.int64), "empty": np.zeros((0, 3)), "flag": np.array([True, False])}
np.savez("stored.npz", **arrays)
np.savez_compressed("packed.npz", **arrays)
)";
        QCOMPARE(test::runPython(script, m_dir.path()), QString());
        for (const char* name : {"stored.npz", "packed.npz"}) {
            const Checkpoint checkpoint = openCheckpoint(m_dir.filePath(name).toStdString());
            QVERIFY(checkpoint.notes.empty());
            for (const char* key : {"layer.weight", "f", "big", "half"}) {
                QCOMPARE(checkpoint.weights({}).tensors.find(key)->shape(), (Shape{2, 3, 4}));
                const std::vector<double> found = numbers(checkpoint, key);
                for (std::size_t i = 0; i < 24; ++i)
                    QCOMPARE(found[i], static_cast<double>(i));
            }
            QCOMPARE(numbers(checkpoint, "scalar"), std::vector<double>{7});
            QCOMPARE(numbers(checkpoint, "empty"), std::vector<double>{});
            QCOMPARE(numbers(checkpoint, "flag"), (std::vector<double>{1, 0}));
        }
    }

private:
    QTemporaryDir m_dir;
};

QTEST_APPLESS_MAIN(NpzTest)
#include "tst_npz.moc"
