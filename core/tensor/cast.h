// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/tensor/stored_tensor.h"

#include <string>

namespace rp {

/// The nearest IEEE half and bfloat16 (ties to even, subnormals kept, infinity beyond the largest), in one rounding.
std::uint16_t halfFrom(double value);
std::uint16_t bfloatFrom(double value);

/// A floating tensor as float16, bfloat16, float32 or float64, each number rounded once to the nearest. Throws
/// `valueInvalid` when a finite number becomes infinite; `where` names the tensor.
StoredTensor castTo(DType type, const StoredTensor& tensor, const std::string& where);

} // namespace rp
