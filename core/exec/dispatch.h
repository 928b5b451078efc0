// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/exec/forward.h"
#include "core/model/forms.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace rp {

/// The three ways in which training toolkits switch one block between two computations (design, section 7).
enum class DispatchMethod {
    state,     ///< a flag consulted on every call picks forwardTrain or forwardInfer
    fusion,    ///< the branches are replaced once by the fused kernel; there is only one function afterwards
    decorator, ///< a wrapper around the training function diverts to the inference function
};
std::string_view toString(DispatchMethod method);
std::optional<DispatchMethod> dispatchFrom(std::string_view text);

/// Which function ran for one block, and why.
struct TraceEntry {
    std::string block;
    DispatchMethod method;
    Phase phase;
    std::string function; ///< "forwardTrain" or "forwardInfer"
    std::string reason;   ///< "deploy flag is set", "no fused kernel: …" …
};

/// One block under one dispatch method: a function from input map to the body's output.
class DispatchedBody {
public:
    virtual ~DispatchedBody() = default;
    /// Switches the phase (state, decorator: sets what the flag says; fusion: replaces the computation).
    virtual void setPhase(Phase phase) = 0;
    virtual MapPtr call(const MapPtr& x, Engine& engine, const Observer& observer, const Activation* activation) = 0;
    virtual TraceEntry lastCall() const = 0;
};
std::unique_ptr<DispatchedBody> makeDispatchedBody(DispatchMethod method, std::string block, TwoForms forms);

} // namespace rp
