// SPDX-License-Identifier: Apache-2.0
#include "ui/jobs/snapshots.h"

#include <algorithm>

namespace rp::ui {

const BlockMap* BlockDetail::find(const MapKey& key) const {
    const std::vector<BlockMap>& among = key.role == BlockMap::Role::step ? steps : maps;
    const auto found = std::ranges::find(among, key, keyOf);
    return found == among.end() ? nullptr : &*found;
}

const fusion::Kernel* Derivation::kernel() const {
    if (storedInFile) return &*storedInFile;
    const fusion::Fused* fused = result.fused();
    return fused ? &fused->kernel : nullptr;
}

} // namespace rp::ui
