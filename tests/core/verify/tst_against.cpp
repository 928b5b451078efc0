// SPDX-License-Identifier: Apache-2.0
// Somebody else's files and outputs: fused by PyTorch in float32 as published code does, rightly and with one mistake each
// (tests/data/torch_faults.py), under other names, as ONNX, and the real pairs of the shared folder.
#include "core/io/npy.h"
#include "core/io/torch_zip.h"
#include "core/verify/against.h"
#include "core/verify/diagnosis/kernel_check.h"
#include "core/verify/expect.h"
#include "core/verify/pairing.h"
#include "core/verify/report.h"
#include "tests/core/verify/faulty_fusion.h"
#include "tests/support/naive.h"
#include "tests/support/python.h"
#include "tests/support/refusal.h"
#include "tests/support/shared.h"
#include "tests/support/tiny_repvgg.h"
#include "tests/support/tiny_state.h"

#include <QTemporaryDir>
#include <QTest>

using namespace rp;
using namespace rp::verify;

class TestAgainst : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void filesAreJudgedAndExplained_data();
    void filesAreJudgedAndExplained();
    void outputsAreExplained_data();
    void outputsAreExplained();
    void aSkippedSeOfAnOnnxFileIsNamed();
    void aReflectedBorderIsNamed();
    void twoFaultsOfAnOutput();
    void aBorderOfZerosIsNamed();
    void weightSetsOfOneFileAreCompared();
    void theFirstBlockThatDepartsIsNamed();
    void causesComeWithRunnersUpInEveryReport();
    void shuffledBlocksWithoutNamesArePaired();
    void lostDilationIsNamed();
    void aKernelOfAnotherShapeIsNamed();
    void staleCachedKernelsAreExplained();
    void realPairsGiveTheirVerdict_data();
    void realPairsGiveTheirVerdict();
    void unrelatedFilesAreRefused();

private:
    families::OpenedModel train(int se) const;
    Report against(int se, const char* file) const;
    std::string path(int se, const std::string& name) const { return m_folder.filePath(QStringLiteral("%1/").arg(se)).toStdString() + name; }

    QTemporaryDir m_folder;
};

namespace {

const Finding* find(const Report& report, const std::string& code) {
    for (const Finding& f : report.findings)
        if (f.code == code) return &f;
    return nullptr;
}

} // namespace

void TestAgainst::initTestCase() {
    if (!test::pythonHas("torch")) QSKIP("python3-torch is not installed");
    for (int se : {0, 1}) {
        QVERIFY(QDir(m_folder.path()).mkdir(QString::number(se)));
        const QString folder = m_folder.filePath(QString::number(se));
        QCOMPARE(test::runDataScript("torch_faults.py", folder, {folder, "--se", QString::number(se), QStringLiteral(REPSCOPE_SOURCE_DIR "/tests/data")}), QString());
    }
}

families::OpenedModel TestAgainst::train(int se) const {
    families::OpenOptions options;
    options.weights = "model";
    return families::openModel(path(se, "model.pth"), options);
}

Report TestAgainst::against(int se, const char* file) const {
    const families::OpenedModel opened = train(se);
    const fusion::ModelFusion fusion = fusion::fuseModel(opened.model);
    const TensorD x = io::readNpyFile(path(se, "x.npy")).toDouble();
    VerifyOptions options;
    options.inputIsNoise = true;
    Report report = verifyModel(opened, fusion, x, options);
    families::OpenOptions other;
    other.deployOf = &opened.model;
    addAgainst(report, opened, fusion, families::openModel(path(se, file), other), x);
    return report;
}

