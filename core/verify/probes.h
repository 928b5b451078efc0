// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/tensor/tensor.h"

#include <string>
#include <vector>

namespace rp::verify {

/// An input that is made to bring out one kind of mistake.
struct Probe {
    std::string name;
    TensorD values;
};

/// For an input [n, c, h, w], the same on every machine: zeros (constants and borders alone), ones (sums of kernels), an impulse at centre,
/// edge and corner (single taps; 1 in every channel), small integers from -3 to 3 (exact in float32 as far as sums are), Gaussian noise, and
/// the same noise times 1e4 (rounding of large maps).
std::vector<Probe> probesFor(const Shape& shape);

} // namespace rp::verify
