// SPDX-License-Identifier: Apache-2.0
#include "core/exec/gemm_f64.h"

namespace rp {

void gemm_baseline(const Gemm&);
#ifdef __x86_64__
void gemm_avx2(const Gemm&);
void gemm_avx512(const Gemm&);
#endif

namespace {

struct Copy {
    GemmFunction function;
    const char* name;
};

Copy bestCopy() {
#ifdef __x86_64__
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")) return {gemm_avx512, "AVX-512"};
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return {gemm_avx2, "AVX2"};
    return {gemm_baseline, "SSE2"};
#else
    return {gemm_baseline, "baseline"};
#endif
}

} // namespace

GemmFunction gemmFunction() {
    static const Copy copy = bestCopy();
    return copy.function;
}

const char* gemmInstructionSet() { return bestCopy().name; }

} // namespace rp
