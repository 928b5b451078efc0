// SPDX-License-Identifier: Apache-2.0
#include "core/families/open_model.h"
#include "core/fusion/write_fused.h"
#include "core/io/torch_zip.h"
#include "tests/support/refusal.h"
#include "tests/support/tiny_repvgg.h"

#include <cstring>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace rp;
using test::TinyRepVgg;

class TestWriteFused : public QObject {
    Q_OBJECT
private slots:
    void everyOtherTensorIsBitIdentical_data();
    void everyOtherTensorIsBitIdentical();
    void wrapperPrefixAndPlainDataStay();
    void refusedBlocksKeepTheirBranches();
    void deployFileIsRefusedAndNothingIsWritten();
    void unknownSuffixIsUsage();
    void failedWriteLeavesTheOldFile();
};

namespace {

struct Opened {
    families::OpenedModel model;
    fusion::ModelFusion fusion;
};

Opened openFused(const std::string& path) {
    Opened opened{families::openModel(path), {}};
    opened.fusion = fusion::fuseModel(opened.model.model);
    return opened;
}

fusion::WriteReport write(const Opened& o, const std::string& target) {
    return fusion::writeFused(target, o.model.model, o.fusion, *o.model.checkpoint, *o.model.weights);
}

bool sameBytes(const StoredTensor& a, const StoredTensor& b) {
    const SharedBytes x = a.bytes(), y = b.bytes();
    return a.dtype() == b.dtype() && a.shape() == b.shape() && x.size() == y.size() && std::memcmp(x.bytes.data(), y.bytes.data(), x.size()) == 0;
}

} // namespace

void TestWriteFused::everyOtherTensorIsBitIdentical_data() {
    QTest::addColumn<int>("layout");
    QTest::addColumn<QString>("suffix");
    QTest::addColumn<QString>("fusedName");
    for (const char* suffix : {".pth", ".safetensors"}) {
        QTest::addRow("official%s", suffix) << int(TinyRepVgg::Layout::official) << suffix << "stage0.rbr_reparam.weight";
        QTest::addRow("timm%s", suffix) << int(TinyRepVgg::Layout::timm) << suffix << "stem.reparam_conv.weight";
        QTest::addRow("mmpretrain%s", suffix) << int(TinyRepVgg::Layout::mmpretrain) << suffix << "backbone.stem.branch_reparam.weight";
        QTest::addRow("paddle%s", suffix) << int(TinyRepVgg::Layout::paddle) << suffix << "stage0.rbr_reparam.weight";
    }
}

void TestWriteFused::everyOtherTensorIsBitIdentical() {
    QFETCH(int, layout);
    QFETCH(QString, suffix);
    QFETCH(QString, fusedName);
    QTemporaryDir folder;
    TinyRepVgg spec;
    spec.layout = static_cast<TinyRepVgg::Layout>(layout);
    spec.se = true;
    const Opened source = openFused(test::writeTinyRepVgg(folder.path().toStdString(), spec));
    const std::string target = folder.filePath("fused" + suffix).toStdString();
    const auto report = write(source, target);
    QCOMPARE(report.fusedBlocks, std::int64_t{6});

    const io::Checkpoint written = io::openCheckpoint(target);
    const StateDict& before = source.model.weights->tensors;
    const StateDict& after = written.weights({}).tensors;
    QVERIFY(after.find(fusedName.toStdString()));
    QCOMPARE(after.size(), std::size_t{6 * 2 + 6 * 4 + 2});
    std::size_t position = 0;
    for (std::size_t i = 0; i < before.size(); ++i) {
        const std::string& name = before.tensors()[i].name;
        const bool kept = name.find(".se.") != std::string::npos || name.find(".se_layer.") != std::string::npos || name.find("attn") != std::string::npos || name.find("linear") == 0 || name.find("head") == 0;
        const StoredTensor* there = after.find(name);
        QCOMPARE(there != nullptr, kept);
        if (!kept) continue;
        QVERIFY2(sameBytes(before.tensors()[i].tensor, *there), name.c_str());
        while (position < after.size() && after.tensors()[position].name != name) ++position;
        QVERIFY2(position < after.size(), "the order of the kept tensors changed");
    }
}

