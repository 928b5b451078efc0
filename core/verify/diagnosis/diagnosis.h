// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace rp::verify {

/// One explanation of a kernel, or of an output.
struct Explanation {
    std::string code, sentence, remedy;
    double decibels = 0;   ///< how well it explains what was found
    bool complete = false; ///< what it leaves unexplained is rounding
    int faults = 1;        ///< that it needs
};

/// Why a kernel is not what its branches fold to.
struct Diagnosis {
    enum class Outcome {
        agrees,      ///< equal, or off by no more than rounding
        explained,   ///< the first explanation leaves rounding only
        partly,      ///< it leaves more than that, but much less than there was
        unexplained, ///< no hypothesis is much better than none
    };
    std::string block;    ///< empty: the network's output
    Outcome outcome = Outcome::agrees;
    double decibels = 0;  ///< what was found against what is right
    std::vector<Explanation> ranked; ///< best first; runner-ups behind it
};

} // namespace rp::verify
