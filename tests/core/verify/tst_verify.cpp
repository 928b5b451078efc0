// SPDX-License-Identifier: Apache-2.0
#include "core/exec/network.h"
#include "core/fusion/write_fused.h"
#include "core/io/torch_zip.h"
#include "core/verify/against.h"
#include "core/verify/expect.h"
#include "core/verify/judge.h"
#include "core/verify/report.h"
#include "tests/support/naive.h"
#include "tests/support/random_blocks.h"
#include "tests/support/refusal.h"
#include "tests/support/tiny_repvgg.h"

#include <cmath>

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

using namespace rp;
using namespace rp::verify;

class TestVerify : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void aRightModelPasses();
    void jsonHasTheStableFields();
    void roundingBoundIsTheStatedFormula();
    void reductionLengthMultipliesAlongChains();
    void aRefusedBlockMakesAWarning();
    void invalidNumbersFail();
    void staleCachedKernelIsAWarning();
    void deployFormIsRefused();
    void looseBlocksHaveNoCumulativeFigures();
    void oneBlockOnly();
    void changedKernelInAnotherFileIsFound();
    void expectedOutputOfTrainModeIsNamed();
    void everyReportFormatNamesTheVerdict();
    void branchesThatCancelAreNotMisjudged();

private:
    families::OpenedModel opened(std::vector<NamedTensor> tensors, const char* name = "tiny.pth");
    Report verified(const families::OpenedModel& model, VerifyOptions options = {});

    QTemporaryDir m_folder;
    TensorD m_input;
};

namespace {

TensorD output(const families::OpenedModel& model, Phase phase, const TensorD& input) {
    const auto engine = makeReferenceEngine();
    Network network(model.model, fusion::fuseModel(model.model).forms(model.model), *engine);
    return engine->read(network.run(engine->load(input), phase));
}

bool hasFinding(const Report& report, const char* code) { return std::ranges::any_of(report.findings, [&](const Finding& f) { return f.code == code; }); }

} // namespace

families::OpenedModel TestVerify::opened(std::vector<NamedTensor> tensors, const char* name) {
    const std::string path = m_folder.filePath(name).toStdString();
    io::writeTorchZip(path, tensors, "state_dict", true, {});
    return families::openModel(path);
}

Report TestVerify::verified(const families::OpenedModel& model, VerifyOptions options) {
    options.inputName = "test";
    return verifyModel(model, fusion::fuseModel(model.model), m_input, options);
}

void TestVerify::initTestCase() {
    std::mt19937_64 generator(1);
    m_input = naive::reals({2, 3, 64, 64}, generator);
}

void TestVerify::aRightModelPasses() {
    const Report report = verified(opened(test::tensorsOf({})));
    QVERIFY(report.verdict == Verdict::pass);
    const Questions& q = report.questions;
    for (const Answer* a : {&q.structure, &q.algebra, &q.rounding, &q.drift, &q.decision}) {
        QVERIFY(a->asked);
        QVERIFY(a->verdict == Verdict::pass);
        QVERIFY(!a->sentence.empty());
    }
    QVERIFY(*q.algebra.value > 250);
    for (const BlockReport& block : report.blocks) {
        QVERIFY(block.local->maxAbs <= block.roundingBound);
        QVERIFY(block.cumulative);
        QVERIFY(*block.stored->snr > 120 && *block.stored->snr < 200); // rounded once to float32
        QVERIFY(*block.train->snr < 60);                               // phase train is another function
    }
    QCOMPARE(report.phases[1].convolutions, std::int64_t{13});
    QCOMPARE(report.phases[2].convolutions, std::int64_t{7});
    QCOMPARE(report.phases[2].norms, std::int64_t{0});
    QCOMPARE(report.phases[0].top.size(), std::size_t{2});
}

void TestVerify::jsonHasTheStableFields() {
    const Report report = verified(opened(test::tensorsOf({})));
    const QJsonObject root = QJsonDocument::fromJson(QByteArray::fromStdString(toJson(report))).object();
    QCOMPARE(root["verdict"].toString(), QStringLiteral("pass"));
    for (const char* name : {"structure", "algebra", "rounding", "drift", "decision"})
        QCOMPARE(root["questions"].toObject()[QLatin1String(name)].toObject()["verdict"].toString(), QStringLiteral("pass"));
    const QJsonObject block = root["blocks"].toArray().first().toObject();
    for (const char* key : {"name", "family", "fusable", "reason", "verdict", "exactness", "branches", "local", "cumulative", "certificate"})
        QVERIFY2(block.contains(QLatin1String(key)), key);
    QCOMPARE(block["local"].toObject()["maxAbs"].toDouble(), report.blocks.front().local->maxAbs);
    QVERIFY(root.contains("findings") && root.contains("reproduce"));
}