void TestAgainst::filesAreJudgedAndExplained_data() {
    QTest::addColumn<int>("se");
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("verdict");
    QTest::addColumn<QString>("code");   ///< empty: no finding beside the figures
    QTest::addColumn<int>("blocks");     ///< whose verdict is fail
    auto row = [](int se, const char* file, const char* verdict, const char* code, int blocks) {
        QTest::addRow("%s, se %d", file, se) << se << file << verdict << code << blocks;
    };
    for (int se : {0, 1}) {
        row(se, "right.pth", "pass", "", 0);
        row(se, "right.onnx", "pass", "", 0);
        row(se, "timm.pth", "pass", "", 0);
        row(se, "half.pth", "pass", "", 0);
    }
    row(0, "int8.pth", "pass", "int8", 0);
    row(0, "eps.pth", "fail", "eps", 10);
    row(0, "eps.onnx", "fail", "eps", 10);
    row(0, "timm_eps.pth", "fail", "eps", 10);
    row(0, "mean_forgotten.pth", "fail", "mean-ignored", 10);
    row(0, "gamma_over_var.pth", "fail", "gamma-over-var", 10);
    row(0, "no_identity.pth", "fail", "branch-omitted", 5);
    row(0, "yolov7_identity.pth", "fail", "identity-ignores-groups", 3); // of WongKinYiu/yolov7
    row(0, "corner.pth", "fail", "branch-misplaced", 10);
    row(0, "no_bias.pth", "fail", "bias-ignored", 10);
    row(0, "transposed.pth", "fail", "kernel-turned", 10);
    row(0, "one_block.pth", "fail", "branch-misplaced", 1);
    row(0, "ema.pth", "fail", "other-weights", 10);
    row(0, "nan.pth", "fail", "nan", 1);
    row(0, "not_fused.pth", "warn", "not-fused", 0);
    row(0, "no_padding.onnx", "fail", "padding-differs", 2); // of timm byobnet
    row(0, "padding_mode.onnx", "fail", "padding-differs", 2); // of RepVGG, whose branches never get the mode
    row(1, "se_skipped.onnx", "fail", "se-skipped", 0);      // of mmpretrain
    row(1, "eps.pth", "fail", "eps", 10);
}

void TestAgainst::filesAreJudgedAndExplained() {
    QFETCH(int, se);
    QFETCH(QString, file);
    QFETCH(QString, verdict);
    QFETCH(QString, code);
    QFETCH(int, blocks);
    const Report report = against(se, file.toUtf8().constData());
    const std::string text = toText(report);
    QVERIFY2(toString(report.verdict) == verdict.toStdString(), text.c_str());
    QCOMPARE(static_cast<int>(std::ranges::count(report.blocks, Verdict::fail, &BlockReport::verdict)), blocks);
    for (const Finding& f : report.findings) { // nothing else is claimed
        const bool figure = f.code == "against-output" || f.code == "first-departure" || f.code == "file-note";
        QVERIFY2(figure || f.code == code.toStdString(), (f.code + "\n" + text).c_str());
    }
    if (!code.isEmpty()) QVERIFY2(find(report, code.toStdString()) && !find(report, code.toStdString())->remedy.empty(), text.c_str());
    for (const BlockReport& block : report.blocks) QVERIFY2(block.against || code == QLatin1String("nan"), block.name.c_str()); // all are paired
}

void TestAgainst::outputsAreExplained_data() {
    QTest::addColumn<int>("se");
    QTest::addColumn<QString>("output");
    QTest::addColumn<QString>("code");
    auto row = [](int se, const char* output, const char* code) { QTest::addRow("%s, se %d", output, se) << se << output << code; };
    row(0, "eval", "expected-output");
    row(0, "train", "train-mode");
    row(0, "bgr", "bgr");
    row(0, "not_normalised", "not-normalised");
    row(0, "softmax", "softmax");
    row(0, "eps", "eps");
    row(0, "no_identity", "branch-omitted");
    row(1, "train", "train-mode");
    row(1, "se_skipped", "se-skipped"); // of mmpretrain: no file shows it
    row(1, "eps", "eps");
}

void TestAgainst::outputsAreExplained() {
    QFETCH(int, se);
    QFETCH(QString, output);
    QFETCH(QString, code);
    const families::OpenedModel opened = train(se);
    Report report;
    addExpect(report, opened, fusion::fuseModel(opened.model), io::readNpyFile(path(se, "x.npy")).toDouble(),
              io::readNpyFile(path(se, "y_" + output.toStdString() + ".npy")).toDouble());
    const std::string text = toText(report);
    const bool right = output == "eval";
    QVERIFY2(report.verdict == (right ? Verdict::pass : Verdict::fail), text.c_str());
    QCOMPARE(report.findings.size(), std::size_t{1});
    QVERIFY2(report.findings.front().code == code.toStdString(), text.c_str());
    QCOMPARE(report.diagnoses.size(), std::size_t{right ? 0u : 1u});
    if (!right) QVERIFY2(report.diagnoses.front().outcome == Diagnosis::Outcome::explained && report.diagnoses.front().ranked.size() > 1, text.c_str());
}

