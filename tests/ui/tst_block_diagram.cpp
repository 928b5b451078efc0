// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/open_window.h"
#include "tests/ui/tiny_files.h"
#include "ui/presenters/document.h"
#include "ui/views/block_diagram_item.h"
#include "ui/views/block_diagram_view.h"
#include "ui/views/theme.h"

#include <QLineEdit>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QVBoxLayout>
#include <QWheelEvent>

#include <fmt/format.h>

using namespace rp;
using namespace rp::ui;

namespace {

ExprPtr conv(const std::string& name, std::int64_t kernel = 3) {
    Conv c;
    c.weight = Param(TensorD(Shape{4, 4, kernel, kernel}));
    return makeExpr(name, c);
}
ExprPtr norm(const std::string& name) {
    return makeExpr(name, Norm{});
}
ExprPtr convNorm(const std::string& name, std::int64_t kernel = 3) {
    return makeExpr(name, Chain{{conv(name + ".conv", kernel), norm(name + ".bn")}});
}
Block blockOf(ExprPtr body, bool relu = true) {
    Block block;
    block.name = "stage1.0";
    block.body = std::move(body);
    if (relu) block.tail.push_back({"nonlinearity", Activation{}});
    return block;
}
Block repVgg(bool identity) {
    std::vector<ExprPtr> terms{convNorm("rbr_dense"), convNorm("rbr_1x1", 1)};
    if (identity) terms.push_back(norm("rbr_identity"));
    return blockOf(makeExpr("sum", Sum{terms}));
}
Block concatOfTen() {
    std::vector<ExprPtr> parts;
    for (int i = 0; i < 10; ++i)
        parts.push_back(conv(fmt::format("part{}", i)));
    return blockOf(makeExpr("body", Chain{{makeExpr("cat", Concat{parts}), conv("proj", 1)}}), false);
}

/// "label@column,row" of every node, in order.
QStringList boxesOf(const BlockDiagram& diagram) {
    QStringList boxes;
    for (const DiagramNode& node : diagram.nodes)
        boxes << QStringLiteral("%1@%2,%3")
                     .arg(QString::fromStdString(node.label))
                     .arg(node.column)
                     .arg(node.row);
    return boxes;
}
QString edgesOf(const BlockDiagram& diagram) {
    QStringList edges;
    for (const DiagramEdge& edge : diagram.edges)
        edges << QStringLiteral("%1>%2").arg(edge.from).arg(edge.to);
    edges.sort();
    return edges.join(QLatin1Char(' '));
}
QStringList pathsOf(const BlockDiagram& diagram) {
    QStringList paths;
    for (const DiagramNode& node : diagram.nodes)
        paths << QString::fromStdString(node.path);
    return paths;
}

} // namespace

class TestBlockDiagram : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    QString m_model;

    static bool settle(Document& document) { return rp::test::settle(document); }
    static QStringList pictured(const BlockDiagramView& view) {
        QStringList names;
        for (const DiagramNodeItem* item : view.nodeItems())
            if (const DiagramNode& node = item->node(); item->hasThumbnail())
                names << QString::fromStdString(node.label + " " + (node.path.empty() ? node.name : node.path));
        return names;
    }
    /// For whoever wants to look at it.
    static void keepPicture(QWidget& widget, const QString& name) {
        const QString folder = qEnvironmentVariable("REPSCOPE_TEST_PICTURES");
        if (!folder.isEmpty()) widget.grab().save(folder + QLatin1Char('/') + name);
    }

