// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/families/family.h"

#include <string>
#include <vector>

namespace rp::families {

/// Puts the blocks one behind the other. False, with `whyNoGraph`, when the widths do not fit.
bool chainBlocks(Model& model);

/// Global average pool and a linear layer at the end of the graph: the first of `names` that fits. Paddle stores a
/// linear layer as [in, out]. Without one the network ends with what is there, and a finding says so.
void appendClassifier(NetworkParts& parts, const std::vector<std::string>& names);

/// Groups of a block's first kernel; 1 for a refused block.
std::int64_t groupsOf(const Block& block);

} // namespace rp::families
