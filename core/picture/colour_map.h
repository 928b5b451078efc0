// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace rp::picture {

struct Rgb {
    std::uint8_t r = 0, g = 0, b = 0;
    friend bool operator==(const Rgb&, const Rgb&) = default;
};

enum class ColourMap {
    diverging,  ///< blue - white - red, zero in the middle
    sequential, ///< viridis, dark to bright
    grey,       ///< black to white
};

/// NaN and infinity have a colour that no map contains.
inline constexpr Rgb kNotFinite{255, 0, 255};

/// Values that take the ends of a map.
struct Range {
    double low = -1;
    double high = 1;
};

Rgb colourOf(double value, Range range, ColourMap map);

} // namespace rp::picture
