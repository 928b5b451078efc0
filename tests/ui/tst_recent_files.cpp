// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/open_window.h"
#include "tests/ui/tiny_files.h"
#include "ui/presenters/document.h"
#include "ui/views/main_window.h"
#include "ui/views/recent_menu.h"

#include <QFile>
#include <QImage>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace rp::ui;

class TestRecentFiles : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    QString path(const QString& name) const { return m_folder.filePath(name); }
    QString touch(const QString& name) const {
        QFile file(path(name));
        if (!file.open(QIODevice::WriteOnly)) qFatal("cannot write");
        return file.fileName();
    }

private slots:
    void init() {
        rp::test::failOnWarnings();
        QFile::remove(path(QStringLiteral("settings.ini")));
    }

    void theNewestIsFirstAndNoneIsThereTwice() {
        RecentFiles files(QStringLiteral("recent/models"), nullptr);
        for (const char* name : {"/a", "/b", "/a", ""})
            files.add(QString::fromLatin1(name));
        QCOMPARE(files.paths(), (QStringList{QStringLiteral("/a"), QStringLiteral("/b")}));
        for (int i = 0; i < 20; ++i)
            files.add(QStringLiteral("/%1").arg(i));
        QCOMPARE(files.paths().size(), RecentFiles::kMost);
        QCOMPARE(files.paths().front(), QStringLiteral("/19"));
    }

    void listsAreRememberedApart() {
        {
            QSettings settings(path(QStringLiteral("settings.ini")), QSettings::IniFormat);
            RecentFiles(QStringLiteral("recent/models"), &settings).add(QStringLiteral("/m.pth"));
            RecentFiles(QStringLiteral("recent/pictures"), &settings).add(QStringLiteral("/p.png"));
        }
        QSettings settings(path(QStringLiteral("settings.ini")), QSettings::IniFormat);
        QCOMPARE(RecentFiles(QStringLiteral("recent/models"), &settings).paths(),
                 QStringList{QStringLiteral("/m.pth")});
        QCOMPARE(RecentFiles(QStringLiteral("recent/pictures"), &settings).paths(),
                 QStringList{QStringLiteral("/p.png")});
    }

    void aFileThatIsGoneIsGreyAndTheOthersOpen() {
        const QString here = touch(QStringLiteral("here & now.pth")),
                      gone = touch(QStringLiteral("gone.pth"));
        QStringList opened;
        RecentMenu menu(QStringLiteral("Recent"), RecentFiles(QStringLiteral("k"), nullptr),
                        [&](const QString& file) { opened << file; });
        menu.add(here);
        menu.add(gone);
        QVERIFY(QFile::remove(gone));
        emit menu.aboutToShow();
        const QList<QAction*> actions = menu.actions();
        QVERIFY(actions.size() >= 2);
        QVERIFY(!actions[0]->isEnabled());
        QVERIFY(actions[1]->isEnabled());
        QVERIFY(actions[1]->text().contains(QStringLiteral("here && now.pth")));
        actions[1]->trigger();
        QCOMPARE(opened, QStringList{here});
    }

    void thumbnailsStayWithTheirFilesAndTheGoneAreForgotten() {
        const QString here = touch(QStringLiteral("here.png")), gone = touch(QStringLiteral("gone.png"));
        QSettings settings(path(QStringLiteral("settings.ini")), QSettings::IniFormat);
        {
            RecentMenu menu(QStringLiteral("Recent"), RecentFiles(QStringLiteral("k"), &settings), [](const QString&) {});
            for (const QString& file : {here, gone}) menu.add(file);
            QImage red(200, 100, QImage::Format_RGB32), blue(100, 100, QImage::Format_RGB32);
            red.fill(Qt::red);
            blue.fill(Qt::blue);
            menu.setThumbnail(here, red);
            menu.setThumbnail(gone, blue);
            menu.setThumbnail(QStringLiteral("/not/in/the/list"), blue);
        }
        QVERIFY(QFile::remove(gone));
        RecentMenu menu(QStringLiteral("Recent"), RecentFiles(QStringLiteral("k"), &settings), [](const QString&) {});
        QCOMPARE(menu.actions()[0]->icon().pixmap(8, 8).toImage().pixelColor(3, 3), QColor(Qt::blue));
        QCOMPARE(menu.actions()[1]->icon().pixmap(8, 4).toImage().pixelColor(3, 1), QColor(Qt::red));
        QAction* forget = menu.actions()[3];
        QVERIFY(forget->text().contains(QStringLiteral("gone")));
        forget->trigger();
        QCoreApplication::processEvents();
        QCOMPARE(menu.actions()[0]->toolTip(), here);
        QCOMPARE(RecentFiles(QStringLiteral("k"), &settings).paths(), QStringList{here});
        QVERIFY(!RecentFiles(QStringLiteral("k"), &settings).thumbnail(here).isEmpty());
        QVERIFY(RecentFiles(QStringLiteral("k"), &settings).thumbnail(gone).isEmpty());
    }

    void theWindowRemembersWhatCouldBeOpened() {
        const QString model = path(QStringLiteral("tiny.pth")), broken = touch(QStringLiteral("broken.pth"));
        rp::test::writeTinyFile(model.toStdString());
        QSettings settings(path(QStringLiteral("settings.ini")), QSettings::IniFormat);
        Document document;
        MainWindow window(document, &settings);
        QSignalSpy settled(&document, &Document::settled);
        document.openModel(broken);
        QVERIFY(!document.isBusy() || settled.wait(60000));
        document.openModel(model);
        QVERIFY(!document.isBusy() || settled.wait(60000));
        QCOMPARE(RecentFiles(QStringLiteral("recent/models"), &settings).paths(), QStringList{model});
        const auto* menu = window.findChild<RecentMenu*>(QStringLiteral("recentModels"));
        QVERIFY(menu->actions().front()->text().contains(QStringLiteral("tiny.pth")));
    }
};

QTEST_MAIN(TestRecentFiles)
#include "tst_recent_files.moc"
