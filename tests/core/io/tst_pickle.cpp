// SPDX-License-Identifier: Apache-2.0
#include "core/io/pickle.h"
#include "tests/support/file_builder.h"
#include "tests/support/refusal.h"

#include <QTest>

using namespace rp;
using namespace rp::io;
using test::little;
using test::raw;
using test::refusal;
namespace pk = test::pickle;

namespace {

const std::string kOrderedDict = pk::reduce(pk::global("collections", "OrderedDict"), ")");

/// A storage of any size asked for, filled with 0, 1, 2 …
SharedBytes counting(const StorageRef& ref) {
    std::string bytes;
    for (std::int64_t i = 0; i < ref.elements; ++i)
        bytes += little(static_cast<std::uint64_t>(i), static_cast<int>(sizeOf(ref.dtype)));
    return ownBytes(std::move(bytes));
}

PickleResult read(const std::string& bytes, std::uint64_t maxBytes = std::uint64_t{1} << 30,
                  const StorageLookup& storage = counting) {
    return readPickle(ownBytes(bytes), "data.pkl", storage, maxBytes);
}

ValuePtr valueOf(const std::string& body) {
    return read(pk::file(body)).value;
}

template<class T>
T plain(const std::string& body) {
    const ValuePtr value = valueOf(body);
    const T* found = value->as<T>();
    if (!found) {
        QTest::qFail(std::string(kindOf(*value)).c_str(), __FILE__, __LINE__);
        return {};
    }
    return *found;
}

std::vector<double> numbers(const ValuePtr& value) {
    const auto* tensor = value->as<StoredTensor>();
    if (!tensor) return {-999};
    const TensorD values = tensor->toDouble();
    return {values.values().begin(), values.values().end()};
}

std::string repeat(const std::string& text, int count) {
    std::string all;
    all.reserve(text.size() * static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i)
        all += text;
    return all;
}

/// numpy.dtype(name), byte order `order`.
std::string numpyType(std::string_view name, std::string_view order) {
    return pk::reduce(pk::global("numpy", "dtype"), pk::tuple({pk::str(name), "\x89", "\x88"})) +
           pk::tuple({pk::num(3), pk::str(order), "N", "N", "N", pk::num(-1), pk::num(-1), pk::num(0)}) + "b";
}

std::string numpyArray(std::string_view module, const std::string& shape, const std::string& type,
                       bool fortran, const std::string& payload) {
    const std::string empty = "C" + little(1, 1) + "b"; // b'b' of protocol 3
    return pk::reduce(pk::global(module, "_reconstruct"),
                      pk::tuple({pk::global("numpy", "ndarray"), pk::tuple({pk::num(0)}), empty})) +
           pk::tuple({pk::num(1), shape, type, fortran ? "\x88" : "\x89", payload}) + "b";
}

std::string shortBytes(const std::string& bytes) {
    return "C" + little(bytes.size(), 1) + bytes;
}

const std::string kTinyTensor = pk::tensor(pk::storage("FloatStorage", "0", 4), 0, {2, 2}, {2, 1});

} // namespace

