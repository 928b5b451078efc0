// SPDX-License-Identifier: Apache-2.0
// RepViT from its state dict to its classes against the network written down again in PyTorch (tests/data/torch_repvit.py): phases
// train, eval and deploy, and the fused file, which the deploy form there loads strictly.
#include "core/exec/network.h"
#include "core/families/open_model.h"
#include "core/fusion/write_fused.h"
#include "core/io/npy.h"
#include "core/verify/against.h"
#include "core/verify/verify.h"
#include "tests/support/naive.h"
#include "tests/support/python.h"

#include <QTemporaryDir>
#include <QTest>

using namespace rp;

class RepVitTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        if (!test::pythonHas("torch")) QSKIP("PyTorch is not installed for " REPSCOPE_TEST_PYTHON);
    }

    void everyPhaseAgreesWithPyTorch_data() {
        QTest::addColumn<QString>("spelling");
        QTest::newRow("official") << "official";
        QTest::newRow("timm") << "timm";
    }

    void everyPhaseAgreesWithPyTorch() {
        QFETCH(QString, spelling);
        QCOMPARE(test::runDataScript("torch_repvit.py", m_dir.path(), {"make", m_dir.path(), spelling}), QString());
        const families::OpenedModel opened = families::openModel(path("model.pth"));
        const Model& model = opened.model;
        QVERIFY2(!model.graph.empty(), model.whyNoGraph.c_str());
        QVERIFY2(model.unusedKeys.empty(), model.unusedKeys.empty() ? "" : model.unusedKeys.front().c_str());
        QCOMPARE(QString::fromStdString(model.variant), QString("RepViT, depths 2-2-2-1, widths 8-12-16-24"));
        const fusion::ModelFusion fusion = fusion::fuseModel(model);
        QCOMPARE(fusion.fusedCount(), static_cast<std::int64_t>(model.blocks.size()));
        const auto engine = makeReferenceEngine();
        Network network(model, fusion.forms(model), *engine);
        const TensorD x = io::readNpyFile(path("x.npy")).toDouble();
        const auto run = [&](Phase phase) {
            const TensorD y = engine->read(network.run(engine->load(x), phase, {}));
            return TensorD({y.size(0), y.size(1)}, {y.values().begin(), y.values().end()});
        };
        const TensorD eval = io::readNpyFile(path("y_eval.npy")).toDouble(), train = io::readNpyFile(path("y_train.npy")).toDouble();
        QVERIFY(naive::largestDifference(run(Phase::eval), eval) <= 1e-10 * naive::largest(eval));
        QVERIFY(naive::largestDifference(run(Phase::train), train) <= 1e-9 * naive::largest(train));
        QVERIFY(naive::largestDifference(eval, train) > 1e-2 * naive::largest(eval)); // the phases can be told apart

        fusion::writeFused(path("fused.pth"), model, fusion, *opened.checkpoint, *opened.weights);
        QCOMPARE(test::runDataScript("torch_repvit.py", m_dir.path(), {"deploy", m_dir.path(), spelling}), QString());
        const TensorD theirs = io::readNpyFile(path("y_deploy.npy")).toDouble();
        QVERIFY(naive::largestDifference(run(Phase::deploy), theirs) <= 1e-10 * naive::largest(theirs));
        QVERIFY(naive::largestDifference(eval, theirs) <= 1e-4 * naive::largest(eval)); // kernels of float32

        families::OpenOptions options;
        options.deployOf = &model;
        const families::OpenedModel again = families::openModel(path("fused.pth"), options);
        QVERIFY2(!again.model.graph.empty(), again.model.whyNoGraph.c_str());
        verify::Report report = verify::verifyModel(opened, fusion, x, {});
        verify::addAgainst(report, opened, fusion, again, x);
        QVERIFY(report.verdict == verify::Verdict::pass);
        QVERIFY(std::ranges::any_of(report.findings, [](const Finding& f) {
            return f.code == "against-output" && f.message == "the outputs of both deploy forms are equal";
        }));
    }

private:
    std::filesystem::path path(const std::string& name) const { return std::filesystem::path(m_dir.path().toStdString()) / name; }
    QTemporaryDir m_dir;
};

QTEST_GUILESS_MAIN(RepVitTest)
#include "tst_repvit.moc"
