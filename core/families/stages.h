// SPDX-License-Identifier: Apache-2.0
// Networks that are a stem and stages of blocks, one behind the other, and a classifier: RepVGG, RepVGGplus, MobileOne
// (families.md 4.1 to 4.3, 4.10, 5).
#pragma once

#include "core/families/family.h"

namespace rp::families {

bool arrangeStages(std::vector<Claim>& claims, std::span<const BlockKind> kinds);
void connectStages(NetworkParts& parts);

} // namespace rp::families
