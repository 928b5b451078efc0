// SPDX-License-Identifier: Apache-2.0
// Faults are put in by plain loops (faulty_fusion.h), never through the code that finds them.
#include "core/verify/diagnosis/kernel_diagnosis.h"
#include "tests/core/verify/faulty_fusion.h"

#include <cmath>

#include <QTest>

#include <fmt/format.h>

using namespace rp;
using namespace rp::test;
using namespace rp::verify;

class TestKernelDiagnosis : public QObject {
    Q_OBJECT
private slots:
    void everyFaultIsRankedFirst_data();
    void everyFaultIsRankedFirst();
    void rightFusionsAgree_data();
    void rightFusionsAgree();
    void epsIsRecovered_data();
    void epsIsRecovered();
    void numberFormatsAreNamed_data();
    void numberFormatsAreNamed();
    void twoFaultsAreFoundTogether_data();
    void twoFaultsAreFoundTogether();
    void aFaultBelowRoundingIsNotClaimed();
    void otherWeightsAreNamed();
    void someOtherKernelIsNotExplained();
    void aWideBlockIsRankedOnSomeOfItsChannels();
};

namespace {

struct Fault {
    const char* name;
    Mistakes mistakes;
    const char* code;
    const char* says; ///< a word of the sentence
};

template<class Set>
Mistakes made(Set set) {
    Mistakes m;
    set(m);
    return m;
}

KernelCase caseOf(const PlainBlock& block, const PlainKernel& kernel) {
    KernelCase c;
    c.body = expressionOf(block);
    c.inChannels = block.ic;
    c.observed = {toDouble(TensorF(Shape{block.oc, block.ic / block.groups, block.k, block.k}, kernel.weight)),
                  toDouble(TensorF(Shape{block.oc}, kernel.bias)), block.groups};
    c.padding = Padding::same(block.k / 2);
    return c;
}

std::string described(const Diagnosis& d) {
    std::string text = fmt::format("outcome {}, {:.1f} dB", static_cast<int>(d.outcome), d.decibels);
    for (const Explanation& e : d.ranked) text += fmt::format("\n  {:.1f} dB {} {}: {}", e.decibels, e.complete ? "complete" : "partial", e.code, e.sentence);
    return text;
}

/// Faults of families whose branches are, in this order, a 3x3, something smaller, and perhaps an identity.
std::vector<Fault> faultsOf(const std::string& family, std::int64_t groups) {
    std::vector<Fault> faults{
        {"branch omitted", made([](Mistakes& m) { m.omitted = 1; }), "branch-omitted", ""},
        {"branch twice", made([](Mistakes& m) { m.twice = 0; }), "branch-twice", ""},
        {"no bias", made([](Mistakes& m) { m.noBias = true; }), "bias-ignored", "no bias"},
        {"turned by 180", made([](Mistakes& m) { m.turn = 2; }), "kernel-turned", "180"},
        {"turned to the left", made([](Mistakes& m) { m.turn = 1; }), "kernel-turned", "left"},
    };
    auto add = [&](const char* name, Mistakes m, const char* code, const char* says = "") { faults.push_back({name, m, code, says}); };
    if (groups == 1) add("channels exchanged", made([](Mistakes& m) { m.exchanged = true; }), "channels-exchanged");
    if (family == "ECB") {
        add("inner bias lost", made([](Mistakes& m) { m.frontBiasLost = true; }), "inner-bias-lost", "chain.conv");
        add("conv biases", made([](Mistakes& m) { m.withoutBias = 0; }), "branch-bias-ignored", "dense");
        return faults;
    }
    add("eps", made([](Mistakes& m) { m.eps = 1e-2; }), "eps", "eps 0.01");
    add("mean", made([](Mistakes& m) { m.meanIgnored = true; }), "mean-ignored");
    add("beta", made([](Mistakes& m) { m.betaIgnored = true; }), "beta-ignored");
    add("gamma", made([](Mistakes& m) { m.gammaIgnored = true; }), "gamma-ignored");
    add("gamma / var", made([](Mistakes& m) { m.gammaOverVar = true; }), "gamma-over-var");
    add("eps outside", made([](Mistakes& m) { m.epsOutside = true; }), "eps-outside-root");
    add("untouched statistics", made([](Mistakes& m) { m.untouchedStatistics = true; }), "statistics-not-copied");
    add("turned branch", made([](Mistakes& m) { m.turn = 2, m.turnedBranch = 0; }), "kernel-turned", "180");
    if (family == "QARepVGG") {
        add("outer norm", made([](Mistakes& m) { m.outerSkipped = true; }), "norm-skipped", "bn");
    } else {
        add("norm skipped", made([](Mistakes& m) { m.normSkipped = 1; }), "norm-skipped");
        add("bias of one branch", made([](Mistakes& m) { m.withoutBias = 1; }), "branch-bias-ignored");
        add("nothing fused", made([](Mistakes& m) { m.bare = 0; }), "not-fused");
    }
    add("one branch alone", made([](Mistakes& m) { m.only = 0; }), "only-one-branch");
    add("in the corner", made([&](Mistakes& m) { m.misplaced = family == "MobileOne" ? 2 : 1; }), "branch-misplaced");
    if (family == "biased") add("conv bias", made([](Mistakes& m) { m.convBiasIgnored = true; }), "conv-bias-ignored");
    const bool hasIdentity = family != "ACNet";
    if (groups > 1 && hasIdentity) add("groups ignored", made([](Mistakes& m) { m.groupsIgnored = true; }), "identity-ignores-groups", "identity");
    if (hasIdentity) add("identity omitted", made([&](Mistakes& m) { m.omitted = family == "MobileOne" ? 3 : 2; }), "branch-omitted", "identity");
    return faults;
}

} // namespace