/// Exported, squeeze-and-excitation is a mean, two convolutions, a sigmoid and a product.
void TestAgainst::aSkippedSeOfAnOnnxFileIsNamed() {
    const families::OpenedModel opened = families::openModel(path(1, "right.onnx"));
    QVERIFY(std::ranges::none_of(opened.model.graph, [](const Node& n) {
        const auto* op = std::get_if<Operation>(&n.what);
        return op && std::holds_alternative<SqueezeExcite>(op->kind);
    }));
    for (const auto& [output, code] : {std::pair{"y_se_skipped.npy", "se-skipped"}, {"y_eval.npy", "expected-output"}}) {
        Report report = reportWithoutFusion(opened, {});
        addExpect(report, opened, fusion::fuseModel(opened.model), io::readNpyFile(path(1, "x.npy")).toDouble(), io::readNpyFile(path(1, output)).toDouble());
        QVERIFY2(find(report, code), toText(report).c_str());
        QVERIFY2(report.verdict == (std::string_view(code) == "se-skipped" ? Verdict::fail : Verdict::pass), toText(report).c_str());
    }
}

void TestAgainst::aReflectedBorderIsNamed() {
    const Report report = against(0, "padding_mode.onnx");
    QVERIFY2(find(report, "padding-differs")->message.find("mode reflect") != std::string::npos, toText(report).c_str());
    QVERIFY2(find(against(0, "no_padding.onnx"), "padding-differs")->message.find("mode") == std::string::npos, "no border stands there");
}

void TestAgainst::twoFaultsOfAnOutput() {
    const families::OpenedModel opened = train(0);
    Report report;
    addExpect(report, opened, fusion::fuseModel(opened.model), io::readNpyFile(path(0, "x.npy")).toDouble(),
              io::readNpyFile(path(0, "y_bgr_softmax.npy")).toDouble());
    const Explanation& best = report.diagnoses.front().ranked.front();
    QVERIFY2(best.complete && best.faults == 2 && best.code.find("bgr") != std::string::npos && best.code.find("softmax") != std::string::npos, toText(report).c_str());
}

/// A 1x1 with bias before a zero-padded 3x3: the kernels are right, the rim is not. One block, run by plain loops.
void TestAgainst::aBorderOfZerosIsNamed() {
    test::TinyState state;
    state.conv("block.expand_conv", 16, 8, 1, true).conv("block.fea_conv", 16, 16, 3, true).conv("block.reduce_conv", 8, 16, 1, true);
    const std::string file = m_folder.filePath("border.pth").toStdString();
    io::writeTorchZip(file, state.tensors, "state_dict", true, {});
    const families::OpenedModel opened = families::openModel(file);
    const StateDict dict(std::move(state.tensors));
    auto conv = [&](const std::string& name, std::int64_t padding) {
        Conv c;
        c.weight = Param(dict.find("block." + name + ".weight")->toDouble());
        c.bias = Param(dict.find("block." + name + ".bias")->toDouble());
        c.padding = Padding::same(padding);
        return c;
    };
    std::mt19937_64 generator(5);
    const TensorD x = naive::reals({1, 8, 9, 11}, generator);
    const TensorD t = naive::convolve(conv("expand_conv", 0), x), bias = conv("expand_conv", 0).bias->toDouble();
    const TensorD bordered = naive::pad(Padding::same(1), {bias.values().begin(), bias.values().end()}, t);
    auto rest = [&](const TensorD& u) { return naive::finish(naive::convolve(conv("reduce_conv", 0), naive::finish(u, nullptr, &t, nullptr)), nullptr, &x, nullptr); };
    const fusion::ModelFusion fusion = fusion::fuseModel(opened.model);
    Report right, wrong;
    addExpect(right, opened, fusion, x, rest(naive::convolve(conv("fea_conv", 0), bordered)));
    QVERIFY2(right.verdict == Verdict::pass, toText(right).c_str());
    addExpect(wrong, opened, fusion, x, rest(naive::convolve(conv("fea_conv", 1), t)));
    QVERIFY2(wrong.verdict == Verdict::fail && wrong.findings.front().code == "zero-border", toText(wrong).c_str());
    QVERIFY(wrong.diagnoses.front().outcome == Diagnosis::Outcome::explained);
}

