// SPDX-License-Identifier: Apache-2.0
#include "core/io/atomic_file.h"
#include "tests/support/file_builder.h"
#include "tests/support/refusal.h"

#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>
#include <unistd.h>

using namespace rp;
using namespace rp::io;
using test::refusal;
namespace fs = std::filesystem;

class AtomicFileTest : public QObject {
    Q_OBJECT

private slots:
    void init() {
        QTest::failOnWarning(QRegularExpression(".*"));
        m_dir = std::make_unique<QTemporaryDir>();
        m_path = fs::path(m_dir->path().toStdString());
    }

    void appearsOnlyWhenComplete() {
        AtomicFile file(m_path / "out");
        file.write("abc");
        QVERIFY(!fs::exists(m_path / "out"));
        QCOMPARE(file.offset(), std::uint64_t{3});
        file.write("def");
        file.commit();
        QCOMPARE(test::load(m_path / "out"), std::string("abcdef"));
        QCOMPARE(entries(), 1);
    }

    void leavesNothingBehindWithoutCommit() {
        { AtomicFile(m_path / "out").write("abc"); }
        QCOMPARE(entries(), 0);
    }

    void keepsTheOldFileUntilTheNewOneIsComplete() {
        test::save(m_path / "out", "old");
        {
            AtomicFile file(m_path / "out");
            file.write("half");
        }
        QCOMPARE(test::load(m_path / "out"), std::string("old"));
        writeText(m_path / "out", "new");
        QCOMPARE(test::load(m_path / "out"), std::string("new"));
        QCOMPARE(entries(), 1);
    }

    /// The kernel reads the bytes, so no signal says that they are gone.
    void aSourceThatWasCutShortIsNamed() {
        test::save(m_path / "source", std::string(100'000, 'q'));
        const SharedBytes source = mapFile(m_path / "source");
        fs::resize_file(m_path / "source", 10);
        AtomicFile file(m_path / "out");
        QCOMPARE(refusal(ErrorCode::truncated, "source: expected the content", [&] { file.write(source.bytes); }), QString());
    }

    void newFilesFollowTheUmask() {
        const mode_t before = ::umask(027);
        writeText(m_path / "out", "x");
        ::umask(before);
        QCOMPARE(modeOf(m_path / "out"), 0640u);
    }

    void existingFilesKeepTheirPermissions() {
        test::save(m_path / "out", "old");
        ::chmod((m_path / "out").c_str(), 0604);
        writeText(m_path / "out", "new");
        QCOMPARE(modeOf(m_path / "out"), 0604u);
    }

    void linksStayLinks() {
        fs::create_directory(m_path / "elsewhere");
        test::save(m_path / "elsewhere/real", "old");
        fs::create_symlink("elsewhere/real", m_path / "link");
        writeText(m_path / "link", "new");
        QVERIFY(fs::is_symlink(m_path / "link"));
        QCOMPARE(test::load(m_path / "elsewhere/real"), std::string("new"));
        fs::create_symlink("absent", m_path / "dangling");
        writeText(m_path / "dangling", "made");
        QCOMPARE(test::load(m_path / "absent"), std::string("made"));
    }

    void writesIntoTheWorkingDirectory() {
        const fs::path before = fs::current_path();
        fs::current_path(m_path);
        writeText("plain", "x");
        fs::current_path(before);
        QCOMPARE(test::load(m_path / "plain"), std::string("x"));
    }

    void writesTheLongestNames() {
        const std::string name(255, 'n');
        writeText(m_path / name, "x");
        QCOMPARE(test::load(m_path / name), std::string("x"));
    }

    void refusesWithAClearText() {
        fs::create_directory(m_path / "folder");
        fs::create_symlink("b", m_path / "a");
        fs::create_symlink("a", m_path / "b");
        const auto reason = [](const fs::path& path, const char* word) {
            return refusal(ErrorCode::writeFailed, word, [&] { AtomicFile file(path); });
        };
        QCOMPARE(reason(m_path / "absent/out", "create the directory first"), QString());
        QCOMPARE(reason(m_path / "folder", "a directory"), QString());
        QCOMPARE(reason(m_path / "folder/", "a directory"), QString());
        QCOMPARE(reason("/dev/null", "device"), QString());
        QCOMPARE(reason(m_path / "a", "circle"), QString());
        QCOMPARE(reason(m_path / std::string(300, 'n'), "File name too long"), QString());
        QCOMPARE(reason("/proc/repscope", "/proc/repscope"), QString());
    }

    void respectsPermissions() {
        if (::geteuid() == 0) QSKIP("root may write everywhere");
        test::save(m_path / "locked", "old");
        ::chmod((m_path / "locked").c_str(), 0400);
        QCOMPARE(
            refusal(ErrorCode::writeFailed, "Permission denied", [&] { AtomicFile file(m_path / "locked"); }),
            QString());
        ::chmod(m_path.c_str(), 0500);
        QCOMPARE(
            refusal(ErrorCode::writeFailed, "Permission denied", [&] { AtomicFile file(m_path / "new"); }),
            QString());
        ::chmod(m_path.c_str(), 0700);
    }

    void reportsADirectoryThatGoesAway() {
        fs::create_directory(m_path / "gone");
        QCOMPARE(refusal(ErrorCode::writeFailed, "renaming",
                         [&] {
                             AtomicFile file(m_path / "gone/out");
                             file.write("x");
                             fs::remove_all(m_path / "gone");
                             file.commit();
                         }),
                 QString());
    }

private:
    int entries() const { return static_cast<int>(std::distance(fs::directory_iterator(m_path), {})); }

    static unsigned modeOf(const fs::path& path) {
        struct stat info {};
        ::stat(path.c_str(), &info);
        return info.st_mode & 07777u;
    }

    std::unique_ptr<QTemporaryDir> m_dir;
    fs::path m_path;
};

QTEST_APPLESS_MAIN(AtomicFileTest)
#include "tst_atomic_file.moc"
