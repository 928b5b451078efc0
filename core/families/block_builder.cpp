// SPDX-License-Identifier: Apache-2.0
#include "core/families/block_builder.h"

#include "core/base/error.h"
#include "core/families/placement.h"
#include "core/families/tail.h"

#include <algorithm>

#include <fmt/format.h>

namespace rp::families {
namespace {

[[noreturn]] void throwIncomplete(std::string reason) { throw BlockDefect{"incomplete-block", std::move(reason)}; }

class Builder {
public:
    Builder(const BlockKind& kind, const Hint& hint, BlockKeys& keys, Attributes attributes, Model& model, Block& block)
        : m_kind(kind), m_hint(hint), m_keys(keys), m_attributes(std::move(attributes)), m_model(model), m_block(block),
          m_presets(kind.presets) {}

    void train();
    void deploy();

private:
    std::string preset() const { return "preset: " + m_kind.origin; }
    void settleInput(std::optional<std::int64_t> stated, std::int64_t perGroup, std::int64_t out, const std::string& key);
    Window settleWindow(bool hasIdentityNorm, Extent extent);
    void requireIdentity();

    const BlockKind& m_kind;
    const Hint& m_hint;
    BlockKeys& m_keys;
    Attributes m_attributes;
    Model& m_model;
    Block& m_block;
    Presets m_presets;
    std::int64_t m_groups = 1;
};

/// Input width: a norm on the input tells it, else the network, else the groups that the implementation uses.
void Builder::settleInput(std::optional<std::int64_t> stated, std::int64_t perGroup, std::int64_t out, const std::string& key) {
    const std::optional<std::int64_t> width = stated ? stated : m_presets.inChannels ? m_presets.inChannels : m_hint.inChannels;
    if (perGroup == 0) { // no kernel reads the input itself
        m_block.inChannels = width.value_or(out);
        return;
    }
    const bool depthwise = !width && m_presets.depthwise && perGroup == 1 && out > 1 && out % m_presets.widening == 0;
    const std::int64_t guessed = depthwise ? out / m_presets.widening : width && *width % perGroup == 0 ? *width / perGroup : 1;
    m_groups = m_attributes.integer("groups", guessed, width ? "from shapes" : depthwise ? "from shapes: one input channel per kernel" : preset());
    if (m_groups > 1'000'000 || (width && perGroup * m_groups != *width))
        throwIncomplete(fmt::format("{}: expected {} input channels, found {} per group in {} groups", m_keys.prefix() + key,
                                    width.value_or(0), perGroup, m_groups));
    if (out % m_groups != 0)
        throwIncomplete(fmt::format("{}: expected a multiple of {} groups, found {} output channels", m_keys.prefix() + key,
                                    m_groups, out));
    m_block.inChannels = perGroup * m_groups;
}

Window Builder::settleWindow(bool hasIdentityNorm, Extent extent) {
    Window window;
    const bool hinted = !hasIdentityNorm && m_hint.stride;
    const std::int64_t stride = hasIdentityNorm ? 1 : hinted ? *m_hint.stride : m_presets.stride;
    window.stride = m_attributes.extent("stride", {stride, stride},
                                        hasIdentityNorm ? "from shapes: an identity branch" : hinted ? m_hint.strideOrigin : preset());
    window.dilation = m_attributes.extent("dilation", {1, 1}, preset());
    if (!m_presets.dilates && window.dilation != Extent{1, 1})
        throwIncomplete(fmt::format("{}: the branches of {} do not line up when they are dilated", m_block.name, m_kind.origin));
    window.extent = {(extent.h - 1) * window.dilation.h + 1, (extent.w - 1) * window.dilation.w + 1};
    const Extent half{(window.extent.h - 1) / 2, (window.extent.w - 1) / 2};
    window.padding = m_attributes.padding({half.h, half.w, half.h, half.w}, preset());
    return window;
}

void Builder::requireIdentity() {
    if (m_hint.identityNorm.empty() || m_block.inChannels != m_block.outChannels || m_keys.hasNorm(m_hint.identityNorm)) return;
    if (m_attributes.flag("identity", true, preset()))
        throwIncomplete(fmt::format("{}{}.running_mean: expected an identity norm (equal width, not the first of its stage), found no such key",
                                    m_keys.prefix(), m_hint.identityNorm));
}

void Builder::train() {
    const Plan plan = m_kind.body(m_keys, m_presets);
    const InputFacts facts = readInput(plan, m_keys);
    m_attributes.setWindow(windowModule(plan, m_keys));
    settleInput(facts.normChannels, facts.perGroup, facts.outChannels, facts.key);
    const Window window = settleWindow(facts.normIsTerm, extentOf(plan, m_keys));
    NormSettings norms{m_presets.eps, m_presets.momentum, m_model.findings, m_block.name};
    if (hasNorm(plan)) {
        norms.eps = m_attributes.number("eps", m_presets.eps, preset());
        norms.momentum = m_attributes.number("momentum", m_presets.momentum, preset());
    }
    PlanReader reader(m_keys, norms, m_attributes, preset());
    m_block.body = reader.read(plan, m_block.inChannels, window);
    m_block.outChannels = outChannelsOf(*m_block.body, m_block.inChannels);
    requireIdentity();
    const std::string weight = m_block.fusedWeightKey;
    if (m_keys.taker().has(weight) && std::ranges::find(m_block.branchKeys, weight) == m_block.branchKeys.end()) {
        std::vector<std::string> aside; // a cached kernel is no branch
        BlockKeys cached(m_keys.taker(), m_keys.prefix(), aside);
        m_block.cached = takeFused(cached, m_kind, window, m_block);
    }
    m_block.tail = readTail(m_kind.tail, window.stride, m_presets.activation, preset(), m_block.outChannels, m_keys, m_attributes);
}

void Builder::deploy() {
    Shape shape = m_keys.shapeOf(m_kind.fusedKey("weight"));
    if (shape.size() == 2) shape.insert(shape.end(), {1, 1}); // a linear layer
    if (shape.size() != 4) throwIncomplete(fmt::format("{}: expected a kernel of four dimensions, found {}", m_block.fusedWeightKey, toString(shape)));
    m_attributes.setWindow(m_kind.fused);
    settleInput({}, shape[1], shape[0], m_kind.fusedKey("weight"));
    const Window window = settleWindow(false, {shape[2], shape[3]});
    m_block.outChannels = shape[0];
    m_block.body = takeFused(m_keys, m_kind, window, m_block);
    m_block.tail = readTail(m_kind.tail, window.stride, m_presets.activation, preset(), m_block.outChannels, m_keys, m_attributes);
}

} // namespace

std::string blockName(const BlockKind& kind, const std::string& prefix) {
    if (prefix.empty()) return kind.part.empty() ? "." : kind.part;
    return prefix.substr(0, prefix.size() - 1) + (kind.part.empty() ? "" : "." + kind.part);
}

Block buildBlock(const BlockKind& kind, const std::string& prefix, bool train, const Hint& hint, KeyTaker& taker,
                 const Assumptions& user, Model& model) {
    Block block;
    block.name = blockName(kind, prefix);
    block.family = kind.family;
    block.form = train ? Form::train : Form::deploy;
    block.fusedWeightKey = prefix + kind.fusedKey("weight");
    block.fusedBiasKey = prefix + kind.fusedKey("bias");
    if (train && !kind.keptNorm.empty()) block.keptNorm = prefix + kind.keptNorm;
    BlockKeys keys(taker, prefix, block.branchKeys);
    auto refuse = [&](const std::string& code, const std::string& reason) {
        block.refusal = reason;
        block.body = nullptr;
        block.cached = nullptr;
        const bool damaged = code == "nan" || code == "negative-variance";
        model.findings.push_back({damaged ? Finding::Severity::fail : Finding::Severity::warn, code, block.name, reason,
                                  damaged ? "the checkpoint is damaged or training diverged" : "the block is left as it is"});
    };
    try {
        Builder builder(kind, hint, keys, Attributes(user, taker.tensors(), prefix, block.name, model.assumptions), model, block);
        if (train)
            builder.train();
        else
            builder.deploy();
    } catch (const BlockDefect& defect) {
        refuse(defect.code, defect.reason);
    } catch (const Error& error) { // numbers that a family reads at once, branches of different widths
        if (error.code() != ErrorCode::valueInvalid && error.code() != ErrorCode::shapeMismatch) throw;
        refuse(error.code() == ErrorCode::valueInvalid ? "nan" : "incomplete-block", error.what());
    }
    return block;
}

} // namespace rp::families
