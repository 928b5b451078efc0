// SPDX-License-Identifier: Apache-2.0
// Every family against its block written down again in PyTorch (tests/data/torch_blocks.py), with random parameters: phases train
// and eval, the fused kernel against the branches in float64 (rim and inside apart), and the fused file under the names of
// the source's own deploy layout. One row for each case; a new family adds rows here and there.
#include "core/exec/network.h"
#include "core/families/open_model.h"
#include "core/fusion/write_fused.h"
#include "core/io/npy.h"
#include "tests/support/naive.h"
#include "tests/support/python.h"

#include <algorithm>
#include <fstream>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <fmt/format.h>
#include <fmt/ranges.h>

using namespace rp;

class TestEveryFamily : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void phasesAndFusionAgree_data();
    void phasesAndFusionAgree();
    void fusedFilesServeTheirOwnDeployForm();

private:
    QTemporaryDir m_folder;
    QString m_script;
};

namespace {

struct Row {
    const char* name;   ///< of the case in torch_blocks.py
    const char* family;
    const char* block = "block";
    const char* weight; ///< the fused kernel's key below the block's prefix
    std::vector<std::string> assume = {};
};

const std::vector<Row> kRows{
    {"repvgg", "RepVGG", "block", "rbr_reparam.weight"},
    {"repvgg_stride_2", "RepVGG", "block", "rbr_reparam.weight", {"stride=2"}},
    {"repvgg_groups", "RepVGG", "block", "rbr_reparam.weight"},
    {"repvgg_se", "RepVGG", "block", "rbr_reparam.weight"},
    {"repvgg_timm", "RepVGG", "block", "reparam_conv.weight"},
    {"repvgg_mmpretrain", "RepVGG", "block", "branch_reparam.weight"},
    {"yolov6", "RepVGG", "ERBlock_2.0", "rbr_reparam.weight"},
    {"yolov7", "RepVGG", "block", "rbr_reparam.weight"},
    {"yolov9", "RepVGG", "block", "conv.weight"},
    {"ultralytics", "RepVGG", "block", "conv.weight"},
    {"ppyoloe", "RepVGG", "block", "conv.weight"},
    {"ppyoloe_alpha_0", "RepVGG", "block", "conv.weight"},
    {"rtdetr", "RepVGG", "block", "conv.weight"},
    {"qarepvgg_v1", "QARepVGG", "block", "rbr_reparam.weight"},
    {"qarepvgg_v2", "QARepVGG", "block", "rbr_reparam.weight", {"groups=2"}},
    {"qarepvgg_v2_stride_2", "QARepVGG", "block", "rbr_reparam.weight", {"stride=2"}},
    {"qarepvgg_yolov6", "QARepVGG", "ERBlock_2.0", "rbr_reparam.weight"},
    {"qarepvgg_average", "QARepVGG-average", "block", "rbr_reparam.weight", {"family=QARepVGG-average,groups=2"}},
    {"supergradients", "QARepVGG", "block", "rbr_reparam.weight"},
    {"linearadd", "LinearAdd", "block", "conv.weight"},
    {"linearadd_stride_2", "LinearAdd", "block", "conv.weight", {"stride=2"}},
    {"mobileone_depthwise", "MobileOne", "block", "reparam_conv.weight"},
    {"mobileone_pointwise", "MobileOne", "block", "reparam_conv.weight"},
    {"mobileone_skip_1x1", "MobileOne", "block", "reparam_conv.weight"},
    {"mobileone_stride_2", "MobileOne", "block", "reparam_conv.weight", {"stride=2"}},
    {"mobileone_timm", "MobileOne", "block", "reparam_conv.weight"},
    {"mobileone_mmpretrain", "MobileOne", "block", "branch_reparam.weight"},
    {"mobileone_pair_depth", "MobileOne", "unit.depth_conv", "conv1.weight"},
    {"mobileone_pair_point", "MobileOne", "unit.point_conv", "conv2.weight"},
    {"acnet", "ACNet", "block", "fused_conv.weight"},
    {"acnet_cropped", "ACNet", "block", "fused_conv.weight", {"padding=0"}},
    {"acnet_wide_padding", "ACNet", "block", "fused_conv.weight", {"padding=2,stride=2"}},
    {"acnet_5x5_depthwise", "ACNet", "block", "fused_conv.weight"},
    {"dbb", "DBB", "block", "dbb_reparam.weight"},
    {"dbb_groups", "DBB", "block", "dbb_reparam.weight"},
    {"dbb_depthwise", "DBB", "block", "dbb_reparam.weight"},
    {"dbb_5x5_stride_2", "DBB", "block", "dbb_reparam.weight", {"stride=2"}},
    {"dbb_paddle", "DBB", "block", "dbb_reparam.weight"},
    {"orepa", "OREPA", "block", "orepa_reparam.weight"},
    {"orepa_1x1", "OREPA", "block", "or1x1_reparam.weight"},
    {"orepa_large", "OREPA", "block", "or_large_reparam.weight", {"stride=2"}},
    {"orepa_repvgg", "OREPA", "block", "rbr_reparam.weight"},
    {"pplcnetv2", "PP-LCNetV2", "block", "dw_conv.weight"},
    {"pplcnetv2_stride_2", "PP-LCNetV2", "block", "dw_conv.weight"},
    {"pplcnetv3", "PP-LCNetV3", "block", "reparam_conv.weight"},
    {"pplcnetv3_stride_2", "PP-LCNetV3", "block", "reparam_conv.weight", {"stride=2"}},
    {"pplcnetv3_pointwise", "PP-LCNetV3", "block", "reparam_conv.weight"},
    {"ecb", "ECB", "block", "conv3x3.weight"},
    {"ecb_identity", "ECB", "block", "conv3x3.weight", {"identity=true"}},
    {"ecb_grey", "ECB", "block", "conv3x3.weight"},
    {"ecb_linear", "ECB", "block", "conv3x3.weight"},
    {"span", "Conv3XC", "block", "eval_conv.weight"},
    {"span_stride_2", "Conv3XC", "block", "eval_conv.weight", {"stride=2"}},
    {"rrrb", "RRRB", "block", "rep_conv.weight"},
    {"rvsr", "RVSR", "block", "rep_conv.weight"},
    {"hfab_squeeze", "HFAB", "block.squeeze", "squeeze.weight"},
    {"hfab_excitate", "HFAB", "block.excitate", "excitate.weight"},
    {"mbrconv5", "MBRConv", "block", "weight"},
    {"mbrconv3", "MBRConv", "block", "weight"},
    {"mbrconv1", "MBRConv", "block", "weight"},
    {"mbrconv_ec", "MBRConv", "block", "weight"},
};

/// Largest difference on the border of `width` pixels and inside of it.
struct Apart {
    double rim = 0, inside = 0;
};

Apart differences(const TensorD& a, const TensorD& b, std::int64_t width) {
    Apart apart;
    const std::int64_t h = a.size(2), w = a.size(3);
    for (std::int64_t i = 0; i < a.count(); ++i) {
        const std::int64_t y = i / w % h, x = i % w;
        const bool inside = y >= width && x >= width && y < h - width && x < w - width;
        double& worst = inside ? apart.inside : apart.rim;
        worst = std::max(worst, std::abs(a[i] - b[i]));
    }
    return apart;
}

std::size_t indexOf(const Model& model, const char* name) {
    const auto found = std::ranges::find(model.blocks, name, &Block::name);
    return static_cast<std::size_t>(found - model.blocks.begin());
}

/// What the Python side needs to run the fused kernel by itself.
void describeFused(const std::filesystem::path& path, const Block& block, const Conv& conv) {
    std::vector<std::string> gone; // tensors of the branches, unless the fused ones have their names
    for (const std::string& key : block.branchKeys)
        if (key != block.fusedWeightKey && key != block.fusedBiasKey) gone.push_back(key);
    std::ofstream(path) << fmt::format("{{\"weight\": \"{}\", \"bias\": \"{}\", \"stride\": [{}, {}], \"padding\": [{}, {}, {}, {}], \"groups\": {}, \"gone\": [\"{}\"]}}",
                                       block.fusedWeightKey, block.fusedBiasKey, conv.stride.h, conv.stride.w, conv.padding.top, conv.padding.left,
                                       conv.padding.bottom, conv.padding.right, conv.groups, fmt::join(gone, "\", \""));
}

} // namespace

