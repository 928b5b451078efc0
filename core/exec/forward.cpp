// SPDX-License-Identifier: Apache-2.0
#include "core/exec/forward.h"

#include "core/base/error.h"

#include <algorithm>

#include <fmt/format.h>

namespace rp {
namespace {

/// What is still to be applied to a result: the branches before it, and the activation behind the sum.
struct Pending {
    MapPtr addend;
    const Activation* activation = nullptr;
    bool isNothing() const { return !addend && !activation; }
};

using Constants = std::vector<double>; ///< one value per channel

/// W summed over the window times `in`, plus the bias: what a convolution makes of a constant map.
Constants constantThrough(const Conv& conv, const Constants& in) {
    const TensorD weight = conv.weight.toDouble();
    const std::int64_t oc = weight.size(0), ic = weight.size(1), area = weight.size(2) * weight.size(3);
    Constants out(static_cast<std::size_t>(oc), 0.0);
    if (conv.bias) std::ranges::copy(conv.bias->toDouble().values(), out.begin());
    for (std::int64_t o = 0; o < oc; ++o)
        for (std::int64_t i = 0; i < ic; ++i) {
            const double x = in[static_cast<std::size_t>(o / (oc / conv.groups) * ic + i)];
            if (x == 0.0) continue;
            for (std::int64_t t = 0; t < area; ++t) out[static_cast<std::size_t>(o)] += weight[(o * ic + i) * area + t] * x;
        }
    return out;
}

Constants constantThrough(const ChannelAffine& affine, const Constants& in) {
    Constants out(in.size());
    for (std::size_t c = 0; c < in.size(); ++c) out[c] = affine.scale[c] * in[c] + affine.shift[c];
    return out;
}

class Evaluator {
public:
    Evaluator(Phase phase, Engine& engine, const Observer& observer)
        : m_phase(phase), m_engine(engine), m_observer(observer) {}

    MapPtr run(const ExprPtr& expr, const MapPtr& x, const Pending& pending) {
        return std::visit([&](const auto& op) { return runOp(expr, op, x, pending); }, expr->op);
    }

private:
    MapPtr runOp(const ExprPtr& expr, const Conv&, const MapPtr& x, const Pending& pending) {
        return observed(expr, m_engine.convolve(expr, x, epilogue(nullptr, pending)), pending);
    }
    MapPtr runOp(const ExprPtr& expr, const Norm& norm, const MapPtr& x, const Pending& pending) {
        const ChannelAffine affine = affineFor(*expr, norm, x);
        return observed(expr, m_engine.apply(x, epilogue(&affine, pending)), pending);
    }
    MapPtr runOp(const ExprPtr& expr, const Scale& scale, const MapPtr& x, const Pending& pending) {
        const ChannelAffine affine = affineOf(scale, x->shape()[1]);
        return observed(expr, m_engine.apply(x, epilogue(&affine, pending)), pending);
    }
    MapPtr runOp(const ExprPtr& expr, const AvgPool& pool, const MapPtr& x, const Pending& pending) {
        return observed(expr, finish(m_engine.averagePool(pool, x), pending), pending);
    }
    MapPtr runOp(const ExprPtr& expr, const ConstantPad& pad, const MapPtr& x, const Pending& pending) {
        const Constants zero(static_cast<std::size_t>(x->shape()[1]), 0.0);
        return observed(expr, finish(padded(pad, x, zero), pending), pending);
    }
    MapPtr runOp(const ExprPtr& expr, const Identity&, const MapPtr& x, const Pending& pending) {
        return observed(expr, finish(x, pending), pending);
    }
    MapPtr runOp(const ExprPtr& expr, const Chain& chain, const MapPtr& x, const Pending& pending);
    MapPtr runOp(const ExprPtr& expr, const Sum& sum, const MapPtr& x, const Pending& pending);
    MapPtr runOp(const ExprPtr& expr, const Concat& concat, const MapPtr& x, const Pending& pending);

