// SPDX-License-Identifier: Apache-2.0
#include "core/exec/fma_peak.h"

#include <algorithm>
#include <chrono>
#include <cstdint>

#include <omp.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace rp {
namespace {

/// Independent chains: enough to cover latency times width of every core so far, and few enough for 16
/// registers.
constexpr int kChains = 12;

/// Runs `steps` vector multiply-adds in each chain.
struct Kernel {
    void (*run)(std::int64_t steps);
    int lanes;
};

#if defined(__x86_64__)

// v converges to b / (1 - m): no infinities, no denormals. Twelve named variables, because the compiler keeps
// an array of them in memory; the asm stops it from computing the loop beforehand.
#define RP_EACH_CHAIN(DO)                                                                                    \
    DO(v0) DO(v1) DO(v2) DO(v3) DO(v4) DO(v5) DO(v6) DO(v7) DO(v8) DO(v9) DO(v10) DO(v11)
#define RP_START(v) auto v = one;

__attribute__((target("avx512f"))) void runAvx512(std::int64_t steps) {
    const __m512 one = _mm512_set1_ps(1.0f), half = _mm512_set1_ps(0.5f);
#define RP_STEP(v)                                                                                           \
    v = _mm512_fmadd_ps(v, half, one);                                                                       \
    asm volatile("" : "+v"(v));
    RP_EACH_CHAIN(RP_START)
    for (std::int64_t i = 0; i < steps; ++i) {
        RP_EACH_CHAIN(RP_STEP)
    }
#undef RP_STEP
}

__attribute__((target("avx2,fma"))) void runAvx2(std::int64_t steps) {
    const __m256 one = _mm256_set1_ps(1.0f), half = _mm256_set1_ps(0.5f);
#define RP_STEP(v)                                                                                           \
    v = _mm256_fmadd_ps(v, half, one);                                                                       \
    asm volatile("" : "+x"(v));
    RP_EACH_CHAIN(RP_START)
    for (std::int64_t i = 0; i < steps; ++i) {
        RP_EACH_CHAIN(RP_STEP)
    }
#undef RP_STEP
}

void runSse(std::int64_t steps) {
    const __m128 one = _mm_set1_ps(1.0f), half = _mm_set1_ps(0.5f);
#define RP_STEP(v)                                                                                           \
    v = _mm_add_ps(_mm_mul_ps(v, half), one);                                                                \
    asm volatile("" : "+x"(v));
    RP_EACH_CHAIN(RP_START)
    for (std::int64_t i = 0; i < steps; ++i) {
        RP_EACH_CHAIN(RP_STEP)
    }
#undef RP_STEP
}

Kernel widest() {
    if (__builtin_cpu_supports("avx512f")) return {runAvx512, 16};
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return {runAvx2, 8};
    return {runSse, 4};
}

#else

void runPlain(std::int64_t steps) {
    for (int c = 0; c < kChains; ++c) {
        float v = 1.0f;
        for (std::int64_t i = 0; i < steps; ++i) {
            v = v * 0.5f + 1.0f;
            asm volatile("" : "+m"(v));
        }
    }
}

Kernel widest() {
    return {runPlain, 1};
}

#endif

} // namespace

double measureFmaPeakGflops(int threads) {
    using Clock = std::chrono::steady_clock;
    constexpr std::int64_t kSteps = std::int64_t{1} << 18;
    constexpr int kRounds = 64;
    const Kernel kernel = widest();
    double best = 0;
    for (int round = 0; round < kRounds; ++round) {
        double slowest = 0;
#pragma omp parallel num_threads(threads) reduction(max : slowest)
        {
#pragma omp barrier // threads that were asleep do not count as slow
            const auto start = Clock::now();
            kernel.run(kSteps);
            slowest = std::chrono::duration<double>(Clock::now() - start).count();
        }
        const double flops = 2.0 * kernel.lanes * kChains * static_cast<double>(kSteps) * threads;
        best = std::max(best, flops / slowest * 1e-9);
    }
    return best;
}

} // namespace rp
