// SPDX-License-Identifier: Apache-2.0
// Every family against its block written down again in PyTorch (tests/data/blocks), with random parameters: phases train
// and eval, the fused kernel against the branches in float64 (rim and inside apart), and the fused file under the names of
// the source's own deploy layout. One row for each case; a new family adds rows here and there.
#include "core/exec/network.h"
#include "core/families/open_model.h"
#include "core/fusion/write_fused.h"
#include "core/io/npy.h"
#include "core/verify/diagnosis/edit.h"
#include "core/verify/diagnosis/kernel_check.h"
#include "tests/support/explained.h"
#include "tests/support/naive.h"
#include "tests/support/python.h"

#include <algorithm>
#include <fstream>

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
    void rightKernelsYieldNoFindingAndFaultsAreNamed_data();
    void rightKernelsYieldNoFindingAndFaultsAreNamed();
    void aWrongAssumptionShows_data();
    void aWrongAssumptionShows();

private:
    QTemporaryDir m_folder;
};

namespace {

struct Row {
    const char* name;   ///< of the case in torch_blocks.py
    const char* family;
    const char* block = "block";
    const char* weight; ///< the fused kernel's key below the block's prefix
    std::vector<std::string> assume = {};
    std::vector<std::string> unused = {}; ///< keys that belong to no block
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
    {"orepa_groups", "OREPA", "block", "orepa_reparam.weight"},
    {"orepa_depthwise", "OREPA", "block", "orepa_reparam.weight", {"groups=8"}},
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
    {"repmixer", "RepMixer", "block", "reparam_conv.weight"},
    {"repmixer_plain", "RepMixer", "block", "reparam_conv.weight"},
    {"repmixer_text", "RepMixer", "block", "reparam_conv.weight"},
    {"repmixer_timm", "RepMixer", "block", "reparam_conv.weight"},
    {"repcpe", "RepCPE", "block", "reparam_conv.weight"},
    {"repcpe_timm", "RepCPE", "block", "reparam_conv.weight"},
    {"fastvit_large", "FastViT large kernel", "patch_embed", "lkb_reparam.weight"},
    {"fastvit_large_timm", "FastViT large kernel", "block", "reparam_conv.weight"},
    {"mobileclip_large", "FastViT large kernel", "image_encoder.token_mixer", "lkb_reparam.weight"},
    {"replknet", "RepLKNet", "block", "lkb_reparam.weight"},
    {"replknet_xl", "RepLKNet", "block", "lkb_reparam.weight"},
    {"unireplknet", "UniRepLKNet", "block", "dwconv.lk_origin.weight"},
    {"unireplknet_7", "UniRepLKNet", "block", "dwconv.lk_origin.weight"},
    {"unireplknet_small", "UniRepLKNet small", "block", "dwconv.weight", {}, {"block.pwconv1.1.weight", "block.pwconv1.1.bias"}},
    {"unireplknet_pointwise", "UniRepLKNet pointwise", "block.pwconv2", "pwconv2.0.weight"},
    {"repvit_dw", "RepVGGDW", "block", "weight"},
    {"repvit_dw_legacy", "RepVGGDW", "block", "weight"},
    {"yolov10_dw", "RepVGGDW", "block", "conv.weight"},
    {"residual_depthwise", "Residual", "block", "weight"},
    {"conv_pair", "Conv2d_BN", "block", "weight"},
    {"conv_pair_depthwise", "Conv2d_BN", "block", "weight", {"stride=2"}},
    {"linear_pair", "Linear_BN", "block", "weight"},
    {"bn_linear", "BN_Linear", "block", "weight"},
    {"repvit_heads", "BN_Linear pair", "classifier", "weight"},
    {"repvit_heads_timm", "BN_Linear pair", "head", "weight"},
    {"repvit_head", "BN_Linear", "classifier", "weight"},
    {"repghost_1", "RepGhost", "ghost1", "cheap_operation.weight"},
    {"repghost_2", "RepGhost", "ghost2", "cheap_operation.weight"},
    {"repghost_identity", "RepGhost-identity", "block", "cheap_operation.weight", {"family=RepGhost-identity"}},
    {"conv2", "Conv2", "block", "conv.weight"},
    {"conv2_stride_2", "Conv2", "block", "conv.weight", {"stride=2"}},
    {"idetect", "IDetect", "block.m.1", "m.1.weight", {}, {}},
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
        if (key != block.fusedWeightKey && key != block.fusedBiasKey && (block.keptNorm.empty() || !key.starts_with(block.keptNorm + "."))) gone.push_back(key);
    double eps = 0;
    if (!block.keptNorm.empty()) eps = std::get<Norm>(std::get<Chain>(block.body->op).steps.back()->op).eps;
    std::ofstream(path) << fmt::format("{{\"weight\": \"{}\", \"bias\": \"{}\", \"stride\": [{}, {}], \"padding\": [{}, {}, {}, {}], \"groups\": {}, \"norm\": \"{}\", \"eps\": {}, \"gone\": [\"{}\"]}}",
                                       block.fusedWeightKey, block.fusedBiasKey, conv.stride.h, conv.stride.w, conv.padding.top, conv.padding.left,
                                       conv.padding.bottom, conv.padding.right, conv.groups, block.keptNorm, eps, fmt::join(gone, "\", \""));
}

/// The kernel that an expression computes, by impulses through its forward pass: no fold is involved. `place` gives the window.
Conv kernelOf(const ExprPtr& body, std::int64_t ic, const Conv& place) {
    const std::int64_t oc = place.weight.shape()[0], perGroup = place.weight.shape()[1], kh = place.weight.shape()[2], kw = place.weight.shape()[3];
    const std::int64_t h = 2 * kh + place.stride.h + 2, w = 2 * kw + place.stride.w + 2;
    const auto engine = makeReferenceEngine();
    auto run = [&](const TensorD& x) { return engine->read(forward(body, Phase::eval, engine->load(x), *engine)); };
    const TensorD zero = run(TensorD(Shape{1, ic, h, w}));
    const std::int64_t oh = zero.size(2), ow = zero.size(3);
    TensorF weight(place.weight.shape()), bias(Shape{oc});
    for (std::int64_t o = 0; o < oc; ++o) bias.edit()[static_cast<std::size_t>(o)] = static_cast<float>(zero[(o * oh + oh / 2) * ow + ow / 2]);
    for (std::int64_t sy = 0; sy < place.stride.h; ++sy)
        for (std::int64_t sx = 0; sx < place.stride.w; ++sx) {
            TensorD x(Shape{ic, ic, h, w});
            for (std::int64_t i = 0; i < ic; ++i) x.edit()[static_cast<std::size_t>(((i * ic + i) * h + kh + sy) * w + kw + sx)] = 1;
            const TensorD y = run(x);
            for (std::int64_t o = 0; o < oc; ++o)
                for (std::int64_t j = 0; j < perGroup; ++j)
                    for (std::int64_t v = 0; v < oh; ++v)
                        for (std::int64_t u = 0; u < ow; ++u) {
                            const std::int64_t ky = kh + sy + place.padding.top - v * place.stride.h, kx = kw + sx + place.padding.left - u * place.stride.w;
                            if (ky < 0 || ky >= kh || kx < 0 || kx >= kw) continue;
                            const std::int64_t i = o / (oc / place.groups) * perGroup + j;
                            weight.edit()[static_cast<std::size_t>(((o * perGroup + j) * kh + ky) * kw + kx)] =
                                static_cast<float>(y[((i * oc + o) * oh + v) * ow + u] - zero[(o * oh + v) * ow + u]);
                        }
        }
    Conv conv = place;
    conv.weight = Param(weight);
    conv.bias = Param(bias);
    return conv;
}

ExprPtr withNorms(const ExprPtr& body, const std::function<void(Norm&)>& edit) {
    return verify::editedEverywhere(body, [&](const ExprPtr& node) {
        const auto* norm = std::get_if<Norm>(&node->op);
        if (!norm) return node;
        Norm other = *norm;
        edit(other);
        return makeExpr(node->name, std::move(other));
    });
}

} // namespace