void TestKernelDiagnosis::everyFaultIsRankedFirst_data() {
    QTest::addColumn<QString>("family");
    QTest::addColumn<int>("groups");
    QTest::addColumn<int>("seed");
    for (int seed = 0; seed < 5; ++seed)
        for (const char* family : {"RepVGG", "MobileOne", "ACNet", "QARepVGG", "biased", "ECB"})
            for (int groups : {1, 4, 8}) {
                if (family == std::string("ECB") && groups > 1) continue;
                QTest::addRow("%s groups %d seed %d", family, groups, seed) << family << groups << seed;
            }
}

void TestKernelDiagnosis::everyFaultIsRankedFirst() {
    QFETCH(QString, family);
    QFETCH(int, groups);
    QFETCH(int, seed);
    const PlainBlock block = plainBlock(family.toStdString(), 8, groups, static_cast<unsigned>(seed));
    for (const Fault& fault : faultsOf(family.toStdString(), groups)) {
        const Diagnosis d = diagnoseKernel(caseOf(block, fold(block, fault.mistakes)));
        const std::string text = std::string(fault.name) + ": " + described(d);
        QVERIFY2(d.outcome == Diagnosis::Outcome::explained, text.c_str());
        QVERIFY2(d.ranked.front().code == fault.code, text.c_str());
        QVERIFY2(d.ranked.front().sentence.find(fault.says) != std::string::npos, text.c_str());
        QVERIFY2(d.ranked.front().faults == 1 && d.ranked.front().decibels > 120, text.c_str());
        QVERIFY2(!d.ranked.front().remedy.empty(), text.c_str());
    }
}

void TestKernelDiagnosis::rightFusionsAgree_data() {
    QTest::addColumn<QString>("family");
    QTest::addColumn<int>("trouble");
    for (const char* family : {"RepVGG", "MobileOne", "ACNet", "QARepVGG", "biased", "ECB"}) {
        QTest::addRow("%s", family) << family << 0;
        QTest::addRow("%s, small variances", family) << family << 1;
        QTest::addRow("%s, branches that cancel", family) << family << 2;
    }
}

