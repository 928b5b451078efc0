// SPDX-License-Identifier: Apache-2.0
// YOLOv7's detection head with implicit knowledge (WongKinYiu/yolov7 models/yolo.py, IDetect), families.md 4.4:
//   y = m conv1x1(x + a), for each of its scales
#pragma once

#include "core/families/family.h"

namespace rp::families {

std::vector<BlockKind> implicitKinds();

} // namespace rp::families
