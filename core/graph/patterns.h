// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/graph/draft.h"

namespace rp::graph {

/// Activations that exporters spell as several steps become one: x sigmoid(x), x hardsigmoid(x), and
/// 0.5 x (1 + erf(x / √2)), whose constants a float32 file has rounded.
void recogniseActivations(Draft& draft);

} // namespace rp::graph
