// SPDX-License-Identifier: Apache-2.0
// MobileOne (arXiv 2206.04040; apple/ml-mobileone mobileone.py), families.md 4.10:
//   y = ReLU( SE?( sum over j of BNj(convj(x)) + [BN(conv1x1(x)) if k > 1] + [BN(x) if ic == oc and stride 1] ) )
#pragma once

#include "core/families/family.h"

namespace rp::families {

std::vector<BlockKind> mobileOneKinds();

} // namespace rp::families
