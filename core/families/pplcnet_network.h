// SPDX-License-Identifier: Apache-2.0
// PP-LCNetV2 as a whole (PaddleClas legendary_models/pp_lcnet_v2.py): a stem, four stages of depthwise separable units, a classifier
// behind one more 1x1 convolution. Stages 3 and 4 have multi-branch depthwise convolutions.
#pragma once

#include "core/families/family.h"

namespace rp::families {

bool arrangePpLcNetV2(std::vector<Claim>& claims, std::span<const BlockKind> kinds);
void connectPpLcNetV2(NetworkParts& parts);

} // namespace rp::families
