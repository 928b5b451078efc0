// SPDX-License-Identifier: Apache-2.0
// Edge-oriented convolution block (ACM MM 2021; xindongzhang/ECBSR models/ecb.py), families.md 4.17:
//   y = act( conv3x3(x) + conv3x3(pad(conv1x1(x))) + SobelX(x) + SobelY(x) + Laplacian(x) [+ x] )
#pragma once

#include "core/families/family.h"

namespace rp::families {

std::vector<BlockKind> ecbKinds();

} // namespace rp::families
