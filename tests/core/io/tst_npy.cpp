// SPDX-License-Identifier: Apache-2.0
#include "core/io/npy.h"
#include "tests/support/file_builder.h"
#include "tests/support/python.h"
#include "tests/support/refusal.h"

#include <QTemporaryDir>
#include <QTest>

using namespace rp;
using namespace rp::io;
using test::raw;
using test::refusal;

namespace {

StoredTensor read(const std::string& bytes) {
    return readNpy(ownBytes(bytes), "in.npy");
}

std::vector<double> numbers(const StoredTensor& tensor) {
    const TensorD values = tensor.toDouble();
    return {values.values().begin(), values.values().end()};
}

const char* const kHeader = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }\n";

} // namespace

class NpyTest : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(".*")); }

    void readsAnArray() {
        const StoredTensor tensor = read(test::npy(kHeader, raw<float>({1.5, -2})));
        QCOMPARE(tensor.shape(), (Shape{2, 1}));
        QCOMPARE(numbers(tensor), (std::vector<double>{1.5, -2}));
    }

    void readsHeaderVariants_data() {
        QTest::addColumn<QString>("header");
        QTest::addColumn<QList<qint64>>("shape");
        QTest::newRow("scalar") << "{'descr': '<f4', 'fortran_order': False, 'shape': ()}" << QList<qint64>{};
        QTest::newRow("one axis") << "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }"
                                  << QList<qint64>{1};
        QTest::newRow("Python 2") << "{'descr': '<f4', 'fortran_order': False, 'shape': (1L, 1L), }"
                                  << QList<qint64>{1, 1};
        QTest::newRow("other order and quotes")
            << "{\"shape\": (1,), \"fortran_order\": True, \"descr\": \"<f4\"}   \n"
            << QList<qint64>{1};
        QTest::newRow("no spaces") << "{'descr':'<f4','fortran_order':False,'shape':(1,)}"
                                   << QList<qint64>{1};
    }
    void readsHeaderVariants() {
        QFETCH(QString, header);
        QFETCH(QList<qint64>, shape);
        const StoredTensor tensor = read(test::npy(header.toStdString(), raw<float>({9})));
        QCOMPARE(tensor.shape(), Shape(shape.begin(), shape.end()));
        QCOMPARE(numbers(tensor), std::vector<double>{9});
    }

    void readsVersionsTwoAndThree() {
        for (const char version : {'\2', '\3'}) {
            const std::string header = kHeader;
            const std::string file = std::string("\x93NUMPY") + version + std::string(1, '\0') +
                                     test::little(header.size(), 4) + header + raw<float>({1, 2});
            QCOMPARE(numbers(read(file)), (std::vector<double>{1, 2}));
        }
    }

    void convertsBigEndianAndColumnMajorData() {
        const std::string data("\0\1\0\2\0\3\0\4\0\5\0\6", 12);
        const StoredTensor rows =
            read(test::npy("{'descr': '>i2', 'fortran_order': False, 'shape': (2, 3)}", data));
        QCOMPARE(numbers(rows), (std::vector<double>{1, 2, 3, 4, 5, 6}));
        const StoredTensor columns =
            read(test::npy("{'descr': '>i2', 'fortran_order': True, 'shape': (2, 3)}", data));
        QCOMPARE(numbers(columns), (std::vector<double>{1, 3, 5, 2, 4, 6}));
    }

    void rejectsDefects_data() {
        const auto row = test::defectRows("file");
        const auto header = [&](const char* name, std::string_view text, const char* word,
                                ErrorCode code = ErrorCode::malformed) {
            row(name, test::npy(text, "12345678"), code, word);
        };
        const std::string rest = ", 'fortran_order': False, 'shape': (2,)}";
        row("other magic", "NUMPY-----------", ErrorCode::formatUnknown, "NumPy");
        row("version 9", std::string("\x93NUMPY\x09\0", 8) + "xxxxxxxx", ErrorCode::unsupported, "9.0");
        row("header beyond the file", std::string("\x93NUMPY\1\0\xff\x10", 10), ErrorCode::truncated, "left");
        row("header beyond the limit",
            std::string("\x93NUMPY\2\0", 8) + test::little(10'001, 4) + std::string(20'000, ' '),
            ErrorCode::limitExceeded, "10001");
        header("objects", "{'descr': '|O'" + rest, "|O", ErrorCode::unsupported);
        header("records", "{'descr': [('a', '<f4')]" + rest, "plain element type");
        header("complex", "{'descr': '<c8'" + rest, "<c8", ErrorCode::unsupported);
        header("text", "{'descr': '<U2'" + rest, "<U2", ErrorCode::unsupported);
        header("no byte order", "{'descr': 'f4'" + rest, "f4", ErrorCode::unsupported);
        header("unclosed", "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)", "'}'");
        header("no dict", "descr", "'{'");
        header("missing key", "{'descr': '<f4', 'shape': (2,)}", "missing");
        header("key twice", "{'descr': '<f4', 'descr': '<f4'" + rest, "once each");
        header("unknown key", "{'descr': '<f4', 'more': 1" + rest, "more");
        header("call", "{'descr': '<f4', 'fortran_order': __import__('os'), 'shape': (2,)}", "True or False");
        header("negative size", "{'descr': '<f4', 'fortran_order': False, 'shape': (-2,)}", "size");
        header("size of 2^63", "{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775808,)}",
               "size");
        header("shape that is a list", "{'descr': '<f4', 'fortran_order': False, 'shape': [2]}", "'('");
        header("number in brackets", "{'descr': '<f4', 'fortran_order': False, 'shape': (2)}", "tuple");
        header("text behind", "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)} x", "nothing behind");
        header(
            "many axes",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (" +
                [] {
                    std::string s;
                    for (int i = 0; i < 70; ++i)
                        s += "1,";
                    return s;
                }() +
                ")}",
            "64 axes");
        header("product overflows",
               "{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296)}", "2^63",
               ErrorCode::limitExceeded);
        header("data cut short", "{'descr': '<f8', 'fortran_order': False, 'shape': (2,)}", "cut short",
               ErrorCode::truncated);
        header("more data than declared", "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)}",
               "4 bytes of data");
    }
    void rejectsDefects() {
        QFETCH(QByteArray, file);
        QFETCH(int, code);
        QFETCH(QString, word);
        QCOMPARE(refusal(static_cast<ErrorCode>(code), word, [&] { read(file.toStdString()); }), QString());
    }

    void survivesTruncationAndChangesAtEveryByte() {
        const std::string file = test::npy(kHeader, raw<float>({1, 2}));
        for (std::size_t at = 0; at < file.size(); ++at) {
            QVERIFY(!test::succeedsOrRefuses([&] { read(file.substr(0, at)); }));
            for (int value = 0; value < 256; ++value) {
                std::string changed = file;
                changed[at] = static_cast<char>(value);
                test::succeedsOrRefuses([&] { numbers(read(changed)); });
            }
        }
    }

    void writesWhatNumpyWrites() {
        // Written by numpy 1.24: numpy.save(path, numpy.array([[1.5], [-2]], 'f4')).
        std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }";
        header.append(117 - header.size(), ' ');
        const std::string expected = test::npy(header + "\n", raw<float>({1.5, -2}));
        const std::filesystem::path path = m_dir.filePath("out.npy").toStdString();
        writeNpy(path, TensorF({2, 1}, {1.5, -2}));
        QCOMPARE(QByteArray::fromStdString(test::load(path)), QByteArray::fromStdString(expected));
        QCOMPARE(expected.size(), std::size_t{136});
    }

    void numpyReadsWhatWeWrite() {
        if (!test::pythonHas("numpy")) QSKIP("NumPy is not installed");
        const std::filesystem::path dir = m_dir.path().toStdString();
        writeNpy(dir / "a.npy", TensorD({2, 3}, {0.1, 2, 3, 4, 5, -6e300}));
        writeNpy(dir / "b.npy", TensorF({3}, {1, 2, 3}));
        writeNpy(dir / "c.npy", TensorF(Shape{}, {5}));
        writeNpy(dir / "d.npy", TensorF(Shape{0, 4}));
        const char* script = R"(
import numpy as np
a, b, c, d = (np.load(n + ".npy") for n in "abcd")
assert a.dtype == np.float64 and a.tolist() == [[0.1, 2, 3], [4, 5, -6e300]], a
assert b.dtype == np.float32 and b.tolist() == [1, 2, 3], b
assert c.shape == () and c == 5, c
assert d.shape == (0, 4), d
)";
        QCOMPARE(test::runPython(script, m_dir.path()), QString());
    }

private:
    QTemporaryDir m_dir;
};

QTEST_APPLESS_MAIN(NpyTest)
#include "tst_npy.moc"
