// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/open_window.h"
#include "tests/ui/tiny_files.h"
#include "ui/presenters/channel_order.h"
#include "ui/views/activations_view.h"
#include "ui/views/block_diagram_item.h"
#include "ui/views/block_diagram_view.h"
#include "ui/views/details_tabs.h"
#include "ui/views/kernel_grid.h"
#include "ui/views/kernel_view.h"
#include "ui/views/map_pane.h"

#include <QComboBox>
#include <QSlider>
#include <QTableView>
#include <QTemporaryDir>
#include <QTabWidget>
#include <QTest>

#include <cmath>

using namespace rp;
using namespace rp::ui;

using Role = BlockMap::Role;

/// Colours, order and choice of maps, and what kernels count by position.
class TestActivations : public QObject, private rp::test::OpenWindow {
    Q_OBJECT

    QTemporaryDir m_folder;
    QString m_model;

    ActivationsView& view() { return *m_window->findChild<ActivationsView*>(); }
    const MapPane& paneOf(Role role) {
        const auto& maps = m_document->detail()->maps;
        const auto found = std::ranges::find(maps, role, &BlockMap::role);
        return *view().panes().at(static_cast<std::size_t>(found - maps.begin()));
    }

private slots:
    void initTestCase() {
        m_model = m_folder.filePath(QStringLiteral("tiny.pth"));
        test::writeTinyFile(m_model.toStdString());
    }
    void init() {
        QVERIFY(show());
        m_document->openModel(m_model);
        QVERIFY(settle());
        m_document->setBlock(2);
        QVERIFY(settle());
    }
    void cleanup() { close(); }

    void channelsAreSortedByWhatTheBlockHolds() {
        BlockDetail detail;
        detail.maps.push_back({Role::sum, {}, TensorD(Shape{1, 3, 1, 1}, {1, -3, 2})});
        detail.maps.push_back({Role::difference, {}, TensorD(Shape{1, 3, 1, 1}, {0.5, 0, -0.7})});
        for (BlockMap& map : detail.maps) map.channels = picture::channelFigures(map.values);
        detail.gammas = {0.1, 0.1, 4};
        using Order = std::vector<std::int64_t>;
        QCOMPARE(channelOrder(detail, ChannelOrder::stored), Order());
        QCOMPARE(channelOrder(detail, ChannelOrder::energy), (Order{1, 2, 0}));
        QCOMPARE(channelOrder(detail, ChannelOrder::error), (Order{2, 0, 1}));
        QCOMPARE(channelOrder(detail, ChannelOrder::gamma), (Order{2, 0, 1})); // the tie stays in order
        detail.maps.pop_back();
        QCOMPARE(channelOrder(detail, ChannelOrder::error), Order()); // nothing to compare with
    }

    void contributionIsABranchesShareOfAllBranches() {
        BlockDetail detail;
        detail.maps.push_back({Role::branch, QStringLiteral("a"), TensorD(Shape{1, 3, 1, 1}, {1, 2, 0})});
        detail.maps.push_back({Role::branch, QStringLiteral("b"), TensorD(Shape{1, 3, 1, 1}, {3, 0, 0})});
        for (BlockMap& map : detail.maps) map.channels = picture::channelFigures(map.values);
        QCOMPARE(channelFigures(detail, ChannelOrder::contribution), (std::vector<double>{0.1, 1, 0})); // of the first
        QCOMPARE(channelFigures(detail, ChannelOrder::contribution, QStringLiteral("b")), (std::vector<double>{0.9, 0, 0}));
        detail.maps.clear();
        QVERIFY(channelFigures(detail, ChannelOrder::contribution).empty());
    }

    void smallChannelsAreHiddenAndPinnedOnesStayFirst() {
        using Order = std::vector<std::int64_t>;
        const std::vector<double> figures{1, 100, 0, 10};
        QCOMPARE(selectChannels(figures, 4, 0, {}).order, (Order{1, 3, 0, 2}));
        const ChannelSelection half = selectChannels(figures, 4, 0.5, {}); // from 10 on
        QCOMPARE(half.order, (Order{1, 3}));
        QCOMPARE(half.hidden, 2);
        QCOMPARE(selectChannels(figures, 4, 1, {}).order, Order{1});
        QCOMPARE(selectChannels(figures, 4, 1, {2, 0}).order, (Order{2, 0, 1}));
        QCOMPARE(selectChannels({}, 4, 1, {}).order, Order()); // nothing to judge by: all as they come
        QCOMPARE(selectChannels({}, 4, 1, {2, 9}).order, (Order{2, 0, 1, 3}));
    }

