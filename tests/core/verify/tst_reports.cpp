// SPDX-License-Identifier: Apache-2.0
// Every format of a report: complete, well formed, readable by what it is made for.
#include "core/graph/export.h"
#include "core/io/onnx_read.h"
#include "core/verify/report.h"
#include "core/verify/svg_plots.h"
#include "tests/support/naive.h"
#include "tests/support/refusal.h"
#include "tests/support/tiny_repvgg.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QSet>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>

using namespace rp;
using namespace rp::verify;

class TestReports : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void everyFormatCarriesWhereItComesFrom_data();
    void everyFormatCarriesWhereItComesFrom();
    void plotsAreWellFormed();
    void plotsPlaceValuesOnTheirAxis();
    void htmlFetchesNothingAndRunsNothing();
    void htmlIsShownByABrowser();
    void junitCountsWhatItLists();
    void markdownTablesKeepTheirColumns();
    void netronFindsItsTargets();
    void modelExplorerHasOneValueForEachBlock();
    void namesFromFilesCannotBecomeMarkup();
    void csvHasOneLineForEachBlock();

private:
    QByteArray text(const char* suffix) {
        const QString path = m_folder.filePath(QStringLiteral("report") + QLatin1String(suffix));
        writeReport(m_report, path.toStdString());
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    QTemporaryDir m_folder;
    families::OpenedModel m_opened;
    fusion::ModelFusion m_fusion;
    Report m_report;
};

void TestReports::initTestCase() {
    m_opened = families::openModel(test::writeTinyRepVgg(m_folder.path().toStdString()));
    m_fusion = fusion::fuseModel(m_opened.model);
    VerifyOptions options;
    options.inputName = "noise";
    options.inputIsNoise = true;
    options.precision = true;
    options.reproduce = "repscope-cli verify tiny.pth --precision";
    std::mt19937_64 generator(1);
    m_report = verifyModel(m_opened, m_fusion, naive::reals({1, 3, 64, 64}, generator), options);
}

void TestReports::everyFormatCarriesWhereItComesFrom_data() {
    QTest::addColumn<QByteArray>("suffix");
    for (const char* suffix : {".html", ".md", ".xml", ".json", ".netron.json"}) QTest::newRow(suffix) << QByteArray(suffix);
}

void TestReports::everyFormatCarriesWhereItComesFrom() {
    QFETCH(QByteArray, suffix);
    const QByteArray report = text(suffix.constData());
    for (const char* word : {"oneDNN", "Eigen", REPSCOPE_VERSION, "repscope-cli verify tiny.pth --precision", "stage2.1"}) QVERIFY2(report.contains(word), word);
    if (!suffix.contains("netron"))
        for (const char* word : {"eps", "algebra check"}) QVERIFY2(report.contains(word), word);
    QVERIFY2(!report.contains(m_folder.path().toUtf8()) && !report.contains(QDir::homePath().toUtf8() + "/"), "a path of the machine");
}

void TestReports::plotsAreWellFormed() {
    const QByteArray html = text(".html");
    int count = 0;
    for (qsizetype at = html.indexOf("<svg"); at >= 0; at = html.indexOf("<svg", at + 1)) {
        QXmlStreamReader reader(html.mid(at, html.indexOf("</svg>", at) + 6 - at));
        while (!reader.atEnd()) reader.readNext();
        QVERIFY2(!reader.hasError(), qPrintable(reader.errorString()));
        ++count;
    }
    // Three plots, and for each block its fused kernel and its branches.
    int kernels = 0;
    for (const BlockReport& b : m_report.blocks) kernels += 1 + static_cast<int>(b.branches.size());
    QCOMPARE(count, 3 + kernels);
}

void TestReports::plotsPlaceValuesOnTheirAxis() {
    const std::string svg = linePlot({"a", "b", "c"}, {{"line", {1.0, std::nullopt, 100.0}}}, "unit", true);
    QXmlStreamReader reader(QByteArray::fromStdString(svg));
    QList<QPair<double, double>> points;
    while (!reader.atEnd())
        if (reader.readNext() == QXmlStreamReader::StartElement && reader.name() == QLatin1String("circle"))
            points.append({reader.attributes().value("cx").toDouble(), reader.attributes().value("cy").toDouble()});
    QCOMPARE(points.size(), 2);
    QVERIFY(points[0].first < points[1].first && points[0].second > points[1].second); // to the right, and up
    const std::string heat = heatCells(TensorD({1, 2}, {0, 5}), 5, "k");
    QVERIFY(heat.find("#ffffff") != std::string::npos && heat.find("#08306b") != std::string::npos);
}

void TestReports::htmlFetchesNothingAndRunsNothing() {
    const QByteArray html = text(".html");
    for (const char* word : {"<script", "<link", "<img", "<iframe", "url(", "@import", "src="}) QVERIFY2(!html.contains(word), word);
    QCOMPARE(html.count("http"), html.count("http://www.w3.org/2000/svg"));
}

