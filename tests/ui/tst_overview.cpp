// SPDX-License-Identifier: Apache-2.0
#include "tests/support/random_blocks.h"
#include "tests/ui/open_window.h"
#include "tests/ui/tiny_files.h"
#include "ui/views/overview_view.h"

#include <QComboBox>
#include <QTemporaryDir>
#include <QTest>

#include <set>

using namespace rp;
using namespace rp::ui;

namespace {

Block block(const std::string& name, std::int64_t ic, std::int64_t oc, std::int64_t stride, test::Generator& g) {
    Block b;
    b.name = name;
    b.family = "RepVGG";
    b.body = test::repvggBody({ic, oc, 1, stride, false}, g);
    b.inChannels = ic;
    b.outChannels = oc;
    return b;
}

/// A residual network: each unit is two blocks around which the input runs to an addition, then a ReLU.
LoadedModel residual(int units) {
    test::Generator g(1);
    LoadedModel loaded;
    Model& model = loaded.opened.model;
    model.defaultInput = {1, 4, 16, 16};
    std::int64_t last = -1;
    auto add = [&](decltype(Node::what) what, std::vector<std::int64_t> inputs) {
        model.graph.push_back({std::move(what), std::move(inputs)});
        return static_cast<std::int64_t>(model.graph.size()) - 1;
    };
    auto addBlock = [&](const Block& b, std::int64_t input) {
        model.blocks.push_back(b);
        return add(Node::BlockIndex{model.blocks.size() - 1}, {input});
    };
    last = addBlock(block("stem", 4, 8, 2, g), -1);
    for (int i = 0; i < units; ++i) {
        const std::string name = "unit" + std::to_string(i);
        const std::int64_t first = addBlock(block(name + ".0", 8, 8, 1, g), last);
        const std::int64_t second = addBlock(block(name + ".1", 8, 8, 1, g), first);
        const std::int64_t sum = add(Operation{name + ".add", Binary{}}, {last, second});
        last = add(Operation{name + ".relu", Activation{}}, {sum});
    }
    loaded.fusion = fusion::fuseModel(model);
    return loaded;
}

} // namespace

class TestOverview : public QObject, private rp::test::OpenWindow {
    Q_OBJECT

    /// Nothing stands on anything else: boxes and long edges have their (layer, lane) to themselves.
    static void hasNoCollision(const Overview& overview) {
        std::set<std::pair<int, int>> taken;
        for (const OverviewNode& node : overview.nodes) QVERIFY(taken.insert({node.layer, node.lane}).second);
        for (const OverviewEdge& edge : overview.edges) {
            const int from = overview.nodes[static_cast<std::size_t>(edge.from)].layer, to = overview.nodes[static_cast<std::size_t>(edge.to)].layer;
            QVERIFY(from < to);
            for (int layer = from + 1; layer < to; ++layer) QVERIFY(taken.insert({layer, edge.lane}).second);
        }
    }

private slots:
    /// Each of a chain's nodes reads the first one, too: a short file, and half a million places for its edges.
    void aGraphOfTooManyLongEdgesIsARowOfItsBlocks() {
        LoadedModel loaded = residual(1);
        std::vector<Node>& graph = loaded.opened.model.graph;
        for (std::int64_t last = static_cast<std::int64_t>(graph.size()) - 1, i = 0; i < 1000; ++i, ++last)
            graph.push_back({Operation{"add" + std::to_string(i), Binary{}}, {last, 0}});
        const Overview overview = overviewOf(loaded);
        QCOMPARE(overview.nodes.size(), loaded.model().blocks.size());
        QVERIFY(overview.edges.empty());
        QVERIFY(overview.note.contains(QStringLiteral("too many")));
    }

    void branchesAndJoinsHaveTheirOwnLanes() {
        const Overview overview = overviewOf(residual(2));
        QCOMPARE(overview.nodes.size(), std::size_t{7}); // stem, 2 (two blocks and an addition); ReLUs belong to the additions
        QCOMPARE(overview.layers, 7);
        QCOMPARE(overview.edges.size(), std::size_t{8});
        QCOMPARE(overview.lanes, 2);
        QVERIFY(overview.nodes[3].isOperation);
        QCOMPARE(overview.nodes[0].out, (Shape{1, 8, 8, 8}));
        QCOMPARE(overview.nodes[6].layer, 6);
        for (const OverviewNode& node : overview.nodes) QCOMPARE(node.lane, 0); // the main path is straight
        hasNoCollision(overview);
    }

    void hundredsOfBlocksStayLegible() {
        const Overview overview = overviewOf(residual(200));
        QCOMPARE(overview.nodes.size(), std::size_t{601});
        QCOMPARE(overview.lanes, 2);
        hasNoCollision(overview);
        OverviewCanvas canvas;
        canvas.setOverview(overview);
        canvas.setZoom(1, 300);
        for (std::size_t i = 0; i < overview.nodes.size(); ++i) {
            QVERIFY(canvas.rectOf(static_cast<int>(i)).width() >= 7);
            QVERIFY(canvas.rectOf(static_cast<int>(i)).height() >= 7);
            if (i > 0) QVERIFY(canvas.rectOf(static_cast<int>(i)).left() > canvas.rectOf(static_cast<int>(i - 1)).right());
        }
    }

    void boxesAreToScaleAndChooseTheirBlock() {
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("tiny.pth"));
        test::writeTinyFile(path.toStdString(), {.inputSide = 64});
        QVERIFY(show());
        m_document->openModel(path);
        QVERIFY(settle());
        OverviewView& view = *m_window->findChild<OverviewView*>();
        OverviewCanvas& canvas = view.canvas();
        canvas.setZoom(4, 300); // large enough that no box is at its least size
        const auto& nodes = canvas.overview().nodes;
        QVERIFY(nodes.size() >= 5);
        QCOMPARE(nodes[0].out, (Shape{1, 8, 32, 32}));
        QCOMPARE(nodes[1].out, (Shape{1, 8, 16, 16}));
        QCOMPARE(nodes[3].out, (Shape{1, 16, 8, 8}));
        QCOMPARE(canvas.rectOf(0).height(), 2 * canvas.rectOf(1).height());
        QCOMPARE(canvas.rectOf(3).width(), 2 * canvas.rectOf(0).width());
        QTest::mouseClick(&canvas, Qt::LeftButton, {}, canvas.rectOf(3).center().toPoint());
        QCOMPARE(m_document->block(), 3);
        QTest::keyClick(&canvas, Qt::Key_Left);
        QTest::keyClick(&canvas, Qt::Key_Return);
        QCOMPARE(m_document->block(), 2);
        // Colours follow the figure; the largest block takes the bright end.
        view.figure()->setCurrentIndex(static_cast<int>(BlockFigure::parameters));
        QVERIFY(canvas.colourOf(4) != canvas.colourOf(0));
        QVERIFY(canvas.colourOf(4).lightness() > canvas.colourOf(0).lightness());
        QVERIFY(settle());
        close();
    }
};

QTEST_MAIN(TestOverview)
#include "tst_overview.moc"