    void theMosaicShowsWhatIsLeft() {
        view().order()->setCurrentIndex(static_cast<int>(ChannelOrder::energy));
        view().strictness()->setValue(100);
        QCOMPARE(paneOf(Role::sum).order().size(), std::size_t{1});
        view().state().togglePin(5);
        QCOMPARE(paneOf(Role::sum).order().front(), 5);
        view().state().togglePin(5);
        QCOMPARE(paneOf(Role::sum).order().size(), std::size_t{1});
        view().strictness()->setValue(0);
        QCOMPARE(paneOf(Role::sum).order().size(), std::size_t{8});
        view().order()->setCurrentIndex(0);
        qobject_cast<QTabWidget*>(view().parentWidget()->parentWidget())->setCurrentWidget(&view());
        MapPane* pane = view().panes().back();
        QTest::mouseClick(pane, Qt::LeftButton, Qt::ShiftModifier, QPoint(pane->width() / 2 - 9, pane->height() * 2 / 3));
        QCOMPARE(view().state().pinned().size(), std::size_t{1});
        m_document->setBlock(3);
        QVERIFY(view().state().pinned().empty()); // those channels are gone
        QVERIFY(settle());
    }

    void theNetworksRangeHoldsForEveryBlock() {
        view().scope()->setCurrentIndex(static_cast<int>(RangeScope::network));
        const picture::Range first = paneOf(Role::output).ranges().front();
        double most = 0;
        for (int block = 0; block < 5; ++block) {
            m_document->setBlock(block);
            QVERIFY(settle());
            QCOMPARE(paneOf(Role::output).ranges().front().high, first.high);
            for (double v : m_document->detail()->find(Role::output)->values.values()) most = std::max(most, std::abs(v));
        }
        // Captured step by step, maps differ in their last bits.
        QVERIFY(std::abs(m_document->currentRun()->networkRange->largest - most) <= 1e-5 * most);
        QVERIFY(first.high <= most * (1 + 1e-5));
        view().scope()->setCurrentIndex(static_cast<int>(RangeScope::block));
    }

    void sortingReachesEveryPaneOfThatWidth() {
        view().order()->setCurrentIndex(static_cast<int>(ChannelOrder::energy));
        const std::vector<std::int64_t> expected = channelOrder(*m_document->detail(), ChannelOrder::energy);
        QCOMPARE(expected.size(), std::size_t{8});
        for (const MapPane* pane : view().panes()) QCOMPARE(pane->order(), expected);
        view().order()->setCurrentIndex(static_cast<int>(ChannelOrder::stored));
        QVERIFY(view().panes().front()->order().empty());
    }

    void rangesArePerBlockPerChannelOrLocked() {
        const picture::Range common = paneOf(Role::sum).ranges().front();
        QCOMPARE(paneOf(Role::branch).ranges().front().high, common.high);
        view().scope()->setCurrentIndex(static_cast<int>(RangeScope::channel));
        const auto& sum = *m_document->detail()->find(Role::sum);
        QCOMPARE(paneOf(Role::sum).ranges().size(), std::size_t{8});
        double most = 0;
        for (double v : sum.values.values().subspan(0, sum.values.values().size() / 8)) most = std::max(most, std::abs(v));
        QCOMPARE(paneOf(Role::sum).ranges().front().high, most); // channel 0 of one sample

        view().scope()->setCurrentIndex(static_cast<int>(RangeScope::locked));
        QCOMPARE(paneOf(Role::sum).ranges().front().high, common.high);
        m_document->setBlock(3);
        QVERIFY(settle());
        QCOMPARE(paneOf(Role::sum).ranges().front().high, common.high);
        QVERIFY(m_document->detail()->find(Role::sum)->range.diverging.high != common.high);
        view().scope()->setCurrentIndex(static_cast<int>(RangeScope::block));
        QCOMPARE(paneOf(Role::sum).ranges().front().high, m_document->detail()->find(Role::sum)->range.diverging.high);
    }

    void bothColourMapsSpanWhatIsThere() {
        view().colours()->setCurrentIndex(static_cast<int>(picture::ColourMap::sequential));
        const picture::Range range = paneOf(Role::sum).ranges().front();
        QCOMPARE(range.low, m_document->detail()->find(Role::sum)->range.sequential.low);
        QVERIFY(range.low != -range.high);
    }