    /// Pending additions are never mixed into what an observer sees.
    MapPtr observed(const ExprPtr& expr, MapPtr map, const Pending& pending) {
        if (m_observer && pending.isNothing()) m_observer(expr->name, map);
        return map;
    }
    MapPtr finish(MapPtr map, const Pending& pending) {
        return pending.isNothing() ? map : m_engine.apply(map, epilogue(nullptr, pending));
    }
    static Epilogue epilogue(const ChannelAffine* affine, const Pending& pending) {
        return {affine, pending.addend, pending.activation};
    }
    MapPtr padded(const ConstantPad& pad, const MapPtr& x, const Constants& zeroImage) {
        if (!pad.value) return m_engine.pad(pad.padding, zeroImage, x);
        return m_engine.pad(pad.padding, pad.value->toDouble().values(), x);
    }
    ChannelAffine affineFor(const Expr& expr, const Norm& norm, const MapPtr& x);
    Constants zeroImage(const Expr& step, const Constants& in, const std::optional<Moments>& batch) const;
    bool takesBatch(const Norm& norm) const { return m_phase == Phase::train && !norm.alwaysRunning; }

    Phase m_phase;
    Engine& m_engine;
    const Observer& m_observer;
    std::optional<Moments> m_lastMoments; ///< of the Norm that ran last, for a border behind it
};

ChannelAffine Evaluator::affineFor(const Expr& expr, const Norm& norm, const MapPtr& x) {
    m_lastMoments.reset();
    if (!takesBatch(norm)) return affineOf(norm);
    m_lastMoments = m_engine.moments(x);
    if (m_lastMoments->samples < 2)
        throw Error(ErrorCode::valueInvalid,
                    {expr.name, "more than one value per channel in phase train",
                     fmt::format("one, for input {}", toString(x->shape())),
                     "use a larger picture or several pictures as one batch (--batch)"});
    return affineOf(norm, *m_lastMoments);
}

/// What `step` makes of a map that holds `in` everywhere. A Norm in phase train gives its border the running
/// statistics as they are after the update by this very call (DiverseBranchBlock's BNAndPadLayer).
Constants Evaluator::zeroImage(const Expr& step, const Constants& in, const std::optional<Moments>& batch) const {
    return std::visit(
        Overload{
            [&](const Conv& conv) { return constantThrough(conv, in); },
            [&](const Scale& scale) { return constantThrough(affineOf(scale, static_cast<std::int64_t>(in.size())), in); },
            [&](const Norm& norm) {
                if (!batch) return constantThrough(affineOf(norm), in);
                const TensorD mean = norm.mean.toDouble(), var = norm.var.toDouble();
                Constants newMean(in.size()), newVar(in.size());
                const auto n = static_cast<double>(batch->samples);
                for (std::size_t c = 0; c < in.size(); ++c) {
                    newMean[c] = (1 - norm.momentum) * mean.values()[c] + norm.momentum * batch->mean[c];
                    newVar[c] = (1 - norm.momentum) * var.values()[c] + norm.momentum * batch->var[c] * (norm.biasedUpdate ? 1 : n / (n - 1));
                }
                return constantThrough(affineOf(norm, newMean, newVar), in);
            },
            [&](const Chain& chain) {
                Constants out = in;
                for (const ExprPtr& inner : chain.steps) out = zeroImage(*inner, out, std::nullopt);
                return out;
            },
            [&](const Sum& sum) {
                Constants out = zeroImage(*sum.terms.front(), in, std::nullopt);
                for (std::size_t i = 1; i < sum.terms.size(); ++i)
                    std::ranges::transform(out, zeroImage(*sum.terms[i], in, std::nullopt), out.begin(), std::plus<>());
                return out;
            },
            [&](const Concat& concat) {
                Constants out;
                for (const ExprPtr& part : concat.parts) {
                    const Constants piece = zeroImage(*part, in, std::nullopt);
                    out.insert(out.end(), piece.begin(), piece.end());
                }
                return out;
            },
            [&](const auto&) { return in; },
        },
        step.op);
}

MapPtr Evaluator::runOp(const ExprPtr& expr, const Chain& chain, const MapPtr& x, const Pending& pending) {
    const bool hasBorder = std::ranges::any_of(
        chain.steps, [](const ExprPtr& step) { return std::holds_alternative<ConstantPad>(step->op); });
    Constants zero(hasBorder ? static_cast<std::size_t>(x->shape()[1]) : 0, 0.0);
    MapPtr map = x;
    for (std::size_t i = 0; i < chain.steps.size(); ++i) {
        const ExprPtr& step = chain.steps[i];
        const bool last = i + 1 == chain.steps.size();
        const Norm* next = last ? nullptr : std::get_if<Norm>(&chain.steps[i + 1]->op);
        const bool foldsNext = next && !m_observer && !takesBatch(*next) && !hasBorder &&
                               std::holds_alternative<Conv>(step->op);
        if (foldsNext) { // convolution and running-statistics norm in one pass
            const ChannelAffine affine = affineOf(*next);
            const bool ends = i + 2 == chain.steps.size();
            map = m_engine.convolve(step, map, epilogue(&affine, ends ? pending : Pending{}));
            ++i;
            continue;
        }
        if (const auto* pad = std::get_if<ConstantPad>(&step->op)) {
            map = finish(padded(*pad, map, zero), last ? pending : Pending{});
            continue;
        }
        m_lastMoments.reset();
        map = run(step, map, last ? pending : Pending{});
        if (hasBorder) zero = zeroImage(*step, zero, m_lastMoments);
    }
    if (chain.steps.empty()) map = finish(map, pending);
    return observed(expr, map, pending);
}

MapPtr Evaluator::runOp(const ExprPtr& expr, const Sum& sum, const MapPtr& x, const Pending& pending) {
    MapPtr total = pending.addend;
    for (std::size_t i = 0; i < sum.terms.size(); ++i) {
        const bool last = i + 1 == sum.terms.size();
        const Activation* activation = last ? pending.activation : nullptr;
        if (!m_observer) {
            total = run(sum.terms[i], x, {total, activation});
            continue;
        }
        const MapPtr branch = run(sum.terms[i], x, {});
        total = total || activation ? m_engine.apply(branch, {nullptr, total, activation}) : branch;
    }
    return observed(expr, total, pending);
}

MapPtr Evaluator::runOp(const ExprPtr& expr, const Concat& concat, const MapPtr& x, const Pending& pending) {
    std::vector<MapPtr> parts;
    for (const ExprPtr& part : concat.parts) parts.push_back(run(part, x, {}));
    return observed(expr, finish(m_engine.concat(parts), pending), pending);
}

MapPtr squeezeExcite(const SqueezeExcite& se, const MapPtr& x, Engine& engine) {
    const MapPtr squeezed = engine.convolve(se.down, engine.globalAverage(x), {nullptr, nullptr, &se.inner});
    return engine.gate(x, engine.convolve(se.up, squeezed, {nullptr, nullptr, &se.gate}));
}

} // namespace

ChannelAffine affineOf(const Norm& norm, const Moments& batch) { return affineOf(norm, batch.mean, batch.var); }

MapPtr forward(const ExprPtr& expr, Phase phase, const MapPtr& x, Engine& engine, const Observer& observer,
               const Activation* activation) {
    return Evaluator(phase, engine, observer).run(expr, x, {nullptr, activation});
}

MapPtr forward(const Operation& operation, std::span<const MapPtr> inputs, Engine& engine) {
    std::vector<Shape> shapes;
    for (const MapPtr& input : inputs) shapes.push_back(input->shape());
    outShapeOf(operation, shapes); // checks that everything fits
    auto isGate = [&] { return shapes[0].size() == 4 && shapes[1] == Shape{shapes[0][0], shapes[0][1], 1, 1}; };
    auto isFeature = [](const Shape& shape) { return shape.size() == 4; };
    return std::visit(Overload{
                          [&](const Activation& activation) { return engine.apply(inputs[0], {nullptr, nullptr, &activation}); },
                          [&](const SqueezeExcite& se) { return squeezeExcite(se, inputs[0], engine); },
                          [&](const GlobalAveragePool&) { return engine.globalAverage(inputs[0]); },
                          [&](const Scale& scale) {
                              const ChannelAffine affine = affineOf(scale, shapes[0][1]);
                              return engine.apply(inputs[0], {&affine, nullptr, nullptr});
                          },
                          [&](const Binary& binary) {
                              if (binary.kind == Binary::Kind::add && shapes[0] == shapes[1])
                                  return engine.apply(inputs[0], {nullptr, inputs[1], nullptr});
                              if (binary.kind == Binary::Kind::multiply && isGate()) return engine.gate(inputs[0], inputs[1]);
                              return engine.evaluate(operation, inputs);
                          },
                          [&](const Concatenate& concat) {
                              const bool channels = std::ranges::all_of(shapes, isFeature) && axisOf(concat.axis, 4, "concat") == 1;
                              return channels ? engine.concat(inputs) : engine.evaluate(operation, inputs);
                          },
                          [&](const auto&) { return engine.evaluate(operation, inputs); },
                      },
                      operation.kind);
}

} // namespace rp
