// SPDX-License-Identifier: Apache-2.0
#define RP_GEMM_NAMESPACE Eigen_baseline
#define RP_GEMM_NAME gemm_baseline
#include "core/exec/gemm_f64.inc"
