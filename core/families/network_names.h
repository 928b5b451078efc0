// SPDX-License-Identifier: Apache-2.0
// How a tensor of a network is called in each toolkit (families.md 4.3, 4.10, 8.5).
#pragma once

#include "core/tensor/state_dict.h"

#include <optional>
#include <string_view>

namespace rp::families {

/// A tensor of a RepVGG (layouts official, timm, mmpretrain, paddle) or MobileOne (the first three) named in layout `from`, with its name
/// in layout `to`: Paddle stores linear layers transposed, calls a norm's statistics `_mean` and `_variance`, and has no counter of batches
/// (nothing is returned for one). Throws `unsupported` for another family or layout, and for a key that is none of the network's.
std::optional<NamedTensor> renamedTensor(NamedTensor tensor, std::string_view family, std::string_view from, std::string_view to);

} // namespace rp::families
