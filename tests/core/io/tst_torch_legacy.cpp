// SPDX-License-Identifier: Apache-2.0
#include "core/io/checkpoint.h"
#include "core/io/torch_legacy.h"
#include "tests/support/checkpoint_numbers.h"
#include "tests/support/file_builder.h"
#include "tests/support/refusal.h"

#include <QTest>

#include <algorithm>

using namespace rp;
using namespace rp::io;
using test::little;
using test::numbers;
using test::raw;
using test::refusal;
namespace pk = test::pickle;

namespace {

const std::string kMagic = "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.";

/// The persistent id of these files has a sixth item.
std::string storage(std::string_view type, std::string_view key, std::int32_t elements,
                    const std::string& view = "N") {
    return pk::tuple({pk::str("storage"), pk::global("torch", type), pk::str(key), pk::str("cpu"),
                      pk::num(elements), view}) +
           "Q";
}

std::string info(bool littleEndian) {
    return pk::file(pk::dict({pk::str("protocol_version"), pk::num(1001), pk::str("little_endian"),
                              littleEndian ? "\x88" : "\x89", pk::str("type_sizes"), "}"}));
}

struct Parts {
    std::string magic = kMagic;
    std::string version = pk::file(pk::num(1001));
    std::string info = ::info(true);
    // "b" comes first in the object, but "1" before "2" in the file: types are met in another order than
    // places.
    std::string object =
        pk::file(pk::dict({pk::str("b"), pk::tensor(storage("DoubleStorage", "2", 2), 0, {2}, {1}),
                           pk::str("a"), pk::tensor(storage("FloatStorage", "1", 3), 1, {2}, {1})}));
    std::string keys = pk::file(pk::list({pk::str("1"), pk::str("2")}));
    std::string first = little(3, 8) + raw<float>({1, 2, 3});
    std::string second = little(2, 8) + raw<double>({-4, 5});

    std::string file() const { return magic + version + info + object + keys + first + second; }
};

Checkpoint read(const std::string& bytes, const Limits& limits = {}) {
    return readTorchLegacy("old.pth", ownBytes(bytes), limits);
}

} // namespace

