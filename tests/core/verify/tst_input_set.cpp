// SPDX-License-Identifier: Apache-2.0
#include "core/verify/input_set.h"
#include "core/verify/probes.h"
#include "core/verify/set_report.h"
#include "tests/support/refusal.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>

using namespace rp;
using namespace rp::verify;

class TestInputSet : public QObject {
    Q_OBJECT
private slots:
    void foldersGiveNamesAndLabels();
    void shardsPartTheSet();
    void probesAreWhatTheyAreCalled();
    void aggregatesAreComputedAsStated();
    void labelsGiveAccuracyByPhase();
    void shardsJoinToTheSameReport();
    void missingAndDoubleInputsAreFound();
    void brokenLinesAreRefused_data();
    void brokenLinesAreRefused();
    void everyFormatHoldsTheFigures();

private:
    std::string path(const char* name) const { return m_folder.filePath(QLatin1String(name)).toStdString(); }
    void write(const char* name, const std::string& text) {
        QFile file(m_folder.filePath(QLatin1String(name)));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text.data(), static_cast<qint64>(text.size()));
    }
    QTemporaryDir m_folder;
};

namespace {

SetHead head(std::int64_t inputs) {
    SetHead h;
    h.file = "model.pth";
    h.variant = "RepVGG";
    h.inputs = inputs;
    h.preprocessing = "as it is";
    h.reproduce = "repscope-cli verify model.pth --input set";
    h.versions = "1";
    h.blocks = {"one", "two"};
    h.classNames = {"cat", "dog", "eel"};
    h.labels = {"cat", "dog"};
    h.assumptions = {{"", "eps", "1e-05", "preset"}};
    return h;
}

InputResult result(std::int64_t index, double db, const char* label, std::int64_t eval, std::int64_t deploy) {
    InputResult r;
    r.index = index;
    r.name = std::string(label) + "/" + std::to_string(index);
    r.label = label;
    BlockFigures f;
    f.measured = true;
    f.localDb = db;
    f.cumulativeDb = db - 10;
    f.algebraDb = 300;
    f.storedDb = 150;
    f.localMax = 1e-6 * static_cast<double>(index + 1);
    f.bound = 1e-5;
    r.blocks = {f, f};
    r.outputDb = db - 20;
    r.classes = 3;
    r.top1 = {std::nullopt, eval, deploy};
    return r;
}

std::vector<InputResult> results() {
    std::vector<InputResult> all{result(0, 120, "cat", 0, 0), result(1, 110.123456789012345, "cat", 0, 1), result(2, 130, "dog", 1, 1), result(3, 140, "dog", 0, 0)};
    all[3].findings.push_back({Finding::Severity::warn, "surplus-key", "one", "a \"key\"\nmore", "none"});
    return all;
}

std::string linesOf(const SetHead& h, const std::vector<InputResult>& inputs) {
    std::string text = headLine(h);
    for (const InputResult& i : inputs) text += inputLine(i);
    return text + endLine(std::ssize(inputs));
}

} // namespace

void TestInputSet::foldersGiveNamesAndLabels() {
    QDir dir(m_folder.path());
    QVERIFY(dir.mkpath("set/dog/deep") && dir.mkpath("set/cat"));
    for (const char* name : {"set/b.PNG", "set/dog/deep/a.npy", "set/cat/x.jpg", "set/cat/readme.txt"}) write(name, "x");
    const InputSet set = listInputs({path("set")});
    QCOMPARE(set.entries.size(), std::size_t{3});
    QCOMPARE(set.ignored, std::int64_t{1});
    QCOMPARE(set.entries[0].name, std::string("b.PNG"));
    QVERIFY(set.entries[0].label.empty());
    QCOMPARE(set.entries[1].name, std::string("cat/x.jpg"));
    QCOMPARE(set.entries[2].label, std::string("dog"));
    QCOMPARE(test::refusal(ErrorCode::fileMissing, "nothing", [&] { listInputs({path("nothing")}); }), QString());
}