void TestEveryFamily::initTestCase() {
    if (!test::pythonHas("torch")) QSKIP("python3-torch is not installed");
    QFile file(QStringLiteral(REPSCOPE_TEST_DATA_DIR "/torch_blocks.py"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    m_script = QString::fromUtf8(file.readAll());
    QCOMPARE(test::runPython(m_script, m_folder.path(), {"make", m_folder.path()}), QString());
    // No case without a row, and no row without a case.
    QCOMPARE(static_cast<int>(kRows.size()), QDir(m_folder.path()).entryList(QDir::Dirs | QDir::NoDotAndDotDot).size());
}

void TestEveryFamily::phasesAndFusionAgree_data() {
    QTest::addColumn<int>("index");
    for (std::size_t i = 0; i < kRows.size(); ++i) QTest::newRow(kRows[i].name) << static_cast<int>(i);
}

void TestEveryFamily::phasesAndFusionAgree() {
    QFETCH(int, index);
    const Row& row = kRows[static_cast<std::size_t>(index)];
    const std::filesystem::path folder = std::filesystem::path(m_folder.path().toStdString()) / row.name;
    families::OpenOptions options;
    options.assumptions = row.assume;
    const families::OpenedModel opened = families::openModel(folder / "model.pth", options);
    const Model& model = opened.model;
    const std::size_t at = indexOf(model, row.block);
    QVERIFY2(at < model.blocks.size(), model.blocks.front().name.c_str());
    const Block& block = model.blocks[at];
    QCOMPARE(QString::fromStdString(block.family), QString::fromUtf8(row.family));
    QVERIFY2(!block.refusal, block.refusal.value_or("").c_str());
    QVERIFY(block.form == Form::train);
    QVERIFY2(model.unusedKeys.empty(), fmt::format("{}", fmt::join(model.unusedKeys, ", ")).c_str());

    // The branches, as PyTorch computes them.
    const TensorD x = io::readNpyFile(folder / "x.npy").toDouble();
    const TensorD theirEval = io::readNpyFile(folder / "y_eval.npy").toDouble(), theirTrain = io::readNpyFile(folder / "y_train.npy").toDouble();
    const fusion::ModelFusion fusion = fusion::fuseModel(model);
    const auto engine = makeReferenceEngine();
    Network network(model, fusion.forms(model), *engine);
    double largest = naive::largest(x); // of any intermediate map
    RunHooks hooks;
    hooks.wantsSteps = [](std::size_t) { return true; };
    hooks.onStep = [&](std::size_t, const std::string&, const MapPtr& map) { largest = std::max(largest, naive::largest(engine->read(map))); };
    const TensorD eval = engine->read(network.runBlock(at, engine->load(x), Phase::eval, hooks));
    QVERIFY2(naive::largestDifference(theirEval, eval) <= 1e-12 * largest, fmt::format("eval {:.3g} of {:.3g}", naive::largestDifference(theirEval, eval), largest).c_str());
    const TensorD train = engine->read(network.runBlock(at, engine->load(x), Phase::train, hooks));
    QVERIFY2(naive::largestDifference(theirTrain, train) <= 1e-10 * largest, fmt::format("train {:.3g} of {:.3g}", naive::largestDifference(theirTrain, train), largest).c_str());

    // The fused convolution, unrounded, is the same map: on the rim and inside.
    const fusion::FuseResult fused = fusion::fuse(*block.body, block.inChannels);
    QVERIFY2(fused.fused(), fused.refusal() ? fused.refusal()->reason.c_str() : "");
    QVERIFY2(fused.fused()->exactness == fusion::Exactness::everywhere, fused.fused()->rimReason.c_str());
    const TensorD branches = engine->read(forward(block.body, Phase::eval, engine->load(x), *engine));
    const TensorD one = engine->read(forward(toExactConv(*fused.fused(), "fused"), Phase::eval, engine->load(x), *engine));
    QCOMPARE(one.shape(), branches.shape());
    const Apart apart = differences(branches, one, std::max<std::int64_t>(1, fused.fused()->kernel.extent().h / 2));
    QVERIFY2(apart.inside <= 1e-12 * largest, fmt::format("inside {:.3g} of {:.3g}", apart.inside, largest).c_str());
    QVERIFY2(apart.rim <= 1e-12 * largest, fmt::format("rim {:.3g} of {:.3g}", apart.rim, largest).c_str());

    // The fused file, for the Python side, under the names of the implementation.
    QVERIFY2(block.fusedWeightKey.ends_with(std::string(".") + row.weight), block.fusedWeightKey.c_str());
    fusion::writeFused(folder / "fused.pth", model, fusion, *opened.checkpoint, *opened.weights);
    describeFused(folder / "fused.json", block, std::get<Conv>(fusion.blocks[at].stored->op));
}

void TestEveryFamily::fusedFilesServeTheirOwnDeployForm() {
    QCOMPARE(test::runPython(m_script, m_folder.path(), {"deploy", m_folder.path()}), QString());
    const auto engine = makeReferenceEngine();
    for (const Row& row : kRows) {
        const std::filesystem::path folder = std::filesystem::path(m_folder.path().toStdString()) / row.name;
        families::OpenOptions options;
        options.assumptions = row.assume;
        const families::OpenedModel opened = families::openModel(folder / "model.pth", options);
        // The kernels of phase deploy, which the test above has tied to the branches.
        const fusion::ModelFusion fusion = fusion::fuseModel(opened.model);
        const ExprPtr& stored = fusion.blocks[indexOf(opened.model, row.block)].stored;
        const TensorD x = io::readNpyFile(folder / "x.npy").toDouble(), theirs = io::readNpyFile(folder / "y_deploy.npy").toDouble();
        const TensorD ours = engine->read(forward(stored, Phase::eval, engine->load(x), *engine));
        QVERIFY2(naive::largestDifference(ours, theirs) <= 1e-12 * naive::largest(ours), row.name);
    }
}

QTEST_GUILESS_MAIN(TestEveryFamily)
#include "tst_every_family.moc"
