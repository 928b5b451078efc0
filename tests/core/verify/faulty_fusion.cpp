// SPDX-License-Identifier: Apache-2.0
#include "tests/core/verify/faulty_fusion.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace rp::test {
namespace {

/// One branch alone: [oc, ic/groups, kh, kw] and [oc] in double.
struct Piece {
    std::vector<double> weight, bias;
};

std::size_t at(std::int64_t a, std::int64_t b, std::int64_t c, std::int64_t d, std::int64_t nb, std::int64_t nc, std::int64_t nd) {
    return static_cast<std::size_t>(((a * nb + b) * nc + c) * nd + d);
}

/// The window before its norm.
Piece windowOf(const PlainBlock& block, const PlainBranch& branch, const Mistakes& m) {
    const std::int64_t perGroup = block.ic / block.groups, kh = branch.height(), kw = branch.width();
    Piece piece{std::vector<double>(static_cast<std::size_t>(block.oc * perGroup * kh * kw)), std::vector<double>(static_cast<std::size_t>(block.oc))};
    for (std::int64_t o = 0; o < block.oc; ++o) {
        if (!branch.k) { // the identity
            const std::int64_t i = m.groupsIgnored ? o : o % perGroup;
            if (i < perGroup) piece.weight[at(o, i, 0, 0, perGroup, 1, 1)] = 1;
            continue;
        }
        if (!branch.bias.empty() && !m.convBiasIgnored) piece.bias[static_cast<std::size_t>(o)] = branch.bias[static_cast<std::size_t>(o)];
        const std::int64_t middle = branch.front.empty() ? 0 : static_cast<std::int64_t>(branch.frontBias.size());
        for (std::int64_t y = 0; y < kh; ++y)
            for (std::int64_t x = 0; x < kw; ++x) {
                for (std::int64_t i = 0; i < perGroup && !middle; ++i)
                    piece.weight[at(o, i, y, x, perGroup, kh, kw)] = branch.weight[at(o, i, y, x, perGroup, kh, kw)];
                for (std::int64_t c = 0; c < middle; ++c) {
                    const double w = branch.weight[at(o, c, y, x, middle, kh, kw)];
                    for (std::int64_t i = 0; i < perGroup; ++i)
                        piece.weight[at(o, i, y, x, perGroup, kh, kw)] += w * branch.front[static_cast<std::size_t>(c * perGroup + i)];
                    if (!m.frontBiasLost) piece.bias[static_cast<std::size_t>(o)] += w * branch.frontBias[static_cast<std::size_t>(c)];
                }
            }
    }
    return piece;
}

void turnLeft(Piece& piece, std::int64_t pairs, std::int64_t k) {
    std::vector<double> result(piece.weight.size());
    for (std::int64_t p = 0; p < pairs; ++p)
        for (std::int64_t y = 0; y < k; ++y)
            for (std::int64_t x = 0; x < k; ++x) result[at(p, y, x, 0, k, k, 1)] = piece.weight[at(p, x, k - 1 - y, 0, k, k, 1)];
    piece.weight = std::move(result);
}

void applyNorm(Piece& piece, const PlainNorm& norm, double eps, const Mistakes& m) {
    const std::size_t row = piece.weight.size() / piece.bias.size();
    for (std::size_t o = 0; o < piece.bias.size(); ++o) {
        const double var = m.untouchedStatistics ? 1 : norm.var[o];
        const double mean = m.meanIgnored || m.untouchedStatistics ? 0 : norm.mean[o];
        const double used = m.eps >= 0 ? m.eps : eps;
        double s = (m.gammaIgnored ? 1.0 : norm.gamma[o]) / std::sqrt(var + used);
        if (m.gammaOverVar) s = norm.gamma[o] / (var + used);
        if (m.epsOutside) s = norm.gamma[o] / (std::sqrt(var) + used);
        for (std::size_t i = 0; i < row; ++i) piece.weight[o * row + i] *= s;
        piece.bias[o] = (m.betaIgnored ? 0.0 : norm.beta[o]) + (piece.bias[o] - mean) * s;
    }
}

} // namespace

