// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/verify/verify.h"

namespace rp::verify {

/// Compares somebody else's deploy model with ours: kernel by kernel (paired in order of depth), and by running
/// both on `input`. Fills `BlockReport::against`, adds findings, and updates the verdict. A float16 or bfloat16
/// file is judged by its precision's own thresholds (verification.md D.4).
void addAgainst(Report& report, const families::OpenedModel& opened, const fusion::ModelFusion& fusion,
                const families::OpenedModel& other, const TensorD& input);

} // namespace rp::verify
