// SPDX-License-Identifier: Apache-2.0
#include "core/exec/network.h"

#include "core/base/error.h"

#include <fmt/format.h>

namespace rp {

Network::Network(const Model& model, const ModelForms& forms, Engine& engine, DispatchMethod method)
    : m_model(model), m_engine(engine) {
    for (std::size_t i = 0; i < model.blocks.size(); ++i)
        m_bodies.push_back(makeDispatchedBody(method, model.blocks[i].name, forms[i]));
}

MapPtr Network::run(const MapPtr& input, Phase phase, const RunHooks& hooks, const Job& job) {
    if (m_model.graph.empty())
        throw Error(ErrorCode::unsupported, {"network", "a network that can be run whole", m_model.whyNoGraph,
                                             "run one block with --block"});
    m_trace.clear();
    std::vector<MapPtr> outputs(m_model.graph.size());
    for (std::size_t i = 0; i < m_model.graph.size(); ++i) {
        const Node& node = m_model.graph[i];
        const MapPtr x = node.input < 0 ? input : outputs[static_cast<std::size_t>(node.input)];
        job.step(static_cast<double>(i) / static_cast<double>(m_model.graph.size()), toString(phase));
        outputs[i] = runNode(i, x, phase, hooks);
        // A chain needs one map at a time; whoever wants more has taken it through the hooks.
        if (node.input >= 0) outputs[static_cast<std::size_t>(node.input)] = nullptr;
    }
    return outputs.back();
}

MapPtr Network::runNode(std::size_t node, const MapPtr& input, Phase phase, const RunHooks& hooks) {
    return std::visit(Overload{
                          [&](const Node::BlockIndex& block) { return runBlock(block.index, input, phase, hooks); },
                          [&](const Region& region) { return forward(region.body, phase, input, m_engine); },
                          [&](const Operation& operation) { return forward(operation, input, m_engine); },
                      },
                      m_model.graph[node].what);
}

MapPtr Network::runBlock(std::size_t index, const MapPtr& input, Phase phase, const RunHooks& hooks) {
    const Block& block = m_model.blocks[index];
    if (block.refusal) throw Error(ErrorCode::unsupported, {block.name, "a block that can be run", *block.refusal, ""});
    Observer observer;
    if (hooks.onStep && hooks.wantsSteps && hooks.wantsSteps(index))
        observer = [&](const std::string& path, const MapPtr& map) {
            if (path != "sum") hooks.onStep(index, path, map); // reported below, whatever the body's root is called
        };

    // Without an observer the first activation may run in the same pass as the body.
    const Activation* inPass =
        observer || block.tail.empty() ? nullptr : std::get_if<Activation>(&block.tail.front().kind);
    m_bodies[index]->setPhase(phase);
    MapPtr map = m_bodies[index]->call(input, m_engine, observer, inPass);
    m_trace.push_back(m_bodies[index]->lastCall());
    if (observer) hooks.onStep(index, "sum", map);
    for (std::size_t i = inPass ? 1 : 0; i < block.tail.size(); ++i) {
        map = forward(block.tail[i], map, m_engine);
        if (observer) observer(block.tail[i].name, map);
    }
    if (observer) observer("out", map);
    if (hooks.onBlock) hooks.onBlock(index, input, map);
    return map;
}

} // namespace rp
