// SPDX-License-Identifier: Apache-2.0
// Whole networks from their state dicts against the same networks in PyTorch (tests/data/torch_networks.py): phases train, eval and
// deploy, and the fused file opened again.
#include "core/exec/network.h"
#include "core/families/network_names.h"
#include "core/families/open_model.h"
#include "core/fusion/write_fused.h"
#include "core/io/npy.h"
#include "tests/support/naive.h"
#include "tests/support/python.h"

#include <QTemporaryDir>
#include <QTest>

using namespace rp;

class TestNetworks : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void phasesAgree_data();
    void phasesAgree();
    void mobileOneIsWrittenInOtherNames_data();
    void mobileOneIsWrittenInOtherNames();

private:
    QTemporaryDir m_folder;
};

namespace {

double relative(const TensorD& reference, const TensorD& ours) {
    return naive::largestDifference(reference, ours.reshaped(reference.shape())) / naive::largest(reference);
}

} // namespace

void TestNetworks::initTestCase() {
    if (!test::pythonHas("torch")) QSKIP("python3-torch is not installed");
    QCOMPARE(test::runDataScript("torch_networks.py", m_folder.path(), {"make", QStringLiteral(REPSCOPE_TEST_DATA_DIR), m_folder.path()}), QString());
}

void TestNetworks::phasesAgree_data() {
    QTest::addColumn<QString>("variant");
    QTest::addColumn<int>("blocks");
    QTest::newRow("repvggplus") << "RepVGGplus, depths 2-2-2-2-1, widths 8-8-12-16-16-20, SE" << 10;
    QTest::newRow("mobileone_apple") << "MobileOne, depths 2-4-4-2, widths 8-8-12-16-20, SE" << 13;
    QTest::newRow("mobileone_timm") << "MobileOne, depths 2-4-4-2, widths 8-8-12-16-20, SE" << 13;
    QTest::newRow("mobileone_mmpretrain") << "MobileOne, depths 2-4-4-2, widths 8-8-12-16-20" << 13;
    QTest::newRow("pplcnetv2") << "PP-LCNetV2, depths 1-2-2-2, width 128" << 4;
    QTest::newRow("ecbsr") << "ECBSR-M2C8 x2" << 4;
    QTest::newRow("ecbsr_colours") << "ECBSR-M2C8 x2" << 4;
    QTest::newRow("span") << "SPAN, 8 channels x2" << 20;
}

void TestNetworks::phasesAgree() {
    QFETCH(QString, variant);
    QFETCH(int, blocks);
    const std::filesystem::path folder = std::filesystem::path(m_folder.path().toStdString()) / QTest::currentDataTag();
    const families::OpenedModel opened = families::openModel(folder / "model.pth");
    const Model& model = opened.model;
    QVERIFY2(!model.graph.empty(), model.whyNoGraph.c_str());
    QCOMPARE(QString::fromStdString(model.variant), variant);
    QCOMPARE(static_cast<int>(model.blocks.size()), blocks);
    QVERIFY2(model.unusedKeys.empty(), model.unusedKeys.empty() ? "" : model.unusedKeys.front().c_str());

    const TensorD x = io::readNpyFile(folder / "x.npy").toDouble();
    const TensorD theirEval = io::readNpyFile(folder / "y_eval.npy").toDouble();
    const fusion::ModelFusion fusion = fusion::fuseModel(model);
    QCOMPARE(fusion.fusedCount(), std::int64_t{blocks});
    const auto engine = makeReferenceEngine();
    Network network(model, fusion.forms(model), *engine);
    auto run = [&](Network& which, Phase phase) { return engine->read(which.run(engine->load(x), phase)); };
    QVERIFY2(relative(theirEval, run(network, Phase::eval)) < 1e-11, "phase eval");
    QVERIFY2(relative(io::readNpyFile(folder / "y_train.npy").toDouble(), run(network, Phase::train)) < 1e-9, "phase train");
    const TensorD deploy = run(network, Phase::deploy);
    QVERIFY2(relative(theirEval, deploy) < 1e-4, "phase deploy"); // kernels are rounded to float32

    fusion::writeFused(folder / "fused.pth", model, fusion, *opened.checkpoint, *opened.weights);
    families::OpenOptions options;
    options.deployOf = &model;
    const families::OpenedModel again = families::openModel(folder / "fused.pth", options);
    QVERIFY2(!again.model.graph.empty(), again.model.whyNoGraph.c_str());
    QVERIFY(again.model.form == Form::deploy);
    const fusion::ModelFusion none = fusion::fuseModel(again.model);
    Network deployed(again.model, none.forms(again.model), *engine);
    QVERIFY2(run(deployed, Phase::eval) == deploy, "the fused file computes what phase deploy computes");
}

void TestNetworks::mobileOneIsWrittenInOtherNames_data() {
    QTest::addColumn<QString>("from");
    QTest::addColumn<QString>("to");
    for (const char* from : {"apple", "timm"})
        for (const char* to : {"official", "timm", "mmpretrain"}) QTest::addRow("%s to %s", from, to) << from << to;
}

/// Names as the toolkit's own fused file has them (mmpretrain's here has no SE); numbers as they were.
void TestNetworks::mobileOneIsWrittenInOtherNames() {
    QFETCH(QString, from);
    QFETCH(QString, to);
    const std::filesystem::path root = m_folder.path().toStdString(), folder = root / ("mobileone_" + from.toStdString());
    const families::OpenedModel opened = families::openModel(folder / "model.pth");
    const fusion::ModelFusion fusion = fusion::fuseModel(opened.model);
    fusion::WriteOptions write;
    write.relabel = [&](NamedTensor tensor) {
        return families::renamedTensor(std::move(tensor), opened.model.family, opened.model.layout, to.toStdString());
    };
    fusion::writeFused(root / "renamed.pth", opened.model, fusion, *opened.checkpoint, *opened.weights, write);
    families::OpenOptions options;
    options.deployOf = &opened.model; // whose names are others: the file tells its own
    const families::OpenedModel again = families::openModel(root / "renamed.pth", options);
    QVERIFY2(!again.model.graph.empty() && again.model.unusedKeys.empty(), again.model.whyNoGraph.c_str());
    QVERIFY(again.model.form == Form::deploy);
    const auto engine = makeReferenceEngine();
    const TensorD x = io::readNpyFile(folder / "x.npy").toDouble();
    auto run = [&](const families::OpenedModel& which, const fusion::ModelFusion& fused, Phase phase) {
        Network network(which.model, fused.forms(which.model), *engine);
        return engine->read(network.run(engine->load(x), phase));
    };
    QVERIFY(run(again, fusion::fuseModel(again.model), Phase::eval) == run(opened, fusion, Phase::deploy));

    const std::filesystem::path theirs = root / (to == "official" ? "mobileone_apple" : "mobileone_" + to.toStdString()) / "fused.pth";
    const io::Checkpoint ours = io::openCheckpoint(root / "renamed.pth"), own = io::openCheckpoint(theirs);
    for (const NamedTensor& tensor : own.weights({}).tensors.tensors())
        QVERIFY2(ours.weights({}).tensors.find(tensor.name), tensor.name.c_str());
    for (const NamedTensor& tensor : ours.weights({}).tensors.tensors())
        QVERIFY2(own.weights({}).tensors.find(tensor.name) || (to == "mmpretrain" && tensor.name.find(".se.conv") != std::string::npos), tensor.name.c_str());
}

QTEST_GUILESS_MAIN(TestNetworks)
#include "tst_networks.moc"