private slots:
    void initTestCase() {
        m_model = m_folder.filePath(QStringLiteral("tiny.pth"));
        test::writeTinyFile(m_model.toStdString());
    }
    void init() {
        rp::test::failOnWarnings();
    }

    void repVggWithIdentityHasThreeBranchesThatEndInOneColumn() {
        const BlockDiagram diagram = layOutBlock(repVgg(true));
        QCOMPARE(boxesOf(diagram), (QStringList{"x@0,1", "conv 3x3 s1 g1@1,0", "BN@2,0", "conv 1x1 s1 g1@1,1",
                                                "BN@2,1", "BN@2,2", "+@3,1", "ReLU@4,1", "y@5,1"}));
        QCOMPARE(edgesOf(diagram), QStringLiteral("0>1 0>3 0>5 1>2 2>6 3>4 4>6 5>6 6>7 7>8"));
        QCOMPARE(pathsOf(diagram), (QStringList{"x", "rbr_dense.conv", "rbr_dense", "rbr_1x1.conv", "rbr_1x1",
                                                "rbr_identity", "sum", "nonlinearity", "out"}));
        QCOMPARE(diagram.columns, 6.0);
        QCOMPARE(diagram.rows, 3.0);
        QCOMPARE(diagram.nodes[3].branch, 1);
        QCOMPARE(diagram.nodes[6].branch, -1);
        for (const DiagramEdge& edge : diagram.edges)
            if (edge.from == 4 || edge.to == 3) QCOMPARE(edge.branch, 1);
    }

    void repVggWithoutIdentityJoinsBetweenItsTwoBranches() {
        const BlockDiagram diagram = layOutBlock(repVgg(false));
        QCOMPARE(boxesOf(diagram),
                 (QStringList{"x@0,0.5", "conv 3x3 s1 g1@1,0", "BN@2,0", "conv 1x1 s1 g1@1,1", "BN@2,1",
                              "+@3,0.5", "ReLU@4,0.5", "y@5,0.5"}));
        QCOMPARE(edgesOf(diagram), QStringLiteral("0>1 0>3 1>2 2>5 3>4 4>5 5>6 6>7"));
    }

    void fusedPathStandsBelowTheSumAndMeetsItInTheDifference() {
        const ExprPtr fused = conv("fused");
        const BlockDiagram diagram = layOutBlock(repVgg(true), fused.get());
        QCOMPARE(boxesOf(diagram).mid(9),
                 (QStringList{"fused 3x3 s1 g1@3,3", "ReLU@4,3", "y′@5,3", "Δ = fused − sum@4,2"}));
        QCOMPARE(edgesOf(diagram),
                 QStringLiteral("0>1 0>3 0>5 0>9 10>11 1>2 2>6 3>4 4>6 5>6 6>12 6>7 7>8 9>10 9>12"));
        QCOMPARE(diagram.rows, 4.0);
        // One row would leave no room for the difference.
        const BlockDiagram chain = layOutBlock(blockOf(convNorm("body"), false), fused.get());
        QCOMPARE(boxesOf(chain), (QStringList{"x@0,0", "conv 3x3 s1 g1@1,0", "BN@2,0", "y@3,0",
                                              "fused 3x3 s1 g1@2,2", "y′@3,2", "Δ = y′ − y@3,1"}));
    }

    void aChainIsOneRow() {
        const BlockDiagram diagram = layOutBlock(
            blockOf(makeExpr("body", Chain{{conv("a", 1), makeExpr("p", ConstantPad{Padding::same(1), {}}),
                                            makeExpr("b", AvgPool{{2, 2}, {2, 2}, {}, true, false}),
                                            makeExpr("c", Scale{}), makeExpr("d", Identity{})}})));
        QCOMPARE(boxesOf(diagram),
                 (QStringList{"x@0,0", "conv 1x1 s1 g1@1,0", "pad 1@2,0", "avg pool 2x2 s2@3,0", "scale@4,0",
                              "identity@5,0", "ReLU@6,0", "y@7,0"}));
        QCOMPARE(edgesOf(diagram), QStringLiteral("0>1 1>2 2>3 3>4 4>5 5>6 6>7"));
        QCOMPARE(pathsOf(diagram).at(5), QStringLiteral("sum")); // the chain's result is the body's
    }

    void aNestedSumInsideAChainKeepsItsBranchesColour() {
        // (conv + (conv2 + identity)) then norm, beside a plain norm.
        const ExprPtr inner = makeExpr("inner", Sum{{conv("b"), makeExpr("i", Identity{})}});
        const ExprPtr left = makeExpr("left", Chain{{conv("a"), inner, norm("n")}});
        const BlockDiagram diagram = layOutBlock(blockOf(makeExpr("sum", Sum{{left, norm("right")}}), false));
        QCOMPARE(boxesOf(diagram),
                 (QStringList{"x@0,1.25", "conv 3x3 s1 g1@1,0.5", "conv 3x3 s1 g1@2,0", "identity@2,1",
                              "+@3,0.5", "BN@4,0.5", "BN@4,2", "+@5,1.25", "y@6,1.25"}));
        QCOMPARE(edgesOf(diagram), QStringLiteral("0>1 0>6 1>2 1>3 2>4 3>4 4>5 5>7 6>7 7>8"));
        for (int i = 1; i <= 5; ++i)
            QCOMPARE(diagram.nodes[static_cast<std::size_t>(i)].branch, 0);
        QCOMPARE(diagram.nodes[6].branch, 1);
        QCOMPARE(pathsOf(diagram).at(5), QStringLiteral("left"));
    }

    void aConcatOfTenPartsIsFollowedByItsProjection() {
        const BlockDiagram diagram = layOutBlock(concatOfTen());
        QCOMPARE(diagram.nodes.size(), std::size_t{14});
        QCOMPARE(boxesOf(diagram).first(), QStringLiteral("x@0,4.5"));
        for (int i = 0; i < 10; ++i)
            QCOMPARE(boxesOf(diagram).at(1 + i), QStringLiteral("conv 3x3 s1 g1@1,%1").arg(i));
        QCOMPARE(boxesOf(diagram).mid(11), (QStringList{"concat@2,4.5", "conv 1x1 s1 g1@3,4.5", "y@4,4.5"}));
        QCOMPARE(diagram.edges.size(), std::size_t{22});
        QCOMPARE(diagram.rows, 10.0);
    }

    void theDeployFormIsASingleConvolution() {
        const BlockDiagram diagram = layOutBlock(blockOf(conv("rbr_reparam")));
        QCOMPARE(boxesOf(diagram), (QStringList{"x@0,0", "conv 3x3 s1 g1@1,0", "ReLU@2,0", "y@3,0"}));
        QCOMPARE(edgesOf(diagram), QStringLiteral("0>1 1>2 2>3"));
        QVERIFY(layOutBlock(Block()).nodes.empty());
    }

    void boxesDoNotOverlap() {
        const ExprPtr fused = conv("fused");
        Document document;
        BlockDiagramView view(document);
        for (const QSize size : {QSize(300, 150), QSize(1000, 330), QSize(1900, 900)})
            for (const Block& block : {repVgg(true), repVgg(false), concatOfTen()}) {
                view.resize(size);
                view.draw(block, fused.get());
                for (const DiagramNodeItem* a : view.nodeItems())
                    for (const DiagramNodeItem* b : view.nodeItems())
                        QVERIFY(a == b ||
                                !a->mapRectToScene(a->box()).intersects(b->mapRectToScene(b->box())));
            }
    }

    void manyBranchesScrollAndZoom() {
        Document document;
        BlockDiagramView view(document);
        view.resize(900, 300);
        view.show();
        const ExprPtr fused = conv("fused");
        view.draw(concatOfTen(), fused.get());
        view.select(5);
        keepPicture(view, QStringLiteral("diagram-ten.png"));
        QVERIFY(view.verticalScrollBar()->maximum() > 0);
        const double fitted = view.transform().m11();
        QVERIFY(fitted >= 0.8 && fitted <= 1); // words stay readable
        view.zoomBy(1.25);
        QCOMPARE(view.transform().m11(), 1.25 * fitted);
        QWheelEvent wheel(QPointF(100, 100), view.mapToGlobal(QPointF(100, 100)), {}, QPoint(0, -120),
                          Qt::NoButton, Qt::ControlModifier, Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(view.viewport(), &wheel);
        QVERIFY(std::abs(view.transform().m11() - 1.25 * fitted / 1.2) < 1e-12);
        view.zoomToFit();
        QVERIFY(std::abs(view.transform().m11() - fitted) < 1e-12);
        view.draw(repVgg(true), fused.get()); // another block fits again
        QCOMPARE(view.verticalScrollBar()->maximum(), 0);
    }

    void tabWalksOverTheBoxesAndThenLeaves() {
        Document document;
        QWidget window;
        auto* layout = new QVBoxLayout(&window);
        auto* before = new QLineEdit(&window);
        auto* view = new BlockDiagramView(document, &window);
        auto* after = new QLineEdit(&window);
        for (QWidget* widget : std::initializer_list<QWidget*>{before, view, after})
            layout->addWidget(widget);
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        window.activateWindow();
        view->draw(blockOf(conv("rbr_reparam")), nullptr);
        before->setFocus();
        QList<int> visited;
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
        for (int presses = 0; view->hasFocus() && presses < 9; ++presses) {
            visited << view->current();
            QTest::keyClick(view, Qt::Key_Tab);
        }
        QCOMPARE(visited, (QList<int>{0, 1, 2, 3}));
        QVERIFY(after->hasFocus());
        QTest::keyClick(after, Qt::Key_Backtab, Qt::ShiftModifier);
        QCOMPARE(view->current(), 3);
        QTest::keyClick(view, Qt::Key_Backtab, Qt::ShiftModifier);
        QCOMPARE(view->current(), 2);
    }

    void whatThePhaseComputedHasAPicture() {
        Document document;
        BlockDiagramView view(document);
        view.resize(1000, 360);
        view.show();
        document.openModel(m_model);
        QVERIFY(settle(document));
        document.setBlock(2);
        QVERIFY(settle(document));
        QCOMPARE(pictured(view),
                 (QStringList{"x x", "conv 3x3 s1 g1 rbr_dense.conv", "BN rbr_dense", "conv 1x1 s1 g1 rbr_1x1.conv",
                              "BN rbr_1x1", "BN rbr_identity", "+ sum", "ReLU activation", "y out",
                              "Δ = fused − sum Δ sum"}));
        keepPicture(view, QStringLiteral("diagram-tiny.png"));
        document.setPhase(Phase::deploy);
        QVERIFY(settle(document));
        QCOMPARE(pictured(view),
                 (QStringList{"x x", "fused 3x3 s1 g1 fused kernel", "ReLU fused.activation", "y′ out",
                              "Δ = fused − sum Δ sum"}));
        keepPicture(view, QStringLiteral("diagram-deploy.png"));
        // Train compares with eval: no node of this drawing is that difference.
        document.setPhase(Phase::train);
        QVERIFY(settle(document));
        QVERIFY(pictured(view).contains(QStringLiteral("+ sum")));
        QVERIFY(!pictured(view).contains(QStringLiteral("Δ = fused − sum Δ sum")));
    }

    void aHiddenViewCatchesUpWhenItIsShown() {
        Document document;
        BlockDiagramView view(document);
        document.openModel(m_model);
        QVERIFY(settle(document));
        QVERIFY(pictured(view).isEmpty());
        view.show();
        QVERIFY(pictured(view).contains(QStringLiteral("+ sum")));
    }

    void aClickAndTheKeysTellTheNodesPath() {
        Document document;
        BlockDiagramView view(document);
        view.resize(1000, 360);
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        view.activateWindow();
        view.setFocus();
        view.draw(repVgg(true), nullptr);
        QSignalSpy clicked(&view, &BlockDiagramView::nodeClicked);
        QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, view.mapFromScene(view.nodeItems()[2]->pos()));
        QCOMPARE(clicked.takeFirst().front().toString(), QStringLiteral("rbr_dense"));
        QCOMPARE(view.selected(), 2);
        QTest::keyClick(&view, Qt::Key_Down);
        QCOMPARE(view.current(), 4);
        QCOMPARE(view.selected(), 2);
        QVERIFY(view.accessibleDescription().contains(QStringLiteral("rbr_1x1")));
        QTest::keyClick(&view, Qt::Key_Return);
        QCOMPARE(clicked.takeFirst().front().toString(), QStringLiteral("rbr_1x1"));
        QTest::keyClick(&view, Qt::Key_Right);
        QTest::keyClick(&view, Qt::Key_Right);
        QTest::keyClick(&view, Qt::Key_Enter);
        QCOMPARE(clicked.takeFirst().front().toString(), QStringLiteral("nonlinearity"));
        QTest::keyClick(&view, Qt::Key_Tab);
        QCOMPARE(view.current(), 8);
        QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, QPoint(1, 1));
        QVERIFY(clicked.isEmpty());
    }

    void aRefusedBlockSaysWhyInWords() {
        const QString path = m_folder.filePath(QStringLiteral("incomplete.pth"));
        test::TinyFile options;
        options.incomplete = true;
        test::writeTinyFile(path.toStdString(), options);
        Document document;
        BlockDiagramView view(document);
        view.resize(900, 300);
        view.show();
        document.openModel(path);
        QVERIFY(settle(document));
        document.setBlock(2);
        QVERIFY(settle(document));
        QVERIFY(view.nodeItems().empty());
        QVERIFY2(view.message().contains(QStringLiteral("cannot be drawn")), qPrintable(view.message()));
        QVERIFY(
            view.message().contains(QString::fromStdString(*document.model()->model().blocks[2].refusal)));
        keepPicture(view, QStringLiteral("diagram-refused.png"));
    }

    void longNamesAreElidedAndToldInFull() {
        const std::string name(120, 'n');
        Document document;
        BlockDiagramView view(document);
        view.resize(900, 300);
        view.setPalette(darkPalette());
        view.draw(blockOf(makeExpr("sum", Sum{{convNorm(name), norm(name + "2")}})), nullptr,
                  QStringLiteral("There is no fused path."));
        QVERIFY(view.nodeItems()[1]->toolTip().contains(QString::fromStdString(name)));
        QVERIFY(view.nodeItems()[1]->box().width() < 250);
        QVERIFY(!view.grab().toImage().isNull());
        keepPicture(view, QStringLiteral("diagram-long.png"));
    }
};

QTEST_MAIN(TestBlockDiagram)
#include "tst_block_diagram.moc"