void TestReports::htmlIsShownByABrowser() {
    const QString browser = QStandardPaths::findExecutable(QStringLiteral("chromium"));
    if (browser.isEmpty()) QSKIP("chromium is not installed");
    text(".html");
    QProcess process;
    process.setWorkingDirectory(m_folder.path());
    process.start(browser, {QStringLiteral("--headless"), QStringLiteral("--no-sandbox"), QStringLiteral("--disable-gpu"), QStringLiteral("--user-data-dir=") + m_folder.filePath("profile"),
                            QStringLiteral("--enable-logging=stderr"), QStringLiteral("--window-size=1200,900"), QStringLiteral("--screenshot=") + m_folder.filePath("shot.png"),
                            QStringLiteral("--dump-dom"), QStringLiteral("file://") + m_folder.filePath("report.html")});
    QVERIFY(process.waitForFinished(120000));
    const QByteArray dom = process.readAllStandardOutput(), log = process.readAllStandardError();
    QVERIFY2(process.exitCode() == 0, log.constData());
    QVERIFY2(!log.contains("CONSOLE"), log.constData());
    // The parser kept every element where it stood: what it repairs it moves.
    const QByteArray html = text(".html");
    for (const char* element : {"<svg", "<circle", "<rect", "<td", "<h2", "<figure"}) QCOMPARE(dom.count(element), html.count(element));
    QVERIFY(dom.contains("<h1 class=\"pass\">"));
}

void TestReports::junitCountsWhatItLists() {
    m_report.findings.push_back({Finding::Severity::fail, "made-up", "stage1.0", "a <finding> & its \"text\"", ""});
    const QByteArray xml = text(".xml");
    m_report.findings.pop_back();
    QXmlStreamReader reader(xml);
    int tests = 0, failures = 0, statedTests = -1, statedFailures = -1;
    while (!reader.atEnd()) {
        if (reader.readNext() != QXmlStreamReader::StartElement) continue;
        tests += reader.name() == QLatin1String("testcase");
        failures += reader.name() == QLatin1String("failure");
        if (reader.name() == QLatin1String("testsuite")) {
            statedTests = reader.attributes().value("tests").toInt();
            statedFailures = reader.attributes().value("failures").toInt();
        }
        if (reader.name() == QLatin1String("failure")) QCOMPARE(reader.attributes().value("message").toString(), QStringLiteral("a <finding> & its \"text\""));
    }
    QVERIFY2(!reader.hasError(), qPrintable(reader.errorString()));
    QCOMPARE(tests, statedTests);
    QCOMPARE(failures, statedFailures);
    QCOMPARE(failures, 1);
}

void TestReports::markdownTablesKeepTheirColumns() {
    int columns = 0;
    for (QByteArray line : text(".md").split('\n')) {
        if (!line.startsWith("| ")) {
            columns = 0;
            continue;
        }
        line.replace("\\|", "");
        if (columns) QCOMPARE(line.count('|'), columns);
        columns = static_cast<int>(line.count('|'));
    }
}

void TestReports::netronFindsItsTargets() {
    const std::string deploy = m_folder.filePath(QStringLiteral("deploy.onnx")).toStdString();
    graph::writeDeployOnnx(deploy, m_opened.model, m_fusion, *m_opened.checkpoint);
    QSet<QString> names;
    const io::Checkpoint written = io::openCheckpoint(deploy);
    for (const auto& node : written.onnx->nodes) names.insert(QString::fromStdString(node.name));
    const QJsonObject root = QJsonDocument::fromJson(text(".netron.json")).object();
    QCOMPARE(root["signature"].toString(), QStringLiteral("netron:attachment"));
    QSet<QString> found;
    for (const char* list : {"metadata", "metrics"}) {
        QVERIFY(!root[QLatin1String(list)].toArray().isEmpty());
        for (const QJsonValue& value : root[QLatin1String(list)].toArray()) {
            const QJsonObject item = value.toObject();
            QVERIFY(item.contains("kind") && item.contains("target") && item.contains("name") && item.contains("value"));
            QVERIFY(!item["target"].toString().contains('\n'));
            if (item["kind"] == QLatin1String("model")) QCOMPARE(item["target"].toString(), QString()); // or Netron drops it
            if (names.contains(item["target"].toString())) found.insert(item["target"].toString());
            if (list == QByteArray("metrics")) QVERIFY(item["value"].isDouble());
        }
    }
    QCOMPARE(found.size(), static_cast<qsizetype>(m_report.blocks.size()));
}

void TestReports::modelExplorerHasOneValueForEachBlock() {
    const QJsonObject results = QJsonDocument::fromJson(text(".explorer.json")).object()["main"].toObject()["results"].toObject();
    for (const BlockReport& b : m_report.blocks) {
        const QJsonObject entry = results[QString::fromStdString(b.name)].toObject();
        QCOMPARE(entry["value"].toDouble(), *b.local->snr);
        QVERIFY(entry["bgColor"].toString().startsWith('#'));
    }
}

void TestReports::namesFromFilesCannotBecomeMarkup() {
    Report report = m_report;
    report.file = "<script>alert(1)</script>.pth";
    report.blocks.front().name = "\"><img src=x onerror=alert(1)>";
    report.blocks.front().kernels.front().name = "<b>";
    report.findings.push_back({Finding::Severity::note, "<i>", "", "<u>", ""});
    const std::string html = toHtml(report);
    for (const char* word : {"<script", "<img", "<b>", "<i>", "<u>"}) QVERIFY2(html.find(word) == std::string::npos, word);
    QXmlStreamReader reader(QByteArray::fromStdString(toJunit(report)));
    while (!reader.atEnd()) reader.readNext();
    QVERIFY(!reader.hasError());
}

void TestReports::csvHasOneLineForEachBlock() {
    const QList<QByteArray> lines = text(".csv").trimmed().split('\n');
    QCOMPARE(lines.size(), static_cast<qsizetype>(m_report.blocks.size() + 1));
    for (const QByteArray& line : lines) QCOMPARE(line.count(','), lines.front().count(','));
}

QTEST_GUILESS_MAIN(TestReports)
#include "tst_reports.moc"
