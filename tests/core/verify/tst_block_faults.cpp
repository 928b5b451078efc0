// SPDX-License-Identifier: Apache-2.0
// One mistake at a time in blocks of several families, with one group and more, five seeds: made by PyTorch
// (tests/data/torch_block_faults.py), whose kernels come from impulses, not from a rule of fusion.
#include "core/fusion/write_fused.h"
#include "core/io/npy.h"
#include "core/io/torch_zip.h"
#include "core/verify/against.h"
#include "core/verify/expect.h"
#include "core/verify/report_tables.h"
#include "tests/core/verify/faulty_fusion.h"
#include "tests/support/python.h"
#include "tests/support/tiny_repvgg.h"

#include <algorithm>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <fmt/format.h>

using namespace rp;
using namespace rp::verify;

class TestBlockFaults : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void outputsAreExplained_data();
    void outputsAreExplained();
    void kernelsAreExplained_data();
    void kernelsAreExplained();
    void cachedKernelsAreExplained_data();
    void cachedKernelsAreExplained();
    void numberFormatsAreNamed_data();
    void numberFormatsAreNamed();
    void filesWithSomethingWrongInThem_data();
    void filesWithSomethingWrongInThem();
    void nothingFusedAtAll_data();
    void nothingFusedAtAll();

private:
    QString path(const QString& name, int seed, const QString& file) const { return m_folder.filePath(QStringLiteral("%1/%2/%3").arg(name).arg(seed).arg(file)); }
    TensorD array(const QString& name, int seed, const QString& file) const { return io::readNpyFile(path(name, seed, file).toStdString()).toDouble(); }
    families::OpenedModel open(const QString& name, int seed, const QString& file = QStringLiteral("model.pth")) const;
    std::vector<NamedTensor> fusedTensors(const families::OpenedModel& opened, const TensorD& weight, const TensorD& bias) const;
    Report against(const QString& name, int seed, const TensorD& weight, const TensorD& bias) const;
    Report againstFile(const QString& name, const families::OpenedModel& opened, const std::string& file) const;

    QTemporaryDir m_folder;
};

namespace {

constexpr int kEach = 5;

struct Case {
    const char* name;
    std::vector<std::string> assume = {};
    bool se = false, outer = false;
    bool outerIsKept = false; ///< the norm behind the sum may stand beside the fused kernel: a kernel without it is right
    const char* cached = nullptr; ///< module of a fused kernel that a train file may keep beside its branches
};

const std::vector<Case> kCases{
    {"repvgg", {}, false, false, false, "rbr_reparam"},
    {"repvgg_groups", {}, false, false, false, "rbr_reparam"},
    {"repvgg_se", {}, true, false, false, "rbr_reparam"},
    {"repvgg_se_groups", {}, true, false, false, "rbr_reparam"},
    {"repvgg_timm", {}, false, false, false, "reparam_conv"},
    {"mobileone_se", {}, true, false, false, "reparam_conv"},
    {"mobileone_timm", {}, true, false, false, "reparam_conv"},
    {"mobileone_point"},
    {"mobileclip", {"stride=1"}, true},
    {"qarepvgg_1", {}, false, true},
    {"qarepvgg_2", {"groups=2"}, false, true},
    {"supergradients", {}, false, true, false, "rbr_reparam"},
    {"linearadd", {}, false, true},
    {"repvit", {}, false, true},
    {"acnet"},
    {"dbb"},
    {"dbb_groups"},
};

const Case& caseOf(const QString& name) {
    return *std::ranges::find_if(kCases, [&](const Case& c) { return name == QLatin1String(c.name); });
}

std::string textOf(const Report& report, int seed) {
    std::string text = fmt::format("seed {}: {}", seed, toString(report.verdict));
    for (const std::string& line : findingLines(report)) text += "\n" + line;
    return text;
}

const Finding* find(const Report& report, const QString& code) {
    const auto found = std::ranges::find(report.findings, code.toStdString(), &Finding::code);
    return found == report.findings.end() ? nullptr : &*found;
}

/// What is said of the files alone (which weight sets there are) is no finding about the blocks.
std::vector<Finding> findingsOf(const Report& report) {
    std::vector<Finding> findings = report.findings;
    std::erase_if(findings, [](const Finding& f) { return f.code == "file-note"; });
    return findings;
}

void rows(const char* first, const char* second) {
    QTest::addColumn<QString>(first);
    QTest::addColumn<QString>(second);
    QTest::addColumn<QString>("code");
}

void row(const Case& c, const char* fault, const char* code) { QTest::addRow("%s, %s", c.name, fault) << QString::fromLatin1(c.name) << QString::fromLatin1(fault) << QString::fromLatin1(code); }

} // namespace

