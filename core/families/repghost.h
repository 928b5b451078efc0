// SPDX-License-Identifier: Apache-2.0
// RepGhost (arXiv 2211.06088; ChengpengChen/RepGhost repghost.py), families.md 4.13. Behind the primary convolution, depthwise:
//   y = act?( BN(conv3x3(x)) + BN(x) )
#pragma once

#include "core/families/family.h"

namespace rp::families {

std::vector<BlockKind> repGhostKinds();

} // namespace rp::families
