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
    m_trace.clear();
    Walk walk(*this, input, phase);
    const bool watched = hooks.onBlock || hooks.wantsSteps;
    while (!walk.atEnd()) {
        job.step(static_cast<double>(walk.node()) / static_cast<double>(m_model.graph.size()), toString(phase));
        if (!watched && !walk.isWanted())
            walk.skip();
        else
            walk.step(hooks);
    }
    return walk.output();
}

MapPtr Network::runNode(std::size_t node, std::span<const MapPtr> inputs, Phase phase, const RunHooks& hooks) {
    return std::visit(Overload{
                          [&](const Node::BlockIndex& block) { return runBlock(block.index, inputs.front(), phase, hooks); },
                          [&](const Region& region) { return forward(region.body, phase, inputs.front(), m_engine); },
                          [&](const Operation& operation) { return forward(operation, inputs, m_engine); },
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
        map = forward(block.tail[i], {&map, 1}, m_engine);
        if (observer) observer(block.tail[i].name, map);
    }
    if (observer) observer("out", map);
    if (hooks.onBlock) hooks.onBlock(index, input, map);
    return map;
}

Walk::Walk(Network& network, MapPtr input, Phase phase)
    : m_network(network), m_input(std::move(input)), m_phase(phase), m_lastUses(lastUsesOf(network.model())),
      m_maps(m_lastUses.size()) {
    if (m_lastUses.empty())
        throw Error(ErrorCode::unsupported, {"network", "a network that can be run whole", network.model().whyNoGraph,
                                             "run one block with --block"});
    const Model& model = network.model();
    if (model.inputIsFixed && m_input->shape() != model.defaultInput)
        throw Error(ErrorCode::inputInvalid, {"input", fmt::format("{}, the size that the network's shapes were exported for", toString(model.defaultInput)),
                                              toString(m_input->shape()), "export the network for this size"});
}

std::vector<MapPtr> Walk::inputs() const {
    std::vector<MapPtr> maps;
    for (std::int64_t input : m_network.model().graph[m_next].inputs)
        maps.push_back(input < 0 ? m_input : m_maps[static_cast<std::size_t>(input)]);
    return maps;
}

MapPtr Walk::step(const RunHooks& hooks) {
    const std::size_t node = m_next;
    MapPtr map = m_network.runNode(node, inputs(), m_phase, hooks);
    ++m_next;
    if (m_lastUses[node] == m_lastUses.size()) m_output = map;
    if (m_lastUses[node] > node) m_maps[node] = map;
    for (std::int64_t input : m_network.model().graph[node].inputs)
        if (input >= 0 && m_lastUses[static_cast<std::size_t>(input)] == node) m_maps[static_cast<std::size_t>(input)] = nullptr;
    return map;
}

} // namespace rp