/// Folded in float32 as frameworks do: every intermediate rounded (here: by rounding the parts before they are added).
void TestKernelDiagnosis::rightFusionsAgree() {
    QFETCH(QString, family);
    QFETCH(int, trouble);
    for (unsigned seed = 0; seed < 5; ++seed)
        for (int groups : {1, 4}) {
            if (family == "ECB" && groups > 1) continue;
            PlainBlock block = plainBlock(family.toStdString(), 8, groups, seed);
            if (trouble == 1)
                for (PlainBranch& branch : block.branches)
                    if (branch.norm)
                        for (std::size_t c = 0; c < branch.norm->var.size(); c += 2) branch.norm->var[c] = 1e-6F;
            if (trouble == 2) { // a further branch takes away all but a thousandth of the first
                PlainBranch against = block.branches.front();
                against.name = "against";
                for (float& v : against.weight) v *= -0.999F;
                for (float& v : against.bias) v *= -0.999F;
                if (against.norm) {
                    for (float& v : against.norm->mean) v *= -0.999F;
                    for (float& v : against.norm->beta) v *= -0.999F;
                }
                block.branches.push_back(against);
            }
            PlainKernel sum = fold(block);
            if (!block.outer) { // branch by branch, in float32
                sum = {std::vector<float>(sum.weight.size()), std::vector<float>(sum.bias.size())};
                for (int b = 0; b < static_cast<int>(block.branches.size()); ++b) {
                    const PlainKernel one = fold(block, made([b](Mistakes& m) { m.only = b; }));
                    for (std::size_t i = 0; i < sum.weight.size(); ++i) sum.weight[i] += one.weight[i];
                    for (std::size_t i = 0; i < sum.bias.size(); ++i) sum.bias[i] += one.bias[i];
                }
            }
            const Diagnosis d = diagnoseKernel(caseOf(block, sum));
            QVERIFY2(d.outcome == Diagnosis::Outcome::agrees, described(d).c_str());
            QVERIFY(d.ranked.empty());
        }
}

void TestKernelDiagnosis::epsIsRecovered_data() {
    QTest::addColumn<double>("theirs");
    for (double eps : {1e-3, 1e-4, 1.37e-4, 1e-6, 2.5e-2}) QTest::addRow("%g", eps) << eps;
}

void TestKernelDiagnosis::epsIsRecovered() {
    QFETCH(double, theirs);
    for (unsigned seed = 0; seed < 5; ++seed) {
        const PlainBlock block = plainBlock("RepVGG", 16, 1, seed);
        const Diagnosis d = diagnoseKernel(caseOf(block, fold(block, made([=](Mistakes& m) { m.eps = theirs; }))));
        QVERIFY2(d.outcome == Diagnosis::Outcome::explained && d.ranked.front().code == "eps", described(d).c_str());
        const std::string& sentence = d.ranked.front().sentence;
        const double found = std::stod(sentence.substr(sentence.find("eps ") + 4));
        QVERIFY2(std::abs(found / theirs - 1) < 0.01, sentence.c_str());
    }
    const PlainBlock block = plainBlock("RepVGG", 16, 1, 9);
    const Diagnosis none = diagnoseKernel(caseOf(block, fold(block, made([](Mistakes& m) { m.eps = 0; }))));
    QVERIFY2(none.ranked.front().sentence.find("eps 0, here") != std::string::npos, described(none).c_str());
}

void TestKernelDiagnosis::numberFormatsAreNamed_data() {
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("says");
    QTest::newRow("half") << "float16" << "kernel and bias";
    QTest::newRow("bfloat") << "bfloat16" << "kernel and bias";
    QTest::newRow("tensor") << "int8" << "per tensor";
    QTest::newRow("channel") << "int8" << "per channel";
}

void TestKernelDiagnosis::numberFormatsAreNamed() {
    QFETCH(QString, code);
    QFETCH(QString, says);
    for (unsigned seed = 0; seed < 5; ++seed)
        for (int groups : {1, 4}) {
            const PlainBlock block = plainBlock("RepVGG", 16, groups, seed);
            PlainKernel kernel = fold(block);
            const std::size_t row = kernel.weight.size() / kernel.bias.size();
            if (code != "int8")
                for (std::vector<float>* all : {&kernel.weight, &kernel.bias})
                    for (float& v : *all) v = code == "float16" ? asHalf(v) : asBfloat(v);
            else if (says == "per tensor")
                quantize(kernel.weight.data(), kernel.weight.size());
            else
                for (std::size_t o = 0; o < kernel.bias.size(); ++o) quantize(kernel.weight.data() + o * row, row);
            const Diagnosis d = diagnoseKernel(caseOf(block, kernel));
            QVERIFY2(d.outcome == Diagnosis::Outcome::explained && d.ranked.front().code == code.toStdString(), described(d).c_str());
            QVERIFY2(d.ranked.front().sentence.find(says.toStdString()) != std::string::npos, described(d).c_str());
        }
}

