// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/model/expr.h"

#include <string>
#include <vector>

namespace rp {

/// The two computations of one block's body. `fused` is null when the block is not merged; phase `deploy` then
/// runs the branches with running statistics, and says so. `branches` is null for a block in deploy form.
struct TwoForms {
    ExprPtr branches;
    ExprPtr fused;
    std::string whyNotFused;
};

/// By block index.
using ModelForms = std::vector<TwoForms>;

} // namespace rp
