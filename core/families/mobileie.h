// SPDX-License-Identifier: Apache-2.0
// MobileIE's MBRConv blocks (Barry1749/MobileIE): y = conv_out( concat( c1(x) … cn(x), BN1(c1(x)) … BNn(cn(x)) ) ) with convolutions
// of several extents. MBRConv5 has 5x5, 1x1, 3x3, 3x1 and 1x3; MBRConv3 has 3x3, 1x1, 3x1 and 1x3; MBRConv1 a 1x1; the "ec" variant one convolution.
#pragma once

#include "core/families/family.h"

namespace rp::families {

std::vector<BlockKind> mobileIeKinds();

} // namespace rp::families
