// SPDX-License-Identifier: Apache-2.0
#include "core/io/torch_zip.h"
#include "tests/support/file_builder.h"
#include "tests/support/refusal.h"

#include <QTemporaryDir>
#include <QTest>

using namespace rp;
using namespace rp::io;
using test::little;
using test::raw;
using test::refusal;
using test::ZipEntry;
namespace pk = test::pickle;

namespace {

Checkpoint read(const std::string& bytes, const Limits& limits = {}) {
    ZipArchive archive(ownBytes(bytes), limits.decodedBytes);
    return readTorchZip("model.pth", archive, limits);
}

const std::string kWeights = raw<float>({1, 2, 3, 4, 5, 6});
const std::string kPickle =
    pk::file(pk::dict({pk::str("w"), pk::tensor(pk::storage("FloatStorage", "0", 6), 0, {2, 3}, {3, 1})}));

std::vector<float> numbers(const StoredTensor& tensor) {
    const TensorF values = tensor.toFloat();
    return {values.values().begin(), values.values().end()};
}

std::vector<ZipEntry> parts() {
    return {{"archive/data.pkl", kPickle}, {"archive/data/0", kWeights}, {"archive/version", "3\n"}};
}

} // namespace

class TorchZipTest : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(".*")); }

    void readsStoredTensorsWithoutACopy() {
        const SharedBytes file = ownBytes(test::torchFile(kPickle, {kWeights}));
        ZipArchive archive(file, Limits{}.decodedBytes);
        const Checkpoint checkpoint = readTorchZip("model.pth", archive, {});
        const StoredTensor* tensor = checkpoint.weights({}).tensors.find("w");
        QVERIFY(tensor);
        QCOMPARE(tensor->shape(), (Shape{2, 3}));
        QCOMPARE(numbers(*tensor), (std::vector<float>{1, 2, 3, 4, 5, 6}));
        const std::byte* at = tensor->bytes().bytes.data();
        QVERIFY(at >= file.bytes.data() && at < file.bytes.data() + file.size());
        QVERIFY(checkpoint.format == Format::torchZip);
        QCOMPARE(checkpoint.fileBytes, static_cast<std::uint64_t>(file.size()));
    }

    void tensorsOutliveTheCheckpoint() {
        StoredTensor tensor;
        {
            const Checkpoint checkpoint = read(test::torchFile(kPickle, {kWeights}));
            tensor = *checkpoint.weights({}).tensors.find("w");
        }
        QCOMPARE(numbers(tensor)[5], 6.f);
    }

    void readsDeflatedMembers() {
        const std::string file = test::zip(
            {test::deflated("archive/data.pkl", kPickle), test::deflated("archive/data/0", kWeights)});
        QCOMPARE(numbers(*read(file).weights({}).tensors.find("w")), (std::vector<float>{1, 2, 3, 4, 5, 6}));
    }

    void readsAnyRootAndAnyOrder() {
        const std::string file = test::zip({{"my model/data/0", kWeights}, {"my model/data.pkl", kPickle}});
        QCOMPARE(numbers(*read(file).weights({}).tensors.find("w")).size(), std::size_t{6});
    }

    void readsStorageKeysThatAreNoSmallNumbers() {
        const std::string pickle = pk::file(pk::dict(
            {pk::str("w"), pk::tensor(pk::storage("FloatStorage", "94443822298576", 1), 0, {}, {})}));
        const std::string file =
            test::zip({{"archive/data.pkl", pickle}, {"archive/data/94443822298576", raw<float>({7})}});
        QCOMPARE(numbers(*read(file).weights({}).tensors.find("w")), std::vector<float>{7});
    }

    void readsHeadersWhoseSizesFollowTheData() {
        // PyTorch sets bit 3: the local header has zeros, the directory the truth.
        std::string file = test::torchFile(kPickle, {kWeights});
        const std::size_t local = file.find("PK\3\4", 10);
        file[local + 6] = 8;
        const std::size_t central = file.find("PK\1\2", file.find("PK\1\2") + 4);
        file[central + 8] = 8;
        for (std::size_t i = local + 14; i < local + 26; ++i)
            file[i] = 0;
        QCOMPARE(numbers(*read(file).weights({}).tensors.find("w"))[0], 1.f);
    }

    void swapsTheStoragesOfBigEndianFiles() {
        std::string swapped;
        for (std::size_t at = 0; at < kWeights.size(); at += 4)
            for (std::size_t i = 4; i-- > 0;) swapped += kWeights[at + i];
        const std::string big = test::torchFile(kPickle, {swapped}, {{"archive/byteorder", "big"}});
        QCOMPARE(numbers(*read(big).weights({}).tensors.find("w")), (std::vector<float>{1, 2, 3, 4, 5, 6}));
        QCOMPARE(refusal(ErrorCode::limitExceeded, "decoded bytes", [&] { read(big, {kWeights.size() - 1}); }),
                 QString());
        const std::string little = test::torchFile(kPickle, {kWeights}, {{"archive/byteorder", "little"}});
        QCOMPARE(numbers(*read(little).weights({}).tensors.find("w"))[5], 6.f);
        const std::string other = test::torchFile(kPickle, {kWeights}, {{"archive/byteorder", "middle"}});
        QCOMPARE(refusal(ErrorCode::malformed, "'middle'", [&] { read(other); }), QString());
    }

    void aRunsNameMayLookLikeAnything() {
        const std::string file = test::zip({{"my run/code/v1/data.pkl", kPickle},
                                            {"my run/code/v1/.format_version", "1"},
                                            {"my run/code/v1/.storage_alignment", "64"},
                                            {"my run/code/v1/byteorder", "little"},
                                            {"my run/code/v1/data/0", kWeights},
                                            {"my run/code/v1/version", "3\n"},
                                            {"my run/code/v1/.data/serialization_id", "0123"}});
        QCOMPARE(numbers(*read(file).weights({}).tensors.find("w"))[5], 6.f);
    }

    void rejectsDefects_data() {
        const auto row = test::defectRows("file");
        const auto changed = [](auto change) {
            auto entries = parts();
            change(entries);
            return test::zip(entries);
        };
        row("no directory", std::string("PK\3\4") + std::string(100, 'x'), ErrorCode::truncated,
            "central directory");
        row("no pickle", test::zip({{"a/readme.txt", "x"}}), ErrorCode::formatUnknown, "data.pkl");
        row("empty archive", test::zip({}), ErrorCode::formatUnknown, "data.pkl");
        row("two pickles", changed([](auto& e) {
                e.push_back({"other/data.pkl", kPickle});
            }),
            ErrorCode::malformed, "other/data.pkl");
        row("name twice", changed([](auto& e) {
                e.push_back({"archive/data/0", kWeights});
            }),
            ErrorCode::malformed, "the name twice");
        row("parent directory", changed([](auto& e) {
                e.push_back({"archive/../x", ""});
            }),
            ErrorCode::malformed, "..");
        row("absolute name", changed([](auto& e) {
                e.push_back({"/etc/passwd", ""});
            }),
            ErrorCode::malformed, "/etc/passwd");
        row("empty name", changed([](auto& e) { e.push_back({"", ""}); }), ErrorCode::malformed, "''");
        row("encrypted", changed([](auto& e) { e[1].flags = 1; }), ErrorCode::unsupported, "encrypted");
        row("bzip2", changed([](auto& e) { e[1].method = 12; }), ErrorCode::unsupported,
            "compression method 12");
        row("stored with two sizes", changed([](auto& e) { e[1].bytes = 100; }), ErrorCode::malformed,
            "one size");
        row("member larger than the file",
            changed([](auto& e) { e[1].bytes = e[1].packedBytes = 1'000'000; }), ErrorCode::malformed,
            "before the directory");
        row("members that overlap", changed([](auto& e) {
                e[1].bytes = e[1].packedBytes = static_cast<std::uint32_t>(kWeights.size() + 10);
            }),
            ErrorCode::malformed, "overlap");
        row("two names for one member", changed([](auto& e) {
                e.push_back({"archive/data/1", "x"});
                e[3].localOffset =
                    static_cast<std::uint32_t>(30 + std::string("archive/data.pkl").size() + kPickle.size());
                e[3].bytes = e[3].packedBytes = static_cast<std::uint32_t>(kWeights.size());
            }),
            ErrorCode::malformed, "");
        row("local header elsewhere", changed([](auto& e) { e[1].localOffset = 3; }), ErrorCode::malformed,
            "local header");
        row("local name of another length", changed([](auto& e) { e[1].localName = "x"; }),
            ErrorCode::malformed, "local header");
        row("pickle with a wrong CRC", changed([](auto& e) { e[0].crc = 1; }), ErrorCode::malformed, "CRC");
        row("missing storage", changed([](auto& e) { e.erase(e.begin() + 1); }), ErrorCode::malformed,
            "archive/data/0");
        row("storage cut short", changed([](auto& e) { e[1].payload.resize(20); }), ErrorCode::truncated,
            "20 bytes");
        row("key with a path",
            test::zip({{"archive/data.pkl",
                        pk::file(pk::dict({pk::str("w"), pk::tensor(pk::storage("FloatStorage", "../0", 1), 0,
                                                                    {}, {})}))}}),
            ErrorCode::malformed, "archive/data/../0");

        const ZipEntry good = test::deflated("archive/data/0", kWeights);
        const auto withStorage = [&](auto change) {
            ZipEntry entry = good;
            change(entry);
            return test::zip({{"archive/data.pkl", kPickle}, entry});
        };
        row("deflated, longer than declared", withStorage([](ZipEntry& e) {
                e = test::deflated(e.name, kWeights + "more");
                e.bytes = static_cast<std::uint32_t>(kWeights.size());
            }),
            ErrorCode::malformed, "deflate stream");
        row("deflated, shorter than declared", withStorage([](ZipEntry& e) {
                e = test::deflated(e.name, kWeights.substr(4));
                e.bytes = static_cast<std::uint32_t>(kWeights.size());
            }),
            ErrorCode::malformed, "deflate stream");
        row("deflated, cut", withStorage([](ZipEntry& e) { e.payload.resize(5); }), ErrorCode::malformed,
            "deflate stream");
        row("deflated, no deflate", withStorage([](ZipEntry& e) { e.payload = std::string(20, '\xff'); }),
            ErrorCode::malformed, "deflate stream");
        row("deflated, wrong CRC", withStorage([](ZipEntry& e) { e.crc = 7; }), ErrorCode::malformed, "CRC");
        row("deflated, impossible ratio", withStorage([](ZipEntry& e) { e.bytes = 1u << 29; }),
            ErrorCode::malformed, "packed ones");
        row("deflated, beyond the limit", withStorage([](ZipEntry& e) { e.bytes = 0xf0000000u; }),
            ErrorCode::limitExceeded, "decoded bytes");
    }
    void rejectsDefects() {
        QFETCH(QByteArray, file);
        QFETCH(int, code);
        QFETCH(QString, word);
        QCOMPARE(refusal(static_cast<ErrorCode>(code), word, [&] { read(file.toStdString()); }), QString());
    }

    void limitsWhatAllMembersInflateTo() {
        // Each member alone is within the limit, both are not.
        const std::string zeros(600'000, '\0');
        const auto entry = [](std::string_view key) {
            return pk::tensor(pk::storage("ByteStorage", key, 600'000), 0, {600'000}, {1});
        };
        const std::string pickle = pk::file(pk::dict({pk::str("a"), entry("0"), pk::str("b"), entry("1")}));
        const std::string file = test::zip({{"archive/data.pkl", pickle},
                                            test::deflated("archive/data/0", zeros),
                                            test::deflated("archive/data/1", zeros)});
        QVERIFY(file.size() < 4000);
        read(file, {2'000'000});
        QCOMPARE(refusal(ErrorCode::limitExceeded, "decoded", [&] { read(file, {1'000'000}); }), QString());
    }

    void rejectsOtherArchives_data() {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QString>("found");
        QTest::addColumn<QString>("remedy");
        const auto row = [](const char* name, const std::vector<ZipEntry>& entries, const char* found,
                            const char* remedy) {
            QTest::newRow(name) << QByteArray::fromStdString(test::zip(entries)) << QString(found)
                                << QString(remedy);
        };
        row("TorchScript", {{"m/data.pkl", "x"}, {"m/constants.pkl", "x"}, {"m/code/__torch__.py", "x"}},
            "TorchScript",
            R"(torch.save(torch.jit.load("model.pth", map_location="cpu").state_dict(), "weights.pth"))");
        row("pt2",
            {{"m/archive_format", "pt2"}, {"m/models/model.json", "{}"}, {"m/data/weights/weight_0", "x"}},
            ".pt2", R"(torch.save(torch.export.load("model.pth").state_dict, "weights.pth"))");
    }
    void rejectsOtherArchives() {
        QFETCH(QByteArray, file);
        QFETCH(QString, found);
        QFETCH(QString, remedy);
        QCOMPARE(refusal(ErrorCode::formatForeign, found, [&] { read(file.toStdString()); }), QString());
        QCOMPARE(refusal(ErrorCode::formatForeign, remedy, [&] { read(file.toStdString()); }), QString());
    }

    void survivesTruncationAtEveryByte() {
        for (const std::string& file : {test::torchFile(kPickle, {kWeights}),
                                        test::zip({test::deflated("archive/data.pkl", kPickle),
                                                   test::deflated("archive/data/0", kWeights)})}) {
            read(file);
            for (std::size_t length = 0; length < file.size(); ++length)
                QVERIFY2(!test::succeedsOrRefuses([&] { read(file.substr(0, length)); }),
                         qPrintable(QString::number(length)));
        }
    }

    void survivesEveryChangedByte() {
        const std::string file = test::torchFile(kPickle, {kWeights});
        for (std::size_t at = 0; at < file.size(); ++at)
            for (const int value : {0, 1, 0x7f, 0x80, 0xff, file[at] ^ 1, file[at] + 1}) {
                std::string changed = file;
                changed[at] = static_cast<char>(value);
                test::succeedsOrRefuses([&] {
                    const Checkpoint checkpoint = read(changed, {1 << 20});
                    for (const auto& [name, tensor] : checkpoint.sets.front().tensors.tensors())
                        numbers(tensor);
                });
            }
    }

    void writesWhatItsOwnFormatAsks() {
        const std::filesystem::path path = m_dir.filePath("out.pth").toStdString();
        writeTorchZip(path, {{"w", StoredTensor::of(TensorF({2}, {0.5f, -1}))}}, "", true, {});
        const std::string file = test::load(path);
        // Payloads begin at multiples of 64, as newer PyTorch does for mapping.
        const std::size_t payload = file.find(raw<float>({0.5f, -1}));
        QCOMPARE(payload % 64, std::size_t{0});
        QVERIFY(file.find("archive/data/0") < payload);
        QVERIFY(file.find("archive/byteorder") != std::string::npos);
        QVERIFY(file.find("archive/version") != std::string::npos);
        const std::size_t pickle = file.find("\x80\x02");
        QCOMPARE(file.substr(pickle + 2, 25), std::string("ccollections\nOrderedDict\n"));
    }

    void writesUnderTheNameOfTheSet() {
        const std::filesystem::path path = m_dir.filePath("out.pth").toStdString();
        Dict extras;
        extras.items.emplace_back(makeValue(std::string("epoch")), makeValue(std::int64_t{7}));
        extras.items.emplace_back(makeValue(std::string("ema")),
                                  makeValue(std::string("replaced by the weights")));
        writeTorchZip(path, {{"w", StoredTensor::of(TensorF({1}, {2}))}}, "ema.state_dict", false, extras);
        const Checkpoint back = openCheckpoint(path);
        QCOMPARE(back.sets.front().name, std::string("ema.state_dict"));
        QVERIFY(!back.sets.front().ordered);
        QCOMPARE(*(*back.extras.find("epoch"))->as<std::int64_t>(), 7);
        QCOMPARE(back.extras.items.size(), std::size_t{1});
    }

    void refusesWhatTorchHasNoTypeFor() {
        const std::filesystem::path path = m_dir.filePath("refused.pth").toStdString();
        const StoredTensor tensor = StoredTensor::dense(DType::u16, {1}, ownBytes("xx"), "t");
        QCOMPARE(refusal(ErrorCode::unsupported, "uint16",
                         [&] {
                             writeTorchZip(path, {{"t", tensor}}, "", true, {});
                         }),
                 QString());
        Dict extras;
        extras.items.emplace_back(makeValue(std::string("x")), makeValue(Opaque{"posix.system", {}}));
        QCOMPARE(refusal(ErrorCode::unsupported, "posix.system",
                         [&] { writeTorchZip(path, {}, "state_dict", true, extras); }),
                 QString());
        QVERIFY(!std::filesystem::exists(path));
    }

private:
    QTemporaryDir m_dir;
};

QTEST_APPLESS_MAIN(TorchZipTest)
#include "tst_torch_zip.moc"
