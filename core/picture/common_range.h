// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/picture/colour_map.h"
#include "core/tensor/tensor.h"

#include <vector>

namespace rp::picture {

/// The part of all elements that a range shows; the rest takes the end colours: one outlier must not make
/// everything else pale.
inline constexpr double kShownShare = 0.995;

/// Colours for maps that are to be compared.
struct CommonRange {
    Range diverging;    ///< symmetric about zero
    Range sequential;   ///< from the low end to the high end of what is shown
    double largest = 0; ///< largest finite magnitude; beyond the range's ends when a few elements stand out

    const Range& of(ColourMap map) const { return map == ColourMap::diverging ? diverging : sequential; }
};

/// Over all elements of all maps; the quantiles come from at most 400,000 evenly spaced ones. Never empty.
CommonRange commonRange(const std::vector<const TensorD*>& maps);

/// What one channel [h, w] of a map holds over all samples.
struct ChannelFigures {
    double low = 0, high = 0;  ///< of the finite elements
    double meanSquare = 0;     ///< of the finite elements
};
std::vector<ChannelFigures> channelFigures(const TensorD& map); ///< map [n, c, h, w]

/// The colours of one channel on its own.
Range rangeOf(const ChannelFigures& channel, ColourMap map);

} // namespace rp::picture
