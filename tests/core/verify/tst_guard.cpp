// SPDX-License-Identifier: Apache-2.0
#include "core/fusion/write_fused.h"
#include "core/io/torch_zip.h"
#include "core/verify/guard.h"
#include "tests/support/shared.h"
#include "tests/support/tiny_repvgg.h"
#include "tests/support/tiny_state.h"

#include <limits>

#include <QTemporaryDir>
#include <QTest>

using namespace rp;
using namespace rp::verify;

class TestGuard : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void aRightFilePasses();
    void aChangedKernelIsFound_data();
    void aChangedKernelIsFound();
    void aChangedTensorElsewhereIsFound();
    void aMissingKernelIsFound();
    void everyElementTypeHasItsThreshold();
    void damagedModelsFailBeforeWriting();
    void realFusedFilesAreReadBack();

private:
    std::string path(const char* name) const { return m_folder.filePath(QLatin1String(name)).toStdString(); }
    WrittenCheck check(const std::vector<NamedTensor>& tensors, std::optional<DType> dtype = {}) {
        io::writeTorchZip(path("written.pth"), tensors, "", true, {});
        families::OpenOptions options;
        options.deployOf = &m_opened.model;
        return checkWritten(path("written.pth"), m_opened, m_fusion, options, dtype);
    }

    QTemporaryDir m_folder;
    families::OpenedModel m_opened;
    fusion::ModelFusion m_fusion;
    std::vector<NamedTensor> m_fused;
};

void TestGuard::initTestCase() {
    m_opened = families::openModel(test::writeTinyRepVgg(m_folder.path().toStdString()));
    m_fusion = fusion::fuseModel(m_opened.model);
    m_fused = fusion::fusedTensors(m_opened.model, m_fusion, m_opened.weights->tensors);
}

void TestGuard::aRightFilePasses() {
    const WrittenCheck right = check(m_fused);
    QVERIFY2(right.problem.empty(), right.problem.c_str());
    QCOMPARE(right.blocks, std::int64_t{6});
    QVERIFY(right.network && !right.outputDb); // the same kernels: equal to the last bit
    QVERIFY(*right.lowestDb > 120 && *right.lowestDb < 200); // rounded once to float32
}

void TestGuard::aChangedKernelIsFound_data() {
    QTest::addColumn<QString>("key");
    QTest::newRow("weight") << QStringLiteral("stage2.1.rbr_reparam.weight");
    QTest::newRow("bias") << QStringLiteral("stage2.1.rbr_reparam.bias");
}

void TestGuard::aChangedKernelIsFound() {
    QFETCH(QString, key);
    std::vector<NamedTensor> tensors = m_fused;
    for (NamedTensor& t : tensors)
        if (t.name == key.toStdString()) {
            TensorF values = t.tensor.toFloat();
            values.edit()[3] += 1e-3F;
            t.tensor = StoredTensor::of(values);
        }
    const WrittenCheck wrong = check(tensors);
    QVERIFY2(wrong.problem.find("stage2.1") != std::string::npos, wrong.problem.c_str());
}

void TestGuard::aChangedTensorElsewhereIsFound() {
    std::vector<NamedTensor> tensors = m_fused;
    for (NamedTensor& t : tensors)
        if (t.name == "linear.bias") {
            TensorF values = t.tensor.toFloat();
            values.edit()[0] += 1e-3F;
            t.tensor = StoredTensor::of(values);
        }
    const WrittenCheck wrong = check(tensors);
    QVERIFY2(wrong.problem.find("outputs") != std::string::npos, wrong.problem.c_str());
}

void TestGuard::aMissingKernelIsFound() {
    std::vector<NamedTensor> tensors = m_fused;
    test::erase(tensors, "stage1.0.rbr_reparam.bias");
    QVERIFY(!check(tensors).problem.empty());
}

void TestGuard::everyElementTypeHasItsThreshold() {
    for (DType dtype : {DType::f16, DType::bf16}) {
        fusion::WriteOptions options;
        options.dtype = dtype;
        fusion::writeFused(path("cast.pth"), m_opened.model, m_fusion, *m_opened.checkpoint, *m_opened.weights, options);
        const WrittenCheck right = checkWritten(path("cast.pth"), m_opened, m_fusion, {}, dtype);
        QVERIFY2(right.problem.empty(), right.problem.c_str());
        QVERIFY(!checkWritten(path("cast.pth"), m_opened, m_fusion, {}, std::nullopt).problem.empty()); // it is not the float32 kernel
    }
}

void TestGuard::damagedModelsFailBeforeWriting() {
    QVERIFY(reportBeforeWriting(m_opened).verdict == Verdict::pass);
    std::vector<NamedTensor> tensors = test::tensorsOf({});
    test::replace(tensors, "stage1.0.rbr_dense.conv.weight", TensorF({8, 8, 3, 3}, std::vector<float>(576, std::numeric_limits<float>::quiet_NaN())));
    io::writeTorchZip(path("nan.pth"), tensors, "", true, {});
    QVERIFY(reportBeforeWriting(families::openModel(path("nan.pth"))).verdict == Verdict::fail);
}

void TestGuard::realFusedFilesAreReadBack() {
    const QString file = test::sharedFile(QStringLiteral("mobileie_uieb/onnx/train_form.onnx"));
    if (file.isEmpty()) QSKIP("the shared checkpoints are not here");
    // Its fused tensors make no model that a family knows; they are found by their names.
    const families::OpenedModel opened = families::openModel(file.toStdString());
    const fusion::ModelFusion fusion = fusion::fuseModel(opened.model);
    fusion::writeFused(path("real.pth"), opened.model, fusion, *opened.checkpoint, *opened.weights);
    families::OpenOptions options;
    options.deployOf = &opened.model;
    const WrittenCheck right = checkWritten(path("real.pth"), opened, fusion, options, std::nullopt);
    QVERIFY2(right.problem.empty(), right.problem.c_str());
    QCOMPARE(right.blocks, fusion.fusedCount());
}

QTEST_APPLESS_MAIN(TestGuard)
#include "tst_guard.moc"
