// SPDX-License-Identifier: Apache-2.0
// RepVGG as published: a stem, four stages, a classifier (families.md 4.1, 4.3, 5.1).
#pragma once

#include "core/families/family.h"

namespace rp::families {

bool arrangeRepVgg(std::vector<Claim>& claims);
void connectRepVgg(NetworkParts& parts);

} // namespace rp::families
