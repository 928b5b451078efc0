// SPDX-License-Identifier: Apache-2.0
// QARepVGG (arXiv 2212.01593; cxxgtxy/QARepVGG, meituan/YOLOv6, Deci-AI/super-gradients), families.md 4.5:
//   y = act( BN( BN3(conv3x3(x)) + conv1x1(x) + x [+ avgpool3x3(x)] ) )
#pragma once

#include "core/families/family.h"

namespace rp::families {

std::vector<BlockKind> qaRepVggKinds();

} // namespace rp::families