void TestEveryFamily::initTestCase() {
    if (!test::pythonHas("torch")) QSKIP("python3-torch is not installed");
    QCOMPARE(test::runDataScript("torch_blocks.py", m_folder.path(), {"make", m_folder.path()}), QString());
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
    QVERIFY2(model.unusedKeys == row.unused, fmt::format("{}", fmt::join(model.unusedKeys, ", ")).c_str());

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
    QCOMPARE(test::unexplainedNumber(fused, 7), QString());

    // The fused file, for the Python side, under the names of the implementation.
    QVERIFY2(block.fusedWeightKey.ends_with(std::string(".") + row.weight), block.fusedWeightKey.c_str());
    fusion::writeFused(folder / "fused.pth", model, fusion, *opened.checkpoint, *opened.weights);
    describeFused(folder / "fused.json", block, std::get<Conv>(fusion.blocks[at].stored->op));
}

void TestEveryFamily::fusedFilesServeTheirOwnDeployForm() {
    QCOMPARE(test::runDataScript("torch_blocks.py", m_folder.path(), {"deploy", m_folder.path()}), QString());
    const auto engine = makeReferenceEngine();
    for (const Row& row : kRows) {
        const std::filesystem::path folder = std::filesystem::path(m_folder.path().toStdString()) / row.name;
        families::OpenOptions options;
        options.assumptions = row.assume;
        const families::OpenedModel opened = families::openModel(folder / "model.pth", options);
        // The kernels of phase deploy, which the test above has tied to the branches.
        const fusion::ModelFusion fusion = fusion::fuseModel(opened.model);
        const std::size_t at = indexOf(opened.model, row.block);
        const ExprPtr& stored = fusion.blocks[at].stored;
        const TensorD x = io::readNpyFile(folder / "x.npy").toDouble(), theirs = io::readNpyFile(folder / "y_deploy.npy").toDouble();
        const TensorD ours = engine->read(forward(stored, Phase::eval, engine->load(x), *engine));
        // A norm that the file keeps is not in its kernel, which is then rounded to float32 before the norm and not behind it.
        const double rounding = opened.model.blocks[at].keptNorm.empty() ? 1e-12 : 1e-6;
        QVERIFY2(naive::largestDifference(ours, theirs) <= rounding * naive::largest(ours), row.name);
        // Read as the deploy form of the train file, it is the same convolution: groups, stride and padding included.
        options.deployOf = &opened.model;
        const Model fused = families::openModel(folder / "fused.pth", options).model;
        const Block* block = fused.find(opened.model.blocks[at].name);
        QVERIFY2(block && !block->refusal && block->form == Form::deploy, row.name);
        const Conv &found = std::get<Conv>(block->body->op), &wanted = std::get<Conv>(stored->op);
        QVERIFY2(found.groups == wanted.groups && found.stride == wanted.stride && found.padding == wanted.padding, row.name);
    }
}

