// SPDX-License-Identifier: Apache-2.0
// RepViT (arXiv 2307.09283; THU-MIG/RepViT, timm), the blocks that it shares with LeViT, and YOLOv10's RepVGGDW
// (THU-MIG/yolov10, Ultralytics), families.md 4.12 and 4.4:
//   RepVGGDW (depthwise)          y = BN( BN(conv3x3(x)) + conv1x1(x) + x ), of old releases BN(conv3x3(x)) + BN(conv1x1(x)) + x
//   RepVGGDW of YOLOv10           y = silu( BN(conv7x7(x)) + BN(conv3x3(x)) )
//   residual (depthwise)          y = x + BN(conv(x))
//   conv or linear and its norm   y = BN(W x)
//   norm before a linear layer    y = W BN(x) + b; of two distilled heads, their mean
#pragma once

#include "core/families/family.h"

namespace rp::families {

std::vector<BlockKind> repVitKinds();

} // namespace rp::families