void TestWriteFused::wrapperPrefixAndPlainDataStay() {
    QTemporaryDir folder;
    std::vector<NamedTensor> tensors = test::tensorsOf({});
    for (NamedTensor& tensor : tensors) tensor.name = "module." + tensor.name;
    io::Dict extras;
    extras.items.emplace_back(io::makeValue(std::string("epoch")), io::makeValue(std::int64_t{120}));
    const std::string path = folder.filePath("wrapped.pth").toStdString();
    io::writeTorchZip(path, tensors, "model", true, extras);
    const Opened source = openFused(path);
    QCOMPARE(source.model.model.variant.substr(0, 6), std::string("RepVGG"));
    const std::string target = folder.filePath("fused.pth").toStdString();
    write(source, target);
    const io::Checkpoint written = io::openCheckpoint(target);
    QCOMPARE(written.sets.size(), std::size_t{1});
    QCOMPARE(written.sets.front().name, std::string("model"));
    QCOMPARE(written.sets.front().tensors.tensors().front().name, std::string("module.stage0.rbr_reparam.weight"));
    const io::ValuePtr* epoch = written.extras.find("epoch");
    QVERIFY(epoch && (*epoch)->as<std::int64_t>() && *(*epoch)->as<std::int64_t>() == 120);
}

void TestWriteFused::refusedBlocksKeepTheirBranches() {
    QTemporaryDir folder;
    std::vector<NamedTensor> tensors = test::tensorsOf({});
    test::erase(tensors, "stage2.1.rbr_1x1.bn.running_var");
    const std::string path = folder.filePath("incomplete.pth").toStdString();
    io::writeTorchZip(path, tensors, "", true, {});
    const Opened source = openFused(path);
    const std::string target = folder.filePath("fused.pth").toStdString();
    const auto report = write(source, target);
    QCOMPARE(report.fusedBlocks, std::int64_t{5});
    QVERIFY(report.notes.front().find("stage2.1.rbr_1x1.bn.running_var") != std::string::npos);
    const io::Checkpoint written = io::openCheckpoint(target);
    const StateDict& after = written.weights({}).tensors;
    QVERIFY(after.find("stage2.1.rbr_dense.conv.weight"));
    QVERIFY(!after.find("stage2.1.rbr_reparam.weight"));
    QVERIFY(after.find("stage2.0.rbr_reparam.weight"));
}

void TestWriteFused::deployFileIsRefusedAndNothingIsWritten() {
    QTemporaryDir folder;
    TinyRepVgg spec;
    spec.deploy = true;
    const Opened source = openFused(test::writeTinyRepVgg(folder.path().toStdString(), spec));
    const QString target = folder.filePath("fused.pth");
    QCOMPARE(test::refusal(ErrorCode::nothingToFuse, "train form", [&] { write(source, target.toStdString()); }), QString());
    QVERIFY(!QFile::exists(target));
}

void TestWriteFused::unknownSuffixIsUsage() {
    QTemporaryDir folder;
    const Opened source = openFused(test::writeTinyRepVgg(folder.path().toStdString()));
    QCOMPARE(test::refusal(ErrorCode::usage, ".safetensors", [&] { write(source, folder.filePath("fused.txt").toStdString()); }), QString());
}

void TestWriteFused::failedWriteLeavesTheOldFile() {
    QTemporaryDir folder;
    const Opened source = openFused(test::writeTinyRepVgg(folder.path().toStdString()));
    QCOMPARE(test::refusal(ErrorCode::writeFailed, "nowhere", [&] { write(source, folder.filePath("nowhere/fused.pth").toStdString()); }), QString());
}

QTEST_APPLESS_MAIN(TestWriteFused)
#include "tst_write_fused.moc"