class TorchLegacyTest : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(".*")); }

    void readsStoragesBehindTheObject() {
        const SharedBytes file = ownBytes(Parts{}.file());
        const Checkpoint checkpoint = readTorchLegacy("old.pth", file, {});
        QVERIFY(checkpoint.format == Format::torchLegacy);
        QCOMPARE(numbers(checkpoint, "a"), (std::vector<double>{2, 3}));
        QCOMPARE(numbers(checkpoint, "b"), (std::vector<double>{-4, 5}));
        const std::byte* at = checkpoint.weights({}).tensors.find("a")->bytes().bytes.data();
        QVERIFY(at >= file.bytes.data() && at < file.bytes.data() + file.size()); // mapped, not copied
        QVERIFY(checkpoint.notes.empty());
    }

    void swapsBigEndianFiles() {
        Parts parts;
        parts.info = info(false);
        for (auto [text, width] : {std::pair(&parts.first, 4), std::pair(&parts.second, 8)})
            for (auto at = text->begin() + 8; at != text->end(); at += width)
                std::reverse(at, at + width);
        const Checkpoint checkpoint = read(parts.file());
        QCOMPARE(numbers(checkpoint, "a"), (std::vector<double>{2, 3}));
        QCOMPARE(numbers(checkpoint, "b"), (std::vector<double>{-4, 5}));
    }

    void readsStoragesThatArePartsOfOthers() {
        Parts parts;
        const std::string view = pk::tuple({pk::str("9"), pk::num(1), pk::num(2)});
        parts.object = pk::file(
            pk::dict({pk::str("b"), pk::tensor(storage("DoubleStorage", "2", 2), 0, {2}, {1}), pk::str("a"),
                      pk::tensor(storage("FloatStorage", "1", 3, view), 0, {2}, {1})}));
        QCOMPARE(numbers(read(parts.file()), "a"), (std::vector<double>{2, 3}));
        const std::string outside = pk::tuple({pk::str("9"), pk::num(2), pk::num(2)});
        parts.object = pk::file(
            pk::dict({pk::str("a"), pk::tensor(storage("FloatStorage", "1", 3, outside), 0, {2}, {1})}));
        QCOMPARE(refusal(ErrorCode::malformed, "a view of 3 elements", [&] { read(parts.file()); }),
                 QString());
    }

    void readsClassesThatCarryTheirSource() {
        Parts parts;
        const std::string type = pk::tuple({pk::str("module"), pk::global("m", "Net"), pk::str("net.py"),
                                            pk::str("class Net: pass")}) +
                                 "Q";
        parts.object = pk::file(
            type + ")\x81" +
            pk::dict({pk::str("_parameters"),
                      pk::dict({pk::str("w"), pk::tensor(storage("FloatStorage", "1", 3), 0, {3}, {1}),
                                pk::str("v"), pk::tensor(storage("DoubleStorage", "2", 2), 0, {2}, {1})}),
                      pk::str("_modules"), "}"}) +
            "b");
        const Checkpoint checkpoint = read(parts.file());
        QCOMPARE(numbers(checkpoint, "w"), (std::vector<double>{1, 2, 3}));
        QCOMPARE(*checkpoint.weights({}).tensors.attribute("", "class"), std::string("m.Net"));
    }

    void namesWhatLiesBehindTheStorages() {
        const Checkpoint checkpoint = read(Parts{}.file() + "tail");
        QCOMPARE(checkpoint.notes, std::vector<std::string>{"4 bytes behind the last storage are not read"});
    }

    void rejectsDefects_data() {
        const auto row = test::defectRows("file");
        const auto changed = [](auto change) {
            Parts parts;
            change(parts);
            return parts.file();
        };
        row("another version", changed([](Parts& p) { p.version = pk::file(pk::num(1000)); }),
            ErrorCode::unsupported, "1000");
        row("no byte order", changed([](Parts& p) { p.info = pk::file("}"); }), ErrorCode::malformed,
            "little_endian");
        row("header with a tensor",
            changed([](Parts& p) { p.version = pk::file(pk::storage("FloatStorage", "1", 1)); }),
            ErrorCode::malformed, "plain values");
        row("keys that are no list", changed([](Parts& p) { p.keys = pk::file("N"); }), ErrorCode::malformed,
            "a list");
        row("a key of nothing", changed([](Parts& p) {
                p.keys = pk::file(pk::list({pk::str("1"), pk::str("2"), pk::str("3")}));
            }),
            ErrorCode::malformed, "'3'");
        row("a key twice", changed([](Parts& p) {
                p.keys = pk::file(pk::list({pk::str("1"), pk::str("1")}));
                p.second = p.first;
            }),
            ErrorCode::malformed, "twice");
        row("a key missing", changed([](Parts& p) { p.keys = pk::file(pk::list({pk::str("1")})); }),
            ErrorCode::malformed, "storage '2'");
        row("another count", changed([](Parts& p) { p.first.replace(0, 8, little(2, 8)); }),
            ErrorCode::malformed, "3 elements");
        row("a storage larger than the file", changed([](Parts& p) {
                p.object = pk::file(pk::dict(
                    {pk::str("a"), pk::tensor(storage("FloatStorage", "1", 1'000'000), 0, {1}, {1})}));
            }),
            ErrorCode::truncated, "storage '1'");
        row("one storage of two types", changed([](Parts& p) {
                p.object = pk::file(
                    pk::dict({pk::str("a"), pk::tensor(storage("FloatStorage", "1", 3), 0, {1}, {1}),
                              pk::str("b"), pk::tensor(storage("IntStorage", "1", 3), 0, {1}, {1})}));
            }),
            ErrorCode::malformed, "one type and size");
        row("a view beyond its storage", changed([](Parts& p) {
                p.object = pk::file(
                    pk::dict({pk::str("a"), pk::tensor(storage("FloatStorage", "1", 3), 2, {2}, {1})}));
            }),
            ErrorCode::shapeMismatch, "'a'");
    }
    void rejectsDefects() {
        QFETCH(QByteArray, file);
        QFETCH(int, code);
        QFETCH(QString, word);
        QCOMPARE(refusal(static_cast<ErrorCode>(code), word, [&] { read(file.toStdString()); }), QString());
    }

    void limitsWhatIsSwapped() {
        Parts parts;
        parts.info = info(false);
        parts.object =
            pk::file(pk::dict({pk::str("a"), pk::tensor(storage("FloatStorage", "1", 40'000), 0, {1}, {1})}));
        parts.keys = pk::file(pk::list({pk::str("1")}));
        parts.first = little(40'000, 8) + std::string(160'000, 'x');
        parts.second.clear();
        read(parts.file(), {200'000});
        QCOMPARE(refusal(ErrorCode::limitExceeded, "big-endian", [&] { read(parts.file(), {150'000}); }),
                 QString());
    }

    void survivesTruncationAtEveryByte() {
        const std::string file = Parts{}.file();
        for (std::size_t length = 0; length < file.size(); ++length)
            QVERIFY2(!test::succeedsOrRefuses([&] { read(file.substr(0, length)); }),
                     qPrintable(QString::number(length)));
    }

    void survivesEveryChangedByte() {
        const std::string file = Parts{}.file();
        for (std::size_t at = 0; at < file.size(); ++at)
            for (const int value : {0, 1, 0x7f, 0x80, 0xff, file[at] ^ 1, file[at] + 1}) {
                std::string changed = file;
                changed[at] = static_cast<char>(value);
                test::succeedsOrRefuses([&] {
                    const Checkpoint checkpoint = read(changed, {1 << 20});
                    for (const NamedTensor& named : checkpoint.sets.front().tensors.tensors())
                        named.tensor.toDouble();
                });
            }
    }
};

QTEST_APPLESS_MAIN(TorchLegacyTest)
#include "tst_torch_legacy.moc"