void TestAgainst::weightSetsOfOneFileAreCompared() {
    const families::OpenedModel opened = train(0);
    families::OpenOptions options;
    options.weights = "ema";
    const families::OpenedModel ema = families::openModel(path(0, "model.pth"), options);
    const fusion::ModelFusion fusion = fusion::fuseModel(opened.model);
    const TensorD x = io::readNpyFile(path(0, "x.npy")).toDouble();
    AgainstOptions same;
    same.isSameFile = true;
    Report report = verifyModel(opened, fusion, x, {});
    addAgainst(report, opened, fusion, ema, x, same);
    QVERIFY(report.verdict == Verdict::fail);
    QVERIFY(find(report, "other-weights") && !find(report, "not-fused"));
    Report equal = verifyModel(opened, fusion, x, {});
    addAgainst(equal, opened, fusion, opened, x, same);
    QVERIFY2(!find(equal, "not-fused") && find(equal, "against-output")->message.find("equal") != std::string::npos, toText(equal).c_str());
}

void TestAgainst::theFirstBlockThatDepartsIsNamed() {
    const Report kernel = against(0, "one_block.pth");
    QVERIFY(find(kernel, "first-departure")->block == "stage2.1");
    QVERIFY(find(kernel, "first-departure")->message.find("whose convolution differs") != std::string::npos);
    const Report tail = against(1, "se_skipped.onnx");
    QVERIFY(find(tail, "first-departure")->block == "stage1.0");
    QVERIFY2(find(tail, "first-departure")->message.find("between stage0 and it") != std::string::npos, toText(tail).c_str());
}

void TestAgainst::causesComeWithRunnersUpInEveryReport() {
    const Report report = against(0, "one_block.pth");
    QCOMPARE(report.diagnoses.size(), std::size_t{1});
    const Diagnosis& d = report.diagnoses.front();
    QVERIFY(d.block == "stage2.1" && d.ranked.size() == 4 && d.ranked[0].decibels > d.ranked[1].decibels + 40);
    for (const std::string& text : {toText(report), toMarkdown(report), toHtml(report), toJson(report)})
        for (const Explanation& e : d.ranked) QVERIFY2(text.find(e.sentence) != std::string::npos, text.c_str());
}

void TestAgainst::shuffledBlocksWithoutNamesArePaired() {
    std::vector<Unit> ours, theirs;
    for (unsigned i = 0; i < 6; ++i) {
        const test::PlainBlock block = test::plainBlock("RepVGG", 8, 1, i);
        const ExprPtr body = test::expressionOf(block);
        ours.push_back({"block" + std::to_string(i), body, body, 8, i, std::nullopt});
    }
    for (std::size_t i : {3u, 0u, 5u, 1u, 4u, 2u}) theirs.push_back({"conv_" + std::to_string(theirs.size()), ours[i].body, ours[i].body, 8, theirs.size(), std::nullopt});
    const auto partners = pairUnits(ours, theirs);
    const std::vector<std::size_t> expected{1, 3, 5, 0, 4, 2};
    for (std::size_t i = 0; i < partners.size(); ++i) QCOMPARE(*partners[i], expected[i]);
    // With nothing in common but their order, they are paired in order.
    std::vector<Unit> strangers;
    for (unsigned i = 0; i < 6; ++i) {
        const ExprPtr body = test::expressionOf(test::plainBlock("RepVGG", 8, 1, 20 + i));
        strangers.push_back({"other" + std::to_string(i), body, body, 8, i, std::nullopt});
    }
    const auto inOrder = pairUnits(ours, strangers);
    for (std::size_t i = 0; i < inOrder.size(); ++i) QCOMPARE(*inOrder[i], i);
}

