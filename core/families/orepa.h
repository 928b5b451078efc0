// SPDX-License-Identifier: Apache-2.0
// OREPA (CVPR 2022; JUGGHM/OREPA_CVPR2022 blocks.py, blocks_repvgg.py), families.md 4.9: linear branches that are merged into one
// kernel at every training step, y = act(BN(conv(x, W))) with W generated from all of them.
#pragma once

#include "core/families/family.h"

namespace rp::families {

std::vector<BlockKind> orepaKinds();

} // namespace rp::families
