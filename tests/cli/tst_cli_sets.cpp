// SPDX-License-Identifier: Apache-2.0
// Folders, probes and shards with the real program, and the line of the documents under GNU parallel.
#include "tests/support/tiny_repvgg.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using namespace rp;

class TestCliSets : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void aFolderIsOneReport();
    void shardsMergeToTheSameBytes();
    void whatIsNoSetIsUsage();
    void sizeHoldsForEveryPicture();
    void probesAlone();
    void theDocumentsLineRunsUnderGnuParallel();

private:
    struct Result {
        int code;
        QByteArray out, err;
    };
    Result cli(const QStringList& arguments) { return run(QStringLiteral(REPSCOPE_CLI), arguments); }
    Result run(const QString& program, const QStringList& arguments);
    QString path(const char* name) const { return m_folder.filePath(QLatin1String(name)); }

    QTemporaryDir m_folder;
};

TestCliSets::Result TestCliSets::run(const QString& program, const QStringList& arguments) {
    QProcess process;
    process.setWorkingDirectory(m_folder.path());
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert("PATH", QFileInfo(QStringLiteral(REPSCOPE_CLI)).path() + ":" + environment.value("PATH"));
    environment.insert("HOME", m_folder.path()); // parallel keeps a folder there
    process.setProcessEnvironment(environment);
    process.start(program, arguments);
    process.closeWriteChannel();
    if (!process.waitForFinished(240000)) return {-1, {}, process.errorString().toUtf8()};
    const int code = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
    return {code, process.readAllStandardOutput(), process.readAllStandardError()};
}

void TestCliSets::initTestCase() {
    QVERIFY(QFile::copy(QStringLiteral(REPSCOPE_DEMO_DIR "/repvgg-shapes.pth"), path("model.pth")));
    const QDir demo(QStringLiteral(REPSCOPE_DEMO_DIR));
    int copied = 0;
    for (const QString& file : demo.entryList({QStringLiteral("*.jpg")})) {
        const QString label = file.section('-', 0, 0); // "star-640x480.jpg"
        QVERIFY(QDir(m_folder.path()).mkpath("pictures/" + label));
        QVERIFY(QFile::copy(demo.filePath(file), m_folder.filePath("pictures/" + label + "/" + file)));
        ++copied;
    }
    QVERIFY(copied > 3);
    QFile whole(demo.filePath(QStringLiteral("star-640x480.jpg"))), cut(path("pictures/star/cut.jpg"));
    QVERIFY(whole.open(QIODevice::ReadOnly) && cut.open(QIODevice::WriteOnly));
    cut.write(whole.read(whole.size() / 2));
    QFile wrong(path("pictures/star/wrong.png"));
    QVERIFY(wrong.open(QIODevice::WriteOnly));
    wrong.write("no picture");
}

void TestCliSets::aFolderIsOneReport() {
    const Result result = cli({"verify", "model.pth", "--input", "pictures", "--json", "--report", "set.html"});
    QVERIFY2(result.code == 0, result.err.constData());
    QVERIFY(result.err.contains("star/cut.jpg") && result.err.contains("star/wrong.png"));
    const QJsonObject root = QJsonDocument::fromJson(result.out).object();
    QCOMPARE(root["verdict"].toString(), QStringLiteral("warn")); // for the two files that cannot be used
    QCOMPARE(root["unusable"].toInt(), 2);
    const int usable = root["inputs"].toInt() - 2;
    for (const QJsonValue& block : root["blocks"].toArray()) QCOMPARE(block.toObject()["inputs"].toInt(), usable);
    // The demo's pictures are recognised, all of them, in both phases that are claimed equal.
    QCOMPARE(root["accuracy"].toObject()["labelled"].toInt(), usable);
    QCOMPARE(root["accuracy"].toObject()["eval"].toInt(), usable);
    QCOMPARE(root["accuracy"].toObject()["deploy"].toInt(), usable);
    QVERIFY2(!result.out.contains(m_folder.path().toUtf8()), "a path of the machine");
    QFile html(path("set.html"));
    QVERIFY(html.open(QIODevice::ReadOnly) && html.readAll().contains("star/cut.jpg"));
}

