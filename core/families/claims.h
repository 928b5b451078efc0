// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/families/block_builder.h"
#include "core/tensor/state_dict.h"

#include <span>
#include <vector>

namespace rp::families {

/// A place in a state dict where a kind of block stands.
struct Claim {
    const BlockKind* kind = nullptr;
    std::string prefix; ///< with its last dot; empty at the root
    bool train = false;
    std::size_t firstKey = 0;
    Hint hint;
};

/// Every block of every kind, in the order of the keys. Earlier kinds come first: a name or a telling key that another
/// kind has taken is not claimed again, and branches come before fused kernels. `--assume family=` restricts the kinds.
std::vector<Claim> findClaims(const StateDict& tensors, std::span<const BlockKind> kinds, const Assumptions& user);

} // namespace rp::families
