// SPDX-License-Identifier: Apache-2.0
#include "core/fusion/fuse_model.h"
#include "core/fusion/write_fused.h"
#include "core/io/torch_zip.h"
#include "core/verify/against.h"
#include "core/verify/bisect.h"
#include "tests/support/naive.h"
#include "tests/support/tiny_repvgg.h"

#include "core/exec/network.h"

#include <bit>
#include <cmath>

#include <QTemporaryDir>
#include <QTest>

using namespace rp;
using namespace rp::verify;

class TestBisect : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void oneSpoiledBlockIsFound();
    void theWorstOfThreeAlreadySuffices();
    void blocksThatSufficeOnlyTogetherAreFound();
    void theSmallestIsProvenWhereTheGreedyOneIsLarger();
    void whatWasNotTriedIsSaid();
    void nothingIsFoundWhereNothingMoves();
    void aHybridRunsWhatItIsTold();
    void theOtherFilesKernelsAreTried();

private:
    /// Our kernels, with something added to the bias of some blocks.
    ModelForms spoiled(const std::vector<std::pair<std::string, float>>& blocks) const;
    double moved(const ModelForms& forms, const std::vector<std::string>& merged) const;

    QTemporaryDir m_folder;
    families::OpenedModel m_opened;
    fusion::ModelFusion m_fusion;
    TensorD m_input;
};

void TestBisect::initTestCase() {
    setEngineThreads(1); // maps of a few pixels
    m_opened = families::openModel(test::writeTinyRepVgg(m_folder.path().toStdString()));
    m_fusion = fusion::fuseModel(m_opened.model);
    std::mt19937_64 generator(3);
    m_input = naive::reals({1, 3, 48, 48}, generator);
}

ModelForms TestBisect::spoiled(const std::vector<std::pair<std::string, float>>& blocks) const {
    ModelForms forms = m_fusion.forms(m_opened.model);
    for (const auto& [name, amount] : blocks)
        for (std::size_t i = 0; i < forms.size(); ++i) {
            if (m_opened.model.blocks[i].name != name) continue;
            Conv conv = std::get<Conv>(forms[i].fused->op);
            TensorF bias = conv.bias->toFloat();
            for (float& v : bias.edit()) v += amount;
            conv.bias = Param(bias);
            forms[i].fused = makeExpr(name, conv);
        }
    return forms;
}

/// The same figure from phase deploy of a network whose forms are chosen here, block by block, in float64.
double TestBisect::moved(const ModelForms& forms, const std::vector<std::string>& merged) const {
    ModelForms chosen = forms;
    for (std::size_t i = 0; i < chosen.size(); ++i)
        if (std::ranges::find(merged, m_opened.model.blocks[i].name) == merged.end()) chosen[i].fused = nullptr;
    const auto engine = makeReferenceEngine();
    Network network(m_opened.model, chosen, *engine), plain(m_opened.model, forms, *engine);
    const TensorD eval = engine->read(plain.run(engine->load(m_input), Phase::eval));
    return naive::largestDifference(eval, engine->read(network.run(engine->load(m_input), Phase::deploy))) / naive::largest(eval);
}

void TestBisect::oneSpoiledBlockIsFound() {
    const ModelForms forms = spoiled({{"stage2.1", 0.1F}});
    const Bisection b = bisect(m_opened.model, forms, m_input, 1e-4);
    QVERIFY(b.smallest == std::vector<std::string>{"stage2.1"});
    QVERIFY(b.alone.size() == m_opened.model.blocks.size() && b.alone.front().first == "stage2.1" && b.alone[1].second < 1e-4);
    QVERIFY(std::abs(b.moved - moved(forms, {"stage2.1"})) < 1e-5);
    QVERIFY(b.all > 1e-4);
}

void TestBisect::theWorstOfThreeAlreadySuffices() {
    const Bisection b = bisect(m_opened.model, spoiled({{"stage1.0", 0.02F}, {"stage3.0", 0.4F}, {"stage4.0", 0.02F}}), m_input, 1e-4);
    QCOMPARE(b.smallest.size(), std::size_t{1});
    QVERIFY(b.smallest.front() == b.alone.front().first);
}

void TestBisect::blocksThatSufficeOnlyTogetherAreFound() {
    const ModelForms forms = spoiled({{"stage3.0", 0.05F}, {"stage4.0", 0.05F}});
    const double one = moved(forms, {"stage3.0"}), other = moved(forms, {"stage4.0"}), both = moved(forms, {"stage3.0", "stage4.0"});
    const double tolerance = (std::max(one, other) + both) / 2;
    QVERIFY(both > std::max(one, other)); // else the test says nothing
    const Bisection b = bisect(m_opened.model, forms, m_input, tolerance);
    QVERIFY((b.smallest == std::vector<std::string>{"stage3.0", "stage4.0"}));
    QVERIFY(std::abs(b.moved - both) < 1e-5);
}

