// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/jobs/session.h"

#include "core/base/job.h"

namespace rp::ui {

/// Runs the whole network. What a phase cannot do on this input (train with one value per channel) or this
/// model (no graph) is the run's `problem`.
PhaseRunPtr runPhase(Session& session, const InputSnapshot& input, Phase phase, const Job& job);

/// Runs one block again from the input that it had in `run`, and keeps every branch. The difference map
/// compares with phase eval on the same input. Without a kept input (no graph) a seeded one is used.
BlockDetailPtr captureBlock(Session& session, const PhaseRun& run, int block, const Job& job);

} // namespace rp::ui
