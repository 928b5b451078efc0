// SPDX-License-Identifier: Apache-2.0
// SPAN's Conv3XC (CVPRW 2024; hongyuanyu/SPAN span_arch.py), families.md 4.18: y = conv1x1(conv3x3(conv1x1(pad(x)))) + conv1x1(x).
// The input is padded, so the border is exact.
#pragma once

#include "core/families/family.h"

namespace rp::families {

std::vector<BlockKind> spanKinds();

} // namespace rp::families
