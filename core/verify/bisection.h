// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace rp::verify {

/// Which blocks must be merged for the output to move beyond a tolerance.
struct Bisection {
    double tolerance = 0; ///< of max|Δ| as a part of max|y|
    double all = 0;       ///< how far the output moves when every block is merged
    std::vector<std::pair<std::string, double>> alone; ///< … when one block is, the worst first
    std::vector<std::string> smallest; ///< none of them can be left out, unless `why` says otherwise; empty when no set that was tried moves it beyond the tolerance
    bool proven = false;               ///< no smaller set does it (when `smallest` is empty: no set at all): all of them were tried
    std::string why;                   ///< what that rests on, or what was not tried
    double moved = 0;     ///< how far that set moves it
    std::string kernels;  ///< whose: "ours", or the other file's name
    int runs = 0;         ///< of the network
};

} // namespace rp::verify
