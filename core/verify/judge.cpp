// SPDX-License-Identifier: Apache-2.0
#include "core/verify/judge.h"

#include "core/verify/cached.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

namespace rp::verify {
namespace {

constexpr double kOwnFoldDb = 250;   ///< verification.md D.4, V1: own fold, never rounded
constexpr double kStoredPassDb = 120;
constexpr double kDriftWarnDb = 60;
constexpr double kWarnTimes = 4; ///< rounding: warn up to 4 times the bound

std::string decibels(const Comparison& c) { return c.snr ? fmt::format("{:.0f} dB", *c.snr) : "exact"; }

std::vector<const BlockReport*> measured(const Report& report) {
    std::vector<const BlockReport*> blocks;
    for (const BlockReport& block : report.blocks)
        if (block.fusable && block.local) blocks.push_back(&block);
    return blocks;
}

Answer structure(const Report& report) {
    Answer answer;
    const auto left = std::ranges::count_if(report.blocks, &BlockReport::left);
    const auto total = std::ssize(report.blocks) - left;
    const auto fusable = std::ranges::count_if(report.blocks, &BlockReport::fusable);
    const auto inexact = std::ranges::count_if(report.blocks, [](const BlockReport& b) {
        return b.fusable && b.exactness != fusion::Exactness::everywhere;
    });
    answer.value = static_cast<double>(fusable);
    if (inexact > 0) {
        answer.verdict = Verdict::fail;
        answer.sentence = fmt::format("{} merged block{} differ{} at the border", inexact, inexact == 1 ? "" : "s", inexact == 1 ? "s" : "");
    } else if (fusable < total) {
        answer.verdict = Verdict::warn;
        const auto refused = std::ranges::find_if(report.blocks, [](const BlockReport& b) { return !b.fusable && !b.left; });
        answer.sentence = fmt::format("{} of {} blocks merge exactly everywhere; {} does not: {}", fusable, total, refused->name, refused->reason);
    } else {
        answer.sentence = total == 1 ? std::string("the block merges exactly everywhere, border included")
                                     : fmt::format("all {} blocks merge exactly everywhere, border included", total);
    }
    for (const Finding& finding : report.findings)
        if (finding.severity == Finding::Severity::fail) {
            answer.verdict = Verdict::fail;
            answer.sentence = finding.message;
        }
    return answer;
}

Answer algebra(const Report& report) {
    Answer answer;
    const auto blocks = measured(report);
    const auto worst = std::ranges::min_element(blocks, {}, [](const BlockReport* b) { return b->algebra->snr.value_or(1e9); });
    if (worst == blocks.end()) return {Verdict::pass, "no block was measured", std::nullopt, false};
    for (const BlockReport* block : blocks) answer.verdict = worse(answer.verdict, judgeAlgebra(*block));
    answer.value = (*worst)->algebra->snr;
    const auto stored = std::ranges::min_element(blocks, {}, [](const BlockReport* b) { return b->stored->snr.value_or(1e9); });
    answer.sentence = fmt::format("in float64 the fused kernel equals its branches to {} or better ({}); as stored in float32, {}",
                                  decibels(*(*worst)->algebra), (*worst)->name, decibels(*(*stored)->stored));
    return answer;
}

Answer rounding(const Report& report) {
    Answer answer;
    const auto blocks = measured(report);
    auto share = [](const BlockReport* b) { return b->roundingBound > 0 ? b->local->maxAbs / b->roundingBound : 0.0; };
    const auto worst = std::ranges::max_element(blocks, {}, share);
    if (worst == blocks.end()) return {Verdict::pass, "no block was measured", std::nullopt, false};
    for (const BlockReport* block : blocks) answer.verdict = worse(answer.verdict, judgeRounding(*block));
    answer.value = share(*worst);
    answer.sentence = fmt::format("on the same input the float32 outputs differ by at most {:.2g} times the bound 8·2^-23·√K·M ({}: {:.2g} of {:.2g})",
                                  *answer.value, (*worst)->name, (*worst)->local->maxAbs, (*worst)->roundingBound);
    return answer;
}

/// Decibels lost per block: slope of a straight line through the cumulative figures.
double slopeOf(const std::vector<double>& snr) {
    const auto n = static_cast<double>(snr.size());
    if (snr.size() < 2) return 0;
    const double meanX = (n - 1) / 2, meanY = std::accumulate(snr.begin(), snr.end(), 0.0) / n;
    double up = 0, down = 0;
    for (std::size_t i = 0; i < snr.size(); ++i) {
        const double x = static_cast<double>(i) - meanX;
        up += x * (snr[i] - meanY);
        down += x * x;
    }
    return up / down;
}

Answer drift(const Report& report, const Outputs& outputs) {
    if (!outputs.eval || !outputs.deploy) return {Verdict::pass, "the network was not run whole", std::nullopt, false};
    const Comparison output = compare(*outputs.eval, *outputs.deploy);
    std::vector<double> snr;
    for (const BlockReport& block : report.blocks)
        if (block.cumulative && block.cumulative->snr) snr.push_back(*block.cumulative->snr);
    Answer answer;
    answer.value = output.snr;
    answer.verdict = output.nonFinite ? Verdict::fail : output.snr.value_or(1e9) < kDriftWarnDb ? Verdict::warn : Verdict::pass;
    answer.sentence = output.nonFinite
                          ? fmt::format("the outputs hold {} values that are NaN or infinite", output.nonFinite)
                          : fmt::format("the outputs agree to {} (max |Δ| {:.2g} of {:.3g}), {:+.1f} dB per block", decibels(output),
                                        output.maxAbs, output.referenceMax, slopeOf(snr));
    return answer;
}

Answer decision(const Outputs& outputs, const VerifyOptions& options) {
    if (!outputs.eval || !outputs.deploy) return {Verdict::pass, "the network was not run whole", std::nullopt, false};
    const TensorD& eval = *outputs.eval;
    const std::int64_t classes = classesOf(eval);
    if (classes < 2)
        return {Verdict::pass, "the output is no classification", std::nullopt, false};
    if (options.inputIsNoise) return {Verdict::pass, "not asked: the input is seeded noise", std::nullopt, false};
    const double difference = compare(eval, *outputs.deploy).maxAbs;
    Answer answer;
    std::int64_t changed = 0;
    double smallest = std::numeric_limits<double>::infinity();
    for (std::int64_t n = 0; n < eval.size(0); ++n) {
        const auto start = static_cast<std::size_t>(n * classes), size = static_cast<std::size_t>(classes);
        const std::vector<Top> a = topOf(eval.values().subspan(start, size)), b = topOf(outputs.deploy->values().subspan(start, size));
        const double margin = a[0].value - a[1].value;
        smallest = std::min(smallest, margin);
        if (a[0].index == b[0].index) continue;
        ++changed;
        answer.verdict = worse(answer.verdict, margin > 2 * difference ? Verdict::fail : Verdict::warn);
    }
    answer.value = difference > 0 ? std::optional(smallest / difference) : std::nullopt;
    if (changed == 0)
        answer.sentence = difference > 0 ? fmt::format("the top-1 class is the same; its margin is {:.2g} times the largest difference", *answer.value)
                                         : std::string("the top-1 class is the same and the outputs are equal");
    else
        answer.sentence = answer.verdict == Verdict::fail ? fmt::format("the top-1 class changed for {} of {} inputs", changed, eval.size(0))
                                                          : fmt::format("tie within rounding for {} of {} inputs", changed, eval.size(0));
    return answer;
}

struct Counter {
    PhaseReport& report;
    void count(const Expr& expr) {
        std::visit(Overload{
                       [&](const Conv&) { ++report.convolutions; },
                       [&](const Norm&) { ++report.norms; },
                       [&](const Chain& chain) { all(chain.steps); },
                       [&](const Sum& sum) {
                           report.additions += std::ssize(sum.terms) - 1;
                           all(sum.terms);
                       },
                       [&](const Concat& concat) { all(concat.parts); },
                       [&](const auto&) {},
                   },
                   expr.op);
    }
    void all(const std::vector<ExprPtr>& children) {
        for (const ExprPtr& child : children) count(*child);
    }
};

} // namespace

std::string_view toString(Verdict verdict) {
    switch (verdict) {
    case Verdict::pass: return "pass";
    case Verdict::warn: return "warn";
    case Verdict::fail: return "fail";
    case Verdict::refused: return "refused";
    }
    return "refused";
}

/// A refused part of something that is otherwise fine makes the whole a warning.
Verdict worse(Verdict a, Verdict b) {
    auto rank = [](Verdict v) { return v == Verdict::fail ? 2 : v == Verdict::pass ? 0 : 1; };
    const Verdict w = rank(a) >= rank(b) ? a : b;
    return w == Verdict::refused ? Verdict::warn : w;
}

void keepWorse(std::optional<Comparison>& kept, Comparison next) {
    auto badness = [](const Comparison& c) { return c.nonFinite ? std::numeric_limits<double>::infinity() : c.relativeL2; };
    if (!kept || badness(next) > badness(*kept)) kept = std::move(next);
}

double reductionLength(const Expr& expr) {
    auto longest = [](const std::vector<ExprPtr>& children) {
        double most = 1;
        for (const ExprPtr& child : children) most = std::max(most, reductionLength(*child));
        return most;
    };
    return std::visit(Overload{
                          [](const Conv& conv) {
                              const Shape& w = conv.weight.shape();
                              return static_cast<double>(w[1] * w[2] * w[3]);
                          },
                          [](const AvgPool& pool) { return static_cast<double>(pool.kernel.h * pool.kernel.w); },
                          [](const Chain& chain) {
                              double product = 1;
                              for (const ExprPtr& step : chain.steps) product *= reductionLength(*step);
                              return product;
                          },
                          [&](const Sum& sum) { return longest(sum.terms); },
                          [&](const Concat& concat) { return longest(concat.parts); },
                          [](const auto&) { return 1.0; },
                      },
                      expr.op);
}

double roundingBound(const Expr& body, double magnitude) { return 8 * 0x1p-23 * std::sqrt(reductionLength(body)) * magnitude; }

Verdict judgeAlgebra(const BlockReport& block) {
    const Comparison& c = *block.algebra;
    if (c.nonFinite) return Verdict::fail;
    // Branches that cancel leave a small sum: the decibels fall although every digit is right.
    if (!c.snr || *c.snr >= kOwnFoldDb || c.maxAbs <= block.algebraBound) return Verdict::pass;
    return *c.snr >= kStoredPassDb ? Verdict::warn : Verdict::fail;
}

Verdict judgeRounding(const BlockReport& block) {
    const Comparison& c = *block.local;
    if (c.nonFinite) return Verdict::fail;
    if (c.maxAbs <= block.roundingBound) return Verdict::pass;
    return c.maxAbs <= kWarnTimes * block.roundingBound ? Verdict::warn : Verdict::fail;
}

Verdict judgeBlock(const BlockReport& block) {
    const Verdict verdict = worse(judgeAlgebra(block), judgeRounding(block));
    return block.exactness == fusion::Exactness::everywhere ? verdict : Verdict::fail;
}

Questions answer(const Report& report, const Outputs& outputs, const VerifyOptions& options) {
    return {structure(report), algebra(report), rounding(report), drift(report, outputs), decision(outputs, options)};
}

Verdict overall(const Report& report) {
    Verdict verdict = Verdict::pass;
    const Questions& q = report.questions;
    for (const Answer* a : {&q.structure, &q.algebra, &q.rounding, &q.drift, &q.decision})
        if (a->asked) verdict = worse(verdict, a->verdict);
    for (const Finding& finding : report.findings) {
        if (finding.severity == Finding::Severity::fail) verdict = Verdict::fail;
        if (finding.severity == Finding::Severity::warn) verdict = worse(verdict, Verdict::warn);
    }
    return verdict;
}

std::vector<Finding> findingsOf(const Model& model, const fusion::ModelFusion& fusion, std::vector<Diagnosis>& diagnoses, const Job& job) {
    std::vector<Finding> findings = model.findings;
    for (std::size_t i = 0; i < model.blocks.size(); ++i) {
        const Block& block = model.blocks[i];
        const fusion::BlockFusion& fused = fusion.blocks[i];
        if (fused.valueInvalid)
            findings.push_back({Finding::Severity::fail, "nan", block.name, fused.reason, "the checkpoint is damaged or training diverged"});
        else if (fused.left)
            findings.push_back({Finding::Severity::note, "left-unmerged", block.name, fused.reason, ""});
        else if (!fused.fusable && !block.refusal && block.form == Form::train)
            findings.push_back({Finding::Severity::warn, "not-fusable", block.name, fused.reason, "the block runs with its branches"});
    }
    addCachedKernels(model, findings, diagnoses, job);
    return findings;
}

std::array<PhaseReport, 3> phaseReports(const Model& model, const fusion::ModelFusion& fusion, const Shape& input,
                                        const Outputs& outputs) {
    std::array<PhaseReport, 3> reports;
    const fusion::Cost cost = fusion::costOf(model, fusion, input);
    const std::array<const std::optional<TensorD>*, 3> outs{&outputs.train, &outputs.eval, &outputs.deploy};
    for (std::size_t p = 0; p < reports.size(); ++p) {
        PhaseReport& report = reports[p];
        report.phase = static_cast<Phase>(p);
        const bool deploy = report.phase == Phase::deploy;
        Counter counter{report};
        for (std::size_t i = 0; i < model.blocks.size(); ++i) {
            const ExprPtr& body = deploy && fusion.blocks[i].fusable ? fusion.blocks[i].stored : model.blocks[i].body;
            if (body) counter.count(*body);
        }
        for (const Node& node : model.graph)
            if (const auto* region = std::get_if<Region>(&node.what)) counter.count(*region->body);
        report.parameters = deploy ? cost.deployParameters : cost.trainParameters;
        report.macs = deploy ? cost.deployMacs : cost.trainMacs;
        report.statistics = deploy ? "none: norms are part of the kernels" : report.phase == Phase::eval ? "running statistics" : "batch statistics";
        if (*outs[p]) report.top = topsOf(**outs[p]);
    }
    return reports;
}

std::int64_t classesOf(const TensorD& output) {
    const Shape& shape = output.shape();
    const bool perClass = shape.size() == 2 || (shape.size() == 4 && shape[2] == 1 && shape[3] == 1);
    return perClass ? shape[1] : 0;
}

std::vector<std::vector<Top>> topsOf(const TensorD& output) {
    std::vector<std::vector<Top>> tops;
    const auto classes = static_cast<std::size_t>(classesOf(output));
    for (std::size_t n = 0; classes > 1 && n < static_cast<std::size_t>(output.size(0)); ++n)
        tops.push_back(topOf(output.values().subspan(n * classes, classes)));
    return tops;
}

std::vector<Top> topOf(std::span<const double> logits, std::size_t count) {
    std::vector<Top> tops(logits.size());
    double most = -std::numeric_limits<double>::infinity();
    for (double v : logits) most = std::max(most, v);
    double total = 0;
    for (double v : logits) total += std::exp(v - most);
    for (std::size_t i = 0; i < tops.size(); ++i)
        tops[i] = {static_cast<std::int64_t>(i), logits[i], std::exp(logits[i] - most) / total};
    count = std::min(count, tops.size());
    std::ranges::partial_sort(tops, tops.begin() + static_cast<std::ptrdiff_t>(count), [](const Top& a, const Top& b) {
        return a.value != b.value ? a.value > b.value : a.index < b.index;
    });
    tops.resize(count);
    return tops;
}

} // namespace rp::verify
