// SPDX-License-Identifier: Apache-2.0
#include "core/families/family.h"
#include "core/families/repvgg.h"
#include "core/families/repvgg_network.h"

#include <array>

namespace rp::families {

std::span<const Family> allFamilies() {
    static const std::array families{
        Family{"RepVGG", &repVggKinds},
    };
    return families;
}

std::span<const NetworkKind> allNetworks() {
    static const std::array networks{
        NetworkKind{"RepVGG", &arrangeRepVgg, &connectRepVgg},
    };
    return networks;
}

} // namespace rp::families
