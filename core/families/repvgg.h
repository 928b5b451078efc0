// SPDX-License-Identifier: Apache-2.0
// RepVGG (arXiv 2101.03697; DingXiaoH/RepVGG repvgg.py), families.md 4.1, 4.3 and 4.4. One block:
//   y = act( SE?( BN(conv3x3(x)) + BN(conv1x1(x)) + [BN(x) if ic == oc and stride 1] ) )
#pragma once

#include "core/families/family.h"

namespace rp::families {

std::vector<BlockKind> repVggKinds();

} // namespace rp::families
