// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/families/block_kind.h"
#include "core/families/assumptions.h"

#include <optional>
#include <string>

namespace rp::families {

/// What a network knows about a block that stands in it; overrules the kind's presets, not the user.
struct Hint {
    bool followsPrevious = false; ///< reads the output of the block before it, whose width it takes
    std::optional<std::int64_t> inChannels;
    std::optional<std::int64_t> stride;
    std::string strideOrigin;
    std::string identityNorm; ///< must be there when input and output are equally wide
};

/// Builds one block from its kind's plan. A block that cannot be built carries its `refusal`, and a finding says
/// the same; nothing is thrown for what stands in a file.
Block buildBlock(const BlockKind& kind, const std::string& prefix, bool train, const Hint& hint, KeyTaker& keys,
                 const Assumptions& user, Model& model);

/// "." for a block at the root, else the prefix without its last dot, and the kind's part.
std::string blockName(const BlockKind& kind, const std::string& prefix);

} // namespace rp::families
