// SPDX-License-Identifier: Apache-2.0
#include "core/picture/colour_map.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace rp::picture {
namespace {

/// ColorBrewer's RdBu reversed: colour-blind safe, white in the middle.
constexpr std::array<Rgb, 9> kDiverging{{{33, 102, 172}, {67, 147, 195}, {146, 197, 222}, {209, 229, 240}, {255, 255, 255},
                                         {253, 219, 199}, {244, 165, 130}, {214, 96, 77}, {178, 24, 43}}};
/// Nine support points of viridis.
constexpr std::array<Rgb, 9> kSequential{{{68, 1, 84}, {71, 44, 122}, {59, 81, 139}, {44, 113, 142}, {33, 144, 141},
                                          {39, 173, 129}, {92, 200, 99}, {170, 220, 50}, {253, 231, 37}}};

std::uint8_t mix(std::uint8_t a, std::uint8_t b, double t) {
    return static_cast<std::uint8_t>(std::lround(a + (b - a) * t));
}

/// t in [0, 1].
Rgb along(const std::array<Rgb, 9>& stops, double t) {
    const double place = t * static_cast<double>(stops.size() - 1);
    const auto left = std::min(static_cast<std::size_t>(place), stops.size() - 2);
    const double rest = place - static_cast<double>(left);
    const Rgb a = stops[left], b = stops[left + 1];
    return {mix(a.r, b.r, rest), mix(a.g, b.g, rest), mix(a.b, b.b, rest)};
}

} // namespace

Rgb colourOf(double value, Range range, ColourMap map) {
    if (!std::isfinite(value)) return kNotFinite;
    const double t = std::clamp((value - range.low) / (range.high - range.low), 0.0, 1.0);
    if (map == ColourMap::grey) {
        const auto level = static_cast<std::uint8_t>(std::lround(255 * t));
        return {level, level, level};
    }
    return along(map == ColourMap::diverging ? kDiverging : kSequential, t);
}

} // namespace rp::picture