void TestInputSet::shardsPartTheSet() {
    for (std::int64_t i = 0; i < 20; ++i) {
        int holders = 0;
        for (std::int64_t k = 1; k <= 3; ++k) holders += Shard{k, 3}.holds(i);
        QCOMPARE(holders, 1);
    }
    QCOMPARE(parseShard("2/8").index, std::int64_t{2});
    for (const char* wrong : {"", "1", "0/2", "3/2", "1/0", "1/2x", "-1/2", "a/b"})
        QCOMPARE(test::refusal(ErrorCode::usage, "--shard", [&] { parseShard(wrong); }), QString());
}

void TestInputSet::probesAreWhatTheyAreCalled() {
    const std::vector<Probe> probes = probesFor({1, 2, 5, 4});
    QCOMPARE(probes.size(), std::size_t{8});
    auto of = [&](const char* name) -> const TensorD& { return std::ranges::find(probes, std::string(name), &Probe::name)->values; };
    QVERIFY(of("zeros") == TensorD(Shape{1, 2, 5, 4}));
    for (double v : of("ones").values()) QCOMPARE(v, 1.0);
    for (const auto& [name, at] : {std::pair{"impulse at the centre", 2 * 4 + 2}, {"impulse at the edge", 2}, {"impulse in the corner", 0}})
        for (std::int64_t i = 0; i < 40; ++i) QCOMPARE(of(name)[i], i % 20 == at ? 1.0 : 0.0);
    double most = 0;
    for (double v : of("small integers").values()) {
        QCOMPARE(v, std::nearbyint(v));
        most = std::max(most, std::abs(v));
    }
    QVERIFY(most >= 1 && most <= 3);
    for (std::int64_t i = 0; i < 40; ++i) QCOMPARE(of("large magnitude")[i], 1e4 * of("Gaussian noise")[i]);
}

void TestInputSet::aggregatesAreComputedAsStated() {
    std::vector<InputResult> inputs = results();
    InputResult broken;
    broken.index = 4;
    broken.name = "dog/4";
    broken.error = "truncated";
    inputs.push_back(broken);
    const SetReport report = summarize(head(5), inputs);
    QVERIFY(report.verdict == Verdict::warn); // a broken file does not fail the others
    QCOMPARE(report.broken, std::int64_t{1});
    const BlockSummary& block = report.blocks.front();
    QCOMPARE(block.measured, std::int64_t{4});
    QCOMPARE(block.local.lowest, 110.123456789012345);
    QCOMPARE(block.local.lowestAt, std::string("cat/1"));
    QCOMPARE(block.local.mean, (120 + 110.123456789012345 + 130 + 140) / 4);
    QCOMPARE(block.localMax, 4e-6);
    QCOMPARE(block.worstShare, 4e-6 / 1e-5);
    QCOMPARE(block.worstShareAt, std::string("dog/3"));
    QCOMPARE(report.output.lowest, 90.123456789012345);
    QCOMPARE(report.changed, std::int64_t{1});
    QCOMPARE(report.findings.size(), std::size_t{1});
    inputs[2].verdict = inputs[2].blocks[1].verdict = Verdict::fail;
    const SetReport failed = summarize(head(5), inputs);
    QVERIFY(failed.verdict == Verdict::fail && failed.blocks[1].verdict == Verdict::fail && failed.blocks[0].verdict == Verdict::pass);
    QCOMPARE(failed.blocks[1].failed, std::int64_t{1});
}

void TestInputSet::labelsGiveAccuracyByPhase() {
    const SetReport named = summarize(head(4), results());
    QCOMPARE(named.labelled, std::int64_t{4});
    QCOMPARE(named.correct[1], std::int64_t{3});
    QCOMPARE(named.correct[2], std::int64_t{2});
    QCOMPARE(named.correct[0], std::int64_t{0});
    SetHead h = head(4);
    h.classNames.clear();
    QCOMPARE(summarize(h, results()).labelled, std::int64_t{0}); // two folders, three classes: nobody knows which
    h.labels = {"cat", "dog", "zebra"};
    QCOMPARE(summarize(h, results()).correct[1], std::int64_t{3}); // sorted, as ImageFolder numbers them
}

