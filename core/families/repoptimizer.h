// SPDX-License-Identifier: Apache-2.0
// RepOptimizers' hyper-search block (arXiv 2205.15242; DingXiaoH/RepOptimizers), families.md 4.6:
//   y = act( BN( a3 conv3x3(x) + a1 conv1x1(x) + [a0 x] ) ), and the repository's own RepVGG block
#pragma once

#include "core/families/family.h"

namespace rp::families {

std::vector<BlockKind> repOptimizerKinds();

} // namespace rp::families