void TestEveryFamily::rightKernelsYieldNoFindingAndFaultsAreNamed_data() { phasesAndFusionAgree_data(); }

/// A kernel that is right is right also with small variances and with branches that cancel to a thousandth; one that is wrong is explained.
void TestEveryFamily::rightKernelsYieldNoFindingAndFaultsAreNamed() {
    QFETCH(int, index);
    const Row& row = kRows[static_cast<std::size_t>(index)];
    families::OpenOptions options;
    options.assumptions = row.assume;
    const Model model = families::openModel(std::filesystem::path(m_folder.path().toStdString()) / row.name / "model.pth", options).model;
    const Block& block = model.blocks[indexOf(model, row.block)];
    const fusion::FuseResult fused = fusion::fuse(*block.body, block.inChannels, false);
    const Conv place = std::get<Conv>(fusion::toExactConv(*fused.fused(), "")->op);
    auto check = [&](const ExprPtr& body, const Conv& theirs) { return verify::checkKernel("block", body, block.inChannels, makeExpr("", theirs), {}); };
    auto said = [](const verify::KernelCheck& c) { return c.findings.empty() ? std::string() : c.findings.front().code + ": " + c.findings.front().message; };
    const Conv right = kernelOf(block.body, block.inChannels, place);
    QVERIFY2(check(block.body, right).findings.empty(), said(check(block.body, right)).c_str());

    const ExprPtr small = withNorms(block.body, [](Norm& norm) {
        TensorD var = norm.var.toDouble();
        for (std::int64_t c = 0; c < var.count(); c += 2) var.edit()[static_cast<std::size_t>(c)] = 1e-6;
        norm.var = Param(var);
    });
    const Conv smallRight = kernelOf(small, block.inChannels, place);
    QVERIFY2(check(small, smallRight).findings.empty(), said(check(small, smallRight)).c_str());

    Conv sum = right; // folded in float32: the part, and what takes away all but a thousandth of it
    const ExprPtr against = verify::times(block.body, -0.999);
    const Conv away = kernelOf(against, block.inChannels, place);
    TensorF weight = right.weight.toFloat(), bias = right.bias->toFloat();
    const TensorF lessWeight = away.weight.toFloat(), lessBias = away.bias->toFloat();
    for (std::int64_t i = 0; i < weight.count(); ++i) weight.edit()[static_cast<std::size_t>(i)] += lessWeight[i];
    for (std::int64_t i = 0; i < bias.count(); ++i) bias.edit()[static_cast<std::size_t>(i)] += lessBias[i];
    sum.weight = Param(weight);
    sum.bias = Param(bias);
    const ExprPtr cancelling = makeExpr("cancelling", Sum{{block.body, against}});
    QVERIFY2(check(cancelling, sum).findings.empty(), said(check(cancelling, sum)).c_str());

    bool hasNorms = false;
    const ExprPtr otherEps = withNorms(block.body, [&](Norm& norm) {
        norm.eps = 0.02;
        hasNorms = true;
    });
    if (hasNorms) {
        const verify::KernelCheck c = check(block.body, kernelOf(otherEps, block.inChannels, place));
        QVERIFY2(!c.findings.empty() && c.findings.front().code == "eps" && c.findings.front().message.find("eps 0.02,") != std::string::npos, said(c).c_str());
    }
    if (const auto* terms = std::get_if<Sum>(&block.body->op); terms && terms->terms.size() > 1)
        for (std::size_t t = 0; t < terms->terms.size(); ++t) {
            Sum fewer = *terms;
            fewer.terms[t] = verify::times(fewer.terms[t], 0);
            const verify::KernelCheck c = check(block.body, kernelOf(makeExpr("sum", fewer), block.inChannels, place));
            QVERIFY2(!c.findings.empty() && c.findings.front().code == "branch-omitted", said(c).c_str());
        }
}