void TestVerify::roundingBoundIsTheStatedFormula() {
    test::Generator generator(2);
    const ExprPtr body = test::repvggBody({8, 8, 1, 1, false}, generator);
    QCOMPARE(roundingBound(*body, 3.0), 8 * std::pow(2.0, -23) * std::sqrt(72.0) * 3.0);
}

void TestVerify::reductionLengthMultipliesAlongChains() {
    test::Generator generator(3);
    const ExprPtr a = makeExpr("a", test::randomConv(10, 4, {1, 1}, 1, false, false, generator));
    const ExprPtr b = makeExpr("b", test::randomConv(6, 10, {3, 3}, 1, false, false, generator));
    QCOMPARE(reductionLength(*makeExpr("chain", Chain{{a, b}})), 4.0 * 90.0);
    QCOMPARE(reductionLength(*makeExpr("sum", Sum{{a, makeExpr("chain", Chain{{a, b}})}})), 360.0);
}

void TestVerify::aRefusedBlockMakesAWarning() {
    std::vector<NamedTensor> tensors = test::tensorsOf({});
    test::erase(tensors, "stage2.1.rbr_1x1.bn.running_var");
    const Report report = verified(opened(tensors));
    QVERIFY(report.verdict == Verdict::warn);
    QVERIFY(report.blocks[3].verdict == Verdict::refused);
    QVERIFY(report.blocks[2].verdict == Verdict::pass);
    QVERIFY(report.blocks[2].local && !report.blocks[2].cumulative); // not run whole
}

void TestVerify::invalidNumbersFail() {
    std::vector<NamedTensor> tensors = test::tensorsOf({});
    test::replace(tensors, "stage2.1.rbr_dense.bn.running_var", TensorF({12}, std::vector<float>(12, -1)));
    const Report report = verified(opened(tensors));
    QVERIFY(report.verdict == Verdict::fail);
    QVERIFY(hasFinding(report, "negative-variance"));
}

void TestVerify::staleCachedKernelIsAWarning() {
    std::vector<NamedTensor> tensors = test::tensorsOf({});
    tensors.push_back({"stage1.0.rbr_reparam.weight", StoredTensor::of(TensorF(Shape{8, 8, 3, 3}))});
    tensors.push_back({"stage1.0.rbr_reparam.bias", StoredTensor::of(TensorF(Shape{8}))});
    const Report report = verified(opened(tensors));
    QVERIFY(report.verdict == Verdict::warn);
    QVERIFY(hasFinding(report, "stale-cached-kernel"));
}

void TestVerify::deployFormIsRefused() {
    test::TinyRepVgg spec;
    spec.deploy = true;
    const auto model = opened(test::tensorsOf(spec));
    QCOMPARE(test::refusal(ErrorCode::nothingToFuse, "deploy form", [&] { verified(model); }), QString());
}

void TestVerify::looseBlocksHaveNoCumulativeFigures() {
    std::vector<NamedTensor> tensors;
    for (NamedTensor& t : test::tensorsOf({}))
        if (t.name.starts_with("stage2.")) tensors.push_back({"neck.rep" + t.name.substr(7), t.tensor});
    const Report report = verified(opened(tensors));
    QVERIFY(report.verdict == Verdict::pass);
    for (const BlockReport& block : report.blocks) QVERIFY(block.local && !block.cumulative);
    QVERIFY(!report.questions.drift.asked);
    QVERIFY(report.input.find("seeded noise") != std::string::npos); // not the input that was given for the network
}

void TestVerify::oneBlockOnly() {
    const auto model = opened(test::tensorsOf({}));
    VerifyOptions options;
    options.block = "stage2.1";
    const Report report = verified(model, options);
    QCOMPARE(report.blocks.size(), std::size_t{1});
    QVERIFY(report.blocks.front().local && report.blocks.front().cumulative);
    options.block = "stage9";
    QCOMPARE(test::refusal(ErrorCode::usage, "stage9", [&] { verified(model, options); }), QString());
}