/// yolov7's fuse_conv_and_bn builds the fused convolution without the dilation of the one that it replaces.
void TestAgainst::lostDilationIsNamed() {
    const test::PlainBlock block = test::plainBlock("biased", 8, 1, 1);
    const test::PlainBranch& branch = block.branches.front();
    Conv conv;
    conv.weight = Param(TensorF(Shape{8, 8, 3, 3}, branch.weight));
    conv.bias = Param(TensorF(Shape{8}, branch.bias));
    conv.padding = Padding::same(2);
    conv.dilation = {2, 2};
    Conv dense = conv;
    dense.dilation = {1, 1};
    const KernelCheck check = checkKernel("block", makeExpr("dilated", conv), 8, makeExpr("fused", dense), {});
    QCOMPARE(check.findings.size(), std::size_t{1});
    QVERIFY2(check.findings.front().code == "dilation-lost" && check.findings.front().message.find("2x2") != std::string::npos, check.findings.front().message.c_str());
    QVERIFY(checkKernel("block", makeExpr("dilated", conv), 8, makeExpr("fused", conv), {}).findings.empty());
}

/// DiverseBranchBlock's transVI pads a 1x3 kernel by height and width exchanged: it becomes 1x5.
void TestAgainst::aKernelOfAnotherShapeIsNamed() {
    const test::PlainBlock block = test::plainBlock("RepVGG", 8, 1, 1);
    Conv theirs;
    theirs.weight = Param(TensorF(Shape{8, 8, 1, 5}));
    theirs.bias = Param(TensorF(Shape{8}));
    theirs.padding = {0, 2, 0, 2};
    Conv stated = theirs;
    stated.padding = Padding::same(1); // as the presets of the 3x3 place it
    const KernelCheck check = checkKernel("block", test::expressionOf(block), 8, makeExpr("fused", stated), {});
    QVERIFY(check.findings.size() == 1 && check.findings.front().code == "against-shape");
    QVERIFY2(check.findings.front().message.find("1x5, expected 3x3") != std::string::npos, check.findings.front().message.c_str());
    Conv strided;
    const test::PlainKernel right = test::fold(block);
    strided.weight = Param(TensorF(Shape{8, 8, 3, 3}, right.weight));
    strided.bias = Param(TensorF(Shape{8}, right.bias));
    strided.padding = Padding::same(1);
    strided.stride = {2, 2};
    const KernelCheck stride = checkKernel("block", test::expressionOf(block), 8, makeExpr("fused", strided), {});
    QVERIFY(stride.findings.size() == 1 && stride.findings.front().code == "stride-differs");
}

void TestAgainst::staleCachedKernelsAreExplained() {
    std::vector<NamedTensor> tensors = test::tensorsOf({});
    const StateDict dict(test::tensorsOf({}));
    // Cached before the norm of the 1x1 had any statistics: mean 0, variance 1 — folded by hand.
    auto numbers = [&](const char* name) { return dict.find(std::string("stage2.1.") + name)->toDouble(); };
    TensorF weight(Shape{12, 12, 3, 3}), bias(Shape{12});
    const TensorD dense = numbers("rbr_dense.conv.weight"), one = numbers("rbr_1x1.conv.weight");
    for (int o = 0; o < 12; ++o) {
        auto scale = [&](const std::string& bn, bool fresh) {
            const double s = numbers((bn + ".weight").c_str())[o] / std::sqrt((fresh ? 1 : numbers((bn + ".running_var").c_str())[o]) + 1e-5);
            bias.edit()[static_cast<std::size_t>(o)] += static_cast<float>(numbers((bn + ".bias").c_str())[o] - (fresh ? 0 : numbers((bn + ".running_mean").c_str())[o]) * s);
            return s;
        };
        const double a = scale("rbr_dense.bn", false), b = scale("rbr_1x1.bn", true), c = scale("rbr_identity", false);
        for (int i = 0; i < 12; ++i)
            for (int t = 0; t < 9; ++t) {
                double v = a * dense[(o * 12 + i) * 9 + t];
                if (t == 4) v += b * one[o * 12 + i] + (i == o ? c : 0);
                weight.edit()[static_cast<std::size_t>((o * 12 + i) * 9 + t)] = static_cast<float>(v);
            }
    }
    tensors.push_back({"stage2.1.rbr_reparam.weight", StoredTensor::of(weight)});
    tensors.push_back({"stage2.1.rbr_reparam.bias", StoredTensor::of(bias)});
    const std::string file = m_folder.filePath("cached.pth").toStdString();
    io::writeTorchZip(file, tensors, "state_dict", true, {});
    const families::OpenedModel opened = families::openModel(file);
    const Report report = verifyModel(opened, fusion::fuseModel(opened.model), seededInput({1, 3, 64, 64}), {});
    QVERIFY(report.verdict == Verdict::warn);
    QVERIFY2(find(report, "stale-cached-kernel") && report.diagnoses.size() == 1, toText(report).c_str());
    QVERIFY2(report.diagnoses.front().ranked.front().sentence == "rbr_1x1.bn is folded with mean 0 and variance 1", toText(report).c_str());
}