/// Blocks that cancel each other: the worst ones together do not get far, others do. Compared with every set, run in float64.
void TestBisect::theSmallestIsProvenWhereTheGreedyOneIsLarger() {
    const families::OpenedModel opened = families::openModel(test::writeTinyRepVgg(m_folder.path().toStdString(), {.seed = 4}, "greedy.pth"));
    const fusion::ModelFusion fusion = fusion::fuseModel(opened.model);
    const std::size_t n = opened.model.blocks.size();
    std::mt19937_64 noise(8);
    const TensorD x = naive::reals({1, 3, 16, 16}, noise);
    bool larger = false; // or smaller than the set of the worst blocks, at least once: else the test says nothing
    for (unsigned seed = 0; seed < 4; ++seed) {
        std::mt19937_64 generator(seed);
        std::uniform_real_distribution<float> draw(-0.2F, 0.2F);
        ModelForms forms = fusion.forms(opened.model);
        for (TwoForms& form : forms) {
            Conv conv = std::get<Conv>(form.fused->op);
            TensorF bias = conv.bias->toFloat();
            for (float& v : bias.edit()) v += draw(generator);
            conv.bias = Param(bias);
            form.fused = makeExpr("spoiled", conv);
        }
        // Every set, in float64.
        const auto engine = makeReferenceEngine();
        Network plain(opened.model, forms, *engine);
        const TensorD eval = engine->read(plain.run(engine->load(x), Phase::eval));
        std::vector<double> distance(std::size_t{1} << n);
        for (std::size_t set = 1; set < distance.size(); ++set) {
            ModelForms chosen = forms;
            for (std::size_t i = 0; i < n; ++i)
                if (!(set >> i & 1)) chosen[i].fused = nullptr;
            Network network(opened.model, chosen, *engine);
            distance[set] = naive::largestDifference(eval, engine->read(network.run(engine->load(x), Phase::deploy))) / naive::largest(eval);
        }
        std::vector<double> sorted = distance;
        std::ranges::sort(sorted);
        for (std::size_t rank : {sorted.size() * 9 / 10, sorted.size() - 2}) { // few sets move it so far
            const double tolerance = (sorted[rank] + sorted[rank + 1]) / 2;
            int least = 99;
            for (std::size_t set = 1; set < distance.size(); ++set)
                if (distance[set] > tolerance) least = std::min(least, std::popcount(set));
            const Bisection b = bisect(opened.model, forms, x, tolerance);
            QVERIFY2(static_cast<int>(b.smallest.size()) == least, b.why.c_str());
            QVERIFY2(b.proven && b.moved > tolerance, b.why.c_str());
            const Bisection hasty = bisect(opened.model, forms, x, tolerance, {}, 1);
            larger = larger || hasty.smallest.size() != b.smallest.size();
        }
    }
    QVERIFY(larger);
}

void TestBisect::whatWasNotTriedIsSaid() {
    std::vector<std::pair<std::string, float>> some;
    for (const char* name : {"stage1.0", "stage2.0", "stage2.1", "stage3.0", "stage4.0"}) some.emplace_back(name, 0.05F);
    const ModelForms forms = spoiled(some);
    const double all = moved(forms, {"stage0", "stage1.0", "stage2.0", "stage2.1", "stage3.0", "stage4.0"});
    const Bisection b = bisect(m_opened.model, forms, m_input, all * 0.98, {}, 12);
    QVERIFY2(b.smallest.size() > 2 && !b.proven && b.why.find("sets of 2 blocks only") != std::string::npos, b.why.c_str());
    const Bisection whole = bisect(m_opened.model, forms, m_input, all * 0.98);
    QVERIFY2(whole.proven && whole.runs > b.runs, whole.why.c_str());
}

void TestBisect::nothingIsFoundWhereNothingMoves() {
    const Bisection b = bisect(m_opened.model, m_fusion.forms(m_opened.model), m_input, 1e-3);
    QVERIFY(b.smallest.empty() && b.all < 1e-3 && b.proven && b.runs == 1 + 1 + 6 + 5 + 57); // eval, all, single ones, the worst together, all others
}

void TestBisect::aHybridRunsWhatItIsTold() {
    const ModelForms forms = spoiled({{"stage1.0", 1.0F}, {"stage2.1", 1.0F}});
    std::vector<bool> merged(forms.size(), false);
    merged[3] = true; // stage2.1
    const ModelForms hybrid = hybridForms(forms, merged);
    const auto engine = makeReferenceEngine();
    Network network(m_opened.model, hybrid, *engine);
    network.run(engine->load(m_input), Phase::deploy);
    for (std::size_t i = 0; i < hybrid.size(); ++i) QVERIFY2((hybrid[i].fused != nullptr) == merged[i], m_opened.model.blocks[i].name.c_str());
    int kernels = 0;
    for (const TraceEntry& entry : network.trace()) kernels += entry.function == "forwardInfer" && entry.block == "stage2.1";
    QCOMPARE(kernels, 1);
}

void TestBisect::theOtherFilesKernelsAreTried() {
    std::vector<NamedTensor> deploy = fusion::fusedTensors(m_opened.model, m_fusion, m_opened.weights->tensors);
    test::replace(deploy, "stage3.0.rbr_reparam.bias", TensorF(Shape{16}));
    const std::string file = m_folder.filePath("other.pth").toStdString();
    io::writeTorchZip(file, deploy, "state_dict", true, {});
    const ModelForms forms = formsWith(m_opened, m_fusion, families::openModel(file));
    const Bisection b = bisect(m_opened.model, forms, m_input, 1e-4);
    QVERIFY(b.smallest == std::vector<std::string>{"stage3.0"});
}

QTEST_APPLESS_MAIN(TestBisect)
#include "tst_bisect.moc"
