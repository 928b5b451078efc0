// SPDX-License-Identifier: Apache-2.0
// Ultralytics' Conv2 (nn/modules/conv.py), families.md 4.4: y = silu( BN( conv3x3(x) + conv1x1(x) ) )
#pragma once

#include "core/families/family.h"

namespace rp::families {

std::vector<BlockKind> conv2Kinds();

} // namespace rp::families
