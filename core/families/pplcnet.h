// SPDX-License-Identifier: Apache-2.0
// PP-LCNetV2 (PaddleClas pp_lcnet_v2.py) and PP-LCNetV3's learnable layer (PaddleOCR rec_lcnetv3.py), families.md 4.16:
//   V2: y = ReLU( sum over kernel sizes of BN(dwconv(x)) )
//   V3: y = act( lab.scale ( [BN(x)] + [BN(conv1x1(x))] + sum over j of BN(convj(x)) ) + lab.bias )
#pragma once

#include "core/families/family.h"

namespace rp::families {

std::vector<BlockKind> ppLcNetKinds();

} // namespace rp::families
