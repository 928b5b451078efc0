// SPDX-License-Identifier: Apache-2.0
// Expand, convolve, reduce: FMEN's RRRB and HFAB (CVPRW 2022; NJU-Jet/FMEN), RT4KSR (eduardzamfir/RT4KSR), RVSR's RepConv; families.md 4.19:
//   t = expand(x);  u = conv3x3(t padded with the bias of expand) + t;  y = reduce(u) + x
#pragma once

#include "core/families/family.h"

namespace rp::families {

std::vector<BlockKind> rrrbKinds();

} // namespace rp::families