class PickleTest : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(".*")); }

    void readsPlainValues() {
        QVERIFY(valueOf("N")->as<std::monostate>());
        QCOMPARE(plain<bool>("\x88"), true);
        QCOMPARE(plain<bool>("\x89"), false);
        QCOMPARE(plain<std::int64_t>("K\xff"), 255);
        QCOMPARE(plain<std::int64_t>("M\xff\xff"), 65535);
        QCOMPARE(plain<std::int64_t>("J\xff\xff\xff\xff"), -1);
        QCOMPARE(plain<double>(std::string("G\xbf\xf8\0\0\0\0\0\0", 9)), -1.5); // big-endian
        QCOMPARE(plain<std::string>(pk::str("h\xc3\xa9")), std::string("h\xc3\xa9"));
        QCOMPARE(plain<std::string>("U\x02hi"), std::string("hi"));
        QCOMPARE(plain<Blob>("U\x02\xff\x01").text(), std::string_view("\xff\x01")); // no UTF-8: Python 2's bytes
    }

    void readsLongNumbers() {
        QCOMPARE(plain<std::int64_t>(std::string("\x8a\0", 2)), 0);
        QCOMPARE(plain<std::int64_t>(std::string("\x8a\x02\xff\0", 4)), 255);
        QCOMPARE(plain<std::int64_t>("\x8a\x01\xff"), -1);
        QCOMPARE(plain<std::int64_t>("\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f"), INT64_MAX);
        QCOMPARE(plain<std::int64_t>("\x8b" + little(2, 4) + std::string("\0\x80", 2)), -32768);
    }

    void keepsNumbersBeyond64BitsVisible() {
        const auto value = plain<Opaque>("\x8a\x0a"
                                         "0123456789");
        QCOMPARE(value.symbol, std::string("int of 10 bytes"));
    }

    void readsContainersWithTheirKind() {
        QVERIFY(plain<Sequence>(pk::list({"N"})).kind == Sequence::Kind::list);
        QVERIFY(plain<Sequence>(pk::tuple({"N"})).kind == Sequence::Kind::tuple);
        QCOMPARE(plain<Sequence>("NNN\x87").items.size(), std::size_t{3});
        QCOMPARE(plain<Sequence>("NN\x86").items.size(), std::size_t{2});
        QCOMPARE(plain<Sequence>("N\x85").items.size(), std::size_t{1});
        QVERIFY(plain<Sequence>("\x8f(K\1K\2\x90").kind == Sequence::Kind::set);
        QVERIFY(plain<Sequence>(pk::reduce(pk::global("__builtin__", "set"), pk::tuple({pk::list({"K\1"})})))
                    .kind == Sequence::Kind::set);
        QVERIFY(plain<Dict>(kOrderedDict).ordered);
        QVERIFY(!plain<Dict>("}").ordered);
        QCOMPARE(plain<Sequence>("]Na").items.size(), std::size_t{1});
        QCOMPARE(plain<Dict>("}" + pk::str("k") + "Ns").items.size(), std::size_t{1});
    }

    void findsValuesByTextAmongOtherKeys() {
        const auto dict = plain<Dict>(pk::dict({"K\1", "N", pk::tuple({"N"}), "N", pk::str("k"), "K\7"}));
        QCOMPARE(*(*dict.find("k"))->as<std::int64_t>(), 7);
        QVERIFY(!dict.find("absent"));
    }

    void readsProtocolFour() {
        const std::string body = "\x95" + little(20, 8) +
                                 "}\x94(\x8c\x01"
                                 "a\x94K\x01\x8c\x0b"
                                 "collections\x94\x8c\x0bOrderedDict\x94\x93\x94)R\x94h\x05u";
        const auto dict = read("\x80\x04" + body + ".").value;
        // memo: 0 dict, 1 "a", 2 "collections", 3 "OrderedDict", 4 symbol, 5 the made dict
        QVERIFY(dict->as<Dict>());
        QCOMPARE(dict->as<Dict>()->items.size(), std::size_t{2});
        QVERIFY(dict->as<Dict>()->items[1].first->as<Dict>()->ordered);
    }

    void readsBytesOfEveryLength() {
        QCOMPARE(plain<Blob>("C\x02\x01\xfe").text(), std::string_view("\x01\xfe"));
        QCOMPARE(plain<Blob>("B" + little(2, 4) + "xy").text(), std::string_view("xy"));
        QCOMPARE(plain<Blob>("\x8e" + little(2, 8) + "xy").text(), std::string_view("xy"));
        QCOMPARE(plain<Blob>("\x96" + little(2, 8) + "xy").text(), std::string_view("xy"));
        QCOMPARE(plain<std::string>("\x8d" + little(2, 8) + "xy"), std::string("xy"));
        QCOMPARE(plain<Blob>(pk::reduce(pk::global("_codecs", "encode"),
                                        pk::tuple({pk::str("a\xc3\xbf"), pk::str("latin1")})))
                     .text(),
                 std::string_view("a\xff"));
    }

    void readsDictsThatPython2MadeOfPairs() {
        const auto dict = plain<Dict>(
            pk::reduce(pk::global("collections", "OrderedDict"),
                       pk::tuple({pk::list({pk::list({pk::str("b"), "K\1"}), pk::list({pk::str("a"), "K\2"})})})));
        QVERIFY(dict.ordered);
        QCOMPARE(*dict.items.at(0).first->as<std::string>(), std::string("b"));
        QCOMPARE(*(*dict.find("a"))->as<std::int64_t>(), 2);
    }

    void readsParametersOfOldWriters() {
        const std::string parameter =
            pk::reduce(pk::global("torch.nn.parameter", "Parameter"), pk::tuple({kTinyTensor, "\x88"}));
        QCOMPARE(numbers(valueOf(parameter)), numbers(valueOf(kTinyTensor)));
    }

    void ordinaryMemoGivesTheSameValue() {
        const auto list = plain<Sequence>("](]q\5h\5j" + little(5, 4) + "e");
        QCOMPARE(list.items.size(), std::size_t{3});
        QVERIFY(list.items[0] == list.items[1] && list.items[1] == list.items[2]);
    }

    void tellsHowManyBytesItUsed() { QCOMPARE(read(pk::file("N") + "trailing").bytesUsed, std::size_t{4}); }

    void readsATensor() {
        const ValuePtr value = valueOf(kTinyTensor);
        QCOMPARE(value->as<StoredTensor>()->shape(), (Shape{2, 2}));
    }

    void readsStorageTypes_data() {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<int>("type");
        QTest::newRow("FloatStorage") << QByteArray("FloatStorage") << static_cast<int>(DType::f32);
        QTest::newRow("HalfStorage") << QByteArray("HalfStorage") << static_cast<int>(DType::f16);
        QTest::newRow("BFloat16Storage") << QByteArray("BFloat16Storage") << static_cast<int>(DType::bf16);
        QTest::newRow("DoubleStorage") << QByteArray("DoubleStorage") << static_cast<int>(DType::f64);
        QTest::newRow("LongStorage") << QByteArray("LongStorage") << static_cast<int>(DType::i64);
        QTest::newRow("IntStorage") << QByteArray("IntStorage") << static_cast<int>(DType::i32);
        QTest::newRow("ShortStorage") << QByteArray("ShortStorage") << static_cast<int>(DType::i16);
        QTest::newRow("CharStorage") << QByteArray("CharStorage") << static_cast<int>(DType::i8);
        QTest::newRow("ByteStorage") << QByteArray("ByteStorage") << static_cast<int>(DType::u8);
        QTest::newRow("BoolStorage") << QByteArray("BoolStorage") << static_cast<int>(DType::boolean);
    }
    void readsStorageTypes() {
        QFETCH(QByteArray, name);
        QFETCH(int, type);
        const ValuePtr value = valueOf(pk::tensor(pk::storage(name.toStdString(), "0", 1), 0, {}, {}));
        QCOMPARE(static_cast<int>(value->as<StoredTensor>()->dtype()), type);
    }

    void readsTensorsOfOldAndNewTorch() {
        const std::string storage = pk::storage("LongStorage", "0", 4);
        const std::string two = pk::tuple({pk::num(2)}), one = pk::tuple({pk::num(1)});
        const std::string old = pk::reduce(pk::global("torch._utils", "_rebuild_tensor"),
                                           pk::tuple({storage, pk::num(1), two, one}));
        QCOMPARE(numbers(valueOf(old)), (std::vector<double>{1, 2}));

        const std::string untyped =
            pk::tuple({pk::str("storage"), pk::global("torch.storage", "UntypedStorage"), pk::str("0"),
                       pk::str("cpu"), pk::num(4)}) +
            "Q";
        const std::string v3 = pk::reduce(
            pk::global("torch._utils", "_rebuild_tensor_v3"),
            pk::tuple({untyped, pk::num(0), two, one, "\x89", kOrderedDict, pk::global("torch", "uint16")}));
        QCOMPARE(numbers(valueOf(v3)), (std::vector<double>{0x0100, 0x0302}));
        QVERIFY(valueOf(v3)->as<StoredTensor>()->dtype() == DType::u16);

        const std::string parameter = pk::reduce(pk::global("torch._utils", "_rebuild_parameter"),
                                                 pk::tuple({kTinyTensor, "\x88", kOrderedDict}));
        QVERIFY(valueOf(parameter)->as<StoredTensor>());

        const std::string subclass = pk::reduce(
            pk::global("torch._tensor", "_rebuild_from_type_v2"),
            pk::tuple(
                {pk::global("torch._utils", "_rebuild_tensor_v2"),
                 pk::global("torch.nn.parameter", "Parameter"),
                 pk::tuple({pk::storage("FloatStorage", "0", 1), pk::num(0), ")", ")", "\x89", kOrderedDict}),
                 "}"}));
        QVERIFY(valueOf(subclass)->as<StoredTensor>());
    }

    void looksUpEveryStorageOnce() {
        int lookups = 0;
        const auto storage = [&](const StorageRef& ref) {
            ++lookups;
            return counting(ref);
        };
        const std::string one = pk::tensor(pk::storage("IntStorage", "7", 6), 1, {2}, {1});
        const std::string two = pk::tensor(pk::storage("IntStorage", "7", 6), 0, {3, 2}, {1, 3});
        const ValuePtr value = read(pk::file(pk::list({one, two})), 1 << 20, storage).value;
        QCOMPARE(lookups, 1);
        QCOMPARE(numbers(value->as<Sequence>()->items[0]), (std::vector<double>{1, 2}));
        QCOMPARE(numbers(value->as<Sequence>()->items[1]), (std::vector<double>{0, 3, 1, 4, 2, 5}));
    }

    void namesTheKeyOfAWrongTensor() {
        const std::string wrong = pk::tensor(pk::storage("FloatStorage", "0", 3), 0, {2, 2}, {2, 1});
        const std::string dict = pk::file(pk::dict({pk::str("stage0.weight"), wrong}));
        QCOMPARE(refusal(ErrorCode::shapeMismatch, "'stage0.weight'", [&] { read(dict); }), QString());
        const std::string parameter = pk::reduce(pk::global("torch._utils", "_rebuild_parameter"),
                                                 pk::tuple({wrong, "\x88", kOrderedDict}));
        QCOMPARE(refusal(ErrorCode::shapeMismatch, "'p.bias'",
                         [&] {
                             read(pk::file(pk::dict({pk::str("p.bias"), parameter})));
                         }),
                 QString());
    }

    void neverResolvesAForeignSymbol() {
        const std::string hostile =
            pk::reduce(pk::global("posix", "system"), pk::tuple({pk::str("touch /tmp/repscope-was-here")}));
        const PickleResult result = read(pk::file(hostile));
        QCOMPARE(result.value->as<Opaque>()->symbol, std::string("posix.system"));
        QCOMPARE(result.value->as<Opaque>()->parts.size(), std::size_t{1});
        QCOMPARE(result.opaqueSymbols, std::set<std::string>{"posix.system"});
    }

    void keepsUnknownObjectsWithArgumentsAndState() {
        const std::string object =
            pk::global("argparse", "Namespace") + ")\x81" + pk::dict({pk::str("lr"), pk::real(0.1)}) + "b";
        const auto opaque = plain<Opaque>(object);
        QCOMPARE(opaque.symbol, std::string("argparse.Namespace"));
        QVERIFY(opaque.parts.back()->as<Dict>()->find("lr"));
        // A class derived from dict or list gets its items after it was made.
        QCOMPARE(
            plain<Opaque>(pk::reduce(pk::global("m", "D"), ")") + "(" + pk::str("k") + "Nu").parts.size(),
            std::size_t{2});
        QCOMPARE(plain<Opaque>(pk::reduce(pk::global("m", "L"), ")") + "(NNe").parts.size(), std::size_t{2});
        // NEWOBJ_EX: class, arguments, keywords
        QCOMPARE(plain<Opaque>(pk::global("m", "C") + pk::tuple({"N"}) + "}\x92").parts.size(),
                 std::size_t{1});
    }

    void keepsTensorsOfUnknownTypesOpaque() {
        QVERIFY(valueOf(pk::tensor(pk::storage("ComplexFloatStorage", "0", 4), 0, {2}, {1}))->as<Opaque>());
    }

    void ignoresTheMetadataOfAStateDict() {
        const std::string body = kOrderedDict + "(" + pk::str("w") + kTinyTensor + "u" +
                                 pk::dict({pk::str("_metadata"), kOrderedDict}) + "b";
        QCOMPARE(plain<Dict>(body).items.size(), std::size_t{1});
    }

    void readsNumpyScalars() {
        const auto scalar = [](std::string_view module, const std::string& type, const std::string& bytes) {
            return pk::reduce(pk::global(module, "scalar"), pk::tuple({type, shortBytes(bytes)}));
        };
        QCOMPARE(plain<double>(scalar("numpy.core.multiarray", numpyType("f8", "<"), raw<double>({0.75}))),
                 0.75);
        QCOMPARE(plain<double>(scalar("numpy._core.multiarray", numpyType("f4", "<"), raw<float>({0.5}))),
                 0.5);
        QCOMPARE(plain<std::int64_t>(
                     scalar("numpy.core.multiarray", numpyType("i8", "<"), raw<std::int64_t>({-5}))),
                 -5);
        QCOMPARE(plain<std::int64_t>(scalar("numpy.core.multiarray", numpyType("i2", ">"), "\x01\x02")),
                 0x0102);
        QCOMPARE(plain<bool>(scalar("numpy.core.multiarray", numpyType("b1", "|"), "\1")), true);
        // protocol 2 spells the bytes as latin1 text
        const std::string encoded =
            pk::reduce(pk::global("_codecs", "encode"), pk::tuple({pk::str("\xc3\xbf"), pk::str("latin1")}));
        QCOMPARE(plain<std::int64_t>(pk::reduce(pk::global("numpy.core.multiarray", "scalar"),
                                                pk::tuple({numpyType("u1", "|"), encoded}))),
                 255);
        QVERIFY(valueOf(scalar("numpy.core.multiarray", numpyType("M8", "<"), "12345678"))->as<Opaque>());
    }

    void readsNumpyArrays() {
        const std::string shape = pk::tuple({pk::num(2), pk::num(3)});
        const std::string data = raw<std::int16_t>({1, 2, 3, 4, 5, 6});
        const std::string big = std::string("\0\1\0\2\0\3\0\4\0\5\0\6", 12);
        const auto array = [&](std::string_view order, bool fortran, const std::string& bytes) {
            return numbers(valueOf(numpyArray("numpy.core.multiarray", shape, numpyType("i2", order), fortran,
                                              shortBytes(bytes))));
        };
        QCOMPARE(array("<", false, data), (std::vector<double>{1, 2, 3, 4, 5, 6}));
        QCOMPARE(array(">", false, big), (std::vector<double>{1, 2, 3, 4, 5, 6}));
        QCOMPARE(array("<", true, data), (std::vector<double>{1, 3, 5, 2, 4, 6}));
        QCOMPARE(numbers(valueOf(numpyArray("numpy._core.multiarray", ")", numpyType("f4", "<"), false,
                                            shortBytes(raw<float>({2.5}))))),
                 (std::vector<double>{2.5}));
        const std::string objects =
            numpyArray("numpy.core.multiarray", shape, numpyType("O8", "|"), false, pk::list({"N"}));
        QVERIFY(valueOf(objects)->as<Opaque>());
        QCOMPARE(
            refusal(ErrorCode::shapeMismatch, "numpy.ndarray", [&] { array("<", false, data.substr(2)); }),
            QString());
    }

    void rejectsDefects_data() {
        const auto row = test::defectRows("bytes");
        const auto bad = [&](const char* name, const std::string& body, const char* word) {
            row(name, pk::file(body), ErrorCode::malformed, word);
        };
        bad("nothing on the stack", "", "a value on the stack");
        bad("protocol of the future", std::string("\x80\x06N", 3), "protocol");
        bad("unknown opcode", "\xff", "0xff");
        bad("text opcode", "I1\n", "0x49");
        bad("INST", "(iposix\nsystem\n", "0x69");
        bad("EXT1", "\x82\x01", "0x82");
        bad("PERSID", "P0\n", "0x50");
        bad("memo that was never written", "h\x05", "memo entry");
        bad("long memo that was never written", "j" + little(4000000000u, 4), "4000000000");
        bad("PUT without a value", "q\x01", "a value on the stack");
        bad("MARK underflow of TUPLE", "Nt", "MARK");
        bad("MARK underflow of SETITEMS", "}Nu", "MARK");
        bad("MARK underflow of APPENDS", "]Ne", "MARK");
        bad("value below a mark", "N(\x85", "values on the stack");
        bad("TUPLE3 of two", "NN\x87", "3 values");
        bad("APPEND to a number", "K\1Na", "list or set");
        bad("APPEND to a tuple", ")Na", "list or set");
        bad("SETITEM of a list", "]NNs", "dict");
        bad("odd SETITEMS", "}(Nu", "pairs");
        bad("REDUCE of a number", "K\1)R", "symbol");
        bad("OrderedDict of what are no pairs",
            pk::reduce(pk::global("collections", "OrderedDict"), pk::tuple({pk::list({"K\1"})})), "pairs");
        bad("REDUCE with a list", pk::global("m", "f") + "]R", "tuple of arguments");
        bad("BUILD of a number", "K\1}b", "state");
        bad("STACK_GLOBAL of numbers", "K\1K\2\x93", "text");
        bad("negative LONG4", "\x8b\xff\xff\xff\xff", "0 or more");
        bad("text that is no UTF-8", pk::str("\xff"), "UTF-8");
        bad("overlong UTF-8", pk::str("\xc0\x80"), "UTF-8");
        bad("key twice", pk::dict({pk::str("k"), "N", pk::str("k"), "N"}), "twice");
        bad("persistent id that is no tuple", "K\1Q", "persistent id");
        bad("persistent id of four", pk::tuple({pk::str("storage"), "N", "N", "N"}) + "Q", "5 arguments");
        bad("persistent id of another kind", pk::tuple({pk::str("extension"), "N", "N", "N", "N"}) + "Q",
            "extension");
        bad("negative storage", pk::storage("FloatStorage", "0", -1), "0 or more");
        bad("tensor without arguments", pk::reduce(pk::global("torch._utils", "_rebuild_tensor_v2"), ")"),
            "4 arguments");
        bad("tensor whose offset is a text",
            pk::reduce(pk::global("torch._utils", "_rebuild_tensor_v2"),
                       pk::tuple({pk::storage("FloatStorage", "0", 1), pk::str("0"), ")", ")"})),
            "integer");
        bad("tensor whose size is a number",
            pk::reduce(pk::global("torch._utils", "_rebuild_tensor_v2"),
                       pk::tuple({pk::storage("FloatStorage", "0", 1), pk::num(0), pk::num(1), ")"})),
            "tuple of sizes");
        bad("tensor with a negative stride", pk::tensor(pk::storage("FloatStorage", "0", 4), 3, {2}, {-1}),
            "strides");
        bad("type wrapper around itself",
            pk::reduce(pk::global("torch._tensor", "_rebuild_from_type_v2"),
                       pk::tuple({pk::global("torch._tensor", "_rebuild_from_type_v2"), "N", ")", "N"})),
            "rebuild");
        bad("latin1 of a higher character",
            pk::reduce(pk::global("_codecs", "encode"),
                       pk::tuple({pk::str("\xe2\x82\xac"), pk::str("latin1")})),
            "U+00FF");
        bad("other codec",
            pk::reduce(pk::global("_codecs", "encode"), pk::tuple({pk::str("x"), pk::str("rot13")})),
            "latin1");
        bad("set of a number", pk::reduce(pk::global("builtins", "set"), pk::tuple({"K\1"})), "sequence");
        bad("symbol of great length", "c" + std::string(2000, 'a') + "\nb\n", "longer");
        const auto cut = [&](const char* name, const std::string& body) {
            row(name, pk::file(body), ErrorCode::truncated, "left");
        };
        cut("text longer than the file", "X\xff\xff\xff\x7f"
                                         "abc");
        cut("text of 2^64 - 1", "\x8d\xff\xff\xff\xff\xff\xff\xff\xff");
        cut("bytes longer than the file", "\x8e" + little(std::uint64_t{1} << 40, 8));
        cut("LONG4 of 2 GiB", "\x8b\xff\xff\xff\x7f");
        cut("LONG1 beyond the end", "\x8a\xff");
        cut("frame beyond the end", "\x95" + little(std::uint64_t{1} << 50, 8));
        cut("symbol without an end", "cposix");
        row("no STOP", "\x80\x02N", ErrorCode::truncated, "more bytes");
        row("empty", "", ErrorCode::truncated, "more bytes");
    }
    void rejectsDefects() {
        QFETCH(QByteArray, bytes);
        QFETCH(int, code);
        QFETCH(QString, word);
        QCOMPARE(refusal(static_cast<ErrorCode>(code), word, [&] { read(bytes.toStdString()); }), QString());
    }

    void rejectsAMillionNestedLists() {
        const std::string deep = pk::file(repeat("]", 1'000'000) + repeat("a", 999'999));
        QCOMPARE(refusal(ErrorCode::limitExceeded, "nesting", [&] { read(deep); }), QString());
        // The same below the top, where only destruction meets it.
        const std::string dropped = pk::file(repeat("]", 300'000) + repeat("a", 299'999) + "N");
        QVERIFY(read(dropped).value->as<std::monostate>());
        const std::string tuples = pk::file(")" + repeat("\x85", 300'000));
        QCOMPARE(refusal(ErrorCode::limitExceeded, "nesting", [&] { read(tuples); }), QString());
        const std::string objects = pk::file("N" +
                                             repeat("\x85" + pk::global("m", "f") +
                                                        "q\1"
                                                        "0",
                                                    0) +
                                             repeat("\x85", 300'000));
        QCOMPARE(refusal(ErrorCode::limitExceeded, "nesting", [&] { read(objects); }), QString());
    }

    void rejectsNestingThatOnlyASharedValueReaches() {
        // Every list holds the one before it twice; the short way to each is visited first.
        std::string body = "](]q\1";
        for (int i = 0; i < 2000; ++i)
            body += "](h\1" + std::string("e") + "q\1";
        QCOMPARE(refusal(ErrorCode::limitExceeded, "nesting", [&] { read(pk::file(body + "e")); }),
                 QString());
    }

    void cutsReferencesToAnEnclosingValue() {
        const ValuePtr list = valueOf("]q\1h\1a"); // l = []; l.append(l)
        QCOMPARE(list->as<Sequence>()->items.size(), std::size_t{1});
        QVERIFY(list->as<Sequence>()->items[0]->as<Opaque>());
        const ValuePtr dict = valueOf("}q\1" + pk::str("self") + pk::tuple({"h\1"}) + "s");
        const ValuePtr inner = *dict->as<Dict>()->find("self");
        QVERIFY(inner->as<Sequence>()->items[0]->as<Opaque>());
        // A circle in a file that is refused must not leak (the address sanitizer tells).
        QCOMPARE(refusal(ErrorCode::malformed, "memo", [] { read(pk::file("]q\1h\1ah\2")); }), QString());
    }

    void readsValuesThatRepeatExponentially() {
        // 60 levels, each a tuple of the one before twice: 2^60 paths, 61 values.
        std::string body = "N";
        for (int i = 0; i < 60; ++i)
            body += "q\1h\1\x86";
        QVERIFY(valueOf(body)->as<Sequence>());
    }

    void limitsWhatPlainDataMayTake() {
        const std::string many = pk::file("](" + repeat("N", 100'000) + "e");
        QVERIFY(read(many).value->as<Sequence>());
        QCOMPARE(refusal(ErrorCode::limitExceeded, "decoded bytes", [&] { read(many, 1'000'000); }),
                 QString());
        QCOMPARE(refusal(ErrorCode::limitExceeded, "decoded bytes",
                         [&] { read(pk::file(repeat("(", 1'000'000)), 1'000'000); }),
                 QString());
        QCOMPARE(refusal(ErrorCode::limitExceeded, "decoded bytes",
                         [&] { read(pk::file("N" + repeat("\x94", 100'000)), 1'000'000); }),
                 QString());
        // Each tuple is copied from the one in the memo: few bytes in the file, many in memory.
        const std::string copies =
            pk::file("](" + repeat("N", 10'000) + "eq\1" + repeat("c__builtin__\ntuple\nh\1\x85R", 1000));
        QCOMPARE(refusal(ErrorCode::limitExceeded, "decoded bytes", [&] { read(copies, 10'000'000); }),
                 QString());
    }

    void limitsViewsThatRepeatAStorage() {
        const std::string expanded = pk::tensor(pk::storage("FloatStorage", "0", 1), 0, {1000}, {0});
        QVERIFY(read(pk::file(expanded), 100'000).value->as<StoredTensor>());
        QCOMPARE(refusal(ErrorCode::limitExceeded, "expanded", [&] { read(pk::file(expanded), 7000); }),
                 QString());
        const std::string again = pk::tensor(pk::storage("FloatStorage", "0", 10'000), 0, {10'000}, {1});
        QCOMPARE(refusal(ErrorCode::limitExceeded, "exceed their storages",
                         [&] { read(pk::file("](" + repeat(again, 20) + "e"), 400'000); }),
                 QString());
    }

    void survivesTruncationAtEveryByte() {
        const std::string file =
            pk::file(pk::dict({pk::str("w"), kTinyTensor, pk::str("a"),
                               numpyArray("numpy.core.multiarray", pk::tuple({pk::num(1)}),
                                          numpyType("f4", "<"), false, shortBytes("1234"))}));
        read(file);
        for (std::size_t length = 0; length < file.size(); ++length)
            QVERIFY(!test::succeedsOrRefuses([&] { read(file.substr(0, length)); }));
    }

    void survivesEveryChangedByte() {
        const std::string file =
            pk::file(pk::dict({pk::str("w"), kTinyTensor, pk::str("a"),
                               numpyArray("numpy.core.multiarray", pk::tuple({pk::num(1)}),
                                          numpyType("f4", "<"), false, shortBytes("1234"))}));
        for (std::size_t at = 0; at < file.size(); ++at)
            for (int value = 0; value < 256; ++value) {
                std::string changed = file;
                changed[at] = static_cast<char>(value);
                const auto small = [](const StorageRef& ref) {
                    if (ref.elements > 1000) throw Error(ErrorCode::truncated, {});
                    return counting(ref);
                };
                test::succeedsOrRefuses([&] { read(changed, 1 << 20, small); });
            }
    }
};

QTEST_APPLESS_MAIN(PickleTest)
#include "tst_pickle.moc"
