// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/jobs/snapshots.h"

#include "core/exec/network.h"

namespace rp::ui {

/// Engine and networks for one model and one way to run it. Made anywhere, used on the worker thread only;
/// keeping it between runs keeps the engine's packed weights.
class Session {
public:
    Session(LoadedModelPtr model, RunSettings settings) : m_model(std::move(model)), m_settings(settings) {}

    const LoadedModel& model() const { return *m_model; }
    RunSettings settings() const { return m_settings; }
    Engine& engine();
    /// For whole runs.
    Network& network() { return prepared().whole; }
    /// For single blocks. A capture may run in the middle of a whole run, whose trace it must not enter.
    Network& blocks() { return prepared().single; }

private:
    struct Networks {
        Networks(const LoadedModel& model, Engine& engine, DispatchMethod method)
            : whole(model.model(), model.forms, engine, method),
              single(model.model(), model.forms, engine, method) {}
        Network whole, single;
    };
    Networks& prepared();

    LoadedModelPtr m_model;
    RunSettings m_settings;
    std::unique_ptr<Engine> m_engine;
    std::unique_ptr<Networks> m_networks;
};
using SessionPtr = std::shared_ptr<Session>;

} // namespace rp::ui