void TestKernelDiagnosis::twoFaultsAreFoundTogether_data() {
    QTest::addColumn<int>("which");
    for (int i = 0; i < 4; ++i) QTest::addRow("pair %d", i) << i;
}

void TestKernelDiagnosis::twoFaultsAreFoundTogether() {
    QFETCH(int, which);
    struct Pair {
        Mistakes mistakes;
        const char *one, *other;
    };
    const std::vector<Pair> pairs{{made([](Mistakes& m) { m.omitted = 2, m.eps = 1e-2; }), "branch-omitted", "eps"},
                                  {made([](Mistakes& m) { m.misplaced = 1, m.meanIgnored = true; }), "branch-misplaced", "mean-ignored"},
                                  {made([](Mistakes& m) { m.turn = 2, m.turnedBranch = 0, m.noBias = true; }), "kernel-turned", "bias-ignored"},
                                  {made([](Mistakes& m) { m.twice = 2, m.gammaOverVar = true; }), "branch-twice", "gamma-over-var"}};
    const Pair& pair = pairs[static_cast<std::size_t>(which)];
    for (unsigned seed = 0; seed < 5; ++seed) {
        const PlainBlock block = plainBlock("RepVGG", 8, 1, seed);
        const Diagnosis d = diagnoseKernel(caseOf(block, fold(block, pair.mistakes)));
        QVERIFY2(d.outcome == Diagnosis::Outcome::explained && d.ranked.front().faults == 2, described(d).c_str());
        for (const char* code : {pair.one, pair.other}) QVERIFY2(d.ranked.front().code.find(code) != std::string::npos, described(d).c_str());
    }
}

void TestKernelDiagnosis::aFaultBelowRoundingIsNotClaimed() {
    PlainBlock block = plainBlock("RepVGG", 8, 1, 1);
    for (PlainBranch& branch : block.branches)
        for (float& v : branch.norm->var) v *= 1e6F; // eps of 1e-4 instead of 1e-5 moves nothing by a unit in the last place
    const Diagnosis d = diagnoseKernel(caseOf(block, fold(block, made([](Mistakes& m) { m.eps = 1e-4; }))));
    QVERIFY2(d.outcome == Diagnosis::Outcome::agrees, described(d).c_str());
}

void TestKernelDiagnosis::otherWeightsAreNamed() {
    const PlainBlock block = plainBlock("RepVGG", 8, 1, 1), ema = plainBlock("RepVGG", 8, 1, 2);
    KernelCase c = caseOf(block, fold(ema));
    c.others.emplace_back("weight set 'ema'", expressionOf(ema));
    const Diagnosis d = diagnoseKernel(c);
    QVERIFY2(d.ranked.front().code == "other-weights" && d.ranked.front().sentence.find("ema") != std::string::npos, described(d).c_str());
}

void TestKernelDiagnosis::someOtherKernelIsNotExplained() {
    const PlainBlock block = plainBlock("RepVGG", 8, 1, 1);
    const Diagnosis d = diagnoseKernel(caseOf(block, fold(plainBlock("RepVGG", 8, 1, 2))));
    QVERIFY2(d.outcome == Diagnosis::Outcome::unexplained, described(d).c_str());
}

void TestKernelDiagnosis::aWideBlockIsRankedOnSomeOfItsChannels() {
    const PlainBlock block = plainBlock("RepVGG", 160, 1, 3);
    for (const Fault& fault : faultsOf("RepVGG", 1)) {
        const Diagnosis d = diagnoseKernel(caseOf(block, fold(block, fault.mistakes)));
        const std::string text = std::string(fault.name) + ": " + described(d);
        QVERIFY2(d.outcome == Diagnosis::Outcome::explained && d.ranked.front().code == fault.code, text.c_str());
    }
}

QTEST_APPLESS_MAIN(TestKernelDiagnosis)
#include "tst_kernel_diagnosis.moc"