PlainKernel fold(const PlainBlock& block, const Mistakes& m) {
    const std::int64_t perGroup = block.ic / block.groups, k = block.k;
    Piece sum{std::vector<double>(static_cast<std::size_t>(block.oc * perGroup * k * k)), std::vector<double>(static_cast<std::size_t>(block.oc))};
    for (int b = 0; b < static_cast<int>(block.branches.size()); ++b) {
        const PlainBranch& branch = block.branches[static_cast<std::size_t>(b)];
        if (b == m.omitted || (m.only >= 0 && b != m.only) || (m.bare >= 0 && b != m.bare)) continue;
        Piece piece = windowOf(block, branch, m);
        if (b == m.turnedBranch)
            for (int turn = 0; turn < m.turn; ++turn) turnLeft(piece, block.oc * perGroup, branch.k);
        if (branch.norm && b != m.bare && b != m.normSkipped) applyNorm(piece, *branch.norm, block.eps, m);
        if (b == m.withoutBias) std::ranges::fill(piece.bias, 0);
        const std::int64_t kh = branch.height(), kw = branch.width();
        const std::int64_t top = b == m.misplaced ? 0 : (k - kh) / 2, left = b == m.misplaced ? 0 : (k - kw) / 2;
        const double times = b == m.twice ? 2 : 1;
        for (std::int64_t o = 0; o < block.oc; ++o) {
            sum.bias[static_cast<std::size_t>(o)] += times * piece.bias[static_cast<std::size_t>(o)];
            for (std::int64_t i = 0; i < perGroup; ++i)
                for (std::int64_t y = 0; y < kh; ++y)
                    for (std::int64_t x = 0; x < kw; ++x)
                        sum.weight[at(o, i, y + top, x + left, perGroup, k, k)] += times * piece.weight[at(o, i, y, x, perGroup, kh, kw)];
        }
    }
    if (block.outer && !m.outerSkipped && m.bare < 0) applyNorm(sum, *block.outer, block.eps, m);
    if (m.turnedBranch < 0)
        for (int turn = 0; turn < m.turn; ++turn) turnLeft(sum, block.oc * perGroup, k);
    if (m.exchanged) {
        const Piece before = sum;
        for (std::int64_t o = 0; o < block.oc; ++o)
            for (std::int64_t i = 0; i < block.ic; ++i)
                for (std::int64_t t = 0; t < k * k; ++t) sum.weight[at(o, i, t, 0, block.ic, k * k, 1)] = before.weight[at(i, o, t, 0, block.ic, k * k, 1)];
    }
    if (m.noBias) std::ranges::fill(sum.bias, 0);
    return {{sum.weight.begin(), sum.weight.end()}, {sum.bias.begin(), sum.bias.end()}};
}

namespace {

Param paramOf(Shape shape, const std::vector<float>& values) { return Param(TensorF(std::move(shape), values)); }

ExprPtr normOf(const std::string& name, const PlainNorm& norm, double eps) {
    const Shape shape{std::ssize(norm.gamma)};
    Norm n;
    n.gamma = paramOf(shape, norm.gamma);
    n.beta = paramOf(shape, norm.beta);
    n.mean = paramOf(shape, norm.mean);
    n.var = paramOf(shape, norm.var);
    n.eps = eps;
    return makeExpr(name, n);
}

} // namespace

ExprPtr expressionOf(const PlainBlock& block) {
    std::vector<ExprPtr> terms;
    for (const PlainBranch& branch : block.branches) {
        std::vector<ExprPtr> steps;
        const std::int64_t kh = branch.height(), kw = branch.width(), top = kh / 2, left = kw / 2;
        const auto middle = std::ssize(branch.frontBias);
        if (middle) {
            Conv front;
            front.weight = paramOf({middle, block.ic, 1, 1}, branch.front);
            front.bias = paramOf({middle}, branch.frontBias);
            steps.push_back(makeExpr(branch.name + ".front", front));
            steps.push_back(makeExpr(branch.name + ".border", ConstantPad{{top, left, top, left}, std::nullopt}));
        }
        if (branch.k) {
            Conv conv;
            conv.weight = paramOf({block.oc, middle ? middle : block.ic / block.groups, kh, kw}, branch.weight);
            if (!branch.bias.empty()) conv.bias = paramOf({block.oc}, branch.bias);
            conv.groups = block.groups;
            if (!middle) conv.padding = {top, left, top, left};
            steps.push_back(makeExpr(branch.name + ".conv", conv));
        }
        if (branch.norm) steps.push_back(normOf(branch.name + ".bn", *branch.norm, block.eps));
        if (steps.empty()) steps.push_back(makeExpr(branch.name, Identity{}));
        terms.push_back(steps.size() == 1 ? steps.front() : makeExpr(branch.name, Chain{steps}));
    }
    const ExprPtr sum = makeExpr("sum", Sum{terms});
    return block.outer ? makeExpr("block", Chain{{sum, normOf("bn", *block.outer, block.eps)}}) : sum;
}

