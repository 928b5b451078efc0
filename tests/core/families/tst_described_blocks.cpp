// SPDX-License-Identifier: Apache-2.0
#include "core/exec/forward.h"
#include "core/families/described_block.h"
#include "core/families/family.h"
#include "core/fusion/fuse_model.h"
#include "tests/support/naive.h"
#include "tests/support/refusal.h"
#include "tests/support/tiny_state.h"

#include <QFile>
#include <QRegularExpression>
#include <QTest>

using namespace rp;

class TestDescribedBlocks : public QObject {
    Q_OBJECT
private slots:
    void exampleOfTheDocumentRuns();
    void bordersAreNotBelieved();
    void defectsNameTheirPlace_data();
    void defectsNameTheirPlace();
};

namespace {

/// The example block of docs/described-blocks.md: what stands indented there, from the first brace.
std::string example() {
    QFile file(QStringLiteral(REPSCOPE_TEST_DATA_DIR "/../../docs/described-blocks.md"));
    if (!file.open(QIODevice::ReadOnly)) return {};
    QString json;
    for (const QString& line : QString::fromUtf8(file.readAll()).split('\n'))
        if (line.startsWith("    ")) json += line + '\n';
    return json.toStdString();
}

test::TinyState tensors() {
    test::TinyState state;
    state.conv("body.3.wide.conv", 6, 6, 5).norm("body.3.wide.bn", 6);
    for (const char* n : {"0", "1"}) state.conv("body.3.more." + std::string(n) + ".conv", 6, 6, 3).norm("body.3.more." + std::string(n) + ".bn", 6);
    state.conv("body.3.expand", 8, 6, 1, true).conv("body.3.squeeze", 6, 8, 3, true).tensor("body.3.alpha", {1}).norm("body.3.skip", 6);
    return state;
}

TensorD normed(const StateDict& dict, const std::string& prefix, const TensorD& x) {
    auto at = [&](const char* name) { return dict.find(prefix + name)->toDouble(); };
    const TensorD gamma = at(".weight"), beta = at(".bias"), mean = at(".running_mean"), var = at(".running_var");
    ChannelAffine affine;
    for (std::int64_t c = 0; c < gamma.count(); ++c) {
        affine.scale.push_back(gamma[c] / std::sqrt(var[c] + 1e-3));
        affine.shift.push_back(beta[c] - mean[c] * affine.scale.back());
    }
    return naive::finish(x, &affine, nullptr, nullptr);
}

TensorD convolved(const StateDict& dict, const std::string& name, const TensorD& x, std::int64_t padding) {
    Conv conv;
    conv.weight = Param(dict.find(name + ".weight")->toDouble());
    if (const StoredTensor* bias = dict.find(name + ".bias")) conv.bias = Param(bias->toDouble());
    conv.padding = Padding::same(padding);
    return naive::convolve(conv, x);
}

} // namespace

void TestDescribedBlocks::exampleOfTheDocumentRuns() {
    const std::vector<families::BlockKind> kinds = families::describedBlocks(example(), "example");
    QCOMPARE(kinds.size(), std::size_t{1});
    const StateDict dict(tensors().tensors);
    const Model model = families::assembleModel(dict, {}, kinds);
    QCOMPARE(model.blocks.size(), std::size_t{1});
    const Block& block = model.blocks.front();
    QVERIFY2(!block.refusal, block.refusal.value_or("").c_str());
    QCOMPARE(block.name, std::string("body.3"));
    QCOMPARE(block.family, std::string("TwoPath"));
    QCOMPARE(block.fusedWeightKey, std::string("body.3.merged.weight"));
    QVERIFY(model.unusedKeys.empty());
    QCOMPARE(branchesOf(block).size(), std::size_t{5});

    // The sum written out with loops.
    std::mt19937_64 generator(5);
    const TensorD x = naive::reals({2, 6, 7, 9}, generator);
    std::vector<TensorD> terms{normed(dict, "body.3.wide.bn", convolved(dict, "body.3.wide.conv", x, 2)), normed(dict, "body.3.skip", x)};
    for (const char* n : {"0", "1"}) {
        const std::string more = "body.3.more." + std::string(n);
        terms.push_back(normed(dict, more + ".bn", convolved(dict, more + ".conv", x, 1)));
    }
    const TensorD bias = dict.find("body.3.expand.bias")->toDouble();
    TensorD deep = naive::pad(Padding::same(1), {bias.values().begin(), bias.values().end()}, convolved(dict, "body.3.expand", x, 0));
    deep = convolved(dict, "body.3.squeeze", deep, 0);
    for (double& v : deep.edit()) v *= dict.find("body.3.alpha")->toDouble()[0];
    terms.push_back(deep);
    TensorD expected(x.shape());
    for (const TensorD& term : terms)
        for (std::int64_t i = 0; i < term.count(); ++i) expected.edit()[static_cast<std::size_t>(i)] += term[i];

    const auto engine = makeReferenceEngine();
    const TensorD branches = engine->read(forward(block.body, Phase::eval, engine->load(x), *engine));
    QVERIFY(naive::largestDifference(expected, branches) < 1e-12 * naive::largest(expected));
    const auto fused = fusion::fuse(*block.body, 6);
    QVERIFY(fused.fused() && fused.fused()->exactness == fusion::Exactness::everywhere);
    QVERIFY((fused.fused()->kernel.extent() == Extent{5, 5}));
    const TensorD one = engine->read(forward(toExactConv(*fused.fused(), "fused"), Phase::eval, engine->load(x), *engine));
    QVERIFY(naive::largestDifference(expected, one) < 1e-12 * naive::largest(expected));

    // Optional and repeated steps follow the tensors.
    test::TinyState less = tensors();
    std::erase_if(less.tensors, [](const NamedTensor& t) { return t.name.find(".skip.") != std::string::npos || t.name.find(".more.1.") != std::string::npos; });
    const StateDict lessDict(less.tensors);
    QCOMPARE(branchesOf(families::assembleModel(lessDict, {}, kinds).blocks.front()).size(), std::size_t{3});
}

