// SPDX-License-Identifier: Apache-2.0
#include "tests/support/random_blocks.h"

#include "tests/support/naive.h"

#include <cmath>

namespace rp::test {
namespace {

TensorD integersIn(std::int64_t count, int limit, Generator& generator) {
    return naive::integers({count}, generator, limit);
}

} // namespace

Norm exactNorm(std::int64_t channels, Generator& generator) {
    std::uniform_int_distribution<int> power(-1, 1), sign(0, 1);
    TensorD gamma(Shape{channels}), var(Shape{channels});
    for (double& g : gamma.edit()) g = std::ldexp(sign(generator) ? 1.0 : -1.0, power(generator));
    for (double& v : var.edit()) v = std::ldexp(1.0, 2 * power(generator)) - 0x1p-10;
    Norm norm;
    norm.gamma = Param(gamma);
    norm.beta = Param(integersIn(channels, 3, generator));
    norm.mean = Param(integersIn(channels, 3, generator));
    norm.var = Param(var);
    norm.eps = 0x1p-10;
    return norm;
}

Norm realNorm(std::int64_t channels, Generator& generator) {
    std::uniform_real_distribution<double> magnitude(0.2, 1.5), exponent(-3, 1), around(-1, 1);
    TensorD gamma(Shape{channels}), var(Shape{channels}), beta(Shape{channels}), mean(Shape{channels});
    for (double& g : gamma.edit()) g = magnitude(generator) * (around(generator) < 0 ? -1 : 1);
    gamma.edit()[0] = 0;
    for (double& v : var.edit()) v = std::pow(10.0, exponent(generator));
    for (double& v : beta.edit()) v = around(generator);
    for (double& v : mean.edit()) v = around(generator);
    Norm norm;
    norm.gamma = Param(gamma);
    norm.beta = Param(beta);
    norm.mean = Param(mean);
    norm.var = Param(var);
    return norm;
}

Conv randomConv(std::int64_t oc, std::int64_t ic, Extent kernel, std::int64_t groups, bool bias, bool exact, Generator& generator) {
    const Shape shape{oc, ic / groups, kernel.h, kernel.w};
    Conv conv;
    conv.weight = Param(exact ? naive::integers(shape, generator) : naive::reals(shape, generator));
    if (bias) conv.bias = Param(exact ? naive::integers({oc}, generator) : naive::reals({oc}, generator));
    conv.groups = groups;
    return conv;
}

ExprPtr repvggBody(const BlockSpec& spec, Generator& generator) {
    auto norm = [&](std::int64_t channels) { return spec.exact ? exactNorm(channels, generator) : realNorm(channels, generator); };
    auto branch = [&](const char* name, std::int64_t k) {
        Conv conv = randomConv(spec.oc, spec.ic, {k, k}, spec.groups, false, spec.exact, generator);
        conv.stride = {spec.stride, spec.stride};
        conv.padding = Padding::same(k / 2);
        return makeExpr(name, Chain{{makeExpr(std::string(name) + ".conv", conv), makeExpr(std::string(name) + ".bn", norm(spec.oc))}});
    };
    std::vector<ExprPtr> terms{branch("rbr_dense", 3), branch("rbr_1x1", 1)};
    if (spec.ic == spec.oc && spec.stride == 1) terms.push_back(makeExpr("rbr_identity", norm(spec.ic)));
    return makeExpr("sum", Sum{std::move(terms)});
}

} // namespace rp::test
