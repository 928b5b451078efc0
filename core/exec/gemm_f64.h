// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace rp {

/// out[rows, columns] = a[rows, depth] · b[depth, columns], row-major float64 with the given distances between rows.
struct Gemm {
    const double* a;
    const double* b;
    double* out;
    std::int64_t rows, depth, columns;
    std::int64_t strideA, strideB, strideOut;
};
using GemmFunction = void (*)(const Gemm&);

/// The best of the compiled copies (AVX-512, AVX2 with FMA, baseline) that this processor runs.
GemmFunction gemmFunction();
const char* gemmInstructionSet(); ///< "AVX-512", "AVX2", "SSE2"

} // namespace rp