    void aZoomInOnePaneIsTheZoomOfAll() {
        view().zoomBy(3);
        QCOMPARE(view().state().window().zoom, 3.0);
        view().zoomToFit();
        QCOMPARE(view().state().window().zoom, 1.0);
        view().zoomBy(3);
        m_document->setBlock(1); // another block is seen whole at first
        QCOMPARE(view().state().window().zoom, 1.0);
        QVERIFY(settle());
    }

    void aMapChosenInOneViewIsChosenInTheOther() {
        auto* diagram = m_window->findChild<BlockDiagramView*>();
        auto* details = m_window->findChild<DetailsTabs*>();
        int branch = -1;
        for (std::size_t i = 0; i < diagram->diagram().nodes.size(); ++i)
            if (diagram->diagram().nodes[i].path == "rbr_1x1") branch = static_cast<int>(i);
        QVERIFY(branch >= 0);
        diagram->select(branch);
        QCOMPARE(m_document->chosenMap()->name, QStringLiteral("rbr_1x1"));
        QVERIFY(view().panes()[2]->isSelected());
        QVERIFY(!view().panes()[1]->isSelected());
        const QAbstractItemModel* figures = details->mapTable()->model();
        QCOMPARE(figures->index(0, 1).data().toString(), QStringLiteral("rbr_1x1"));
        const auto& values = m_document->detail()->maps[2].values.values();
        QCOMPARE(figures->index(5, 1).data().toString(), QLocale().toString(*std::ranges::max_element(values), 'g', 6));

        emit view().panes()[4]->pressed(); // the sum
        QVERIFY(m_document->chosenMap()->role == Role::sum);
        QVERIFY(diagram->diagram().nodes[static_cast<std::size_t>(diagram->selected())].path == "sum");
        m_document->setPhase(Phase::deploy); // what the kernel makes is the sum of this phase
        QVERIFY(settle());
        QCOMPARE(m_document->chosenMap()->name, QStringLiteral("fused kernel"));
    }

    void aStepWithinABranchHasItsOwnMap() {
        auto* diagram = m_window->findChild<BlockDiagramView*>();
        const auto& nodes = diagram->diagram().nodes;
        const auto conv = std::ranges::find(nodes, std::string("rbr_dense.conv"), &DiagramNode::name);
        diagram->select(static_cast<int>(conv - nodes.begin()));
        const BlockMap* map = m_document->chosenMap();
        QVERIFY(map && map->role == Role::step && map->name == QStringLiteral("rbr_dense.conv"));
        // Its norm is affine per channel: equal elements stay equal, and the branch's map is another one.
        const BlockMap& branch = m_document->detail()->maps[1];
        QCOMPARE(map->values.shape(), branch.values.shape());
        QVERIFY(!(map->values == branch.values));
        for (const MapPane* pane : view().panes()) QVERIFY(!pane->isSelected());
    }

    void flippingBackShowsTheSnapshotThatWasThere() {
        const BlockDetailPtr eval = m_document->detail();
        m_document->setPhase(Phase::deploy);
        QVERIFY(settle());
        const BlockDetailPtr deploy = m_document->detail();
        m_document->setPhase(Phase::eval);
        QCOMPARE(m_document->detail(), eval); // at once: nothing had to be waited for
        m_document->setPhase(Phase::deploy);
        QCOMPARE(m_document->detail(), deploy);
        m_document->setBlock(1);
        QVERIFY(settle());
        QCOMPARE(m_document->detail()->block, 1);
        m_document->setSettings({EngineKind::float64, DispatchMethod::state});
        QVERIFY(settle());
        QVERIFY(m_document->detail()->settings.engine == EngineKind::float64);
    }

    void kernelsShowHowMuchEachPositionCounts() {
        auto* kernels = m_window->findChild<KernelView*>();
        kernels->content()->setCurrentIndex(1);
        const auto& branches = m_document->derivation()->result.branches;
        const auto& grids = kernels->grids();
        for (std::size_t b = 0; b < branches.size(); ++b) {
            double squares = 0; // of the centre, over all channels
            const TensorD& weight = branches[b].second.weight;
            for (std::int64_t i = 4; i < weight.count(); i += 9) squares += weight[i] * weight[i];
            QVERIFY(std::abs(grids[b]->slice().values[4] - std::sqrt(squares)) < 1e-12);
            QVERIFY(!grids[b]->slice().bias);
        }
        QCOMPARE(grids[1]->slice().values[0], 0.0); // a 1x1 counts in the centre only
        QVERIFY(grids[1]->slice().values[4] > 0);
    }
};

QTEST_MAIN(TestActivations)
#include "tst_activations.moc"
