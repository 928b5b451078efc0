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
    contribution, ///< what a branch adds: its mean square over that of all branches
};

/// The figure of every output channel; empty for `stored`, and when the block has no such figure. `branch` is the one whose
/// contribution is meant; the first when there is none of that name.
std::vector<double> channelFigures(const BlockDetail& detail, ChannelOrder by, const QString& branch = {});

/// Output channels of the block in that order; empty when there are no figures. Ties stay in the order of the tensor.
std::vector<std::int64_t> channelOrder(const BlockDetail& detail, ChannelOrder by, const QString& branch = {});

/// Which channels a mosaic shows, and in which order.
struct ChannelSelection {
    std::vector<std::int64_t> order;  ///< empty: all as they come
    std::int64_t hidden = 0;
    std::optional<double> least;      ///< figure below which channels are hidden
};

/// Pinned channels first, then the others by `figures`, largest first (as they come when there are none), without those
/// that are too small. `strictness` 0 hides nothing, 1 all but the largest, on a logarithmic scale between.
ChannelSelection selectChannels(const std::vector<double>& figures, std::int64_t channels, double strictness, const std::vector<int>& pinned);

} // namespace rp::ui
