// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/open_window.h"
#include "tests/ui/tiny_files.h"
#include "ui/presenters/core_text.h"
#include "ui/presenters/language.h"
#include "ui/presenters/verdict_summary.h"
#include "ui/views/action_set.h"
#include "ui/views/verdict_banner.h"
#include "ui/views/window_host.h"

#include <QDockWidget>
#include <QMenu>
#include <QSettings>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QTest>

using namespace rp::ui;

/// Languages: what the window says, and that changing it changes nothing else.
class TestLanguage : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    QString m_model;

    static bool isChinese(const QString& text) {
        return std::ranges::any_of(text, [](QChar c) { return c.script() == QChar::Script_Han; });
    }

private slots:
    void initTestCase() {
        m_model = m_folder.filePath(QStringLiteral("tiny.pth"));
        rp::test::writeTinyFile(m_model.toStdString());
    }
    void init() { rp::test::failOnWarnings(); }
    void cleanup() { useLanguage(QStringLiteral("en")); }

    void sentencesOfCoreKeepTheirNamesAndNumbers() {
        const QString sentence = QStringLiteral("12 bytes at byte 345");
        QCOMPARE(coreText(sentence), sentence);
        useLanguage(QStringLiteral("zh_CN"));
        const QString said = coreText(sentence);
        QVERIFY2(isChinese(said), qPrintable(said));
        QVERIFY(said.contains(QStringLiteral("12")) && said.contains(QStringLiteral("345")));
        QVERIFY(isChinese(coreText(QStringLiteral("the file is cut short"))));
        QCOMPARE(coreText(QStringLiteral("stage1.0.rbr_dense.conv.weight")), QStringLiteral("stage1.0.rbr_dense.conv.weight"));
        useLanguage(QStringLiteral("en"));
        QCOMPARE(coreText(sentence), sentence);
    }

    void anUnknownLanguageIsEnglish() {
        useLanguage(QStringLiteral("zh_CN"));
        useLanguage(QStringLiteral("xx"));
        QCOMPARE(currentLanguage(), QStringLiteral("en"));
    }

    void anotherLanguageIsAnotherWindowOnTheSameThings() {
        QSettings settings(m_folder.filePath(QStringLiteral("s.ini")), QSettings::IniFormat);
        Document document;
        WindowHost host(document, &settings);
        host.window().show();
        QVERIFY(QTest::qWaitForWindowExposed(&host.window()));
        document.openModel(m_model);
        QVERIFY(rp::test::settle(document));
        document.setBlock(2);
        QVERIFY(rp::test::settle(document));
        host.window().arrange(QStringLiteral("verify"), QStringLiteral("kernel"));
        host.window().findChild<QDockWidget*>(QStringLiteral("topDock"))->show();
        // The plot's margins depend on the sizes that it had before.
        host.window().findChild<QDockWidget*>(QStringLiteral("depthDock"))->hide();
        QCoreApplication::processEvents();
        const QImage before = host.window().grab().toImage();
        const rp::ui::PhaseRunPtr run = document.currentRun();
        const ReportPtr report = document.report();

        QSignalSpy changed(&host, &WindowHost::windowChanged);
        host.window().actionSet()[ActionId::languageChinese]->trigger();
        QVERIFY(changed.count() == 1 || changed.wait());
        QVERIFY(rp::test::settle(document));
        QVERIFY(document.currentRun() == run && document.report() == report && document.block() == 2);
        QVERIFY(isChinese(host.window().actionSet().menu(MenuId::file)->title()));
        QVERIFY(isChinese(host.window().findChild<VerdictBanner*>()->text()));
        for (const AnswerRow& row : answersOf(*report)) {
            QVERIFY2(isChinese(row.question), qPrintable(row.question));
            QVERIFY2(isChinese(row.answer), qPrintable(row.answer));
        }
        for (const ActionSpec& spec : actionSpecs())
            QVERIFY2(spec.id == ActionId::languageEnglish || isChinese(spec.text), qPrintable(spec.text));
        QVERIFY(host.window().grab().toImage() != before);
        QCOMPARE(rememberedLanguage(&settings), QStringLiteral("zh_CN"));

        host.window().actionSet()[ActionId::languageEnglish]->trigger();
        QVERIFY(changed.count() == 2 || changed.wait());
        QVERIFY(rp::test::settle(document));
        QCoreApplication::processEvents();
        // Every view says all it has to say when it is made, and stands where the old one stood.
        QVERIFY(host.window().grab().toImage() == before);
    }
};

QTEST_MAIN(TestLanguage)
#include "tst_language.moc"
