// SPDX-License-Identifier: Apache-2.0
#include "core/exec/dispatch.h"

#include <utility>

namespace rp {
namespace {

/// Arguments of one call, handed from the dispatcher to whichever function runs.
struct Call {
    const MapPtr& x;
    Engine& engine;
    const Observer& observer;
    const Activation* activation;
};
using Function = std::function<MapPtr(const Call&)>;

/// The multi-branch computation; batch statistics in phase train, running ones otherwise.
MapPtr forwardTrain(const TwoForms& forms, Phase phase, const Call& call) {
    return forward(forms.branches, phase == Phase::train ? Phase::train : Phase::eval, call.x, call.engine,
                   call.observer, call.activation);
}

/// The fused convolution.
MapPtr forwardInfer(const TwoForms& forms, const Call& call) {
    return forward(forms.fused, Phase::deploy, call.x, call.engine, call.observer, call.activation);
}

/// What the phase asks for cannot always be had: a deploy-form block has no branches, a refused one no kernel.
struct Choice {
    bool infer = false;
    std::string exception; ///< why the other function could not run
};

Choice chooseFor(Phase phase, const TwoForms& forms) {
    if (!forms.branches) return {true, "the file holds the fused kernel only"};
    if (phase == Phase::deploy && !forms.fused) return {false, "not merged: " + forms.whyNotFused};
    return {phase == Phase::deploy, {}};
}

class BodyBase : public DispatchedBody {
public:
    BodyBase(std::string block, TwoForms forms, DispatchMethod method)
        : m_forms(std::move(forms)), m_trace{std::move(block), method, Phase::eval, {}, {}} {}
    TraceEntry lastCall() const override { return m_trace; }

protected:
    void record(Phase phase, const Choice& choice, std::string reason) {
        m_trace.phase = phase;
        m_trace.function = choice.infer ? "forwardInfer" : "forwardTrain";
        m_trace.reason = choice.exception.empty() ? std::move(reason) : choice.exception;
    }
    const TwoForms m_forms;

private:
    TraceEntry m_trace;
};

class StateBody final : public BodyBase {
public:
    StateBody(std::string block, TwoForms forms) : BodyBase(std::move(block), std::move(forms), DispatchMethod::state) {}
    void setPhase(Phase phase) override { m_phase = phase; }
    MapPtr call(const MapPtr& x, Engine& engine, const Observer& observer, const Activation* activation) override {
        const Choice choice = chooseFor(m_phase, m_forms); // consulted on every call
        record(m_phase, choice, choice.infer ? "the deploy flag is set" : "the deploy flag is not set");
        const Call arguments{x, engine, observer, activation};
        return choice.infer ? forwardInfer(m_forms, arguments) : forwardTrain(m_forms, m_phase, arguments);
    }

private:
    Phase m_phase = Phase::eval;
};

class FusionBody final : public BodyBase {
public:
    FusionBody(std::string block, TwoForms forms) : BodyBase(std::move(block), std::move(forms), DispatchMethod::fusion) {
        setPhase(Phase::eval);
    }
    /// Replaces the only function there is; calls consult nothing.
    void setPhase(Phase phase) override {
        const Choice choice = chooseFor(phase, m_forms);
        if (choice.infer)
            m_function = [this](const Call& call) { return forwardInfer(m_forms, call); };
        else
            m_function = [this, phase](const Call& call) { return forwardTrain(m_forms, phase, call); };
        record(phase, choice, choice.infer ? "the branches were replaced by the fused kernel" : "the branches are in place");
    }
    MapPtr call(const MapPtr& x, Engine& engine, const Observer& observer, const Activation* activation) override {
        return m_function({x, engine, observer, activation});
    }

private:
    Function m_function;
};

class DecoratorBody final : public BodyBase {
public:
    DecoratorBody(std::string block, TwoForms forms)
        : BodyBase(std::move(block), std::move(forms), DispatchMethod::decorator),
          m_decorated(diverting([this](const Call& call) { return forwardTrain(m_forms, m_phase, call); })) {}
    void setPhase(Phase phase) override { m_phase = phase; }
    MapPtr call(const MapPtr& x, Engine& engine, const Observer& observer, const Activation* activation) override {
        return m_decorated({x, engine, observer, activation});
    }

private:
    /// The wrapper around the training function.
    Function diverting(Function trainingFunction) {
        return [this, trainingFunction = std::move(trainingFunction)](const Call& call) {
            const Choice choice = chooseFor(m_phase, m_forms);
            record(m_phase, choice, choice.infer ? "the decorator diverted the call" : "the decorator let the call through");
            return choice.infer ? forwardInfer(m_forms, call) : trainingFunction(call);
        };
    }

    Phase m_phase = Phase::eval;
    Function m_decorated;
};

} // namespace

std::string_view toString(DispatchMethod method) {
    switch (method) {
    case DispatchMethod::state: return "state";
    case DispatchMethod::fusion: return "fusion";
    case DispatchMethod::decorator: return "decorator";
    }
    return "state";
}

std::optional<DispatchMethod> dispatchFrom(std::string_view text) {
    for (DispatchMethod method : {DispatchMethod::state, DispatchMethod::fusion, DispatchMethod::decorator})
        if (toString(method) == text) return method;
    return std::nullopt;
}

std::unique_ptr<DispatchedBody> makeDispatchedBody(DispatchMethod method, std::string block, TwoForms forms) {
    switch (method) {
    case DispatchMethod::state: return std::make_unique<StateBody>(std::move(block), std::move(forms));
    case DispatchMethod::fusion: return std::make_unique<FusionBody>(std::move(block), std::move(forms));
    case DispatchMethod::decorator: break;
    }
    return std::make_unique<DecoratorBody>(std::move(block), std::move(forms));
}

} // namespace rp
