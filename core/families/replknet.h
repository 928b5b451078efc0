// SPDX-License-Identifier: Apache-2.0
// RepLKNet (arXiv 2203.06717; DingXiaoH/RepLKNet-pytorch) and UniRepLKNet (arXiv 2311.15599; AILab-CVC/UniRepLKNet),
// families.md 4.14 and 4.15. Depthwise, stride 1:
//   RepLKNet       y = BN(conv KxK(x)) + [BN(conv kxk(x))]
//   UniRepLKNet    y = BN( BN(conv KxK(x)) + sum of BN(conv kxk, dilated by r (x)) )
//   its pointwise  y = gamma BN( W (x + beta) ), beta of the GRN before it
#pragma once

#include "core/families/family.h"

namespace rp::families {

std::vector<BlockKind> repLkNetKinds();

} // namespace rp::families
