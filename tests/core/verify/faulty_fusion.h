// SPDX-License-Identifier: Apache-2.0
// Blocks folded by plain loops, rightly or with one named mistake, as somebody else's conversion script would. Shares
// nothing with core's fusion.
#pragma once

#include "core/model/expr.h"

#include <functional>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace rp::test {

struct PlainNorm {
    std::vector<float> gamma, beta, mean, var;
};

/// One summand: an optional 1x1 with bias in front, then a convolution or nothing, then an optional norm.
struct PlainBranch {
    std::string name;
    std::int64_t k = 0; ///< height and width; 0: no convolution
    std::int64_t kw = 0; ///< width, when it differs
    std::vector<float> front, frontBias; ///< [middle, ic], [middle]: only with groups 1
    std::vector<float> weight; ///< [oc, middle or ic/groups, k, kw]
    std::vector<float> bias;   ///< [oc] or none
    std::optional<PlainNorm> norm;
    std::int64_t height() const { return k ? k : 1; }
    std::int64_t width() const { return kw ? kw : height(); }
};

struct PlainBlock {
    std::int64_t ic = 0, oc = 0, groups = 1, k = 3;
    double eps = 1e-5;
    std::vector<PlainBranch> branches;
    std::optional<PlainNorm> outer; ///< behind the sum
};

/// A folded kernel: [oc, ic/groups, k, k] and [oc].
struct PlainKernel {
    std::vector<float> weight, bias;
};

/// What to do wrong. The default does nothing wrong.
struct Mistakes {
    double eps = -1;               ///< another one for every norm
    bool meanIgnored = false, betaIgnored = false, gammaOverVar = false, gammaIgnored = false, epsOutside = false;
    bool untouchedStatistics = false, convBiasIgnored = false, noBias = false, outerSkipped = false, frontBiasLost = false;
    bool groupsIgnored = false;    ///< the identity kernel by a diagonal that ends at its last column
    int omitted = -1, only = -1, withoutBias = -1, misplaced = -1, bare = -1, twice = -1, turnedBranch = -1, normSkipped = -1;
    int turn = 0;                  ///< quarters to the left
    bool exchanged = false;        ///< input and output channels of the whole kernel
};

PlainKernel fold(const PlainBlock& block, const Mistakes& mistakes = {});

/// The same block as core's families build it.
ExprPtr expressionOf(const PlainBlock& block);

/// Shapes of known families with random numbers: "RepVGG", "MobileOne", "ACNet", "QARepVGG", "ECB", "biased". `small`
/// variances and `cancelling` branches are what correct fusions must survive.
PlainBlock plainBlock(const std::string& family, std::int64_t channels, std::int64_t groups, unsigned seed);

float asHalf(float v);      ///< rounded to float16 by frexp and nearbyint, normal numbers only
float asBfloat(float v);    ///< the upper 16 bits, rounded to even
void quantize(float* values, std::size_t count); ///< symmetric int8

} // namespace rp::test
