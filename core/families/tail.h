// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/families/assumptions.h"
#include "core/families/block_kind.h"

namespace rp::families {

/// Squeeze and excitation and activation as the keys and `--assume` say.
std::vector<Operation> readTail(const TailPlan& plan, Extent stride, const std::string& activation, const std::string& origin, std::int64_t channels,
                                BlockKeys& keys, Attributes& attributes);

} // namespace rp::families
