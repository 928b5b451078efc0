// SPDX-License-Identifier: Apache-2.0
#include "core/verify/diagnosis/output_faults.h"

#include "core/base/error.h"
#include "core/exec/network.h"
#include "core/verify/diagnosis/hypothesis.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include <fmt/format.h>

namespace rp::verify {
namespace {

constexpr std::array kEpsValues{1e-3, 1e-5, 1e-6, 1e-4, 1e-2, 0.0};

/// Calls `edit` on each tail and on each operation between the blocks; true when any changed.
template<class Edit>
bool editTails(Model& model, Edit edit) {
    bool changed = false;
    for (Block& block : model.blocks) changed = edit(block.tail) || changed;
    return changed;
}

/// The model was edited. Phase eval of its branches is what kernels folded from them would give, and needs no folding.
void runEdited(Setup& setup) {
    setup.fusion = nullptr;
    if (setup.phase == Phase::deploy) setup.phase = Phase::eval;
}

/// The node that a chain of single-input steps behind `node` starts from: a mean over the map; none when there is no such chain.
/// Exporters write squeeze-and-excitation as such a chain and a multiplication.
std::optional<std::int64_t> sourceOfGate(const Model& model, std::int64_t node) {
    constexpr int kLongest = 12;
    for (int step = 0; step < kLongest && node >= 0; ++step) {
        const Node& n = model.graph[static_cast<std::size_t>(node)];
        std::vector<std::int64_t> inputs = n.inputs;
        std::erase_if(inputs, [&](std::int64_t i) {
            const auto* op = i < 0 ? nullptr : std::get_if<Operation>(&model.graph[static_cast<std::size_t>(i)].what);
            return op && std::holds_alternative<Constant>(op->kind);
        });
        if (inputs.size() != 1) return std::nullopt;
        const auto* op = std::get_if<Operation>(&n.what);
        const auto* reduce = op ? std::get_if<Reduce>(&op->kind) : nullptr;
        if (op && (std::holds_alternative<GlobalAveragePool>(op->kind) || (reduce && reduce->kind == Reduce::Kind::mean))) return inputs.front();
        node = inputs.front();
    }
    return std::nullopt;
}

/// Multiplications of a map with what a chain makes of its own mean become the map.
bool dropGates(Model& model) {
    bool changed = false;
    for (Node& node : model.graph) {
        const auto* op = std::get_if<Operation>(&node.what);
        const auto* binary = op ? std::get_if<Binary>(&op->kind) : nullptr;
        if (!binary || binary->kind != Binary::Kind::multiply || node.inputs.size() != 2) continue;
        for (std::size_t map : {0u, 1u}) {
            if (sourceOfGate(model, node.inputs[1 - map]) != node.inputs[map]) continue;
            node.what = Region{op->name, makeExpr(op->name, Identity{})};
            node.inputs = {node.inputs[map]};
            changed = true;
            break;
        }
    }
    return changed;
}

bool dropSqueezeExcite(Setup& setup) {
    auto isSe = [](const Operation& op) { return std::holds_alternative<SqueezeExcite>(op.kind); };
    bool changed = editTails(setup.model, [&](std::vector<Operation>& tail) { return std::erase_if(tail, isSe) > 0; });
    for (Node& node : setup.model.graph)
        if (const auto* op = std::get_if<Operation>(&node.what); op && isSe(*op)) {
            node.what = Region{op->name, makeExpr(op->name, Identity{})};
            changed = true;
        }
    return dropGates(setup.model) || changed;
}

/// SE behind the activation in place of before it, or the other way round.
bool moveSqueezeExcite(Setup& setup) {
    return editTails(setup.model, [](std::vector<Operation>& tail) {
        for (std::size_t i = 0; i + 1 < tail.size(); ++i) {
            const bool first = std::holds_alternative<SqueezeExcite>(tail[i].kind), second = std::holds_alternative<SqueezeExcite>(tail[i + 1].kind);
            const bool activates = std::holds_alternative<Activation>(tail[first ? i + 1 : i].kind);
            if (first == second || !activates) continue;
            std::swap(tail[i], tail[i + 1]);
            return true;
        }
        return false;
    });
}

bool activateWith(Setup& setup, const Activation& activation) {
    return editTails(setup.model, [&](std::vector<Operation>& tail) {
        bool changed = false;
        for (Operation& op : tail)
            if (auto* own = std::get_if<Activation>(&op.kind); own && own->kind != activation.kind) {
                *own = activation;
                changed = true;
            }
        return changed;
    });
}

void addTails(std::vector<OutputFault>& to) {
    to.push_back({"se-skipped", "the squeeze-and-excitation layers are skipped", "apply SE behind the fused convolution too, as the training forward does", dropSqueezeExcite});
    to.push_back({"se-moved", "squeeze-and-excitation stands on the other side of the activation", "keep the order of the training forward (--assume se=before or after)",
                  moveSqueezeExcite});
    for (const char* name : {"none", "relu", "relu6", "leaky_relu:0.01", "silu", "gelu", "hardswish"})
        to.push_back({"activation", name == std::string_view("none") ? std::string("the blocks' activation is left out") : fmt::format("the blocks' activation is {}", name),
                      fmt::format("if the training code uses it, state it: --assume activation={}", name),
                      [activation = *activationFrom(name)](Setup& s) { return activateWith(s, activation); }});
}

/// Applies `function(value, channel)` to an input [n, c, h, w].
template<class Function>
TensorD mapped(TensorD x, Function function) {
    const std::int64_t area = x.size(2) * x.size(3), channels = x.size(1);
    const std::span<double> values = x.edit();
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = function(values[i], static_cast<std::size_t>(static_cast<std::int64_t>(i) / area % channels));
    return x;
}

TensorD channelsReversed(const TensorD& x) {
    TensorD result(x.shape());
    const std::int64_t area = x.size(2) * x.size(3), channels = x.size(1);
    for (std::int64_t n = 0; n < x.size(0); ++n)
        for (std::int64_t c = 0; c < channels; ++c)
            std::copy_n(x.values().begin() + (n * channels + c) * area, area, result.edit().begin() + (n * channels + channels - 1 - c) * area);
    return result;
}

TensorD transposed(const TensorD& x) {
    TensorD result(x.shape());
    const std::int64_t side = x.size(2), planes = x.size(0) * x.size(1);
    const std::span<double> to = result.edit();
    for (std::int64_t p = 0; p < planes; ++p)
        for (std::int64_t y = 0; y < side; ++y)
            for (std::int64_t k = 0; k < side; ++k) to[static_cast<std::size_t>((p * side + y) * side + k)] = x[(p * side + k) * side + y];
    return result;
}

void addInputs(const Setup& right, const io::Preprocessing& recipe, std::vector<OutputFault>& to) {
    if (right.input.shape().size() != 4) return;
    auto add = [&](const char* code, std::string sentence, const char* remedy, auto edit) {
        to.push_back({code, std::move(sentence), remedy, [edit](Setup& s) {
                          s.input = edit(s.input);
                          return true;
                      }});
    };
    if (right.input.size(2) == right.input.size(3))
        add("input-transposed", "height and width of the input are exchanged", "feed [n, c, h, w]", transposed);
    if (right.input.size(1) != 3) return;
    add("bgr", "the input's channels are BGR", "feed RGB", channelsReversed);
    const bool normalises = recipe.mean != std::array<double, 3>{0, 0, 0} || recipe.deviation != std::array<double, 3>{1, 1, 1};
    const std::array<double, 3> mean = recipe.mean, deviation = recipe.deviation;
    const auto plain = [mean, deviation](double v, std::size_t c) { return v * deviation[c] + mean[c]; };
    if (normalises) {
        add("not-normalised", "the input is not normalised: it is in [0, 1]", "subtract the mean and divide by the deviation that the network was trained with",
            [plain](TensorD x) { return mapped(std::move(x), plain); });
        add("normalised-twice", "the input is normalised twice", "normalise once",
            [mean, deviation](TensorD x) { return mapped(std::move(x), [&](double v, std::size_t c) { return (v - mean[c]) / deviation[c]; }); });
        add("other-normalisation", "the input is scaled to [-1, 1]", "use the mean and deviation that the network was trained with",
            [plain](TensorD x) { return mapped(std::move(x), [&](double v, std::size_t c) { return 2 * plain(v, c) - 1; }); });
    } else {
        const io::Preprocessing imageNet;
        add("normalised", "the input is normalised as for ImageNet", "feed the picture in [0, 1]",
            [m = imageNet.mean, d = imageNet.deviation](TensorD x) { return mapped(std::move(x), [&](double v, std::size_t c) { return (v - m[c]) / d[c]; }); });
    }
    add("not-normalised", "the input is in [0, 255]", "divide by 255, then normalise as the network was trained",
        [plain](TensorD x) { return mapped(std::move(x), [&](double v, std::size_t c) { return 255 * plain(v, c); }); });
}

TensorD softmax(TensorD y, bool logarithm) {
    const auto classes = static_cast<std::size_t>(y.size(1));
    const std::span<double> all = y.edit();
    for (std::size_t at = 0; at + classes <= all.size(); at += classes) {
        const std::span<double> row = all.subspan(at, classes);
        const double most = std::ranges::max(row);
        double sum = 0;
        for (double v : row) sum += std::exp(v - most);
        for (double& v : row) v = logarithm ? v - most - std::log(sum) : std::exp(v - most) / sum;
    }
    return y;
}

void addOutputs(std::vector<OutputFault>& to) {
    auto add = [&](const char* code, const char* sentence, const char* remedy, auto edit) {
        to.push_back({code, sentence, remedy, [edit](Setup& s) {
                          s.after = [edit, before = s.after](TensorD y) { return edit(before ? before(std::move(y)) : std::move(y)); };
                          return true;
                      }});
    };
    auto each = [](auto function) {
        return [function](TensorD y) {
            for (double& v : y.edit()) v = function(v);
            return y;
        };
    };
    auto perClass = [](const TensorD& y) { return y.shape().size() == 2 || (y.shape().size() == 4 && y.size(2) * y.size(3) == 1); };
    add("softmax", "a softmax is applied to the output", "compare logits", [perClass](TensorD y) { return perClass(y) ? softmax(std::move(y), false) : y; });
    add("softmax", "a log-softmax is applied to the output", "compare logits", [perClass](TensorD y) { return perClass(y) ? softmax(std::move(y), true) : y; });
    add("sigmoid", "a sigmoid is applied to the output", "compare logits", each([](double v) { return 1 / (1 + std::exp(-v)); }));
    add("output-scaled", "the output is multiplied by 255", "compare what the network returns", each([](double v) { return 255 * v; }));
    add("output-clamped", "the output is clamped to [0, 1]", "compare what the network returns", each([](double v) { return std::clamp(v, 0.0, 1.0); }));
}

ExprPtr edited(const Block& block, const Hypothesis& h) {
    if (!h.map) return h.body;
    const fusion::FuseResult result = fusion::fuse(*h.body, block.inChannels, false);
    if (!result.fused()) return nullptr;
    fusion::Fused fused = *result.fused();
    fused.kernel = h.map(std::move(fused.kernel));
    return fusion::toStoredConv(fused, block.name);
}

/// The faults of kernels that somebody's script makes in every block; those of single norms are left to kernels.
void addBodies(const Setup& right, std::vector<OutputFault>& to) {
    constexpr std::array<std::string_view, 16> kCodes{"branch-omitted", "only-one-branch", "mean-ignored", "beta-ignored", "gamma-over-var", "statistics-not-copied",
                                                     "norm-skipped", "not-fused", "identity-ignores-groups", "bias-ignored", "inner-bias-lost", "scale-skipped",
                                                     "outer-norm-moved", "float16", "bfloat16", "int8"};
    std::map<std::pair<std::string, std::string>, std::size_t> places;
    std::vector<std::vector<std::pair<std::size_t, Hypothesis>>> groups; // by code and sentence: block, hypothesis
    for (std::size_t i = 0; i < right.model.blocks.size(); ++i) {
        const Block& block = right.model.blocks[i];
        if (!block.body || block.form != Form::train || (right.block && *right.block != i)) continue;
        const std::optional<fusion::Fused> fused = [&]() -> std::optional<fusion::Fused> {
            const fusion::FuseResult result = fusion::fuse(*block.body, block.inChannels, false);
            return result.fused() ? std::optional(*result.fused()) : std::nullopt;
        }();
        if (!fused) continue;
        const BlockFacts facts{block.inChannels, fused->kernel.groups, fused->kernel.extent(), fused->padding};
        for (Hypothesis& h : hypothesesFor(block.body, facts)) {
            const bool isLeftOut = h.ofOneNorm && h.code != "norm-skipped";
            if (std::ranges::find(kCodes, h.code) == kCodes.end() || isLeftOut) continue;
            const auto [place, isNew] = places.emplace(std::pair(h.code, h.sentence), groups.size());
            if (isNew) groups.emplace_back();
            groups[place->second].emplace_back(i, std::move(h));
        }
    }
    for (auto& group : groups) {
        const Hypothesis& first = group.front().second;
        const std::string where = group.size() > 1 ? fmt::format("in all {} blocks that have it, ", group.size()) : std::string();
        to.push_back({first.code, where + first.sentence, first.remedy, [group](Setup& s) {
                          for (const auto& [index, h] : group) {
                              const ExprPtr body = edited(s.model.blocks[index], h);
                              if (!body) return false;
                              s.model.blocks[index].body = body;
                          }
                          runEdited(s);
                          return true;
                      }});
        to.back().edits = true;
    }
}

bool padWithZeros(Setup& setup) {
    auto isBorder = [](const Expr& expr) { return std::holds_alternative<ConstantPad>(expr.op); };
    bool changed = false;
    for (Block& block : setup.model.blocks) {
        if (!block.body) continue;
        for (const Site& site : sitesOf(block.body, isBorder)) {
            const Param zeros(TensorD(Shape{channelsAt(block.body, site.path, block.inChannels)}));
            block.body = replacedAt(block.body, site.path, makeExpr(site.node->name, ConstantPad{std::get<ConstantPad>(site.node->op).padding, zeros}));
            changed = true;
        }
    }
    setup.phase = Phase::eval; // a border of zeros is not merged exactly
    return changed;
}

} // namespace

TensorD outputOf(const Setup& setup, EngineKind kind) {
    const std::unique_ptr<Engine> engine = makeEngine(kind);
    fusion::ModelFusion own;
    own.blocks.resize(setup.model.blocks.size()); // nothing merged
    if (!setup.fusion && setup.phase == Phase::deploy) own = fusion::fuseModel(setup.model);
    Network network(setup.model, (setup.fusion ? *setup.fusion : own).forms(setup.model), *engine);
    const MapPtr input = engine->load(setup.input);
    TensorD output = engine->read(setup.block ? network.runBlock(*setup.block, input, setup.phase) : network.run(input, setup.phase));
    return setup.after ? setup.after(std::move(output)) : output;
}

OutputFault epsFault(double eps) {
    auto apply = [eps](Setup& s) {
        bool changed = false;
        auto edit = [&](const ExprPtr& node) {
            const auto* norm = std::get_if<Norm>(&node->op);
            if (!norm || norm->eps == eps) return node;
            changed = true;
            Norm other = *norm;
            other.eps = eps;
            return makeExpr(node->name, std::move(other));
        };
        for (Block& block : s.model.blocks)
            if (block.body) block.body = editedEverywhere(block.body, edit);
        for (Node& node : s.model.graph)
            if (auto* region = std::get_if<Region>(&node.what)) region->body = editedEverywhere(region->body, edit);
        runEdited(s);
        return changed;
    };
    return {"eps", fmt::format("every norm runs with eps {:.4g}", eps), fmt::format("if the training code uses it, state it: --assume eps={:.4g}", eps), apply, true, eps};
}

std::vector<OutputFault> outputFaults(const Setup& right, const families::OpenedModel& opened) {
    std::vector<OutputFault> faults;
    faults.push_back({"train-mode", "the network ran in train mode, with the statistics of the batch", "call model.eval() before running or exporting", [](Setup& s) {
                          s.phase = Phase::train;
                          return true;
                      }});
    for (double eps : kEpsValues) faults.push_back(epsFault(eps));
    addTails(faults);
    addInputs(right, opened.preprocessing, faults);
    addOutputs(faults);
    faults.push_back({"zero-border", "a 1x1 followed by a larger window is padded with zeros instead of the 1x1's bias",
                      "pad with what the 1x1 makes of zero, then convolve without padding", padWithZeros});
    addBodies(right, faults);
    if (!opened.checkpoint) return faults;
    for (const io::WeightSet& set : opened.checkpoint->sets) {
        if (&set == opened.weights) continue;
        faults.push_back({"other-weights", fmt::format("the weights are those of '{}'", set.name), "choose the weight set with --weights", [&set, &opened](Setup& s) {
                              families::OpenOptions options;
                              options.weights = set.name;
                              try {
                                  families::OpenedModel other = families::openModel(opened.checkpoint->path, options);
                                  if (other.model.blocks.size() != s.model.blocks.size()) return false;
                                  s.model = std::move(other.model);
                              } catch (const Error&) { // a set that is no network (an optimizer's moments)
                                  return false;
                              }
                              runEdited(s);
                              return true;
                          }});
        faults.back().edits = true;
    }
    return faults;
}

} // namespace rp::verify