void TestVerify::changedKernelInAnotherFileIsFound() {
    const auto model = opened(test::tensorsOf({}));
    const auto fusion = fusion::fuseModel(model.model);
    std::vector<NamedTensor> deploy = fusion::fusedTensors(model.model, fusion, model.weights->tensors);
    Report same = verified(model);
    addAgainst(same, model, fusion, opened(deploy, "deploy.pth"), m_input);
    QVERIFY(same.verdict == Verdict::pass);
    QVERIFY(same.blocks[3].against->exact);

    const auto& conv = std::get<Conv>(fusion.blocks[3].stored->op);
    TensorF weight = conv.weight.toFloat();
    weight.edit()[17] += 0.01F;
    test::replace(deploy, "stage2.1.rbr_reparam.weight", weight);
    Report other = verified(model);
    addAgainst(other, model, fusion, opened(deploy, "changed.pth"), m_input);
    QVERIFY(other.verdict == Verdict::fail);
    QVERIFY(other.blocks[3].verdict == Verdict::fail);
    QVERIFY(other.blocks[2].verdict == Verdict::pass);
    QVERIFY(std::abs(other.blocks[3].against->maxAbs - 0.01) < 1e-6);
}

void TestVerify::expectedOutputOfTrainModeIsNamed() {
    const auto model = opened(test::tensorsOf({}));
    const auto fusion = fusion::fuseModel(model.model);
    Report right = verified(model);
    addExpect(right, model, fusion, m_input, output(model, Phase::eval, m_input));
    QVERIFY(right.verdict == Verdict::pass);
    Report train = verified(model);
    addExpect(train, model, fusion, m_input, output(model, Phase::train, m_input));
    QVERIFY(train.verdict == Verdict::fail);
    QVERIFY(hasFinding(train, "train-mode"));
    Report neither = verified(model);
    TensorD other = output(model, Phase::eval, m_input);
    for (double& v : other.edit()) v *= 1.1;
    addExpect(neither, model, fusion, m_input, other);
    QVERIFY(neither.verdict == Verdict::fail);
    QVERIFY(!hasFinding(neither, "train-mode"));
}

void TestVerify::everyReportFormatNamesTheVerdict() {
    const Report report = verified(opened(test::tensorsOf({})));
    for (const char* name : {"r.html", "r.md", "r.csv", "r.xml", "r.json"}) {
        writeReport(report, m_folder.filePath(QLatin1String(name)).toStdString());
        QFile file(m_folder.filePath(QLatin1String(name)));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray text = file.readAll();
        QVERIFY2(text.contains("stage2.1"), name);
        QVERIFY2(text.contains(name == QByteArray("r.xml") ? "failures=\"0\"" : "pass"), name);
        QVERIFY2(!text.contains(m_folder.path().toUtf8()), "a report carries a path of the machine");
    }
    QCOMPARE(test::refusal(ErrorCode::usage, ".html", [&] { writeReport(report, m_folder.filePath("r.txt").toStdString()); }), QString());
}

void TestVerify::branchesThatCancelAreNotMisjudged() {
    // The 1x1 takes away what the centre tap of the 3x3 gives, up to one part in a thousand.
    std::vector<NamedTensor> tensors = test::tensorsOf({});
    const StateDict dict(test::tensorsOf({}));
    TensorF dense(Shape{8, 8, 3, 3}), one(Shape{8, 8, 1, 1});
    for (std::int64_t i = 0; i < 64; ++i) {
        dense.edit()[static_cast<std::size_t>(i * 9 + 4)] = 1;
        one.edit()[static_cast<std::size_t>(i)] = -0.999F;
    }
    test::replace(tensors, "stage1.0.rbr_dense.conv.weight", dense);
    test::replace(tensors, "stage1.0.rbr_1x1.conv.weight", one);
    for (const char* part : {"weight", "bias", "running_mean", "running_var"})
        test::replace(tensors, std::string("stage1.0.rbr_1x1.bn.") + part, dict.find(std::string("stage1.0.rbr_dense.bn.") + part)->toFloat());
    const Report report = verified(opened(tensors));
    QVERIFY2(report.blocks[1].verdict == Verdict::pass, qPrintable(QString::fromStdString(toText(report))));
}

QTEST_APPLESS_MAIN(TestVerify)
#include "tst_verify.moc"
