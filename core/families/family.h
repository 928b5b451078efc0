// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/families/claims.h"

#include <span>
#include <string_view>
#include <vector>

namespace rp::families {

/// One family: gives its kinds of blocks, one row for each spelling. How one is added: core/families/README.md.
using Family = std::vector<BlockKind> (*)();

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
    /// Whether the blocks stand as this network's do; then puts the claims in order of computation, fills their hints, and
    /// settles the kind of those in deploy form, whose keys several of `kinds` share.
    bool (*arrange)(std::vector<Claim>& claims, std::span<const BlockKind> kinds);
    /// Fills graph, variant, and picture size. Throws `BlockDefect` when the graph cannot be told: the blocks stand alone then.
    void (*connect)(NetworkParts& parts);
};
std::span<const NetworkKind> allNetworks();

/// Finds the blocks, builds them, and connects them when they make a known network. Throws `unsupported` when no
/// family knows any key. `described` are kinds of the user's own, which come first; then `fused`, blocks of another file in
/// deploy form (deployKindsOf), whose widths are known.
Model assembleModel(const StateDict& tensors, const Assumptions& user, std::span<const BlockKind> described = {},
                    std::span<const BlockKind> fused = {});

/// The rows of all families, in order of recognition.
std::vector<BlockKind> allKinds();

/// The blocks of `train` in deploy form: kinds that find the fused kernels of a file in which nothing else tells them.
std::vector<BlockKind> deployKindsOf(const Model& train);

} // namespace rp::families
