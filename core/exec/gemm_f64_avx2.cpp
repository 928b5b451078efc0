// SPDX-License-Identifier: Apache-2.0
#define RP_GEMM_NAMESPACE Eigen_avx2
#define RP_GEMM_NAME gemm_avx2
#include "core/exec/gemm_f64.inc"
