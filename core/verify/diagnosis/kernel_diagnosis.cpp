// SPDX-License-Identifier: Apache-2.0
#include "core/verify/diagnosis/kernel_diagnosis.h"

#include "core/tensor/cast.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include <fmt/format.h>

namespace rp::verify {
namespace {

using fusion::Kernel;

constexpr double kCeiling = 300;       ///< dB of what is equal
constexpr double kFoldRoundings = 16;  ///< units in the last place that a float32 fold may lose of what it adds up
constexpr std::size_t kSomeRows = 48;  ///< output channels on which hypotheses are ranked
constexpr std::int64_t kManyElements = 1 << 16;
constexpr std::size_t kBeam = 8;       ///< first faults on top of which a second is sought
constexpr double kBetterDb = 6;        ///< an explanation must leave half of the difference at most
constexpr double kWorthFitting = 0.5;  ///< of the squares that some eps must leave at most, to be looked at closer
constexpr double kLossyShare = 0.01;   ///< elements that a rounding may put one step off: ties that noise decides

double dotOfSelf(std::span<const double> values) {
    return std::inner_product(values.begin(), values.end(), values.begin(), 0.0);
}

double roundedTo(DType type, double v) {
    if (type == DType::f16) return halfToFloat(halfFrom(v));
    if (type == DType::bf16) return bfloatToFloat(bfloatFrom(v));
    return v;
}

/// Spacing of the numbers of a type as a part of their size, beside float32's.
double stepOf(DType type) { return type == DType::f16 ? 0x1p-10 : type == DType::bf16 ? 0x1p-7 : 0; }

class Diagnostician {
public:
    Diagnostician(const KernelCase& kernel, const Job& job) : m_case(kernel), m_body(loaded(kernel.body)), m_job(job) {}

    Diagnosis run(const DiagnosisOptions& options);

private:
    struct Tried {
        Hypothesis hypothesis;
        Misfit misfit; ///< on the chosen rows, for ranking
        int faults = 1;
        std::optional<Misfit> whole = {}; ///< on all of them
        bool isComplete() const { return whole && whole->isRounding(); }
    };
    using Rows = std::vector<std::int64_t>; ///< empty: all

    std::optional<Kernel> fold(const ExprPtr& body, const Rows& rows) const;
    std::optional<Kernel> predict(const Hypothesis& hypothesis, const Rows& rows) const;
    Misfit misfit(const Kernel& predicted, const Kernel& observed, const Kernel& magnitudes, double step, double grid) const;
    Kernel some(const Kernel& all, const Rows& rows) const;
    std::optional<Misfit> try_(const Hypothesis& hypothesis) const;
    bool fitEps(Hypothesis& hypothesis) const;
    std::vector<Tried> tryAll(std::vector<Hypothesis> hypotheses, int faults) const;
    std::vector<Tried> trySeconds(const std::vector<Tried>& firsts) const;
    void judge(Tried& tried) const;
    void settle(std::vector<Tried>& tried) const;
    std::vector<Tried> search(const std::string& likely) const;
    void chooseRows(const Kernel& right);
    std::vector<Hypothesis> hypotheses() const;

