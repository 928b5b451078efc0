// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/jobs/snapshots.h"

namespace rp::ui {

/// What channels are sorted by, largest first.
enum class ChannelOrder {
    stored, ///< as the tensor holds them
    error,  ///< mean square of the difference of the two forms
    energy, ///< mean square of the block's sum
    gamma,  ///< largest |gamma| of the branches' norms
};

/// Output channels of the block in that order; empty for `stored`, and when the block has no such figure. Ties stay
/// in the order of the tensor.
std::vector<std::int64_t> channelOrder(const BlockDetail& detail, ChannelOrder by);

} // namespace rp::ui
