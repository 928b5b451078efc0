// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/model/expr.h"

#include <random>

/// Expressions with random numbers, for tests of the algebra.
namespace rp::test {

using Generator = std::mt19937_64;

/// Norms whose fold is exact in binary: gamma a power of two with a sign, var = 4^k - 2^-10 with eps = 2^-10,
/// mean and beta small integers. Then gamma / sqrt(var + eps) is a power of two.
Norm exactNorm(std::int64_t channels, Generator& generator);
/// gamma of both signs and one zero, var in 1e-3 … 10, mean and beta around zero.
Norm realNorm(std::int64_t channels, Generator& generator);

struct BlockSpec {
    std::int64_t ic = 8, oc = 8, groups = 1, stride = 1;
    bool exact = false; ///< small integers and exact norms
};
/// RepVGG's body: 3x3 + norm, 1x1 + norm, and the identity norm where widths and stride allow one.
ExprPtr repvggBody(const BlockSpec& spec, Generator& generator);

Conv randomConv(std::int64_t oc, std::int64_t ic, Extent kernel, std::int64_t groups, bool bias, bool exact, Generator& generator);

} // namespace rp::test
