// SPDX-License-Identifier: Apache-2.0
#include "ui/presenters/overview.h"

#include "ui/presenters/core_text.h"
#include "ui/presenters/display_text.h"

#include "core/fusion/node_cost.h"

#include <QCoreApplication>

#include <algorithm>
#include <numeric>
#include <set>

namespace rp::ui {
namespace {

constexpr std::int64_t kMostPassed = 200000; ///< layers that edges pass, in all

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(Overview)
};

std::vector<Shape> shapesOf(const LoadedModel& model) {
    std::vector<Shape> shapes(model.model().graph.size());
    try {
        const std::vector<fusion::NodeCost> costs = fusion::nodeCostsOf(model.model(), model.fusion, model.model().defaultInput);
        for (std::size_t i = 0; i < costs.size(); ++i) shapes[i] = costs[i].out;
    } catch (const Error&) {
        // Boxes without sizes are better than no picture.
    }
    return shapes;
}

/// Blocks in a row, where no graph can be drawn.
Overview rowOfBlocks(const LoadedModel& model, const QString& note) {
    Overview overview;
    for (const Block& block : model.model().blocks) {
        const int i = static_cast<int>(overview.nodes.size());
        overview.nodes.push_back({toQString(block.name), i, false, {1, block.outChannels, 0, 0}, i, 0});
    }
    overview.layers = static_cast<int>(overview.nodes.size());
    overview.lanes = 1;
    overview.note = note;
    return overview;
}

/// Picks the nodes that are drawn and connects them.
class Drafter {
public:
    explicit Drafter(const LoadedModel& model) : m_model(model.model()), m_shapes(shapesOf(model)) {}

    Overview draft() {
        for (std::size_t i = 0; i < m_model.graph.size(); ++i) add(i);
        return std::move(m_overview);
    }

private:
    /// The boxes that feed a node, each once.
    std::vector<int> sourcesOf(const Node& node) const {
        std::vector<int> sources;
        for (std::int64_t input : node.inputs)
            if (const int box = input < 0 ? -1 : m_boxOf[static_cast<std::size_t>(input)]; box >= 0 && std::ranges::find(sources, box) == sources.end())
                sources.push_back(box);
        return sources;
    }
    /// Whether the node is part of the box before it.
    bool isPart(std::size_t i, const std::vector<int>& sources) const {
        if (!std::holds_alternative<Operation>(m_model.graph[i].what) || sources.size() != 1) return false;
        const Shape& before = m_overview.nodes[static_cast<std::size_t>(sources.front())].out;
        return before == m_shapes[i] || m_shapes[i].size() != 4;
    }
    void add(std::size_t i) {
        const Node& node = m_model.graph[i];
        const std::vector<int> sources = sourcesOf(node);
        const bool isConstant = std::holds_alternative<Operation>(node.what) && sources.empty();
        if (isConstant || isPart(i, sources)) {
            m_boxOf.push_back(isConstant ? -1 : sources.front());
            return;
        }
        OverviewNode box;
        box.out = m_shapes[i];
        if (const auto* block = std::get_if<Node::BlockIndex>(&node.what)) {
            box.block = static_cast<int>(block->index);
            box.name = toQString(m_model.blocks[block->index].name);
        } else if (const auto* region = std::get_if<Region>(&node.what)) {
            box.name = toQString(region->name);
        } else {
            box.isOperation = true;
            box.name = toQString(describe(std::get<Operation>(node.what)));
        }
        const int self = static_cast<int>(m_overview.nodes.size());
        for (int source : sources) {
            box.layer = std::max(box.layer, m_overview.nodes[static_cast<std::size_t>(source)].layer + 1);
            m_overview.edges.push_back({source, self, 0});
        }
        m_overview.layers = std::max(m_overview.layers, box.layer + 1);
        m_overview.nodes.push_back(std::move(box));
        m_boxOf.push_back(self);
    }

    const Model& m_model;
    std::vector<Shape> m_shapes;
    std::vector<int> m_boxOf; ///< by node of the graph; -1: not drawn
    Overview m_overview;
};

/// Gives every box and every long edge a lane in which nothing else stands at its layers. A box goes on in the lane of
/// its first input where that is free, so that the main path is a straight line.
class Router {
public:
    explicit Router(Overview& overview) : m_overview(overview), m_taken(static_cast<std::size_t>(overview.layers)) {}

    void route() {
        std::vector<int> order(m_overview.nodes.size());
        std::iota(order.begin(), order.end(), 0);
        std::ranges::stable_sort(order, {}, [&](int i) { return node(i).layer; });
        std::vector<std::vector<OverviewEdge*>> into(m_overview.nodes.size());
        for (OverviewEdge& edge : m_overview.edges) into[static_cast<std::size_t>(edge.to)].push_back(&edge);
        for (int i : order) place(i, into[static_cast<std::size_t>(i)]);
    }

private:
    OverviewNode& node(int i) { return m_overview.nodes[static_cast<std::size_t>(i)]; }
    bool isFree(int lane, int from, int to) const { // layers from … to - 1
        for (int layer = from; layer < to; ++layer)
            if (m_taken[static_cast<std::size_t>(layer)].contains(lane)) return false;
        return true;
    }
    int take(int wanted, int from, int to) {
        int lane = wanted;
        if (!isFree(lane, from, to))
            for (lane = 0; !isFree(lane, from, to);) ++lane;
        for (int layer = from; layer < to; ++layer) m_taken[static_cast<std::size_t>(layer)].insert(lane);
        m_overview.lanes = std::max(m_overview.lanes, lane + 1);
        return lane;
    }
    void place(int i, const std::vector<OverviewEdge*>& inputs) {
        int wanted = inputs.empty() ? 0 : m_overview.lanes;
        for (const OverviewEdge* edge : inputs) wanted = std::min(wanted, node(edge->from).lane);
        node(i).lane = take(wanted, node(i).layer, node(i).layer + 1);
        for (OverviewEdge* edge : inputs) {
            const int from = node(edge->from).layer + 1, to = node(i).layer;
            edge->lane = from < to ? take(node(edge->from).lane, from, to) : node(i).lane;
        }
    }

    Overview& m_overview;
    std::vector<std::set<int>> m_taken; ///< by layer
};

} // namespace

Overview overviewOf(const LoadedModel& model) {
    if (model.model().graph.empty())
        return rowOfBlocks(model, Texts::tr("How the blocks are connected is not known: %1").arg(coreText(model.model().whyNoGraph)));
    Overview overview = Drafter(model).draft();
    // An edge takes a place in every layer that it passes, so that few nodes can ask for any number of them.
    std::int64_t passed = 0;
    for (const OverviewEdge& edge : overview.edges)
        passed += overview.nodes[static_cast<std::size_t>(edge.to)].layer - overview.nodes[static_cast<std::size_t>(edge.from)].layer;
    if (passed > kMostPassed) return rowOfBlocks(model, Texts::tr("The connections are too many and too long to be drawn; the blocks stand in their order."));
    Router(overview).route();
    return overview;
}

} // namespace rp::ui
