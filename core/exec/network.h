// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/job.h"
#include "core/exec/dispatch.h"

#include <functional>
#include <map>
#include <vector>

namespace rp {

/// What a run hands out besides the output. All are optional and called on the running thread.
struct RunHooks {
    /// Input and output (tail included) of each block as it passes.
    std::function<void(std::size_t block, const MapPtr& in, const MapPtr& out)> onBlock;
    /// Whether the branches of this block are wanted; then `onStep` is called for each of its steps, once for the
    /// body's result ("sum"), each step of the tail, and the result behind the tail ("out").
    std::function<bool(std::size_t block)> wantsSteps;
    std::function<void(std::size_t block, const std::string& path, const MapPtr& map)> onStep;
};

/// Runs a model, or one of its blocks, in any phase under any dispatch method. Keeps packed weights in the
/// engine, so a second run is fast.
class Network {
public:
    /// `model` and `engine` must outlive the network.
    Network(const Model& model, const ModelForms& forms, Engine& engine,
            DispatchMethod method = DispatchMethod::state);

    /// Output of the last node. Throws `unsupported` when the model has no graph (`Model::whyNoGraph`).
    MapPtr run(const MapPtr& input, Phase phase, const RunHooks& hooks = {}, const Job& job = {});
    /// One node of the graph, for `Walk`.
    MapPtr runNode(std::size_t node, std::span<const MapPtr> inputs, Phase phase, const RunHooks& hooks = {});
    /// One block including its tail.
    MapPtr runBlock(std::size_t block, const MapPtr& input, Phase phase, const RunHooks& hooks = {});

    /// Which function ran for each block in the last run.
    const std::vector<TraceEntry>& trace() const { return m_trace; }
    Engine& engine() { return m_engine; }
    const Model& model() const { return m_model; }

private:
    const Model& m_model;
    Engine& m_engine;
    std::vector<std::unique_ptr<DispatchedBody>> m_bodies;
    std::vector<TraceEntry> m_trace;
};

/// One pass over a network's graph, node by node, for callers that walk several phases side by side. A map is dropped
/// behind its last use, so memory is bounded by what is live, not by depth.
class Walk {
public:
    /// Throws `unsupported` when the model has no graph (`Model::whyNoGraph`). `network` must outlive the walk.
    Walk(Network& network, MapPtr input, Phase phase);

    bool atEnd() const { return m_next == m_lastUses.size(); }
    std::size_t node() const { return m_next; } ///< the one that `step` runs
    std::vector<MapPtr> inputs() const;         ///< of that node
    /// Whether it is the output or some node takes its map.
    bool isWanted() const { return m_lastUses[m_next] > m_next; }
    void skip() { ++m_next; } ///< precondition: the node is not wanted
    /// Runs the node and returns its map.
    MapPtr step(const RunHooks& hooks = {});
    /// The network's output, once its node has run.
    const MapPtr& output() const { return m_output; }

private:
    Network& m_network;
    MapPtr m_input;
    Phase m_phase;
    std::vector<std::size_t> m_lastUses;
    std::vector<MapPtr> m_maps; ///< by node; null when not yet made, or no longer wanted
    MapPtr m_output;
    std::size_t m_next = 0;
};

} // namespace rp
