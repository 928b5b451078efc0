// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/exec/engine.h"
#include "core/families/open_model.h"
#include "core/fusion/fuse_model.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace rp::verify {

/// One way of running a network, or one block of it: what faults of whole runs edit.
struct Setup {
    Model model;
    std::shared_ptr<const fusion::ModelFusion> fusion; ///< none: phase deploy has to be folded from the edited model first
    Phase phase = Phase::deploy;
    TensorD input;
    std::optional<std::size_t> block; ///< one block with its tail, instead of the network
    std::function<TensorD(TensorD)> after = {}; ///< what happens to the output
};

/// Runs it in one engine. Throws what the network throws.
TensorD outputOf(const Setup& setup, EngineKind engine);

/// Something that somebody may have done differently in the whole network.
struct OutputFault {
    std::string code, sentence, remedy;
    std::function<bool(Setup&)> apply;          ///< false: does not concern this network
    bool isEps = false;                         ///< `eps` may be fitted more closely
    double eps = 0;
    bool edits = false; ///< every block, or takes other weights: tried when nothing simpler explains the output
};

/// Every fault that can be told from an output: phase, tails (SE, activation), input, number behind the output, and the
/// faults of kernels (hypothesis.h) made in every block alike.
std::vector<OutputFault> outputFaults(const Setup& right, const families::OpenedModel& opened);

/// Every norm with this eps.
OutputFault epsFault(double eps);

} // namespace rp::verify