void TestBlockFaults::initTestCase() {
    if (!test::pythonHas("torch")) QSKIP("python3-torch is not installed");
    QCOMPARE(test::runDataScript("torch_block_faults.py", m_folder.path(), {m_folder.path(), QStringLiteral(REPSCOPE_SOURCE_DIR "/tests/data")}), QString());
}

families::OpenedModel TestBlockFaults::open(const QString& name, int seed, const QString& file) const {
    families::OpenOptions options;
    options.assumptions = caseOf(name).assume;
    if (file == QLatin1String("model.pth")) options.weights = "model";
    return families::openModel(path(name, seed, file).toStdString(), options);
}

/// The deploy form's tensors, with the kernel that is given.
std::vector<NamedTensor> TestBlockFaults::fusedTensors(const families::OpenedModel& opened, const TensorD& weight, const TensorD& bias) const {
    const Block& block = opened.model.blocks.front();
    std::vector<NamedTensor> tensors = fusion::fusedTensors(opened.model, fusion::fuseModel(opened.model), opened.weights->tensors);
    test::replace(tensors, block.fusedWeightKey, toFloat(weight));
    test::replace(tensors, block.fusedBiasKey, toFloat(bias));
    return tensors;
}

Report TestBlockFaults::againstFile(const QString& name, const families::OpenedModel& opened, const std::string& file) const {
    const fusion::ModelFusion fusion = fusion::fuseModel(opened.model);
    const TensorD x = seededInput({1, opened.model.blocks.front().inChannels, 9, 8}, 3);
    VerifyOptions options;
    options.inputIsNoise = true;
    Report report = verifyModel(opened, fusion, x, options);
    families::OpenOptions other;
    other.deployOf = &opened.model;
    other.assumptions = caseOf(name).assume;
    AgainstOptions sets;
    sets.open.assumptions = other.assumptions;
    addAgainst(report, opened, fusion, families::openModel(file, other), x, sets);
    return report;
}

Report TestBlockFaults::against(const QString& name, int seed, const TensorD& weight, const TensorD& bias) const {
    const families::OpenedModel opened = open(name, seed);
    const std::string file = m_folder.filePath("deploy.pth").toStdString();
    io::writeTorchZip(file, fusedTensors(opened, weight, bias), "", true, {});
    return againstFile(name, opened, file);
}

void TestBlockFaults::outputsAreExplained_data() {
    rows("name", "fault");
    for (const Case& c : kCases) {
        row(c, "eval", "expected-output");
        row(c, "train", "train-mode");
        row(c, "untouched", "statistics-not-copied");
        if (c.se) row(c, "se_skipped", "se-skipped");
        if (c.se) row(c, "se_moved", "se-moved");
        if (c.outer) row(c, "outer_skipped", "norm-skipped");
        if (c.outer && QFile::exists(path(c.name, 0, "y_outer_moved.npy"))) row(c, "outer_moved", "outer-norm-moved");
    }
}

