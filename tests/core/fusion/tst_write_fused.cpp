// SPDX-License-Identifier: Apache-2.0
#include "core/families/open_model.h"
#include "core/families/network_names.h"
#include "core/fusion/write_fused.h"
#include "core/io/torch_zip.h"
#include "tests/support/refusal.h"
#include "tests/support/tiny_repvgg.h"

#include <cmath>
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
    void everyLayoutHasItsOwnNames_data();
    void everyLayoutHasItsOwnNames();
    void aKeyThatIsNoneOfTheNetworksIsNamed();
    void everyFloatingTensorIsCast();
    void numbersThatDoNotFitAreRefused();
    void aNormThatTheDeployFormKeepsStays();
    void kernelsAreRoundedOnce();
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

fusion::WriteReport write(const Opened& o, const std::string& target, const fusion::WriteOptions& options = {}) {
    return fusion::writeFused(target, o.model.model, o.fusion, *o.model.checkpoint, *o.model.weights, options);
}

fusion::WriteOptions layoutOptions(const std::string& from, const std::string& to) {
    fusion::WriteOptions options;
    options.relabel = [=](NamedTensor tensor) { return families::renamedTensor(std::move(tensor), "RepVGG", from, to); };
    return options;
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
    for (const char* suffix : {".pth", ".safetensors", ".npz", ".pdparams"}) {
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

void TestWriteFused::everyLayoutHasItsOwnNames_data() {
    QTest::addColumn<int>("from");
    QTest::addColumn<int>("to");
    const char* const names[] = {"official", "timm", "mmpretrain", "paddle"};
    for (int from = 0; from < 4; ++from)
        for (int to = 0; to < 4; ++to)
            if (from != to) QTest::addRow("%s to %s", names[from], names[to]) << from << to;
}

void TestWriteFused::everyLayoutHasItsOwnNames() {
    QFETCH(int, from);
    QFETCH(int, to);
    const std::string names[] = {"official", "timm", "mmpretrain", "paddle"};
    const auto layout = [](int index) {
        const TinyRepVgg::Layout all[] = {TinyRepVgg::Layout::official, TinyRepVgg::Layout::timm, TinyRepVgg::Layout::mmpretrain, TinyRepVgg::Layout::paddle};
        return all[index];
    };
    // One generator: the same seed gives the same numbers under other names, the head's matrix excepted.
    QTemporaryDir folder;
    TinyRepVgg spec;
    spec.se = true;
    spec.layout = layout(from);
    const Opened source = openFused(test::writeTinyRepVgg(folder.path().toStdString(), spec, "source.pth"));
    const std::string target = folder.filePath("fused.safetensors").toStdString();
    write(source, target, layoutOptions(names[from], names[to]));
    spec.layout = layout(to);
    const std::string expectedPath = folder.filePath("expected.safetensors").toStdString();
    write(openFused(test::writeTinyRepVgg(folder.path().toStdString(), spec, "other.pth")), expectedPath);

    const io::Checkpoint written = io::openCheckpoint(target), expected = io::openCheckpoint(expectedPath);
    const auto& found = written.weights({}).tensors.tensors();
    const auto& wanted = expected.weights({}).tensors.tensors();
    QCOMPARE(found.size(), wanted.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
        QCOMPARE(QString::fromStdString(found[i].name), QString::fromStdString(wanted[i].name));
        QVERIFY2(found[i].tensor.shape() == wanted[i].tensor.shape(), wanted[i].name.c_str());
        if (found[i].tensor.shape().size() != 2) {
            QVERIFY2(sameBytes(found[i].tensor, wanted[i].tensor), wanted[i].name.c_str());
            continue;
        }
        const TensorD there = found[i].tensor.toDouble();
        const TensorD matrix = source.model.weights->tensors.find(from == 1 || from == 2 ? "head.fc.weight" : "linear.weight")->toDouble();
        const bool turned = (from == 3) != (to == 3);
        for (std::int64_t r = 0; r < there.shape()[0]; ++r)
            for (std::int64_t c = 0; c < there.shape()[1]; ++c)
                QCOMPARE(there[r * there.shape()[1] + c], turned ? matrix[c * there.shape()[0] + r] : matrix[r * there.shape()[1] + c]);
    }
    const families::OpenedModel reopened = families::openModel(target);
    QVERIFY(reopened.model.form == Form::deploy);
    QVERIFY(reopened.model.unusedKeys.empty());
    QVERIFY(!reopened.model.graph.empty());
}

void TestWriteFused::aKeyThatIsNoneOfTheNetworksIsNamed() {
    QTemporaryDir folder;
    std::vector<NamedTensor> tensors = test::tensorsOf({});
    tensors.push_back({"stage1_aux.3.bias", StoredTensor::of(TensorF({1}, {1}))});
    const std::string path = folder.filePath("more.pth").toStdString();
    io::writeTorchZip(path, tensors, "", true, {});
    const Opened source = openFused(path);
    const std::string target = folder.filePath("fused.pth").toStdString();
    QCOMPARE(test::refusal(ErrorCode::unsupported, "'stage1_aux.3.bias'", [&] { write(source, target, layoutOptions("official", "timm")); }), QString());
    QCOMPARE(test::refusal(ErrorCode::unsupported, "yolov7", [&] { write(source, target, layoutOptions("yolov7", "timm")); }), QString());
    QVERIFY(!QFile::exists(QString::fromStdString(target)));
}

void TestWriteFused::everyFloatingTensorIsCast() {
    QTemporaryDir folder;
    TinyRepVgg spec;
    spec.se = true;
    std::vector<NamedTensor> tensors = test::tensorsOf(spec);
    test::erase(tensors, "stage2.1.rbr_1x1.bn.running_var"); // a block that stays, counters included
    const std::string path = folder.filePath("source.pth").toStdString();
    io::writeTorchZip(path, tensors, "", true, {});
    const Opened source = openFused(path);
    const std::string plain = folder.filePath("plain.safetensors").toStdString();
    write(source, plain);
    const io::Checkpoint reference = io::openCheckpoint(plain);
    for (const auto& [type, relative] : {std::pair(DType::f16, 0x1p-11), std::pair(DType::bf16, 0x1p-8), std::pair(DType::f32, 0.0)}) {
        const std::string target = folder.filePath("cast.safetensors").toStdString();
        fusion::WriteOptions options;
        options.dtype = type;
        write(source, target, options);
        const io::Checkpoint written = io::openCheckpoint(target);
        int counters = 0;
        for (const NamedTensor& named : written.weights({}).tensors.tensors()) {
            const StoredTensor& before = *reference.weights({}).tensors.find(named.name);
            if (before.dtype() == DType::i64) {
                ++counters;
                QVERIFY(sameBytes(before, named.tensor));
                continue;
            }
            QVERIFY2(named.tensor.dtype() == type, named.name.c_str());
            const TensorD was = before.toDouble(), is = named.tensor.toDouble();
            for (std::int64_t i = 0; i < was.count(); ++i)
                QVERIFY2(std::abs(is[i] - was[i]) <= std::abs(was[i]) * relative * 1.001 + (type == DType::f16 ? 0x1p-25 : 0), named.name.c_str());
        }
        QVERIFY(counters > 0);
    }
}

void TestWriteFused::numbersThatDoNotFitAreRefused() {
    QTemporaryDir folder;
    std::vector<NamedTensor> tensors = test::tensorsOf({});
    test::replace(tensors, "linear.bias", TensorF({5}, {1, 2, 70000, 4, 5}));
    const std::string path = folder.filePath("large.pth").toStdString();
    io::writeTorchZip(path, tensors, "", true, {});
    const Opened source = openFused(path);
    fusion::WriteOptions half, bfloat;
    half.dtype = DType::f16;
    bfloat.dtype = DType::bf16;
    const QString target = folder.filePath("fused.pth");
    QCOMPARE(test::refusal(ErrorCode::valueInvalid, "'linear.bias'", [&] { write(source, target.toStdString(), half); }), QString());
    QVERIFY(!QFile::exists(target));
    write(source, target.toStdString(), bfloat);
    QCOMPARE(test::refusal(ErrorCode::unsupported, "bfloat16", [&] { write(source, folder.filePath("fused.npz").toStdString(), bfloat); }), QString());
    write(source, folder.filePath("fused.pdparams").toStdString(), bfloat);
}

void TestWriteFused::aNormThatTheDeployFormKeepsStays() {
    // y = bn( 3 x + 2 x ), one channel; the kernel must hold 5, and the norm (scale 10, shift 1) must stay a norm.
    auto number = [](const std::string& key, Shape shape, float value) {
        return NamedTensor{key, StoredTensor::of(TensorF(std::move(shape), {value}))};
    };
    io::Checkpoint checkpoint;
    std::vector<NamedTensor> tensors{number("b.a.weight", {1, 1, 1, 1}, 3), number("b.c.weight", {1, 1, 1, 1}, 2),
                                     number("b.bn.weight", {1}, 10),        number("b.bn.bias", {1}, 1),
                                     number("b.bn.running_mean", {1}, 0),   number("b.bn.running_var", {1}, 1),
                                     number("head.weight", {1}, 7)};
    Block block;
    block.name = "b";
    block.inChannels = block.outChannels = 1;
    block.fusedWeightKey = "b.rbr_reparam.weight";
    block.fusedBiasKey = "b.rbr_reparam.bias";
    block.keptNorm = "b.bn";
    auto param = [&](std::size_t i) {
        block.branchKeys.push_back(tensors[i].name);
        return Param(tensors[i].name, tensors[i].tensor);
    };
    Conv first, second;
    first.weight = param(0);
    second.weight = param(1);
    Norm norm;
    norm.gamma = param(2);
    norm.beta = param(3);
    norm.mean = param(4);
    norm.var = param(5);
    norm.eps = 0;
    block.body = makeExpr("body", Chain{{makeExpr("sum", Sum{{makeExpr("a", first), makeExpr("c", second)}}), makeExpr("bn", norm)}});
    Model model;
    model.blocks.push_back(block);
    checkpoint.sets.push_back({"", StateDict(std::move(tensors)), true});
    const fusion::ModelFusion fused = fusion::fuseModel(model);
    QCOMPARE(fused.fusedCount(), std::int64_t{1});
    QCOMPARE(std::get<Conv>(fused.blocks[0].stored->op).weight.toDouble()[0], 50.0); // what phase deploy runs

    QTemporaryDir folder;
    const std::string target = folder.filePath("kept.safetensors").toStdString();
    fusion::writeFused(target, model, fused, checkpoint, checkpoint.sets.front());
    const io::Checkpoint written = io::openCheckpoint(target);
    const StateDict& after = written.weights({}).tensors;
    QCOMPARE(after.size(), std::size_t{7});
    QCOMPARE(after.find("b.rbr_reparam.weight")->toDouble()[0], 5.0);
    QCOMPARE(after.find("b.rbr_reparam.bias")->toDouble()[0], 0.0);
    QCOMPARE(after.find("b.bn.weight")->toDouble()[0], 10.0);
    QVERIFY(after.find("b.bn.running_var") && after.find("head.weight") && !after.find("b.a.weight"));
}

void TestWriteFused::kernelsAreRoundedOnce() {
    // 1 + 2^-8 + 2^-40: just above the middle of two bfloat16 numbers, and in float32 exactly there, which would be rounded to even.
    auto number = [](const std::string& key, Shape shape, float value) {
        return NamedTensor{key, StoredTensor::of(TensorF(std::move(shape), {value}))};
    };
    std::vector<NamedTensor> tensors{number("b.a.weight", {1, 1, 1, 1}, 1), number("b.c.weight", {1, 1, 1, 1}, 0x1p-8f),
                                     number("b.d.weight", {1, 1, 1, 1}, 0x1p-40f)};
    Block block;
    block.name = "b";
    block.inChannels = block.outChannels = 1;
    block.fusedWeightKey = "b.weight";
    block.fusedBiasKey = "b.bias";
    std::vector<ExprPtr> terms;
    for (const NamedTensor& t : tensors) {
        block.branchKeys.push_back(t.name);
        Conv conv;
        conv.weight = Param(t.name, t.tensor);
        terms.push_back(makeExpr(t.name, conv));
    }
    block.body = makeExpr("sum", Sum{terms});
    Model model;
    model.blocks.push_back(block);
    io::Checkpoint checkpoint;
    checkpoint.sets.push_back({"", StateDict(std::move(tensors)), true});
    QTemporaryDir folder;
    const std::string target = folder.filePath("rounded.safetensors").toStdString();
    for (const auto& [type, wanted] : {std::pair(DType::bf16, 1 + 0x1p-7), std::pair(DType::f32, 1 + 0x1p-8)}) {
        fusion::WriteOptions options;
        options.dtype = type;
        fusion::writeFused(target, model, fusion::fuseModel(model), checkpoint, checkpoint.sets.front(), options);
        QCOMPARE(io::openCheckpoint(target).weights({}).tensors.find("b.weight")->toDouble()[0], wanted);
    }
}

QTEST_APPLESS_MAIN(TestWriteFused)
#include "tst_write_fused.moc"
