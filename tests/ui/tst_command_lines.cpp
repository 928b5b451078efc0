// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/open_window.h"
#include "tests/ui/tiny_files.h"
#include "ui/presenters/command_lines.h"

#include "core/io/npy.h"

#include <QImage>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>

#include <cmath>

using namespace rp;
using namespace rp::ui;

/// The lines are given to a shell and the real program; what comes out is what was on screen.
class TestCommandLines : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    Document* m_document = nullptr;

    QString path(const char* name) const { return m_folder.filePath(QString::fromUtf8(name)); }
    /// Standard output; fails when the program does.
    QByteArray shell(QString line) {
        if (!line.startsWith(QStringLiteral("repscope-cli "))) return {};
        line.replace(0, 12, QStringLiteral("'" REPSCOPE_CLI "'"));
        QProcess process;
        process.setWorkingDirectory(m_folder.path());
        process.start(QStringLiteral("/bin/sh"), {QStringLiteral("-c"), line});
        if (!process.waitForFinished(120000) || process.exitCode() != 0) {
            qWarning("%s: %s", qPrintable(line), process.readAllStandardError().constData());
            return {};
        }
        return process.readAllStandardOutput() + '\n';
    }
    TensorD captured(const char* name) const { return io::readNpyFile(path(name).toStdString()).toDouble(); }

private slots:
    void initTestCase() {
        test::writeTinyFile(path("it's a model.pth").toStdString());
        test::writeTwoSets(path("sets.pth").toStdString());
        QImage picture(40, 30, QImage::Format_RGB32);
        for (int y = 0; y < picture.height(); ++y)
            for (int x = 0; x < picture.width(); ++x) picture.setPixel(x, y, qRgb(6 * x, 8 * y, (x * y) % 256));
        QVERIFY(picture.save(path("a picture.png")));
    }
    void init() {
        m_document = new Document(this);
    }
    void cleanup() { delete m_document; }

    void withoutAModelThereIsNone() {
        QVERIFY(runCommand(*m_document).isEmpty());
        QVERIFY(verifyCommand(*m_document).isEmpty());
    }

    void theMapOnScreenIsTheMapOfTheLine() {
        m_document->openFiles({path("it's a model.pth"), path("a picture.png")});
        QVERIFY(test::settle(*m_document));
        m_document->setBlock(2);
        m_document->chooseMap({BlockMap::Role::branch, QStringLiteral("rbr_1x1")});
        QVERIFY(test::settle(*m_document));
        const QString line = runCommand(*m_document);
        QVERIFY2(!shell(line).isEmpty(), qPrintable(line));
        QVERIFY(captured("stage1.1-rbr_1x1.npy") == m_document->chosenMap()->values);
    }

    void phaseEngineDispatchAndAssumptionsAreInTheLine() {
        families::OpenOptions options;
        options.assumptions = {"eps=1e-3", "stage2.*:activation=leaky_relu:0.05"};
        m_document->openModel(path("it's a model.pth"), options);
        m_document->setPhase(Phase::deploy);
        m_document->setSettings({EngineKind::float64, DispatchMethod::decorator});
        QVERIFY(test::settle(*m_document));
        m_document->setBlock(4);
        QVERIFY(test::settle(*m_document));
        const QString line = runCommand(*m_document);
        for (const char* part : {"--phase deploy", "--engine float64", "--dispatch decorator", "--assume"}) QVERIFY2(line.contains(QLatin1String(part)), qPrintable(line));
        QVERIFY2(!shell(line).isEmpty(), qPrintable(line));
        QVERIFY(captured("stage2.1-out.npy") == m_document->chosenMap()->values);
    }

    void theWeightSetIsNamed() {
        m_document->openModel(path("sets.pth"));
        QVERIFY(test::settle(*m_document));
        m_document->setWeights(QStringLiteral("ema"));
        QVERIFY(test::settle(*m_document));
        m_document->setBlock(1);
        QVERIFY(test::settle(*m_document));
        QVERIFY(!shell(runCommand(*m_document)).isEmpty());
        QVERIFY(captured("stage1.0-out.npy") == m_document->chosenMap()->values);
    }

    void theVerdictOnScreenIsTheVerdictOfTheLine() {
        test::TinyFile deploy;
        deploy.deploy = true;
        test::writeTinyFile(path("deploy.pth").toStdString(), deploy);
        m_document->openFiles({path("it's a model.pth"), path("deploy.pth"), path("a picture.png")});
        QVERIFY(test::settle(*m_document));
        QVERIFY(m_document->report());
        const QString line = verifyCommand(*m_document);
        QVERIFY(line.contains(QStringLiteral("--against ")));
        const QJsonObject report = QJsonDocument::fromJson(shell(line + QStringLiteral(" --json || true"))).object();
        QCOMPARE(report[QStringLiteral("verdict")].toString(), QString::fromUtf8(toString(m_document->report()->verdict).data()));
        const double shown = m_document->report()->blocks[3].local->maxAbs;
        const double said = report[QStringLiteral("blocks")].toArray()[3].toObject()[QStringLiteral("local")].toObject()[QStringLiteral("maxAbs")].toDouble();
        QVERIFY2(shown > 0 && std::abs(said - shown) <= 1e-6 * shown, qPrintable(QStringLiteral("%1 %2").arg(said).arg(shown)));
    }
};

QTEST_MAIN(TestCommandLines)
#include "tst_command_lines.moc"