namespace {

struct Drawer {
    std::mt19937_64 generator;
    std::vector<float> uniform(std::int64_t count, float low, float high) {
        std::uniform_real_distribution<float> draw(low, high);
        std::vector<float> values(static_cast<std::size_t>(count));
        for (float& v : values) v = draw(generator);
        return values;
    }
    PlainNorm norm(std::int64_t c) { return {uniform(c, 0.4F, 1.5F), uniform(c, -0.5F, 0.5F), uniform(c, -0.6F, 0.6F), uniform(c, 0.05F, 2)}; }
    PlainBranch window(const std::string& name, const PlainBlock& block, std::int64_t kh, std::int64_t kw, bool bias, bool norm) {
        PlainBranch branch{name, kh, kw, {}, {}, {}, {}, {}};
        branch.weight = uniform(block.oc * block.ic / block.groups * kh * kw, -0.4F, 0.4F);
        if (bias) branch.bias = uniform(block.oc, -0.5F, 0.5F);
        if (norm) branch.norm = this->norm(block.oc);
        return branch;
    }
};

} // namespace

PlainBlock plainBlock(const std::string& family, std::int64_t channels, std::int64_t groups, unsigned seed) {
    Drawer draw{std::mt19937_64(seed * 7919u + 13u)};
    PlainBlock block;
    block.ic = block.oc = channels;
    block.groups = groups;
    auto identity = [&](bool norm) {
        PlainBranch branch;
        branch.name = "identity";
        if (norm) branch.norm = draw.norm(channels);
        return branch;
    };
    if (family == "RepVGG") {
        block.branches = {draw.window("dense", block, 3, 3, false, true), draw.window("1x1", block, 1, 1, false, true), identity(true)};
    } else if (family == "MobileOne") {
        block.branches = {draw.window("conv0", block, 3, 3, false, true), draw.window("conv1", block, 3, 3, false, true),
                          draw.window("scale", block, 1, 1, false, true), identity(true)};
        block.eps = 1e-3;
    } else if (family == "ACNet") {
        block.branches = {draw.window("square", block, 3, 3, false, true), draw.window("ver", block, 3, 1, false, true),
                          draw.window("hor", block, 1, 3, false, true)};
    } else if (family == "QARepVGG") {
        block.branches = {draw.window("dense", block, 3, 3, false, true), draw.window("1x1", block, 1, 1, false, false), identity(false)};
        block.outer = draw.norm(channels);
    } else if (family == "biased") { // convolutions with bias before their norms
        block.branches = {draw.window("dense", block, 3, 3, true, true), draw.window("1x1", block, 1, 1, true, true), identity(true)};
    } else { // ECB: 3x3, and 1x1 -> 3x3
        PlainBranch chain = draw.window("chain", block, 3, 3, true, false);
        const std::int64_t middle = channels + 3;
        chain.front = draw.uniform(middle * channels, -0.4F, 0.4F);
        chain.frontBias = draw.uniform(middle, -0.5F, 0.5F);
        chain.weight = draw.uniform(channels * middle * 9, -0.3F, 0.3F);
        block.branches = {draw.window("dense", block, 3, 3, true, false), chain, identity(false)};
    }
    return block;
}

float asHalf(float v) {
    int exponent = 0;
    const float fraction = std::frexp(v, &exponent); // [0.5, 1): 11 digits
    exponent = std::max(exponent, -13);
    return std::ldexp(std::nearbyint(std::ldexp(v, 11 - exponent)), exponent - 11) + 0 * fraction;
}

float asBfloat(float v) {
    std::uint32_t bits = 0;
    std::memcpy(&bits, &v, 4);
    bits += 0x7fffu + ((bits >> 16) & 1u);
    bits &= 0xffff0000u;
    std::memcpy(&v, &bits, 4);
    return v;
}

void quantize(float* values, std::size_t count) {
    float most = 0;
    for (std::size_t i = 0; i < count; ++i) most = std::max(most, std::abs(values[i]));
    if (most == 0) return;
    const float step = most / 127;
    for (std::size_t i = 0; i < count; ++i) values[i] = std::round(values[i] / step) * step;
}

} // namespace rp::test
