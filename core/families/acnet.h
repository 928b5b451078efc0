// SPDX-License-Identifier: Apache-2.0
// ACNet (ICCV 2019; DingXiaoH/ACNet, acb.py), families.md 4.7: y = BN(conv kxk) + BN(conv kx1) + BN(conv 1xk)
#pragma once

#include "core/families/family.h"

namespace rp::families {

std::vector<BlockKind> acNetKinds();

} // namespace rp::families