void TestInputSet::shardsJoinToTheSameReport() {
    const std::vector<InputResult> all = results();
    write("1.jsonl", linesOf(head(4), {all[0], all[2]}));
    write("2.jsonl", linesOf(head(4), {all[1], all[3]}));
    const SetReport whole = summarize(head(4), all);
    QCOMPARE(toJson(mergeShards({path("2.jsonl"), path("1.jsonl")})), toJson(whole));
    QCOMPARE(toHtml(mergeShards({path("1.jsonl"), path("2.jsonl")})), toHtml(whole));
    SetHead other = head(4);
    other.reproduce += " --size 64";
    write("other.jsonl", linesOf(other, {all[1], all[3]}));
    QCOMPARE(test::refusal(ErrorCode::malformed, "--size 64", [&] { mergeShards({path("1.jsonl"), path("other.jsonl")}); }), QString());
}

void TestInputSet::missingAndDoubleInputsAreFound() {
    const std::vector<InputResult> all = results();
    write("part.jsonl", linesOf(head(4), {all[0], all[2]}));
    const SetReport part = mergeShards({path("part.jsonl")});
    QVERIFY(part.verdict == Verdict::fail);
    QCOMPARE(part.findings.front().first.code, std::string("missing-inputs"));
    QCOMPARE(test::refusal(ErrorCode::malformed, "twice", [&] { mergeShards({path("part.jsonl"), path("part.jsonl")}); }), QString());
}

void TestInputSet::brokenLinesAreRefused_data() {
    const std::string h = headLine(head(1)), line = inputLine(results()[0]), end = endLine(1);
    auto row = test::defectRows("text");
    row("empty", "", ErrorCode::truncated, "");
    row("no head", line + end, ErrorCode::malformed, "line 1");
    row("no end", h + line, ErrorCode::truncated, "end line");
    row("an input lost", h + end, ErrorCode::truncated, "1 inputs");
    row("cut line", h + line.substr(0, line.size() / 2), ErrorCode::malformed, "line 2");
    row("no JSON", "hello\n", ErrorCode::malformed, "line 1");
    row("deep", std::string(100000, '['), ErrorCode::malformed, "deep");
    row("index too large", h + inputLine([] { auto r = results()[0]; r.index = 7; return r; }()) + end, ErrorCode::malformed, "below 1");
    row("too few blocks", h + inputLine([] { auto r = results()[0]; r.blocks.pop_back(); return r; }()) + end, ErrorCode::malformed, "blocks");
    row("number as text", "{\"kind\":\"head\",\"file\":3}\n", ErrorCode::malformed, "line 1");
    row("two heads", h + h + line + end, ErrorCode::malformed, "line 2");
    row("behind the end", h + line + end + line, ErrorCode::malformed, "behind the end");
}

void TestInputSet::brokenLinesAreRefused() {
    QFETCH(QByteArray, text);
    QFETCH(int, code);
    QFETCH(QString, word);
    write("broken.jsonl", text.toStdString());
    QCOMPARE(test::refusal(static_cast<ErrorCode>(code), word, [&] { mergeShards({path("broken.jsonl")}); }), QString());
}

void TestInputSet::everyFormatHoldsTheFigures() {
    const SetReport report = summarize(head(4), results());
    for (const std::string& text : {toText(report), toMarkdown(report), toCsv(report), toHtml(report), toJson(report)})
        QVERIFY2(text.find("two") != std::string::npos && text.find("110.1") != std::string::npos && text.find("cat/1") != std::string::npos, text.c_str());
    QXmlStreamReader reader(QByteArray::fromStdString(toJunit(report)));
    int cases = 0;
    while (!reader.atEnd()) cases += reader.readNext() == QXmlStreamReader::StartElement && reader.name() == QLatin1String("testcase");
    QVERIFY2(!reader.hasError(), qPrintable(reader.errorString()));
    QCOMPARE(cases, 4 + 2 + 1);
    for (const char* name : {"s.html", "s.md", "s.csv", "s.xml", "s.json"}) {
        writeReport(report, path(name));
        QVERIFY(QFile::exists(m_folder.filePath(QLatin1String(name))));
    }
    QCOMPARE(test::refusal(ErrorCode::usage, ".html", [&] { writeReport(report, path("s.txt")); }), QString());
}

QTEST_APPLESS_MAIN(TestInputSet)
#include "tst_input_set.moc"
