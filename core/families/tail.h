// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/families/assumptions.h"
#include "core/families/block_kind.h"

namespace rp::families {

/// Squeeze and excitation from two 1x1 convolutions with bias, ReLU between them and sigmoid as the gate. Tensors of the tail stay
/// in the fused file, so they are no branch keys.
Operation takeSe(KeyTaker& keys, const std::string& down, const std::string& up, std::int64_t channels);

/// Squeeze and excitation and activation as the keys and `--assume` say.
std::vector<Operation> readTail(const TailPlan& plan, Extent stride, const std::string& activation, const std::string& origin, std::int64_t channels,
                                BlockKeys& keys, Attributes& attributes);

} // namespace rp::families
