// SPDX-License-Identifier: Apache-2.0
// MobileIE as a whole (ICCV 2025; MobileIE model/lle.py): enhances a picture.
//   f(y) = (w1 y) (w2 y) + b                      behind the head's and the body's convolutions
//   a = sigmoid(att(mean over the map)),  l = sigmoid(att1(largest channel of a x)),  y = tail(a l x)
#pragma once

#include "core/families/family.h"

namespace rp::families {

bool arrangeMobileIe(std::vector<Claim>& claims, std::span<const BlockKind> kinds);
void connectMobileIe(NetworkParts& parts);

} // namespace rp::families