    const KernelCase& m_case;
    const ExprPtr m_body;
    const Job& m_job;
    BlockFacts m_facts;
    Rows m_rows;              ///< on which hypotheses are ranked
    Kernel m_someObserved, m_someMagnitudes;
    Misfit m_null;            ///< of the right kernel, on those rows
};

/// The body's kernel in the window of the observed one; none when it does not lie in it.
std::optional<Kernel> Diagnostician::fold(const ExprPtr& body, const Rows& rows) const {
    const fusion::FuseResult result = fusion::fuse(rows.empty() ? *body : *rowsOf(body, m_case.inChannels, rows), m_case.inChannels, false);
    const fusion::Fused* fused = result.fused();
    if (!fused) return std::nullopt;
    const Extent k = fused->kernel.extent(), whole = m_case.observed.extent();
    const Extent lead{m_case.padding.top - fused->padding.top, m_case.padding.left - fused->padding.left};
    if (lead.h < 0 || lead.w < 0 || lead.h + k.h > whole.h || lead.w + k.w > whole.w) return std::nullopt;
    Kernel kernel = fusion::embed(fused->kernel, lead, whole);
    const std::int64_t groups = rows.empty() ? m_case.observed.groups : 1;
    if (kernel.groups % groups != 0) return std::nullopt;
    return fusion::withGroups(kernel, groups);
}

std::optional<Kernel> Diagnostician::predict(const Hypothesis& hypothesis, const Rows& rows) const {
    const bool all = hypothesis.needsAllRows && !rows.empty();
    std::optional<Kernel> kernel = fold(hypothesis.body, all ? Rows() : rows);
    if (!kernel) return kernel;
    if (hypothesis.map) kernel = hypothesis.map(std::move(*kernel));
    return all ? some(*kernel, rows) : kernel;
}

/// Output channels `rows` with one group.
Kernel Diagnostician::some(const Kernel& all, const Rows& rows) const {
    if (rows.empty()) return all;
    Conv conv;
    conv.weight = Param(all.weight);
    conv.bias = Param(all.bias);
    conv.groups = all.groups;
    const ExprPtr few = rowsOf(makeExpr("", std::move(conv)), all.inChannels(), rows);
    const auto& fewConv = std::get<Conv>(few->op);
    return {fewConv.weight.toDouble(), fewConv.bias->toDouble(), 1};
}

Misfit Diagnostician::misfit(const Kernel& predicted, const Kernel& observed, const Kernel& magnitudes, double step, double grid) const {
    Misfit m;
    double most = 0;
    for (double v : predicted.weight.values()) most = std::max(most, std::abs(v));
    const double typeStep = stepOf(m_case.storedAs);
    std::int64_t count = 0, beyond = 0;
    auto part = [&](std::span<const double> p, std::span<const double> o, std::span<const double> size, double gridStep) {
        double difference = 0;
        for (std::size_t i = 0; i < p.size(); ++i) {
            const double d = std::abs(roundedTo(m_case.storedAs, p[i]) - o[i]);
            difference += d * d;
            const double fold = kFoldRoundings * 0x1p-24 * std::max(size[i], std::abs(p[i])) + std::numeric_limits<float>::min();
            const double lossy = std::max(step, typeStep) * std::abs(p[i]) + gridStep;
            ++count;
            if (!(d <= fold)) ++beyond;
            const double allowed = fold + lossy + (typeStep > 0 ? 0x1p-24 : 0); // subnormal float16
            m.worst = std::max(m.worst, std::isfinite(d) ? d / allowed : std::numeric_limits<double>::infinity());
        }
        const double whole = dotOfSelf(size);
        if (difference > 0) m.squares += whole > 0 ? difference / whole : 1;
    };
    const auto channels = static_cast<std::size_t>(predicted.outChannels());
    const std::size_t size = predicted.weight.values().size() / std::max<std::size_t>(channels, 1);
    for (std::size_t o = 0; o < channels; ++o) {
        auto row = [&](const Kernel& k) { return k.weight.values().subspan(o * size, size); };
        auto bias = [&](const Kernel& k) { return k.bias.values().subspan(o, 1); };
        part(row(predicted), row(observed), row(magnitudes), grid * most);
        part(bias(predicted), bias(observed), bias(magnitudes), 0);
    }
    m.squares /= static_cast<double>(std::max<std::size_t>(channels, 1));
    if (!std::isfinite(m.squares)) m.squares = std::numeric_limits<double>::infinity();
    m.beyond = count ? static_cast<double>(beyond) / static_cast<double>(count) : 0;
    return m;
}

/// Half of the channels where the difference is largest, half spread evenly.
void Diagnostician::chooseRows(const Kernel& right) {
    const Kernel& seen = m_case.observed;
    if (right.outChannels() <= static_cast<std::int64_t>(kSomeRows)) return;
    const std::int64_t dense = static_cast<std::int64_t>(kSomeRows) * seen.inChannels() * right.weight.size(2) * right.weight.size(3);
    if (right.weight.count() < std::max(kManyElements, dense)) return;
    const std::int64_t size = right.weight.count() / right.outChannels();
    std::vector<std::pair<double, std::int64_t>> worst;
    for (std::int64_t o = 0; o < right.outChannels(); ++o) {
        double difference = std::abs(right.bias[o] - seen.bias[o]), whole = std::abs(right.bias[o]);
        for (std::int64_t i = o * size; i < (o + 1) * size; ++i) {
            difference += std::abs(right.weight[i] - seen.weight[i]);
            whole += std::abs(right.weight[i]);
        }
        worst.emplace_back(whole > 0 ? -difference / whole : -difference, o);
    }
    std::ranges::sort(worst);
    const std::size_t half = kSomeRows / 2;
    for (std::size_t i = 0; i < half; ++i) {
        m_rows.push_back(worst[i].second);
        m_rows.push_back(static_cast<std::int64_t>(i) * right.outChannels() / static_cast<std::int64_t>(half));
    }
    std::ranges::sort(m_rows);
    m_rows.erase(std::unique(m_rows.begin(), m_rows.end()), m_rows.end());
}

std::optional<Misfit> Diagnostician::try_(const Hypothesis& hypothesis) const {
    m_job.step(0, "diagnosing");
    const std::optional<Kernel> predicted = predict(hypothesis, m_rows);
    if (!predicted) return std::nullopt;
    return misfit(*predicted, m_someObserved, m_someMagnitudes, hypothesis.step, hypothesis.gridStep);
}

/// Coarsely over twelve decades and zero, then by golden section between the neighbours of the best. False when no eps helps.
bool Diagnostician::fitEps(Hypothesis& hypothesis) const {
    auto misfitAt = [&](double eps) {
        hypothesis.body = hypothesis.withEps(eps);
        const std::optional<Misfit> m = try_(hypothesis);
        return m ? m->squares : std::numeric_limits<double>::infinity();
    };
    const double now = misfitAt(hypothesis.eps);
    double best = 0, least = std::numeric_limits<double>::infinity();
    for (double power = -12; power <= 0; power += 0.5)
        if (const double m = misfitAt(std::pow(10, power)); m < least) {
            least = m;
            best = power;
        }
    double eps = 0;
    const double without = misfitAt(0);
    if (std::min(without, least) > kWorthFitting * now) return false;
    if (without > least) {
        const double golden = (std::sqrt(5.0) - 1) / 2;
        double low = best - 0.5, high = best + 0.5;
        double a = high - golden * (high - low), b = low + golden * (high - low);
        double atA = misfitAt(std::pow(10, a)), atB = misfitAt(std::pow(10, b));
        while (high - low > 1e-6) {
            if (atA < atB) {
                high = b;
                b = a;
                atB = atA;
                a = high - golden * (high - low);
                atA = misfitAt(std::pow(10, a));
            } else {
                low = a;
                a = b;
                atA = atB;
                b = low + golden * (high - low);
                atB = misfitAt(std::pow(10, b));
            }
        }
        eps = std::pow(10, (low + high) / 2);
        least = misfitAt(eps);
        // A round number that serves as well is what somebody wrote.
        const double unit = std::pow(10, std::floor(std::log10(eps) + 1e-3) - 1);
        const double round = std::nearbyint(eps / unit) * unit;
        if (misfitAt(round) <= 2 * least) eps = round;
        if (without <= 2 * least) eps = 0;
    }
    hypothesis.body = hypothesis.withEps(eps);
    hypothesis.sentence = fmt::format("{} is folded with eps {:.4g}, here it is {:.4g}", hypothesis.sentence, eps, hypothesis.eps);
    return true;
}

std::vector<Diagnostician::Tried> Diagnostician::tryAll(std::vector<Hypothesis> hypotheses, int faults) const {
    std::vector<Tried> all;
    for (Hypothesis& h : hypotheses) {
        if (h.withEps && !fitEps(h)) continue;
        if (const std::optional<Misfit> m = try_(h)) all.push_back({std::move(h), *m, faults});
    }
    std::ranges::stable_sort(all, {}, [](const Tried& t) { return t.misfit.squares; });
    return all;
}

/// On all channels, by the magnitudes of the faulty body itself (a fault may make them larger).
void Diagnostician::judge(Tried& tried) const {
    const std::optional<Kernel> predicted = predict(tried.hypothesis, {});
    const std::optional<Kernel> magnitudes = fold(magnitudesOf(tried.hypothesis.body), {});
    if (!predicted || !magnitudes) return;
    tried.whole = misfit(*predicted, m_case.observed, *magnitudes, tried.hypothesis.step, tried.hypothesis.gridStep);
}

/// Judges the best; then what leaves nothing but rounding comes first, the simpler before the more involved.
void Diagnostician::settle(std::vector<Tried>& tried) const {
    for (std::size_t i = 0; i < std::min(tried.size(), kBeam); ++i)
        if (!tried[i].whole) judge(tried[i]);
    std::ranges::stable_sort(tried, [](const Tried& a, const Tried& b) {
        if (a.isComplete() != b.isComplete()) return a.isComplete();
        if (a.isComplete() && a.faults != b.faults) return a.faults < b.faults;
        return a.misfit.squares < b.misfit.squares;
    });
}

std::vector<Hypothesis> Diagnostician::hypotheses() const {
    std::vector<Hypothesis> all = hypothesesFor(m_body, m_facts);
    for (const auto& [name, body] : m_case.others)
        all.push_back({"other-weights", fmt::format("the kernel is folded from {}", name), "compare with the weight set that was exported (--weights)", body});
    return all;
}

std::vector<Diagnostician::Tried> Diagnostician::trySeconds(const std::vector<Tried>& firsts) const {
    std::vector<Tried> pairs;
    for (std::size_t i = 0; i < std::min(firsts.size(), kBeam); ++i) {
        const Tried& first = firsts[i];
        std::vector<Hypothesis> seconds = hypothesesFor(first.hypothesis.body, m_facts);
        for (Hypothesis& h : seconds) {
            if (first.hypothesis.map && h.map)
                h.map = [before = first.hypothesis.map, after = h.map](Kernel k) { return after(before(std::move(k))); };
            else if (first.hypothesis.map)
                h.map = first.hypothesis.map;
            h.needsAllRows = h.needsAllRows || first.hypothesis.needsAllRows;
            h.step = std::max(h.step, first.hypothesis.step);
            h.gridStep = std::max(h.gridStep, first.hypothesis.gridStep);
        }
        for (Tried& t : tryAll(std::move(seconds), 2)) {
            if (t.misfit.squares * std::pow(10, kBetterDb / 10) > first.misfit.squares) break; // sorted: the rest is worse
            t.hypothesis.sentence = first.hypothesis.sentence + "; and " + t.hypothesis.sentence;
            if (t.hypothesis.code != first.hypothesis.code) t.hypothesis.code = first.hypothesis.code + "+" + t.hypothesis.code;
            if (t.hypothesis.remedy != first.hypothesis.remedy) t.hypothesis.remedy = first.hypothesis.remedy + "; " + t.hypothesis.remedy;
            pairs.push_back(std::move(t));
        }
    }
    std::ranges::stable_sort(pairs, {}, [](const Tried& t) { return t.misfit.squares; });
    return pairs;
}

Diagnosis Diagnostician::run(const DiagnosisOptions& options) {
    Diagnosis diagnosis;
    const std::optional<Kernel> right = fold(m_body, {}), magnitudes = fold(magnitudesOf(m_body), {});
    if (!right || !magnitudes) {
        diagnosis.outcome = Diagnosis::Outcome::unexplained;
        return diagnosis;
    }
    const Misfit whole = misfit(*right, m_case.observed, *magnitudes, 0, 0);
    diagnosis.decibels = whole.decibels();
    if (whole.isRounding()) return diagnosis;

    m_facts = {m_case.inChannels, right->groups, right->extent(), m_case.padding};
    chooseRows(*right);
    m_someObserved = some(m_case.observed, m_rows);
    m_someMagnitudes = some(*magnitudes, m_rows);
    m_null = m_rows.empty() ? whole : misfit(some(*right, m_rows), m_someObserved, m_someMagnitudes, 0, 0);

    for (const Tried& t : search(options.likely)) {
        if (diagnosis.ranked.size() > options.runnersUp) break;
        const Misfit& m = t.whole ? *t.whole : t.misfit;
        const double gained = m.decibels() - (t.whole ? whole : m_null).decibels();
        if (diagnosis.ranked.empty() && gained < kBetterDb) break;
        // Two faults are found in either order.
        const auto same = [&](const Explanation& e) { return e.faults == t.faults && e.faults > 1 && std::abs(e.decibels - m.decibels()) < 1e-6; };
        if (std::ranges::any_of(diagnosis.ranked, same)) continue;
        diagnosis.ranked.push_back({t.hypothesis.code, t.hypothesis.sentence, t.hypothesis.remedy, m.decibels(), t.isComplete(), t.faults});
    }
    if (diagnosis.ranked.empty())
        diagnosis.outcome = Diagnosis::Outcome::unexplained;
    else
        diagnosis.outcome = diagnosis.ranked.front().complete ? Diagnosis::Outcome::explained : Diagnosis::Outcome::partly;
    return diagnosis;
}

std::vector<Diagnostician::Tried> Diagnostician::search(const std::string& likely) const {
    if (!likely.empty()) {
        std::vector<Hypothesis> few = hypotheses();
        std::erase_if(few, [&](const Hypothesis& h) { return h.code != likely; });
        std::vector<Tried> tried = tryAll(std::move(few), 1);
        settle(tried);
        if (!tried.empty() && tried.front().isComplete()) return tried;
    }
    std::vector<Tried> tried = tryAll(hypotheses(), 1);
    settle(tried);
    if (!tried.empty() && tried.front().isComplete()) return tried;
    std::vector<Tried> pairs = trySeconds(tried);
    settle(pairs);
    tried.insert(tried.begin(), std::make_move_iterator(pairs.begin()), std::make_move_iterator(pairs.end()));
    settle(tried);
    return tried;
}

} // namespace

double Misfit::decibels() const { return squares > 0 ? std::min(kCeiling, -10 * std::log10(squares)) : kCeiling; }

bool Misfit::isRounding() const { return worst <= 1 && beyond <= kLossyShare; }

Diagnosis diagnoseKernel(const KernelCase& kernel, const DiagnosisOptions& options, const Job& job) { return Diagnostician(kernel, job).run(options); }

} // namespace rp::verify
