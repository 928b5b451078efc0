// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/families/assumptions.h"
#include "core/families/block_kind.h"

#include <optional>
#include <string>

namespace rp::families {

/// The window that all branches of a block share.
struct Window {
    Extent stride;
    Padding padding;
    Extent dilation; ///< multiplies that of every window
    Extent extent;   ///< dilated
};

/// What the plan's steps that read the block's own input say about it.
struct InputFacts {
    std::optional<std::int64_t> normChannels; ///< of a norm on the input
    bool normIsTerm = false;                  ///< that norm is a summand by itself: an identity branch
    std::int64_t perGroup = 0;                ///< second dimension of the first kernel on the input; 0: no kernel reads it
    std::int64_t outChannels = 0;             ///< of that kernel
    std::string key;
};
InputFacts readInput(const Plan& plan, BlockKeys& keys);

/// Extent of the fused kernel with dilation 1 of the block: that of its largest window.
Extent extentOf(const Plan& plan, BlockKeys& keys);

/// The module whose window is the block's own: of the first convolution as large as the fused kernel, unless its padding
/// stands elsewhere (a border). Relative to the block; empty when there is none.
std::string windowModule(const Plan& plan, BlockKeys& keys);

bool hasNorm(const Plan& plan);

struct NormSettings {
    double eps, momentum;
    std::vector<Finding>& findings;
    const std::string& block;
};

/// Turns a plan into an expression: takes tensors, lines windows up, derives every kernel's groups from the width it reads.
/// Throws `BlockDefect`.
class PlanReader {
public:
    PlanReader(BlockKeys& keys, NormSettings norms, Attributes& attributes, std::string preset)
        : m_keys(keys), m_norms(norms), m_attributes(attributes), m_preset(std::move(preset)) {}

    ExprPtr read(const Plan& plan, std::int64_t inChannels, const Window& window);

private:
    /// The stride and padding that fall to a step, and the block's dilation.
    struct Place {
        Extent stride;
        Padding padding;
        Extent dilation;
    };
    ExprPtr step(const Plan& plan, std::int64_t channels, const Place& place);
    ExprPtr one(const Plan& plan, const Plan::Conv& conv, std::int64_t channels, const Place& place);
    ExprPtr one(const Plan& plan, const Plan::Norm& norm, std::int64_t channels, const Place& place);
    ExprPtr one(const Plan& plan, const Plan::Scale& scale, std::int64_t channels, const Place& place);
    ExprPtr one(const Plan& plan, const Plan::Pool& pool, std::int64_t channels, const Place& place);
    ExprPtr one(const Plan& plan, const Plan::Border& border, std::int64_t channels, const Place& place);
    ExprPtr one(const Plan& plan, const Plan::Identity& identity, std::int64_t channels, const Place& place);
    ExprPtr one(const Plan& plan, const Plan::Chain& chain, std::int64_t channels, const Place& place);
    ExprPtr one(const Plan& plan, const Plan::Sum& sum, std::int64_t channels, const Place& place);
    ExprPtr one(const Plan& plan, const Plan::Concat& concat, std::int64_t channels, const Place& place);
    std::vector<ExprPtr> parts(const std::vector<Plan>& plans, std::int64_t channels, const Place& place);
    std::int64_t widthOf(const Plan& plan, std::int64_t channels) const;
    bool hasIdentity(const Plan::Identity& identity, const std::vector<Plan>& terms, std::int64_t channels, const Place& place);
    Param taken(const std::string& key, std::int64_t channels); ///< one value per channel

    BlockKeys& m_keys;
    NormSettings m_norms;
    Attributes& m_attributes;
    std::string m_preset;
};

/// The fused kernel of the source's own deploy layout as a convolution.
ExprPtr takeFused(BlockKeys& keys, const BlockKind& kind, const Window& window, const Block& block);

} // namespace rp::families
