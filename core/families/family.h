// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/families/claims.h"

#include <span>
#include <string_view>
#include <vector>

namespace rp::families {

/// One family: its kinds of blocks, one row for each spelling. How one is added: core/families/README.md.
struct Family {
    std::string_view name;
    std::vector<BlockKind> (*kinds)();
};

/// All families, in order of recognition (families.md 3.2: the first match wins).
std::span<const Family> allFamilies();

/// What a network's assembler works on.
struct NetworkParts {
    const std::vector<Claim>& claims; ///< one for each of the model's blocks, in the same order
    KeyTaker& keys;
    Model& model;
};

/// A network whose graph can be told from its keys.
struct NetworkKind {
    std::string_view name;
    /// Whether the blocks stand as this network's do; then puts the claims in order of computation and fills their hints.
    bool (*arrange)(std::vector<Claim>& claims);
    /// Fills graph, variant, and picture size; `Model::whyNoGraph` when it cannot.
    void (*connect)(NetworkParts& parts);
};
std::span<const NetworkKind> allNetworks();

/// Finds the blocks, builds them, and connects them when they make a known network. Throws `unsupported` when no
/// family knows any key. `described` are kinds of the user's own; they come first.
Model assembleModel(const StateDict& tensors, const Assumptions& user, std::span<const BlockKind> described = {});

} // namespace rp::families
