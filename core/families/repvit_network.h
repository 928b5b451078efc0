// SPDX-License-Identifier: Apache-2.0
// RepViT (arXiv 2307.09283; THU-MIG/RepViT model/repvit.py, timm repvit.py), families.md 4.12. A stem of two convolutions of stride 2, then
//   token mixer (RepVGGDW [SE], or conv3x3 of stride 2, [SE], conv1x1)   x = x + conv1x1(gelu(conv1x1(x)))
// the mean over the map and the classifier. Every convolution with its norm is a block.
#pragma once

#include "core/families/family.h"

namespace rp::families {

bool arrangeRepVit(std::vector<Claim>& claims, std::span<const BlockKind> kinds);
void connectRepVit(NetworkParts& parts);

} // namespace rp::families
