// SPDX-License-Identifier: Apache-2.0
#include "core/base/bytes.h"
#include "tests/support/file_builder.h"
#include "tests/support/refusal.h"

#include <QTemporaryDir>
#include <QTest>

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