/// families.md, section 7: what no tensor states and what each preset is there for. Each mistake must be seen.
void TestEveryFamily::aWrongAssumptionShows_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("block");
    QTest::addColumn<QString>("assume");
    auto row = [](const char* trap, const char* name, const char* block, const char* assume) { QTest::newRow(trap) << name << block << assume; };
    row("eps of YOLOv10", "yolov10_dw", "block", "eps=1e-5");
    row("eps of Ultralytics", "conv2", "block", "eps=1e-5");
    row("eps of RepViT", "repvit_dw", "block", "eps=1e-3");
    row("FastViT throws its GELU away", "fastvit_large", "patch_embed", "activation=gelu");
    row("MobileCLIP applies it", "mobileclip_large", "image_encoder.token_mixer", "activation=none");
    row("MobileCLIP's SE is skipped", "mobileclip_large", "image_encoder.token_mixer", "se=none");
    row("RepGhost's second module has no ReLU", "repghost_2", "ghost2", "activation=relu");
    row("RepGhost's first module has one", "repghost_1", "ghost1", "activation=none");
}

void TestEveryFamily::aWrongAssumptionShows() {
    QFETCH(QString, name);
    QFETCH(QString, block);
    QFETCH(QString, assume);
    const std::filesystem::path folder = std::filesystem::path(m_folder.path().toStdString()) / name.toStdString();
    const TensorD x = io::readNpyFile(folder / "x.npy").toDouble(), theirs = io::readNpyFile(folder / "y_eval.npy").toDouble();
    const auto engine = makeReferenceEngine();
    auto difference = [&](std::vector<std::string> assumptions) {
        families::OpenOptions options;
        options.assumptions = std::move(assumptions);
        const Model model = families::openModel(folder / "model.pth", options).model;
        const fusion::ModelFusion fusion = fusion::fuseModel(model);
        Network network(model, fusion.forms(model), *engine);
        const TensorD ours = engine->read(network.runBlock(indexOf(model, block.toUtf8().constData()), engine->load(x), Phase::eval, {}));
        return naive::largestDifference(ours, theirs) / naive::largest(theirs);
    };
    QVERIFY(difference({}) < 1e-12);
    QVERIFY2(difference({assume.toStdString()}) > 1e-3, qPrintable(assume));
}

QTEST_GUILESS_MAIN(TestEveryFamily)
#include "tst_every_family.moc"
