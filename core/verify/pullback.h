// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/model/affine.h"
#include "core/model/expr.h"

#include <vector>

namespace rp::verify {

/// One output element of an affine expression as what it is: constant + sum of weights times input elements. The
/// weights cover a box of channels, rows and columns of the input and are ordered [row][column][channel].
struct Functional {
    std::int64_t channel = 0, channels = 0;
    std::int64_t row = 0, rows = 0;
    std::int64_t column = 0, columns = 0;
    std::vector<double> weights;
    double constant = 0;

    std::size_t at(std::int64_t y, std::int64_t x, std::int64_t c) const {
        return static_cast<std::size_t>(((y - row) * columns + x - column) * channels + c - channel);
    }
};

/// a + factor · b, over the box that holds both.
Functional combined(const Functional& a, double factor, const Functional& b);

/// An affine expression in phase eval on maps of one size, read backwards: which input elements an output element sees,
/// border and all. Shares nothing with the fuser: steps are applied to positions, kernels are never composed, so what
/// the fuser makes of a border can be checked with it.
class Pullback {
public:
    /// `in` is [1, c, h, w]. Throws `shapeMismatch`, `valueInvalid` as the forward pass does.
    Pullback(const ExprPtr& expr, const Shape& in);

    const Shape& input() const { return m_root.in; }   ///< [1, c, h, w]
    const Shape& output() const { return m_root.out; } ///< [1, oc, oh, ow]
    /// The output element [0, channel, y, x]; with `absolute`, of the expression with the magnitudes of all its numbers:
    /// an upper bound of every partial sum on the way.
    Functional of(std::int64_t channel, std::int64_t y, std::int64_t x, bool absolute = false) const;
    /// Most roundings that one number meets on its way through, each step's own constants included.
    double roundings() const { return m_root.roundings; }

private:
    struct Step {
        Expr::Op op;                ///< which kind; its numbers are below
        Shape in, out;
        std::vector<double> weight; ///< of a convolution, [m][v][u][i]
        std::vector<double> bias;   ///< of a convolution; or a border's values
        ChannelAffine affine;
        std::vector<Step> children;
        double roundings = 0;
    };
    static Step prepare(const ExprPtr& expr, const Shape& in);
    static Step prepareChain(const ExprPtr& expr, const Chain& chain, const Shape& in);
    static Functional pull(const Step& step, Functional f, bool absolute);
    static Functional throughConv(const Step& step, const Conv& conv, const Functional& f, bool absolute);
    static Functional throughPool(const Step& step, const AvgPool& pool, const Functional& f);
    static Functional throughPad(const Step& step, const ConstantPad& pad, const Functional& f, bool absolute);

    Step m_root;
};

} // namespace rp::verify
