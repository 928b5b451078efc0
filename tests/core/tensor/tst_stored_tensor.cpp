// SPDX-License-Identifier: Apache-2.0
#include "core/tensor/stored_tensor.h"
#include "tests/support/file_builder.h"
#include "tests/support/refusal.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace rp;
using test::raw;
using test::refusal;

namespace {

std::vector<double> valuesOf(const StoredTensor& tensor) {
    const TensorD values = tensor.toDouble();
    return {values.values().begin(), values.values().end()};
}

using Values = std::vector<double>;
constexpr std::int64_t kHuge = std::int64_t{1} << 62;

} // namespace

class StoredTensorTest : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(".*")); }

    void readsEveryElementType_data() {
        QTest::addColumn<int>("type");
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QList<double>>("expected");
        const auto row = [](const char* name, DType type, const std::string& bytes, QList<double> expected) {
            QTest::newRow(name) << static_cast<int>(type) << QByteArray::fromStdString(bytes) << expected;
        };
        row("bool", DType::boolean, std::string("\0\1", 2), {0, 1});
        row("uint8", DType::u8, "\xff\x01", {255, 1});
        row("int8", DType::i8, "\xff\x7f", {-1, 127});
        row("uint16", DType::u16, std::string("\xff\xff\x00\x01", 4), {65535, 256});
        row("int16", DType::i16, std::string("\xfe\xff\x00\x01", 4), {-2, 256});
        row("uint32", DType::u32, std::string("\xff\xff\xff\xff\x00\x00\x00\x01", 8),
            {4294967295., 16777216});
        row("int32", DType::i32, std::string("\xff\xff\xff\xff\x00\x00\x00\x01", 8), {-1, 16777216});
        row("uint64", DType::u64, std::string("\x00\x00\x00\x00\x00\x00\x00\x80", 8), {9223372036854775808.});
        row("int64", DType::i64, std::string("\xfd\xff\xff\xff\xff\xff\xff\xff", 8), {-3});
        row("float16", DType::f16, std::string("\x00\x3c\x00\xc0\x01\x00", 6), {1, -2, std::ldexp(1, -24)});
        row("bfloat16", DType::bf16, std::string("\x80\x3f\x20\xc0", 4), {1, -2.5});
        row("float32", DType::f32, std::string("\x00\x00\xc0\x3f", 4), {1.5});
        row("float64", DType::f64, std::string("\x00\x00\x00\x00\x00\x00\xe0\xbf", 8), {-0.5});
    }
    void readsEveryElementType() {
        QFETCH(int, type);
        QFETCH(QByteArray, bytes);
        QFETCH(QList<double>, expected);
        const Shape shape{expected.size()};
        const auto tensor =
            StoredTensor::dense(static_cast<DType>(type), shape, ownBytes(bytes.toStdString()), "t");
        QCOMPARE(valuesOf(tensor), Values(expected.begin(), expected.end()));
        const TensorF floats = tensor.toFloat();
        for (std::int64_t i = 0; i < floats.count(); ++i)
            QCOMPARE(floats[i], static_cast<float>(expected[i]));
    }

    void halfPrecisionLimits_data() {
        QTest::addColumn<int>("bits");
        QTest::addColumn<float>("value");
        QTest::newRow("largest") << 0x7bff << 65504.f;
        QTest::newRow("smallest normal") << 0x0400 << 0x1p-14f;
        QTest::newRow("largest subnormal") << 0x03ff << 1023 * 0x1p-24f;
        QTest::newRow("negative subnormal") << 0x8001 << -0x1p-24f;
        QTest::newRow("third") << 0x3555 << 0.333251953125f;
        QTest::newRow("infinity") << 0x7c00 << std::numeric_limits<float>::infinity();
        QTest::newRow("negative infinity") << 0xfc00 << -std::numeric_limits<float>::infinity();
    }
    void halfPrecisionLimits() {
        QFETCH(int, bits);
        QFETCH(float, value);
        const float got = halfToFloat(static_cast<std::uint16_t>(bits));
        QCOMPARE(std::memcmp(&got, &value, sizeof value), 0);
    }

    void halfKeepsSignOfZeroAndNan() {
        QVERIFY(std::signbit(halfToFloat(0x8000)));
        QVERIFY(!std::signbit(halfToFloat(0)));
        QVERIFY(std::isnan(halfToFloat(0x7e01)));
        QVERIFY(std::isnan(bfloatToFloat(0x7fc0)));
    }

    void stridesTransposeAndSkip() {
        const SharedBytes storage = ownBytes(raw<std::int16_t>({0, 1, 2, 3, 4, 5}));
        const auto view = [&](Shape shape, Shape strides, std::int64_t offset) {
            return valuesOf(StoredTensor::view(DType::i16, shape, strides, offset, storage, "t"));
        };
        QCOMPARE(view({3, 2}, {1, 3}, 0), (Values{0, 3, 1, 4, 2, 5}));
        QCOMPARE(view({3}, {2}, 0), (Values{0, 2, 4}));
        QCOMPARE(view({2}, {1}, 4), (Values{4, 5}));
        QCOMPARE(view({2, 3}, {0, 1}, 1), (Values{1, 2, 3, 1, 2, 3}));
        QCOMPARE(view({}, {}, 5), (Values{5}));
    }

    void channelsLastComesOutRowMajor() {
        // [1, 2, 2, 2] stored as n, h, w, c
        const SharedBytes storage = ownBytes(raw<std::int8_t>({0, 10, 1, 11, 2, 12, 3, 13}));
        const auto tensor = StoredTensor::view(DType::i8, {1, 2, 2, 2}, {8, 1, 4, 2}, 0, storage, "t");
        QVERIFY(!tensor.isDense());
        QCOMPARE(valuesOf(tensor), (Values{0, 1, 2, 3, 10, 11, 12, 13}));
    }

    void denseTensorsAreNotCopied() {
        const SharedBytes storage = ownBytes(raw<float>({1, 2, 3, 4}));
        const auto tensor = StoredTensor::view(DType::f32, {2, 1}, {1, 77}, 1, storage, "t");
        QVERIFY(tensor.isDense());
        QCOMPARE(static_cast<const void*>(tensor.bytes().bytes.data()),
                 static_cast<const void*>(storage.bytes.data() + 4));
    }

    void emptyTensorsNeedNoStorage() {
        const auto tensor = StoredTensor::view(DType::f32, {2, 0, 3}, {0, 3, 1}, 0, ownBytes(""), "t");
        QCOMPARE(tensor.count(), 0);
        QCOMPARE(tensor.bytes().size(), std::size_t{0});
        QVERIFY(tensor.toFloat().isEmpty());
        // The product of the other sizes overflows, and must not be computed.
        QCOMPARE(StoredTensor::dense(DType::f32, {0, kHuge, 8}, ownBytes(""), "t").isDense(), true);
    }

    void axesOfOneMayHaveAnyStride() {
        const SharedBytes storage = ownBytes(raw<std::int8_t>({7, 9, 8}));
        const auto tensor =
            StoredTensor::view(DType::i8, {1, 2, 1}, {INT64_MAX, 2, INT64_MAX}, 0, storage, "t");
        QCOMPARE(valuesOf(tensor), (Values{7, 8}));
    }

    void rejectsViewsThatLeaveTheirStorage_data() {
        QTest::addColumn<QList<qint64>>("shape");
        QTest::addColumn<QList<qint64>>("strides");
        QTest::addColumn<qint64>("offset");
        QTest::addColumn<int>("code");
        const auto row = [](const char* name, QList<qint64> shape, QList<qint64> strides, qint64 offset,
                            ErrorCode code) {
            QTest::newRow(name) << shape << strides << offset << static_cast<int>(code);
        };
        row("one too many", {5}, {1}, 0, ErrorCode::shapeMismatch);
        row("offset", {2}, {1}, 3, ErrorCode::shapeMismatch);
        row("stride", {2}, {4}, 0, ErrorCode::shapeMismatch);
        row("scalar", {}, {}, 4, ErrorCode::shapeMismatch);
        row("negative offset", {1}, {1}, -1, ErrorCode::malformed);
        row("negative stride", {2}, {-1}, 3, ErrorCode::malformed);
        row("negative size", {-1}, {1}, 0, ErrorCode::malformed);
        row("too few strides", {2, 2}, {1}, 0, ErrorCode::malformed);
        row("stride times size overflows", {3}, {kHuge}, 0, ErrorCode::shapeMismatch);
        row("offset plus span overflows", {2}, {kHuge}, INT64_MAX - 5, ErrorCode::shapeMismatch);
        row("count overflows", {kHuge, 4}, {0, 0}, 0, ErrorCode::limitExceeded);
        row("expansion", {kHuge / 8}, {0}, 0, ErrorCode::limitExceeded);
    }
    void rejectsViewsThatLeaveTheirStorage() {
        QFETCH(QList<qint64>, shape);
        QFETCH(QList<qint64>, strides);
        QFETCH(qint64, offset);
        QFETCH(int, code);
        const SharedBytes storage = ownBytes(raw<float>({1, 2, 3, 4}));
        QCOMPARE(refusal(static_cast<ErrorCode>(code), "the tensor",
                         [&] {
                             StoredTensor::view(DType::f32, Shape(shape.begin(), shape.end()),
                                                Shape(strides.begin(), strides.end()), offset, storage,
                                                "the tensor");
                         }),
                 QString());
    }

    void limitsWhatAnExpandedViewBecomes() {
        const SharedBytes storage = ownBytes("x");
        const auto view = [&](std::int64_t count) {
            StoredTensor::view(DType::u8, {count}, {0}, 0, storage, "t", 800);
        };
        view(100); // 800 bytes as float64
        QCOMPARE(refusal(ErrorCode::limitExceeded, "expanded", [&] { view(101); }), QString());
    }

    void rejectsDenseTensorLargerThanItsBytes() {
        QCOMPARE(refusal(ErrorCode::shapeMismatch, "7 bytes",
                         [] { StoredTensor::dense(DType::f32, {2}, ownBytes("1234567"), "t"); }),
                 QString());
    }

    void keepsTheValuesOfATensor() {
        const auto stored = StoredTensor::of(TensorD({2}, {0.1, -3}));
        QVERIFY(stored.dtype() == DType::f64);
        QCOMPARE(valuesOf(stored), (Values{0.1, -3}));
        QVERIFY(StoredTensor::of(TensorF({1}, {0.5f})).dtype() == DType::f32);
    }

    void tensorsOfOneStorageShareItsAddress() {
        const SharedBytes storage = ownBytes(raw<float>({1, 2}));
        const auto a = StoredTensor::view(DType::f32, {1}, {1}, 0, storage, "a");
        const auto b = StoredTensor::view(DType::f32, {1}, {1}, 1, storage, "b");
        QCOMPARE(static_cast<const void*>(a.storageAddress()), static_cast<const void*>(b.storageAddress()));
    }
};

QTEST_APPLESS_MAIN(StoredTensorTest)
#include "tst_stored_tensor.moc"
