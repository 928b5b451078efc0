// SPDX-License-Identifier: Apache-2.0
#include "core/exec/engine.h"

#include <algorithm>
#include <atomic>
#include <thread>

namespace rp {
namespace {

std::atomic<int> chosenThreads{0}; ///< 0: nobody has chosen

} // namespace

std::string_view toString(EngineKind kind) {
    return kind == EngineKind::float32 ? "float32" : "float64";
}

std::unique_ptr<Engine> makeEngine(EngineKind kind) {
    return kind == EngineKind::float32 ? makeFloat32Engine() : makeReferenceEngine();
}

void setEngineThreads(int threads) {
    chosenThreads = std::max(threads, 1);
}

int engineThreads() {
    const int chosen = chosenThreads;
    return chosen > 0 ? chosen : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

} // namespace rp
