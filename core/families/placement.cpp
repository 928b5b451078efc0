// SPDX-License-Identifier: Apache-2.0
#include "core/families/placement.h"

#include <algorithm>

#include <fmt/format.h>

namespace rp::families {
namespace {

using When = Plan::Identity::When;

Shape weightShape(const Plan::Conv& conv, const BlockKeys& keys) { return conv.made ? conv.made->shape() : keys.shapeOf(conv.weight); }

Extent larger(Extent a, Extent b) { return {std::max(a.h, b.h), std::max(a.w, b.w)}; }

Extent ofAll(const std::vector<Plan>& parts, BlockKeys& keys) {
    Extent extent;
    for (const Plan& part : parts) extent = larger(extent, extentOf(part, keys));
    return extent;
}

/// Padding that puts a window of extent `k` in the middle of one of extent `full` with padding `p`.
Padding linedUp(const Padding& p, Extent full, Extent k) {
    const Extent lead{(full.h - k.h) / 2, (full.w - k.w) / 2};
    return {p.top - lead.h, p.left - lead.w, p.bottom - (full.h - k.h - lead.h), p.right - (full.w - k.w - lead.w)};
}

Extent dilated(Extent extent, Extent by) { return {(extent.h - 1) * by.h + 1, (extent.w - 1) * by.w + 1}; }

/// Whether a step slides a window over its input (and so can carry a stride).
bool hasWindow(const Plan& plan) {
    return std::visit(Overload{
                          [](const Plan::Conv&) { return true; },
                          [](const Plan::Pool&) { return true; },
                          [](const Plan::Chain& chain) { return std::ranges::any_of(chain.parts, hasWindow); },
                          [](const Plan::Sum& sum) { return std::ranges::any_of(sum.parts, hasWindow); },
                          [](const Plan::Concat& concat) { return std::ranges::any_of(concat.parts, hasWindow); },
                          [](const auto&) { return false; },
                      },
                      plan.what);
}

/// 0 when there is no such norm.
std::int64_t normChannels(const BlockKeys& keys, const std::string& prefix) {
    for (const char* name : {".running_mean", "._mean"})
        if (const Shape shape = keys.shapeOf(prefix + name); shape.size() == 1) return shape[0];
    return 0;
}

/// Vectors one behind the other; none when the first is none.
std::optional<Param> joined(const std::vector<std::optional<Param>>& parts) {
    if (!parts.front()) return std::nullopt;
    std::int64_t count = 0;
    std::vector<std::string> keys;
    for (const auto& part : parts) {
        count += part->count();
        keys.insert(keys.end(), part->keys().begin(), part->keys().end());
    }
    return Param({count}, std::move(keys), [parts, count] {
        std::vector<double> all;
        for (const auto& part : parts) {
            const TensorD values = part->toDouble();
            all.insert(all.end(), values.values().begin(), values.values().end());
        }
        return TensorD({count}, std::move(all));
    });
}

void collect(const Plan& plan, BlockKeys& keys, bool isTerm, InputFacts& facts) {
    auto all = [&](const std::vector<Plan>& parts, bool terms) {
        for (const Plan& part : parts) collect(part, keys, terms, facts);
    };
    std::visit(Overload{
                   [&](const Plan::Conv& conv) {
                       const Shape shape = weightShape(conv, keys);
                       if (facts.perGroup != 0 || shape.size() != 4) return;
                       facts.perGroup = shape[1];
                       facts.outChannels = shape[0];
                       facts.key = conv.weight.empty() ? plan.name : conv.weight;
                   },
                   [&](const Plan::Norm& norm) {
                       std::int64_t channels = 0;
                       for (const std::string& prefix : norm.prefixes) channels += normChannels(keys, prefix);
                       if (channels > 0 && !facts.normChannels) facts.normChannels = channels;
                       facts.normIsTerm = facts.normIsTerm || isTerm;
                   },
                   // A norm behind an identity or a border still reads the block's input.
                   [&](const Plan::Chain& chain) {
                       for (const Plan& part : chain.parts) {
                           const bool passes = std::holds_alternative<Plan::Identity>(part.what) ||
                                               std::holds_alternative<Plan::Border>(part.what) ||
                                               std::holds_alternative<Plan::Scale>(part.what);
                           if (!passes) {
                               collect(part, keys, isTerm && chain.parts.size() == 1, facts);
                               return;
                           }
                       }
                   },
                   [&](const Plan::Sum& sum) { all(sum.parts, true); },
                   [&](const Plan::Concat& concat) { all(concat.parts, false); },
                   [](const auto&) {},
               },
               plan.what);
}

} // namespace

Shape BlockKeys::shapeOf(const std::string& key) const {
    const StoredTensor* tensor = m_keys.tensors().find(m_prefix + key);
    return tensor ? tensor->shape() : Shape{};
}

int BlockKeys::countOf(const std::string& before, const std::string& after) const {
    int count = 0;
    while (has(fmt::format("{}{}{}", before, count, after))) ++count;
    return count;
}

InputFacts readInput(const Plan& plan, BlockKeys& keys) {
    InputFacts facts;
    collect(plan, keys, true, facts);
    return facts;
}

bool hasNorm(const Plan& plan) {
    return std::visit(Overload{
                          [](const Plan::Norm&) { return true; },
                          [](const Plan::Chain& chain) { return std::ranges::any_of(chain.parts, hasNorm); },
                          [](const Plan::Sum& sum) { return std::ranges::any_of(sum.parts, hasNorm); },
                          [](const Plan::Concat& concat) { return std::ranges::any_of(concat.parts, hasNorm); },
                          [](const auto&) { return false; },
                      },
                      plan.what);
}

Extent extentOf(const Plan& plan, BlockKeys& keys) {
    return std::visit(Overload{
                          [&](const Plan::Conv& conv) {
                              const Shape shape = weightShape(conv, keys);
                              return shape.size() == 4 ? dilated({shape[2], shape[3]}, conv.dilation) : Extent{};
                          },
                          [](const Plan::Pool& pool) { return pool.kernel; },
                          [&](const Plan::Chain& chain) {
                              Extent total;
                              for (const Plan& part : chain.parts) {
                                  const Extent extent = extentOf(part, keys);
                                  total = {total.h + extent.h - 1, total.w + extent.w - 1};
                              }
                              return total;
                          },
                          [&](const Plan::Sum& sum) { return ofAll(sum.parts, keys); },
                          [&](const Plan::Concat& concat) { return ofAll(concat.parts, keys); },
                          [](const auto&) { return Extent{}; },
                      },
                      plan.what);
}

std::string windowModule(const Plan& plan, BlockKeys& keys) {
    const Extent extent = extentOf(plan, keys);
    auto find = [&](auto& self, const Plan& part) -> std::string {
        auto first = [&](const std::vector<Plan>& parts) {
            for (const Plan& inner : parts)
                if (std::string found = self(self, inner); !found.empty()) return found;
            return std::string();
        };
        return std::visit(Overload{
                              [&](const Plan::Conv& conv) {
                                  constexpr std::string_view kEnding = ".weight";
                                  const bool fits = !conv.made && extentOf(part, keys) == extent && conv.weight.ends_with(kEnding);
                                  return fits ? conv.weight.substr(0, conv.weight.size() - kEnding.size()) : std::string();
                              },
                              [&](const Plan::Chain& chain) {
                                  const bool bordered = std::ranges::any_of(
                                      chain.parts, [](const Plan& inner) { return std::holds_alternative<Plan::Border>(inner.what); });
                                  return bordered ? std::string() : first(chain.parts);
                              },
                              [&](const Plan::Sum& sum) { return first(sum.parts); },
                              [&](const Plan::Concat& concat) { return first(concat.parts); },
                              [](const auto&) { return std::string(); },
                          },
                          part.what);
    };
    return find(find, plan);
}

ExprPtr PlanReader::read(const Plan& plan, std::int64_t inChannels, const Window& window) {
    return step(plan, inChannels, {window.stride, window.padding, window.dilation});
}

ExprPtr PlanReader::step(const Plan& plan, std::int64_t channels, const Place& place) {
    return std::visit([&](const auto& what) { return one(plan, what, channels, place); }, plan.what);
}

ExprPtr PlanReader::one(const Plan& plan, const Plan::Conv& conv, std::int64_t channels, const Place& place) {
    const Param weight = conv.made ? *conv.made : m_keys.take(conv.weight, {-1, -1, -1, -1});
    const Shape& shape = weight.shape();
    const std::string key = m_keys.prefix() + (conv.made ? plan.name : conv.weight);
    if (shape[1] < 1 || channels % shape[1] != 0 || shape[0] < 1 || shape[0] % (channels / shape[1]) != 0)
        throw BlockDefect{"incomplete-block", fmt::format("{}: expected a kernel for {} input channels, found shape {}", key, channels, toString(shape))};
    Conv result;
    result.weight = weight;
    result.groups = channels / shape[1];
    if (conv.made)
        result.bias = conv.madeBias;
    else if (conv.needsBias || m_keys.has(conv.bias))
        result.bias = m_keys.take(conv.bias, {shape[0]});
    result.stride = conv.stride.value_or(place.stride);
    result.padding = conv.padding.value_or(place.padding);
    result.dilation = {shape[2] > 1 ? conv.dilation.h * place.dilation.h : 1, shape[3] > 1 ? conv.dilation.w * place.dilation.w : 1};
    return makeExpr(plan.name, result);
}

ExprPtr PlanReader::one(const Plan& plan, const Plan::Norm& norm, std::int64_t channels, const Place&) {
    std::vector<Norm> taken;
    for (const std::string& prefix : norm.prefixes) {
        const std::int64_t count = norm.prefixes.size() == 1 ? channels : normChannels(m_keys, prefix);
        taken.push_back(m_keys.takeNorm(prefix, count, m_norms.eps, m_norms.findings, m_norms.block));
        if (taken.back().gamma.has_value() != taken.front().gamma.has_value())
            throw BlockDefect{"incomplete-block", fmt::format("{}{}: expected norms that all have gamma and beta, or none", m_keys.prefix(), prefix)};
    }
    Norm result = taken.front();
    if (taken.size() > 1) {
        auto join = [&taken](auto member) {
            std::vector<std::optional<Param>> parts;
            for (const Norm& one : taken) parts.emplace_back(one.*member);
            return joined(parts);
        };
        result.gamma = join(&Norm::gamma);
        result.beta = join(&Norm::beta);
        result.mean = *join(&Norm::mean);
        result.var = *join(&Norm::var);
        if (result.mean.count() != channels)
            throw BlockDefect{"incomplete-block", fmt::format("{}{}: expected norms of {} channels in all, found {}", m_keys.prefix(), plan.name, channels,
                                                              result.mean.count())};
    }
    // A file may tell every norm's own (PyTorch modules); what the user states holds for all.
    result.eps = m_attributes.ofModule(norm.prefixes.front(), "eps").value_or(m_norms.eps);
    result.momentum = m_attributes.ofModule(norm.prefixes.front(), "momentum").value_or(m_norms.momentum);
    return makeExpr(plan.name, result);
}

Param PlanReader::taken(const std::string& key, std::int64_t channels) {
    if (!m_keys.has(key)) throw BlockDefect{"incomplete-block", fmt::format("{}{}: expected {} values or one, found no such key", m_keys.prefix(), key, channels)};
    return perChannel(m_keys.take(key, m_keys.shapeOf(key)), channels, m_keys.prefix() + key);
}

ExprPtr PlanReader::one(const Plan& plan, const Plan::Scale& scale, std::int64_t channels, const Place&) {
    Scale result;
    if (!scale.factor.empty()) result.factor = taken(scale.factor, channels);
    if (scale.times != 1) result.factor = Param(TensorD({channels}, std::vector<double>(static_cast<std::size_t>(channels), scale.times)));
    if (!scale.offset.empty()) result.offset = taken(scale.offset, channels);
    return makeExpr(plan.name, result);
}

ExprPtr PlanReader::one(const Plan& plan, const Plan::Pool& pool, std::int64_t, const Place& place) {
    return makeExpr(plan.name, AvgPool{pool.kernel, place.stride, place.padding, true, false});
}

ExprPtr PlanReader::one(const Plan& plan, const Plan::Border& border, std::int64_t channels, const Place& place) {
    ConstantPad pad{place.padding, {}};
    if (!border.value.empty()) pad.value = m_keys.take(border.value, {channels});
    return makeExpr(plan.name, pad);
}

ExprPtr PlanReader::one(const Plan& plan, const Plan::Identity&, std::int64_t, const Place&) { return makeExpr(plan.name, Identity{}); }

/// The block's stride stands at the last window larger than one pixel, its padding at a border step or else at the
/// first such window.
ExprPtr PlanReader::one(const Plan& plan, const Plan::Chain& chain, std::int64_t channels, const Place& place) {
    const std::size_t none = chain.parts.size();
    std::size_t strides = none, pads = none, border = none, firstWindow = none;
    for (std::size_t i = 0; i < none; ++i) {
        if (std::holds_alternative<Plan::Border>(chain.parts[i].what)) border = std::min(border, i);
        if (!hasWindow(chain.parts[i])) continue;
        firstWindow = std::min(firstWindow, i);
        if (extentOf(chain.parts[i], m_keys) == Extent{}) continue;
        pads = std::min(pads, i);
        strides = i;
    }
    if (strides == none) strides = firstWindow;
    if (pads == none) pads = firstWindow;
    if (border != none) pads = border;
    std::vector<ExprPtr> steps;
    for (std::size_t i = 0; i < none; ++i) {
        const Place here{i == strides ? place.stride : Extent{}, i == pads ? place.padding : Padding{}, place.dilation};
        steps.push_back(step(chain.parts[i], channels, here));
        channels = outChannelsOf(*steps.back(), channels);
    }
    return makeExpr(plan.name, Chain{std::move(steps)});
}

std::vector<ExprPtr> PlanReader::parts(const std::vector<Plan>& plans, std::int64_t channels, const Place& place) {
    const Extent full = dilated(ofAll(plans, m_keys), place.dilation);
    std::vector<ExprPtr> result;
    for (const Plan& plan : plans)
        result.push_back(step(plan, channels, {place.stride, linedUp(place.padding, full, dilated(extentOf(plan, m_keys), place.dilation)), place.dilation}));
    return result;
}

ExprPtr PlanReader::one(const Plan& plan, const Plan::Sum& sum, std::int64_t channels, const Place& place) {
    std::vector<Plan> present;
    for (const Plan& part : sum.parts) {
        const auto* identity = std::get_if<Plan::Identity>(&part.what);
        if (!identity || identity->when == When::always || hasIdentity(*identity, sum.parts, channels, place)) present.push_back(part);
    }
    return makeExpr(plan.name, Sum{parts(present, channels, place)});
}

/// Width of a sum, from the kernels of its first term that has one.
std::int64_t PlanReader::widthOf(const Plan& plan, std::int64_t channels) const {
    return std::visit(Overload{
                          [&](const Plan::Conv& conv) {
                              const Shape shape = weightShape(conv, m_keys);
                              return shape.size() == 4 ? shape[0] : channels;
                          },
                          [&](const Plan::Chain& chain) {
                              for (const Plan& part : chain.parts) channels = widthOf(part, channels);
                              return channels;
                          },
                          [&](const Plan::Sum& sum) { return widthOf(sum.parts.front(), channels); },
                          [&](const Plan::Concat& concat) {
                              std::int64_t total = 0;
                              for (const Plan& part : concat.parts) total += widthOf(part, channels);
                              return total;
                          },
                          [&](const auto&) { return channels; },
                      },
                      plan.what);
}

bool PlanReader::hasIdentity(const Plan::Identity& identity, const std::vector<Plan>& terms, std::int64_t channels, const Place& place) {
    std::int64_t width = channels;
    for (const Plan& term : terms)
        if (!std::holds_alternative<Plan::Identity>(term.what)) {
            width = widthOf(term, channels);
            break;
        }
    const bool fits = width == channels && place.stride == Extent{};
    const bool preset = identity.when == When::whereEqual && fits;
    const bool wanted = m_attributes.flag("identity", preset, identity.when == When::whereEqual ? "from shapes" : m_preset);
    if (wanted && !fits)
        throw BlockDefect{"incomplete-block", fmt::format("{}: expected equal widths and stride 1 for an identity branch, found {} to {} channels, stride {}x{}",
                                                          m_norms.block, channels, width, place.stride.h, place.stride.w)};
    return wanted;
}

ExprPtr PlanReader::one(const Plan& plan, const Plan::Concat& concat, std::int64_t channels, const Place& place) {
    return makeExpr(plan.name, Concat{parts(concat.parts, channels, place)});
}

ExprPtr takeFused(BlockKeys& keys, const BlockKind& kind, const Window& window, const Block& block) {
    Conv conv;
    const std::string key = kind.fusedKey("weight");
    if (keys.shapeOf(key).size() == 2 && window.extent == Extent{}) { // a linear layer
        const Param matrix = keys.take(key, {block.outChannels, -1});
        conv.weight = matrix.reshaped({block.outChannels, matrix.shape()[1], 1, 1});
    } else {
        conv.weight = keys.take(key, {block.outChannels, -1, window.extent.h, window.extent.w});
    }
    conv.bias = keys.take(kind.fusedKey("bias"), {block.outChannels});
    const std::int64_t perGroup = conv.weight.shape()[1];
    if (perGroup < 1 || block.inChannels % perGroup != 0)
        throw BlockDefect{"incomplete-block", fmt::format("{}{}: expected a kernel for {} input channels, found {} per group", keys.prefix(), key,
                                                          block.inChannels, perGroup)};
    conv.groups = block.inChannels / perGroup;
    conv.stride = window.stride;
    conv.padding = window.padding;
    return makeExpr(kind.fused.empty() ? "fused" : kind.fused, conv);
}

} // namespace rp::families