void TestBlockFaults::outputsAreExplained() {
    QFETCH(QString, name);
    QFETCH(QString, fault);
    QFETCH(QString, code);
    for (int seed = 0; seed < kEach; ++seed) {
        const families::OpenedModel opened = open(name, seed);
        Report report;
        addExpect(report, opened, fusion::fuseModel(opened.model), array(name, seed, "x.npy"), array(name, seed, "y_" + fault + ".npy"));
        const bool right = fault == "eval";
        QVERIFY2(report.verdict == (right ? Verdict::pass : Verdict::fail), textOf(report, seed).c_str());
        QVERIFY2(report.findings.size() == 1 && report.findings.front().code == code.toStdString(), textOf(report, seed).c_str());
        if (!right) QVERIFY2(report.diagnoses.front().outcome == Diagnosis::Outcome::explained, textOf(report, seed).c_str());
    }
}

void TestBlockFaults::kernelsAreExplained_data() {
    rows("name", "fault");
    for (const Case& c : kCases) {
        row(c, "right", "");
        row(c, "ema", "other-weights");
        row(c, "drift", "weight-drift");
        row(c, "untouched", "statistics-not-copied");
        if (c.outer) row(c, "outer_skipped", c.outerIsKept ? "" : "norm-skipped");
        if (c.outer && QFile::exists(path(c.name, 0, "weight_outer_moved.npy"))) row(c, "outer_moved", "outer-norm-moved");
    }
}

void TestBlockFaults::kernelsAreExplained() {
    QFETCH(QString, name);
    QFETCH(QString, fault);
    QFETCH(QString, code);
    for (int seed = 0; seed < kEach; ++seed) {
        const Report report = against(name, seed, array(name, seed, "weight_" + fault + ".npy"), array(name, seed, "bias_" + fault + ".npy"));
        QVERIFY2(report.verdict == (code.isEmpty() ? Verdict::pass : Verdict::fail), textOf(report, seed).c_str());
        if (code.isEmpty())
            QVERIFY2(findingsOf(report).empty(), textOf(report, seed).c_str());
        else
            QVERIFY2(findingsOf(report).size() == 1 && find(report, code) && !find(report, code)->remedy.empty(), textOf(report, seed).c_str());
    }
}

void TestBlockFaults::cachedKernelsAreExplained_data() {
    rows("name", "fault");
    for (const Case& c : kCases) {
        if (!c.cached) continue;
        row(c, "right", "");
        row(c, "untouched", "mean 0 and variance 1");
        row(c, "drift", "other weights of the same training");
        if (c.outer) row(c, "outer_skipped", "left out");
    }
}

/// A kernel that was fused before the training went on, kept beside the branches.
void TestBlockFaults::cachedKernelsAreExplained() {
    QFETCH(QString, name);
    QFETCH(QString, fault);
    QFETCH(QString, code);
    for (int seed = 0; seed < kEach; ++seed) {
        const families::OpenedModel opened = open(name, seed);
        std::vector<NamedTensor> tensors = opened.weights->tensors.tensors();
        const std::string prefix = "block." + std::string(caseOf(name).cached);
        for (const char* part : {"weight", "bias"}) {
            test::erase(tensors, prefix + "." + part);
            tensors.push_back({prefix + "." + part, StoredTensor::of(toFloat(array(name, seed, QString::fromLatin1(part) + "_" + fault + ".npy")))});
        }
        const std::string file = m_folder.filePath("cached.pth").toStdString();
        io::writeTorchZip(file, tensors, "", true, {});
        families::OpenOptions options;
        options.assumptions = caseOf(name).assume;
        const families::OpenedModel cached = families::openModel(file, options);
        const Report report = verifyModel(cached, fusion::fuseModel(cached.model), seededInput({1, 8, 9, 8}), {});
        QVERIFY2(report.verdict == (code.isEmpty() ? Verdict::pass : Verdict::warn), textOf(report, seed).c_str());
        QVERIFY2(static_cast<bool>(find(report, "stale-cached-kernel")) == !code.isEmpty(), textOf(report, seed).c_str());
        if (!code.isEmpty()) QVERIFY2(find(report, "stale-cached-kernel")->message.find(code.toStdString()) != std::string::npos, textOf(report, seed).c_str());
    }
}

