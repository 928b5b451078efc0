// SPDX-License-Identifier: Apache-2.0
#include "core/families/acnet.h"
#include "core/families/conv2.h"
#include "core/families/dbb.h"
#include "core/families/ecb.h"
#include "core/families/family.h"
#include "core/families/fastvit.h"
#include "core/families/implicit.h"
#include "core/families/mobileie.h"
#include "core/families/mobileie_network.h"
#include "core/families/mobileone.h"
#include "core/families/orepa.h"
#include "core/families/pplcnet.h"
#include "core/families/pplcnet_network.h"
#include "core/families/qarepvgg.h"
#include "core/families/repghost.h"
#include "core/families/replknet.h"
#include "core/families/repoptimizer.h"
#include "core/families/repvgg.h"
#include "core/families/repvit.h"
#include "core/families/repvit_network.h"
#include "core/families/rrrb.h"
#include "core/families/span.h"
#include "core/families/stages.h"
#include "core/families/super_resolution.h"

#include <array>

namespace rp::families {

std::span<const Family> allFamilies() {
    static constexpr std::array<Family, 18> families{
        &fastVitKinds, // its mixers hold MobileOne's blocks, its downsampling has RepLKNet's names
        &repLkNetKinds,
        &dbbKinds,
        &acNetKinds,
        &orepaKinds,
        &repOptimizerKinds,
        &ppLcNetKinds,
        &repGhostKinds,
        &mobileOneKinds,
        &qaRepVggKinds,
        &repVggKinds,
        &conv2Kinds,
        &repVitKinds,
        &implicitKinds,
        &ecbKinds,
        &spanKinds,
        &rrrbKinds,
        &mobileIeKinds,
    };
    return families;
}

std::span<const NetworkKind> allNetworks() {
    static const std::array networks{
        NetworkKind{"RepViT", &arrangeRepVit, &connectRepVit},
        NetworkKind{"stages", &arrangeStages, &connectStages},
        NetworkKind{"PP-LCNetV2", &arrangePpLcNetV2, &connectPpLcNetV2},
        NetworkKind{"ECBSR", &arrangeEcbsr, &connectEcbsr},
        NetworkKind{"SPAN", &arrangeSpan, &connectSpan},
        NetworkKind{"RT4KSR", &arrangeRt4ksr, &connectRt4ksr},
        NetworkKind{"MobileIE", &arrangeMobileIe, &connectMobileIe},
    };
    return networks;
}

} // namespace rp::families