void TestAgainst::realPairsGiveTheirVerdict_data() {
    QTest::addColumn<QString>("ours");
    QTest::addColumn<QString>("theirs");
    QTest::addColumn<QString>("verdict");
    QTest::newRow("MobileIE, the authors' fused file") << "mobileie_uieb/model_best.pkl" << "mobileie_uieb/model_best_slim.pkl" << "pass";
    QTest::newRow("MobileIE, its training graph") << "mobileie_uieb/model_best.pkl" << "mobileie_uieb/onnx/train_form.onnx" << "warn"; // not fused
    QTest::newRow("RT4KSR, its training graph") << "rt4ksr_x2/rt4ksr_x2.pth" << "rt4ksr_x2/onnx/train_form.onnx" << "warn";
}

void TestAgainst::realPairsGiveTheirVerdict() {
    QFETCH(QString, ours);
    QFETCH(QString, theirs);
    QFETCH(QString, verdict);
    if (test::sharedFile(ours).isEmpty()) QSKIP("the folder of shared checkpoints is not here (REPSCOPE_SHARED names it)");
    const families::OpenedModel opened = families::openModel(test::sharedFile(ours).toStdString());
    const fusion::ModelFusion fusion = fusion::fuseModel(opened.model);
    families::OpenOptions options;
    options.deployOf = &opened.model;
    const families::OpenedModel other = families::openModel(test::sharedFile(theirs).toStdString(), options);
    const TensorD x = seededInput({1, 3, 24, 24}, 1);
    VerifyOptions noise;
    noise.inputIsNoise = true;
    Report report = verifyModel(opened, fusion, x, noise);
    addAgainst(report, opened, fusion, other, x);
    QVERIFY2(toString(report.verdict) == verdict.toStdString(), toText(report).c_str());
    QVERIFY2(std::ranges::none_of(report.findings, [](const Finding& f) { return f.severity == Finding::Severity::fail; }), toText(report).c_str());
    QVERIFY(report.diagnoses.empty());
    QVERIFY2(find(report, "against-output") && find(report, "against-output")->message.find("outputs of both") != std::string::npos, toText(report).c_str());
}

void TestAgainst::unrelatedFilesAreRefused() {
    const families::OpenedModel opened = train(0);
    test::TinyRepVgg spec;
    spec.widths = {6, 10, 14, 18, 22};
    const families::OpenedModel other = families::openModel(test::writeTinyRepVgg(m_folder.path().toStdString(), spec, "unrelated.pth"));
    const fusion::ModelFusion fusion = fusion::fuseModel(opened.model);
    const TensorD x = io::readNpyFile(path(0, "x.npy")).toDouble();
    Report report = verifyModel(opened, fusion, x, {});
    addAgainst(report, opened, fusion, other, x);
    QVERIFY2(report.verdict == Verdict::fail && find(report, "against-shape"), toText(report).c_str());
}

QTEST_GUILESS_MAIN(TestAgainst)
#include "tst_against.moc"
