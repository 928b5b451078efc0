// SPDX-License-Identifier: Apache-2.0
// Diverse Branch Block (arXiv 2103.13425; DingXiaoH/DiverseBranchBlock), families.md 4.8: a convolution, a 1x1, an average pool
// and a 1x1 before a convolution, each with norms. The last two fill their border with what the norm makes of zero.
#pragma once

#include "core/families/family.h"

namespace rp::families {

std::vector<BlockKind> dbbKinds();

} // namespace rp::families
