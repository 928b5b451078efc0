// SPDX-License-Identifier: Apache-2.0
// How a tensor of a RepVGG network is called in each toolkit (families.md 4.3, 8.5).
#pragma once

#include "core/tensor/state_dict.h"

#include <optional>
#include <string_view>

namespace rp::families {

/// A tensor named in layout `from` (official, timm, mmpretrain, paddle) with its name in layout `to`: Paddle stores linear layers transposed, calls a norm's
/// statistics `_mean` and `_variance`, and has no counter of batches (nothing is returned for one). Throws
/// `unsupported` for a key that is none of the network's.
std::optional<NamedTensor> renamedRepVgg(NamedTensor tensor, std::string_view from, std::string_view to);

} // namespace rp::families
