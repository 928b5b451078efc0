// SPDX-License-Identifier: Apache-2.0
#include "core/io/safetensors.h"
#include "tests/support/file_builder.h"
#include "tests/support/refusal.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace rp;
using namespace rp::io;
using test::raw;
using test::refusal;

namespace {

/// JSON written with single quotes (moc misreads some raw strings).
std::string json(std::string text) {
    std::ranges::replace(text, '\'', '"');
    return text;
}

Checkpoint read(const std::string& bytes) {
    return readSafetensors("m.safetensors", ownBytes(bytes), {});
}

std::vector<double> numbers(const StoredTensor* tensor) {
    if (!tensor) return {-999};
    const TensorD values = tensor->toDouble();
    return {values.values().begin(), values.values().end()};
}

const std::string kHeader = json("{'b':{'dtype':'F32','shape':[2],'data_offsets':[4,12]},'a':{'dtype':'I16','"
                                 "shape':[2,1],'data_offsets':[0,4]}}");
const std::string kBuffer = raw<std::int16_t>({7, -8}) + raw<float>({1.5, 2});

} // namespace

class SafetensorsTest : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(".*")); }

    void readsTensorsInTheOrderOfTheHeader() {
        const Checkpoint checkpoint = read(test::safetensors(kHeader, kBuffer));
        const StateDict& tensors = checkpoint.weights({}).tensors;
        QCOMPARE(tensors.size(), std::size_t{2});
        QCOMPARE(tensors.tensors()[0].name, std::string("b"));
        QCOMPARE(numbers(tensors.find("b")), (std::vector<double>{1.5, 2}));
        QCOMPARE(numbers(tensors.find("a")), (std::vector<double>{7, -8}));
        QCOMPARE(tensors.find("a")->shape(), (Shape{2, 1}));
    }

    void readsEveryElementType_data() {
        QTest::addColumn<int>("type");
        QTest::addColumn<int>("width");
        const auto row = [](const char* name, DType type, int width) {
            QTest::newRow(name) << static_cast<int>(type) << width;
        };
        row("BOOL", DType::boolean, 1);
        row("U8", DType::u8, 1);
        row("I8", DType::i8, 1);
        row("I16", DType::i16, 2);
        row("U16", DType::u16, 2);
        row("F16", DType::f16, 2);
        row("BF16", DType::bf16, 2);
        row("I32", DType::i32, 4);
        row("U32", DType::u32, 4);
        row("F32", DType::f32, 4);
        row("F64", DType::f64, 8);
        row("I64", DType::i64, 8);
        row("U64", DType::u64, 8);
    }
    void readsEveryElementType() {
        QFETCH(int, type);
        QFETCH(int, width);
        const std::string header =
            QString::fromStdString(json("{'t':{'dtype':'%1','shape':[3],'data_offsets':[0,%2]}}"))
                .arg(QTest::currentDataTag())
                .arg(3 * width)
                .toStdString();
        const Checkpoint checkpoint =
            read(test::safetensors(header, std::string(static_cast<std::size_t>(3 * width), '\0')));
        QCOMPARE(static_cast<int>(checkpoint.weights({}).tensors.find("t")->dtype()), type);
    }

    void readsScalarsEmptyTensorsAndPadding() {
        const std::string header = json("{'s':{'dtype':'F32','shape':[],'data_offsets':[0,4]},'e':{'dtype':'"
                                        "F64','shape':[0,3],'data_offsets':[4,4]}}    ");
        const Checkpoint checkpoint = read(test::safetensors(header, raw<float>({3})));
        QCOMPARE(numbers(checkpoint.weights({}).tensors.find("s")), std::vector<double>{3});
        QCOMPARE(checkpoint.weights({}).tensors.find("e")->shape(), (Shape{0, 3}));
    }

    void metadataBecomesTheExtras() {
        const std::string header = json("{'__metadata__':{'format':'pt','caf\\u00e9':'x'},'s':{'dtype':'U8','"
                                        "shape':[1],'data_offsets':[0,1]}}");
        const Checkpoint checkpoint = read(test::safetensors(header, "x"));
        QCOMPARE(*(*checkpoint.extras.find("format"))->as<std::string>(), std::string("pt"));
        QVERIFY(checkpoint.extras.find("caf\xc3\xa9"));
    }

    void rejectsDefects_data() {
        const auto row = test::defectRows("file");
        const auto header = [&](const char* name, std::string_view text, const char* word,
                                ErrorCode code = ErrorCode::malformed) {
            row(name, test::safetensors(text, "12345678"), code, word);
        };
        const auto tensor = [&](const char* name, std::string_view fields, const char* word,
                                ErrorCode code = ErrorCode::malformed) {
            header(name, "{\"t\":{" + std::string(fields) + "}}", word, code);
        };
        row("shorter than its length field", "1234567", ErrorCode::truncated, "left");
        row("header longer than the file", test::little(1000, 8) + "{}", ErrorCode::truncated, "1000");
        row("header beyond the limit", test::little(100'000'001, 8) + "{}", ErrorCode::limitExceeded,
            "100000001");
        row("header of 2^64 - 1", test::little(~std::uint64_t{0}, 8) + "{}", ErrorCode::limitExceeded,
            "header");
        header("empty header", "", "JSON object");
        header("space before the object", " {}", "JSON object");
        header("array", "[]", "JSON object");
        header("no JSON", "{\"t\":", "UTF-8 JSON");
        header("text behind the object", "{} x", "UTF-8 JSON");
        header("invalid UTF-8", "{\"\xff\":1}", "UTF-8 JSON");
        header("no tensors", "{}", "8");
        header("tensor that is a number", json("{'t':1}"), "'t'");
        header("tensor that is an array", json("{'t':[1]}"), "'t'");
        header("tensor that is null", json("{'t':null}"), "null");
        header("deep nesting", "{\"t\":" + std::string(100'000, '[') + std::string(100'000, ']') + "}",
               "'t'");
        header("deep objects", json("{'t':{'shape':{'x':{}}}}"), "object");
        header("metadata of numbers", json("{'__metadata__':{'a':1}}"), "a");
        header("metadata that nests", json("{'__metadata__':{'a':{}}}"), "object");
        header("metadata that is a text", json("{'__metadata__':'x'}"), "text");
        header("name twice",
               json("{'t':{'dtype':'U8','shape':[8],'data_offsets':[0,8]},'t':{'dtype':'U8','shape':[8],'"
                    "data_offsets':[0,8]}}"),
               "the name twice");
        header("name twice, spelt differently",
               json("{'t':{'dtype':'U8','shape':[8],'data_offsets':[0,8]},'\\u0074':{'dtype':'U8','shape':[8]"
                    ",'data_offsets':[0,8]}}"),
               "the name twice");
        tensor("no dtype", json("'shape':[8],'data_offsets':[0,8]"), "missing");
        tensor("no shape", json("'dtype':'U8','data_offsets':[0,8]"), "missing");
        tensor("no offsets", json("'dtype':'U8','shape':[8]"), "missing");
        tensor("field twice", json("'dtype':'U8','dtype':'U8','shape':[8],'data_offsets':[0,8]"), "twice");
        tensor("unknown field", json("'dtype':'U8','shape':[8],'data_offsets':[0,8],'more':1"), "more");
        tensor("unknown dtype", json("'dtype':'F31','shape':[8],'data_offsets':[0,8]"), "F31",
               ErrorCode::unsupported);
        tensor("dtype not read here", json("'dtype':'F8_E4M3','shape':[8],'data_offsets':[0,8]"), "F8_E4M3",
               ErrorCode::unsupported);
        tensor("dtype that is a number", json("'dtype':1,'shape':[8],'data_offsets':[0,8]"), "dtype");
        tensor("shape that is a text", json("'dtype':'U8','shape':'8','data_offsets':[0,8]"), "shape");
        tensor("negative size", json("'dtype':'U8','shape':[-8],'data_offsets':[0,8]"), "-8");
        tensor("fractional size", json("'dtype':'U8','shape':[8.0],'data_offsets':[0,8]"), "8.0");
        tensor("size of 2^64", json("'dtype':'U8','shape':[18446744073709551616],'data_offsets':[0,8]"),
               "1844674407370955161");
        tensor("product overflows", json("'dtype':'U8','shape':[4294967296,4294967296],'data_offsets':[0,8]"),
               "64 bits", ErrorCode::limitExceeded);
        tensor("size beyond int64 beside a zero",
               json("'dtype':'U8','shape':[0,18446744073709551615],'data_offsets':[0,0]"), "64 bits",
               ErrorCode::limitExceeded);
        tensor("one offset", json("'dtype':'U8','shape':[8],'data_offsets':[8]"), "missing");
        tensor("three offsets", json("'dtype':'U8','shape':[8],'data_offsets':[0,8,8]"), "at most 2");
        tensor("end before begin", json("'dtype':'U8','shape':[8],'data_offsets':[8,0]"), "behind its begin");
        tensor("shape that is larger than its bytes", json("'dtype':'F32','shape':[3],'data_offsets':[0,8]"),
               "96 bits", ErrorCode::shapeMismatch);
        tensor("shape that is smaller than its bytes", json("'dtype':'U8','shape':[7],'data_offsets':[0,8]"),
               "56 bits", ErrorCode::shapeMismatch);
        tensor("half a byte", json("'dtype':'F4','shape':[15],'data_offsets':[0,8]"), "60 bits",
               ErrorCode::shapeMismatch);
        tensor("hole at the start", json("'dtype':'U8','shape':[4],'data_offsets':[4,8]"), "hole");
        tensor("trailing bytes", json("'dtype':'U8','shape':[4],'data_offsets':[0,4]"),
               "belong to no tensor");
        tensor("buffer cut short", json("'dtype':'U8','shape':[9],'data_offsets':[0,9]"), "cut short",
               ErrorCode::truncated);
        header("hole between",
               json("{'a':{'dtype':'U8','shape':[3],'data_offsets':[0,3]},'b':{'dtype':'U8','shape':[4],'"
                    "data_offsets':[4,8]}}"),
               "hole");
        header("overlap",
               json("{'a':{'dtype':'U8','shape':[5],'data_offsets':[0,5]},'b':{'dtype':'U8','shape':[4],'"
                    "data_offsets':[4,8]}}"),
               "overlaps");
        header("same bytes twice",
               json("{'a':{'dtype':'U8','shape':[8],'data_offsets':[0,8]},'b':{'dtype':'U8','shape':[8],'"
                    "data_offsets':[0,8]}}"),
               "overlaps");
        row("nothing at all", test::safetensors("{}", ""), ErrorCode::unsupported, "tensors");
    }
    void rejectsDefects() {
        QFETCH(QByteArray, file);
        QFETCH(int, code);
        QFETCH(QString, word);
        QCOMPARE(refusal(static_cast<ErrorCode>(code), word, [&] { read(file.toStdString()); }), QString());
    }

    void survivesTruncationAtEveryByte() {
        const std::string file = test::safetensors(kHeader, kBuffer);
        for (std::size_t length = 0; length < file.size(); ++length)
            QVERIFY(!test::succeedsOrRefuses([&] { read(file.substr(0, length)); }));
    }

    void survivesEveryChangedByte() {
        const std::string file = test::safetensors(kHeader, kBuffer);
        for (std::size_t at = 0; at < file.size(); ++at)
            for (int value = 0; value < 256; ++value) {
                std::string changed = file;
                changed[at] = static_cast<char>(value);
                test::succeedsOrRefuses([&] { read(changed); });
            }
    }

    void writesHeaderAndBuffer() {
        const std::filesystem::path path = m_dir.filePath("w.safetensors").toStdString();
        Dict metadata;
        metadata.items.emplace_back(makeValue(std::string("format")), makeValue(std::string("p\"t")));
        writeSafetensors(path,
                         {{"n", StoredTensor::dense(DType::u8, {3}, ownBytes("abc"), "n")},
                          {"w", StoredTensor::of(TensorF({2, 1}, {1.5, -2}))}},
                         metadata);
        // The wide type lies first, so that it is aligned; names keep their order.
        const std::string quote = "\\\"";
        const std::string header = json("{'__metadata__':{'format':'p") + quote +
                                   json("t'},'n':{'dtype':'U8','shape':[3],'data_offsets':[8,11]},'w':{'"
                                        "dtype':'F32','shape':[2,1],'data_offsets':[0,8]}}");
        const std::string padded = header + std::string((8 - header.size() % 8) % 8, ' ');
        QCOMPARE(QByteArray::fromStdString(test::load(path)),
                 QByteArray::fromStdString(test::safetensors(padded, raw<float>({1.5, -2}) + "abc")));
    }

    void refusesToWriteWhatTheFormatCannotHold() {
        const std::filesystem::path path = m_dir.filePath("refused.safetensors").toStdString();
        const StoredTensor tensor = StoredTensor::of(TensorF({1}, {1}));
        Dict numbersInside;
        numbersInside.items.emplace_back(makeValue(std::string("epoch")), makeValue(std::int64_t{1}));
        QCOMPARE(refusal(ErrorCode::unsupported, "texts only",
                         [&] {
                             writeSafetensors(path, {{"w", tensor}}, numbersInside);
                         }),
                 QString());
        QCOMPARE(refusal(ErrorCode::malformed, "every name once",
                         [&] {
                             writeSafetensors(path, {{"w", tensor}, {"w", tensor}}, {});
                         }),
                 QString());
        QCOMPARE(refusal(ErrorCode::malformed, "__metadata__",
                         [&] {
                             writeSafetensors(path, {{"__metadata__", tensor}}, {});
                         }),
                 QString());
        QCOMPARE(refusal(ErrorCode::malformed, "UTF-8",
                         [&] {
                             writeSafetensors(path, {{"\xff", tensor}}, {});
                         }),
                 QString());
        QVERIFY(!std::filesystem::exists(path));
    }

    void writesAViewRowMajor() {
        const std::filesystem::path path = m_dir.filePath("view.safetensors").toStdString();
        const StoredTensor view = StoredTensor::view(DType::u8, {2, 2}, {1, 2}, 0, ownBytes("abcd"), "v");
        writeSafetensors(path, {{"v", view}}, {});
        QVERIFY(test::load(path).ends_with("acbd"));
    }

private:
    QTemporaryDir m_dir;
};

QTEST_APPLESS_MAIN(SafetensorsTest)
#include "tst_safetensors.moc"