void TestCliSets::shardsMergeToTheSameBytes() {
    const QStringList set{"verify", "model.pth", "--input", "pictures", "--probes"};
    const Result whole = cli(set + QStringList{"--json"});
    QVERIFY2(whole.code == 0, whole.err.constData());
    QStringList files;
    for (const char* shard : {"1/3", "2/3", "3/3"}) {
        const Result part = cli(set + QStringList{"--shard", shard});
        QCOMPARE(part.code, 0);
        files.prepend(QStringLiteral("part%1.jsonl").arg(shard[0]));
        QFile file(m_folder.filePath(files.front()));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(part.out);
    }
    const Result merged = cli(QStringList{"merge", "--json"} + files);
    QVERIFY2(merged.code == 0, merged.err.constData());
    QVERIFY(merged.out == whole.out);
    QCOMPARE(cli(QStringList{"merge"} + files.mid(1)).code, 1); // a part is missing
    QCOMPARE(cli({"merge", "model.pth"}).code, 3);
    QCOMPARE(cli({"merge", "nothing.jsonl"}).code, 3);
}

void TestCliSets::whatIsNoSetIsUsage() {
    QCOMPARE(cli({"verify", "model.pth", "--input", "pictures", "--shard", "4/3"}).code, 2);
    QCOMPARE(cli({"verify", "model.pth", "--input", "pictures", "--batch"}).code, 2);
    QCOMPARE(cli({"verify", "model.pth", "--input", "pictures", "--expect", "y.npy"}).code, 2);
    QVERIFY(QDir(m_folder.path()).mkpath("empty"));
    QCOMPARE(cli({"verify", "model.pth", "--input", "empty"}).code, 3);
}

void TestCliSets::sizeHoldsForEveryPicture() {
    const Result result = cli({"verify", "model.pth", "--input", "pictures/ring", "--size", "64", "--json"});
    QVERIFY2(result.code == 0, result.err.constData());
    QVERIFY2(result.out.contains("centre crop 64x64"), result.out.left(600).constData());
}

void TestCliSets::probesAlone() {
    const Result result = cli({"verify", "model.pth", "--probes", "--json"});
    QVERIFY2(result.code == 0, result.err.constData());
    const QJsonObject root = QJsonDocument::fromJson(result.out).object();
    QCOMPARE(root["verdict"].toString(), QStringLiteral("pass"));
    QCOMPARE(root["inputs"].toInt(), 8);
}

void TestCliSets::theDocumentsLineRunsUnderGnuParallel() {
    if (QStandardPaths::findExecutable(QStringLiteral("parallel")).isEmpty()) QSKIP("GNU parallel is not installed");
    QFile document(QStringLiteral(REPSCOPE_SOURCE_DIR "/docs/many-inputs.md"));
    QVERIFY(document.open(QIODevice::ReadOnly));
    const QRegularExpressionMatch lines = QRegularExpression(QStringLiteral("```sh\\n(seq [^`]*parallel [^`]*)```")).match(QString::fromUtf8(document.readAll()));
    QVERIFY(lines.hasMatch());
    const Result result = run(QStringLiteral("/bin/sh"), {QStringLiteral("-ec"), lines.captured(1)});
    QVERIFY2(result.code == 0, (result.out + result.err).constData());
    QCOMPARE(QDir(m_folder.path()).entryList({QStringLiteral("shard-*.jsonl")}).size(), 4);
    QVERIFY(result.out.startsWith("warn: model.pth"));
    QVERIFY(QFile::exists(path("set.html")));
}

QTEST_GUILESS_MAIN(TestCliSets)
#include "tst_cli_sets.moc"
