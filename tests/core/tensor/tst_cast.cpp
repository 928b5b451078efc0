// SPDX-License-Identifier: Apache-2.0
#include "core/tensor/cast.h"
#include "tests/support/python.h"
#include "tests/support/refusal.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <fstream>
#include <limits>
#include <random>

using namespace rp;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Doubles of all magnitudes that a half can meet: subnormals, ties, the edge of infinity, both signs.
std::vector<double> samples() {
    std::mt19937_64 generator(5);
    std::uniform_real_distribution<double> digits(-2, 2), exponent(-30, 17);
    std::vector<double> values{0.0, -0.0, 65504, 65519.999, -65504, 0x1p-24, 0x1p-25, 0x1.8p-24, 1 + 0x1p-11, 1 + 0x3p-11};
    for (int i = 0; i < 20'000; ++i) values.push_back(std::ldexp(digits(generator), static_cast<int>(exponent(generator))));
    std::erase_if(values, [](double v) { return std::abs(v) >= 65520; });
    return values;
}

} // namespace

class CastTest : public QObject {
    Q_OBJECT

private slots:
    void everyHalfAndBfloatComesBack() {
        for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
            const auto pattern = static_cast<std::uint16_t>(bits);
            if (!std::isnan(halfToFloat(pattern))) QCOMPARE(halfFrom(halfToFloat(pattern)), pattern);
            if (!std::isnan(bfloatToFloat(pattern))) QCOMPARE(bfloatFrom(bfloatToFloat(pattern)), pattern);
        }
        QVERIFY(std::isnan(halfToFloat(halfFrom(NAN))));
        QVERIFY(std::isnan(bfloatToFloat(bfloatFrom(NAN))));
    }

    void roundsToTheNearestAndTiesToEven() {
        QCOMPARE(halfFrom(1 + 0x1p-11), halfFrom(1));           // a tie: down to the even digit
        QCOMPARE(halfFrom(1 + 0x3p-11), halfFrom(1 + 0x1p-9));  // a tie: up to the even digit
        QCOMPARE(halfFrom(1 + 0x1.001p-11), halfFrom(1 + 0x1p-10)); // no tie
        // float32 lies between: rounding twice would make it a tie and go down
        QCOMPARE(halfFrom(1 + 0x1p-11 + 0x1p-40), halfFrom(1 + 0x1p-10));
        QCOMPARE(halfToFloat(halfFrom(65519.99)), 65504.f);
        QVERIFY(std::isinf(halfToFloat(halfFrom(65520))));
        QCOMPARE(halfToFloat(halfFrom(0x1p-25)), 0.f);       // half of the smallest number: even is 0
        QCOMPARE(halfToFloat(halfFrom(0x1.8p-24)), 0x1p-23f); // 1.5 of the smallest: even is 2
        QCOMPARE(halfToFloat(halfFrom(0x1.ffep-15)), 0x1p-14f); // a carry out of the subnormals
        QCOMPARE(bfloatToFloat(bfloatFrom(1 + 0x1p-8)), 1.f);
        QCOMPARE(bfloatToFloat(bfloatFrom(1 + 0x3p-8)), 1 + 0x1p-6f);
        QCOMPARE(bfloatToFloat(bfloatFrom(-0x1.fep127)), -0x1.fep127f);
        QVERIFY(std::isinf(bfloatToFloat(bfloatFrom(0x1.ffp127))));
        QVERIFY(std::signbit(halfToFloat(halfFrom(-0.0))));
    }

    void castsToEveryType() {
        const StoredTensor source = StoredTensor::of(TensorD({2, 2}, {1.5, -2.25, 0x1p-20, kInfinity}));
        for (const DType type : {DType::f16, DType::bf16, DType::f32, DType::f64}) {
            const StoredTensor cast = castTo(type, source, "w");
            QVERIFY(cast.dtype() == type);
            QCOMPARE(cast.shape(), (Shape{2, 2}));
            const TensorD values = cast.toDouble();
            QCOMPARE(values[0], 1.5);
            QCOMPARE(values[1], -2.25);
            QCOMPARE(values[2], 0x1p-20); // all four hold it exactly
            QCOMPARE(values[3], kInfinity); // was infinite before
        }
        QCOMPARE(castTo(DType::f64, source, "w").storageAddress(), source.storageAddress());
        const StoredTensor large = StoredTensor::of(TensorD({2}, {1, 1e5}));
        QCOMPARE(test::refusal(ErrorCode::valueInvalid, "'w'", [&] { castTo(DType::f16, large, "'w'"); }), QString());
        QCOMPARE(test::refusal(ErrorCode::valueInvalid, "element 1", [&] { castTo(DType::f16, large, "'w'"); }), QString());
        castTo(DType::bf16, large, "'w'");
    }

    void agreesWithNumpy() {
        if (!test::pythonHas("numpy")) QSKIP("NumPy is not installed for " REPSCOPE_TEST_PYTHON);
        QTemporaryDir folder;
        const std::vector<double> values = samples();
        std::ofstream(folder.filePath("in.bin").toStdString(), std::ios::binary)
            .write(reinterpret_cast<const char*>(values.data()), static_cast<std::streamsize>(values.size() * sizeof(double)));
        QCOMPARE(test::runPython("import numpy as np; np.fromfile('in.bin').astype(np.float16).tofile('out.bin')", folder.path()), QString());
        std::vector<std::uint16_t> expected(values.size());
        std::ifstream(folder.filePath("out.bin").toStdString(), std::ios::binary)
            .read(reinterpret_cast<char*>(expected.data()), static_cast<std::streamsize>(expected.size() * 2));
        for (std::size_t i = 0; i < values.size(); ++i)
            QVERIFY2(halfFrom(values[i]) == expected[i], qPrintable(QString::number(values[i], 'g', 17)));
    }

    void agreesWithTorch() {
        if (!test::pythonHas("torch")) QSKIP("PyTorch is not installed for " REPSCOPE_TEST_PYTHON);
        QTemporaryDir folder;
        std::vector<float> values;
        for (const double v : samples()) values.push_back(static_cast<float>(v));
        std::ofstream(folder.filePath("in.bin").toStdString(), std::ios::binary)
            .write(reinterpret_cast<const char*>(values.data()), static_cast<std::streamsize>(values.size() * sizeof(float)));
        QCOMPARE(test::runPython("import numpy as np, torch\n"
                                 "x = torch.from_numpy(np.fromfile('in.bin', dtype=np.float32))\n"
                                 "x.bfloat16().view(torch.int16).numpy().tofile('out.bin')",
                                 folder.path()),
                 QString());
        std::vector<std::uint16_t> expected(values.size());
        std::ifstream(folder.filePath("out.bin").toStdString(), std::ios::binary)
            .read(reinterpret_cast<char*>(expected.data()), static_cast<std::streamsize>(expected.size() * 2));
        for (std::size_t i = 0; i < values.size(); ++i)
            QVERIFY2(bfloatFrom(values[i]) == expected[i], qPrintable(QString::number(values[i], 'g', 17)));
    }
};

QTEST_APPLESS_MAIN(CastTest)
#include "tst_cast.moc"
