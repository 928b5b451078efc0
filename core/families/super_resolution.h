// SPDX-License-Identifier: Apache-2.0
// Networks that enlarge pictures: ECBSR (families.md 4.17) and SPAN (families.md 4.18).
#pragma once

#include "core/families/family.h"

namespace rp::families {

/// backbone.0 … backbone.N: y = PixelShuffle( blocks(x) + x, each channel of x repeated for all its pixels ).
bool arrangeEcbsr(std::vector<Claim>& claims, std::span<const BlockKind> kinds);
void connectEcbsr(NetworkParts& parts);

/// conv_1, block_1 … block_6 of three convolutions, conv_2, conv_cat, upsampler.
bool arrangeSpan(std::vector<Claim>& claims, std::span<const BlockKind> kinds);
void connectSpan(NetworkParts& parts);

} // namespace rp::families
