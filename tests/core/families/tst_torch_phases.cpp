// SPDX-License-Identifier: Apache-2.0
// The same checkpoint and input in PyTorch and here: phases train, eval and deploy agree to float64 rounding, and the
// fused file loads strictly there.
#include "core/exec/network.h"
#include "core/families/open_model.h"
#include "core/fusion/write_fused.h"
#include "core/io/npy.h"
#include "tests/support/naive.h"
#include "tests/support/python.h"

#include <map>

#include <QTemporaryDir>
#include <QTest>

using namespace rp;

class TestTorchPhases : public QObject {
    Q_OBJECT
private slots:
    void phasesAgree_data();
    void phasesAgree();
};

namespace {

TensorD read(const QTemporaryDir& folder, const char* name) { return io::readNpyFile(folder.filePath(name).toStdString()).toDouble(); }

/// max |difference| in units of the reference's largest value.
double relative(const TensorD& reference, const TensorD& ours) {
    return naive::largestDifference(reference, ours.reshaped(reference.shape())) / naive::largest(reference);
}

} // namespace

void TestTorchPhases::phasesAgree_data() {
    QTest::addColumn<QStringList>("options");
    QTest::addRow("plain") << QStringList{"--size", "64x64", "--batch", "2"};
    QTest::addRow("one odd, oblong picture") << QStringList{"--size", "97x70", "--batch", "1"};
    QTest::addRow("groups") << QStringList{"--groups", "4", "--size", "64x96"};
    QTest::addRow("squeeze and excitation") << QStringList{"--se", "1", "--size", "80x64"};
}

void TestTorchPhases::phasesAgree() {
    if (!test::pythonHas("torch")) QSKIP("python3-torch is not installed");
    QFETCH(QStringList, options);
    QTemporaryDir folder;
    QCOMPARE(test::runDataScript("torch_repvgg.py", folder.path(), QStringList{"make", folder.path()} + options), QString());

    const families::OpenedModel opened = families::openModel(folder.filePath("model.pth").toStdString());
    const fusion::ModelFusion fusion = fusion::fuseModel(opened.model);
    const TensorD x = read(folder, "x.npy");
    const auto engine = makeReferenceEngine();
    Network network(opened.model, fusion.forms(opened.model), *engine);
    std::map<std::string, TensorD> branches;
    RunHooks hooks;
    hooks.wantsSteps = [&](std::size_t block) { return opened.model.blocks[block].name == "stage2.1"; };
    hooks.onStep = [&](std::size_t, const std::string& path, const MapPtr& map) { branches[path] = engine->read(map); };

    const TensorD eval = engine->read(network.run(engine->load(x), Phase::eval, hooks));
    QVERIFY2(relative(read(folder, "y_eval.npy"), eval) < 1e-12, "phase eval");
    for (const char* name : {"rbr_dense", "rbr_1x1", "rbr_identity"}) {
        const TensorD theirs = read(folder, qPrintable(QStringLiteral("branch_%1.npy").arg(name)));
        QVERIFY2(relative(theirs, branches.at(name)) < 1e-12, name);
    }
    const TensorD train = engine->read(network.run(engine->load(x), Phase::train));
    QVERIFY2(relative(read(folder, "y_train.npy"), train) < 1e-10, "phase train");

    const QString fused = folder.filePath("fused.pth");
    fusion::writeFused(fused.toStdString(), opened.model, fusion, *opened.checkpoint, *opened.weights);
    QCOMPARE(test::runDataScript("torch_repvgg.py", folder.path(), {"load", folder.path(), fused}), QString());
    const TensorD deploy = engine->read(network.run(engine->load(x), Phase::deploy));
    QVERIFY2(relative(read(folder, "y_deploy.npy"), deploy) < 1e-12, "phase deploy");

    // The fused file read back here is the same network, and every phase runs its kernels.
    const families::OpenedModel again = families::openModel(fused.toStdString());
    const fusion::ModelFusion none = fusion::fuseModel(again.model);
    Network deployed(again.model, none.forms(again.model), *engine);
    for (Phase phase : {Phase::train, Phase::eval, Phase::deploy}) QVERIFY(engine->read(deployed.run(engine->load(x), phase)) == deploy);

    // float32 as users' runtimes compute it.
    const auto fast = makeFloat32Engine();
    Network network32(opened.model, fusion.forms(opened.model), *fast);
    for (Phase phase : {Phase::eval, Phase::deploy})
        QVERIFY(relative(read(folder, "y_eval.npy"), fast->read(network32.run(fast->load(x), phase))) < 1e-4);
}

QTEST_GUILESS_MAIN(TestTorchPhases)
#include "tst_torch_phases.moc"
