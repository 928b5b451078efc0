// SPDX-License-Identifier: Apache-2.0
// FastViT and MobileCLIP (arXiv 2303.14189; apple/ml-fastvit, apple/ml-mobileclip; timm), families.md 4.11:
//   RepMixer (depthwise kxk, or 1xk in the text tower)  y = x + ls (mixer(x) - norm(x))
//   RepCPE (depthwise)                                  y = x + conv(x)
//   large-kernel downsampling, c -> 2c in c groups      y = act?( SE?( BN(conv7x7(x)) + BN(conv3x3(x)) ) )
#pragma once

#include "core/families/family.h"

namespace rp::families {

std::vector<BlockKind> fastVitKinds();

} // namespace rp::families
