// SPDX-License-Identifier: Apache-2.0
// Networks that enlarge pictures: ECBSR (families.md 4.17), SPAN (families.md 4.18), RT4KSR (CVPRW 2023; eduardzamfir/RT4KSR).
#pragma once

#include "core/families/family.h"

namespace rp::families {

/// backbone.0 … backbone.N: y = PixelShuffle( blocks(x) + x, each channel of x repeated for all its pixels ).
bool arrangeEcbsr(std::vector<Claim>& claims, std::span<const BlockKind> kinds);
void connectEcbsr(NetworkParts& parts);

/// conv_1, block_1 … block_6 of three convolutions, conv_2, conv_cat, upsampler.
bool arrangeSpan(std::vector<Claim>& claims, std::span<const BlockKind> kinds);
void connectSpan(NetworkParts& parts);

/// head.0, body.N of a norm and a block each, tail, upsample.
bool arrangeRt4ksr(std::vector<Claim>& claims, std::span<const BlockKind> kinds);
void connectRt4ksr(NetworkParts& parts);

} // namespace rp::families