void TestDescribedBlocks::bordersAreNotBelieved() {
    // Without the border step the 3x3 behind the biased 1x1 is padded with zeros: exact inside only.
    std::string text = example();
    const std::string border = "{\"border\": \"zero-image\"}, ";
    text.erase(text.find(border), border.size());
    const StateDict dict(tensors().tensors);
    const Model model = families::assembleModel(dict, {}, families::describedBlocks(text, "example"));
    const auto fused = fusion::fuse(*model.blocks.front().body, 6);
    QVERIFY(fused.fused() && fused.fused()->exactness == fusion::Exactness::inside);
    QCOMPARE(fused.fused()->rim, std::int64_t{1});
}

void TestDescribedBlocks::defectsNameTheirPlace_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("place");
    auto row = [](const char* name, const QString& text, const char* place) { QTest::newRow(name) << text << QString::fromUtf8(place); };
    auto body = [](const char* step) { return QStringLiteral("{'blocks':[{'keys':['a'],'fused':'f','body':%1}]}").arg(QString::fromUtf8(step)); };
    row("no JSON", "{", "JSON");
    row("a number beyond all doubles", "{'blocks':9e9999}", "JSON");
    row("no blocks", "{}", "blocks");
    row("unknown word", "{'blocks':[{'keys':['a'],'fused':'f','body':{'norm':'n'},'epsilon':1}]}", "epsilon");
    row("no keys", "{'blocks':[{'keys':[],'fused':'f','body':{'norm':'n'}}]}", "blocks[0].keys");
    row("no fused name", "{'blocks':[{'keys':['a'],'body':{'norm':'n'}}]}", "fused");
    row("unknown step", body("{'relu':1}"), "blocks[0].body");
    row("empty sum", body("{'sum':[]}"), "body.sum");
    row("deep place", body("{'sum':[{'norm':'a'},{'chain':[{'pool':0}]}]}"), "body.sum[1].chain[0].pool");
    row("each without #", body("{'sum':[{'each':'a','step':{'norm':'b'}}]}"), "body.sum[0]");
    row("identity", body("{'sum':[{'identity':'maybe'}]}"), "identity");
    row("eps", "{'blocks':[{'keys':['a'],'fused':'f','body':{'norm':'n'},'eps':-1}]}", "eps");
    row("activation", "{'blocks':[{'keys':['a'],'fused':'f','body':{'norm':'n'},'activation':'swoosh'}]}", "swoosh");
    QString deep = "{'norm':'n'}";
    for (int i = 0; i < 40; ++i) deep = "{'sum':[" + deep + "]}";
    row("too deep", body(qPrintable(deep)), "16");
}

void TestDescribedBlocks::defectsNameTheirPlace() {
    QFETCH(QString, text);
    QFETCH(QString, place);
    const std::string json = text.replace('\'', '"').toStdString();
    QCOMPARE(test::refusal(ErrorCode::malformed, place, [&] { families::describedBlocks(json, "file.json"); }), QString());
}

QTEST_APPLESS_MAIN(TestDescribedBlocks)
#include "tst_described_blocks.moc"
