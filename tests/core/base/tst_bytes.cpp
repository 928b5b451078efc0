// SPDX-License-Identifier: Apache-2.0
#include "core/base/bytes.h"
#include "core/base/mapped_file.h"
#include "core/tensor/stored_tensor.h"
#include "tests/support/file_builder.h"
#include "tests/support/refusal.h"

#include <QTemporaryDir>
#include <QTest>

#include <chrono>

#include <sys/stat.h>

using namespace rp;
using test::refusal;

class BytesTest : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(".*")); }

    void readsLittleEndianNumbers() {
        const SharedBytes bytes =
            ownBytes(std::string("\x01\x02\x01\x04\x03\x02\x01\xff\xff\xff\xff\xff\xff\xff\x7f", 15));
        ByteReader in(bytes.bytes, "test");
        QCOMPARE(in.u8(), 1);
        QCOMPARE(in.u16(), 0x0102);
        QCOMPARE(in.u32(), 0x01020304u);
        QCOMPARE(in.u64(), 0x7fffffffffffffffu);
        QVERIFY(in.atEnd());
    }

    void readsNegativeNumbers() {
        const SharedBytes bytes = ownBytes("\xfe\xff\xff\xff");
        QCOMPARE(ByteReader(bytes.bytes, "test").i32(), -2);
    }

    void refusesToReadBeyondTheEnd() {
        const SharedBytes bytes = ownBytes("abc");
        ByteReader in(bytes.bytes, "place");
        in.u8();
        QCOMPARE(refusal(ErrorCode::truncated, "place: byte 1", [&] { in.u32(); }), QString());
        QCOMPARE(refusal(ErrorCode::truncated, "2 left", [&] { in.take(~std::uint64_t{0}); }), QString());
        QCOMPARE(in.text(2), std::string_view("bc"));
    }

    void showsWhatIsLeftWithoutTakingIt() {
        const SharedBytes bytes = ownBytes("abc");
        ByteReader in(bytes.bytes, "place");
        in.u8();
        QCOMPARE(in.rest().size(), std::size_t{2});
        QCOMPARE(in.u8(), static_cast<std::uint8_t>('b'));
    }

    void refusesToSeekBeyondTheEnd() {
        const SharedBytes bytes = ownBytes("abc");
        ByteReader in(bytes.bytes, "place");
        in.seek(3);
        QVERIFY(in.atEnd());
        QCOMPARE(refusal(ErrorCode::truncated, "3 bytes in all", [&] { in.seek(4); }), QString());
    }

    void refusesSlicesThatLeaveTheBytes() {
        const SharedBytes bytes = ownBytes("abcdef");
        QCOMPARE(bytes.slice(6, 0, "end").size(), std::size_t{0});
        QCOMPARE(bytes.slice(2, 3, "middle").size(), std::size_t{3});
        QCOMPARE(refusal(ErrorCode::truncated, "6 bytes in all", [&] { bytes.slice(4, 3, "x"); }), QString());
        QCOMPARE(refusal(ErrorCode::truncated, "x", [&] { bytes.slice(7, 0, "x"); }), QString());
        // offset + length overflows
        QCOMPARE(refusal(ErrorCode::truncated, "x", [&] { bytes.slice(2, ~std::uint64_t{0}, "x"); }),
                 QString());
    }

    void aSliceKeepsTheBytesAlive() {
        SharedBytes slice;
        {
            const SharedBytes whole = ownBytes(std::string(100'000, 'q'));
            slice = whole.slice(99'999, 1, "last");
        }
        QCOMPARE(static_cast<char>(slice.bytes[0]), 'q');
    }

    void mapsAFile() {
        const std::filesystem::path path = m_dir.filePath("file").toStdString();
        test::save(path, "content");
        const SharedBytes bytes = mapFile(path);
        QCOMPARE(ByteReader(bytes.bytes, "").text(7), std::string_view("content"));
    }

    void refusesWhatIsNoRegularFile() {
        const std::filesystem::path dir = m_dir.path().toStdString();
        QCOMPARE(refusal(ErrorCode::fileMissing, "nothing there", [&] { mapFile(dir / "absent"); }),
                 QString());
        QCOMPARE(refusal(ErrorCode::fileUnreadable, "a directory", [&] { mapFile(dir); }), QString());
        QCOMPARE(refusal(ErrorCode::fileUnreadable, "device", [&] { mapFile("/dev/null"); }), QString());
        test::save(dir / "empty", "");
        QCOMPARE(refusal(ErrorCode::truncated, "an empty file", [&] { mapFile(dir / "empty"); }), QString());
    }

    void aMappedFileThatIsCutShortIsAnErrorNotAnEnd() {
        const std::filesystem::path path = m_dir.filePath("cut").toStdString(), other = m_dir.filePath("other").toStdString();
        test::save(path, std::string(100'000, 'q'));
        test::save(other, std::string(100'000, 'r'));
        const SharedBytes cut = mapFile(path), whole = mapFile(other);
        const StoredTensor tensor = StoredTensor::dense(DType::u8, {100'000}, cut, "tensor");
        requireIntact(cut.bytes);
        std::filesystem::resize_file(path, 10'000);
        QCOMPARE(static_cast<char>(cut.bytes[9'999]), 'q');
        QCOMPARE(static_cast<char>(cut.bytes[60'000]), '\0');
        QCOMPARE(static_cast<char>(cut.bytes[99'999]), '\0');
        const QString named = QString::fromStdString(path.string());
        QCOMPARE(refusal(ErrorCode::truncated, "written or cut short since", [&] { requireIntact(cut.bytes); }), QString());
        QCOMPARE(refusal(ErrorCode::truncated, named, [&] { tensor.toDouble(); }), QString());
        requireIntact(whole.bytes); // another file is another matter
        QCOMPARE(StoredTensor::dense(DType::u8, {100'000}, whole, "tensor").toDouble()[99'999], double('r'));
    }

    void aMappedFileThatIsWrittenOverIsAnErrorToo() {
        const std::filesystem::path path = m_dir.filePath("over").toStdString();
        test::save(path, "first");
        // Clocks of file systems tick every few milliseconds: the first time must be an older one.
        std::filesystem::last_write_time(path, std::filesystem::last_write_time(path) - std::chrono::hours(1));
        const SharedBytes bytes = mapFile(path);
        test::save(path, "other"); // in place and as long, as a training run does
        QCOMPARE(refusal(ErrorCode::truncated, "written", [&] { requireIntact(bytes.bytes); }), QString());
        requireIntact(mapFile(path).bytes);
    }

    void aFileIsReadWhenTooManyAreMapped() {
        const std::filesystem::path path = m_dir.filePath("many").toStdString();
        test::save(path, "many");
        std::vector<SharedBytes> all;
        for (int i = 0; i < 300; ++i) all.push_back(mapFile(path));
        std::filesystem::resize_file(path, 0);
        QCOMPARE(ByteReader(all.back().bytes, "").text(4), std::string_view("many")); // a copy
        QCOMPARE(static_cast<char>(all.front().bytes[0]), '\0');
        QCOMPARE(refusal(ErrorCode::truncated, "cut short", [&] { requireIntact(all.front().bytes); }), QString());
        all.clear();
        test::save(path, "anew");
        const SharedBytes again = mapFile(path);
        QCOMPARE(ByteReader(again.bytes, "").text(4), std::string_view("anew"));
        requireIntact(again.bytes);
    }

    void doesNotWaitForAPipe() {
        const std::filesystem::path pipe = m_dir.filePath("pipe").toStdString();
        QCOMPARE(::mkfifo(pipe.c_str(), 0600), 0);
        QCOMPARE(refusal(ErrorCode::fileUnreadable, "pipe", [&] { mapFile(pipe); }), QString());
    }

private:
    QTemporaryDir m_dir;
};

QTEST_APPLESS_MAIN(BytesTest)
#include "tst_bytes.moc"