void TestBlockFaults::numberFormatsAreNamed_data() {
    rows("name", "format");
    for (const Case& c : kCases) {
        row(c, "half", "float16");
        row(c, "bfloat", "bfloat16");
        row(c, "int8", "int8");
    }
}

/// Numbers of another format in a float32 file.
void TestBlockFaults::numberFormatsAreNamed() {
    QFETCH(QString, name);
    QFETCH(QString, format);
    QFETCH(QString, code);
    for (int seed = 0; seed < kEach; ++seed) {
        TensorF weight = toFloat(array(name, seed, "weight_right.npy")), bias = toFloat(array(name, seed, "bias_right.npy"));
        const std::size_t perChannel = weight.values().size() / bias.values().size();
        for (TensorF* values : {&weight, &bias})
            if (format != "int8")
                for (float& v : values->edit()) v = format == "half" ? test::asHalf(v) : test::asBfloat(v);
        if (format == "int8")
            for (std::size_t o = 0; o < bias.values().size(); ++o) test::quantize(weight.edit().data() + o * perChannel, perChannel);
        const Report report = against(name, seed, toDouble(weight), toDouble(bias));
        QVERIFY2(report.verdict != Verdict::fail, textOf(report, seed).c_str());
        QCOMPARE(report.diagnoses.size(), std::size_t{1});
        const Diagnosis& d = report.diagnoses.front();
        QVERIFY2(d.outcome == Diagnosis::Outcome::explained && d.ranked.front().code == code.toStdString(), textOf(report, seed).c_str());
    }
}

void TestBlockFaults::filesWithSomethingWrongInThem_data() {
    rows("name", "file");
    for (const Case& c : kCases) {
        row(c, "untouched", "untouched-bn");
        row(c, "negative", "negative-variance");
        row(c, "nan", "nan");
        row(c, "nan_kernel", "nan");
    }
}

void TestBlockFaults::filesWithSomethingWrongInThem() {
    QFETCH(QString, name);
    QFETCH(QString, file);
    QFETCH(QString, code);
    for (int seed = 0; seed < kEach; ++seed) {
        const families::OpenedModel opened = open(name, seed, file + ".pth");
        const fusion::ModelFusion fusion = fusion::fuseModel(opened.model);
        if (fusion.fusedCount() == 0) { // one block, which cannot be folded: that is said when the file is opened, or as its refusal
            const fusion::BlockFusion& block = fusion.blocks.front();
            QVERIFY(block.valueInvalid || std::ranges::find(opened.model.findings, code.toStdString(), &Finding::code) != opened.model.findings.end());
            QVERIFY(!block.reason.empty());
            continue;
        }
        const Report report = verifyModel(opened, fusion, seededInput({1, opened.model.blocks.front().inChannels, 9, 8}), {});
        QVERIFY2(find(report, code), textOf(report, seed).c_str());
        QVERIFY2(find(report, code)->severity == (file == "untouched" ? Finding::Severity::warn : Finding::Severity::fail), textOf(report, seed).c_str());
    }
}

void TestBlockFaults::nothingFusedAtAll_data() {
    QTest::addColumn<QString>("name");
    for (const Case& c : kCases) QTest::addRow("%s", c.name) << QString::fromLatin1(c.name);
}

void TestBlockFaults::nothingFusedAtAll() {
    QFETCH(QString, name);
    for (int seed = 0; seed < kEach; ++seed) {
        const families::OpenedModel opened = open(name, seed);
        const Report report = againstFile(name, opened, path(name, seed, "not_fused.pth").toStdString());
        QVERIFY2(report.verdict == Verdict::warn && find(report, "not-fused"), textOf(report, seed).c_str());
    }
}

QTEST_GUILESS_MAIN(TestBlockFaults)
#include "tst_block_faults.moc"
