// SPDX-License-Identifier: Apache-2.0
#include "core/verify/diagnosis/output_diagnosis.h"

#include "core/base/error.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

namespace rp::verify {
namespace {

constexpr std::size_t kBeam = 3;       ///< first faults on top of which a second is sought
constexpr std::size_t kRunnersUp = 3;
constexpr double kBetterDb = 6;        ///< what a (further) fault must gain to be named
constexpr double kCeiling = 300;
constexpr double kClearDb = 90;        ///< from here on what an explanation leaves is float32's rounding

struct Tried {
    OutputFault fault;
    Setup setup;
    Comparison comparison;
    int faults = 1;
    double decibels() const { return comparison.nonFinite ? -kCeiling : comparison.snr.value_or(kCeiling); }
};

class Search {
public:
    Search(const TensorD& expected, const Job& job) : m_expected(expected), m_job(job) {}

    std::optional<Tried> attempt(const Setup& base, const OutputFault& fault) const {
        m_job.step(0, "explaining the output");
        Tried tried{fault, base, {}, 1};
        if (!fault.apply(tried.setup)) return std::nullopt;
        try {
            const TensorD output = outputOf(tried.setup, EngineKind::float32);
            tried.comparison = compare(output, shapedLike(m_expected, output));
        } catch (const Error& error) { // an edit that this network cannot run under
            if (error.code() == ErrorCode::cancelled || error.code() == ErrorCode::internal) throw;
            return std::nullopt;
        }
        return tried;
    }

    /// What needs no other kernels first; the rest only where that explains nothing.
    std::vector<Tried> all(const Setup& base, const std::vector<OutputFault>& faults) const {
        std::vector<Tried> tried;
        for (bool edits : {false, true}) {
            for (const OutputFault& fault : faults) {
                if (fault.edits != edits) continue;
                if (std::optional<Tried> t = attempt(base, fault)) tried.push_back(std::move(*t));
                const bool isClear = std::ranges::any_of(tried, [](const Tried& t) { return sameOutput(t.comparison) && t.decibels() >= kClearDb; });
                if (isClear && tried.size() > kRunnersUp) break; // nothing can explain it better
            }
            sort(tried);
            if (isClear(tried)) return tried;
            if (!tried.empty() && tried.front().fault.isEps) refine(base, tried.front());
            if (isClear(tried)) return tried;
        }
        return tried;
    }

    /// So well that nothing else can explain it better; a rough match is no reason to leave the others out.
    static bool isClear(const std::vector<Tried>& tried) { return isExplained(tried) && tried.front().decibels() >= kClearDb; }
    static bool isExplained(const std::vector<Tried>& tried) { return !tried.empty() && sameOutput(tried.front().comparison); }

    static void sort(std::vector<Tried>& tried) {
        std::ranges::stable_sort(tried, [](const Tried& a, const Tried& b) {
            const bool first = sameOutput(a.comparison), second = sameOutput(b.comparison);
            if (first != second) return first;
            if (first && a.faults != b.faults) return a.faults < b.faults;
            return a.decibels() > b.decibels();
        });
    }

private:
    /// Golden section over the decade around the best of the usual values.
    void refine(const Setup& base, Tried& best) const {
        if (best.fault.eps <= 0) return;
        const double golden = (std::sqrt(5.0) - 1) / 2;
        double low = std::log10(best.fault.eps) - 1, high = low + 2;
        for (int i = 0; i < 16; ++i) {
            const double a = high - golden * (high - low), b = low + golden * (high - low);
            std::optional<Tried> atA = attempt(base, epsFault(std::pow(10, a))), atB = attempt(base, epsFault(std::pow(10, b)));
            if (!atA || !atB) return;
            Tried& better = atA->decibels() > atB->decibels() ? *atA : *atB;
            (&better == &*atA ? high : low) = &better == &*atA ? b : a;
            if (better.decibels() > best.decibels()) best = std::move(better);
        }
    }

    const TensorD& m_expected;
    const Job& m_job;
};

} // namespace

bool sameOutput(const Comparison& c) { return c.nonFinite == 0 && c.relativeL2 <= 2e-3 && c.maxAbs <= 5e-3 * c.referenceMax; }

TensorD shapedLike(const TensorD& expected, const TensorD& output) {
    auto bare = [](Shape shape) {
        while (shape.size() > 2 && shape.back() == 1) shape.pop_back();
        return shape;
    };
    if (bare(expected.shape()) == bare(output.shape())) return expected.reshaped(output.shape());
    throw Error(ErrorCode::shapeMismatch, {"--expect", rp::toString(output.shape()), rp::toString(expected.shape()),
                                           "the array must be the network's output for the same input"});
}

Diagnosis diagnoseOutput(const Setup& right, const families::OpenedModel& opened, const TensorD& expected, const Job& job) {
    Diagnosis diagnosis;
    const TensorD ours = outputOf(right, EngineKind::float32);
    const Comparison now = compare(ours, shapedLike(expected, ours));
    diagnosis.decibels = now.nonFinite ? -kCeiling : now.snr.value_or(kCeiling);
    if (sameOutput(now)) return diagnosis;

    const Search search(expected, job);
    std::vector<Tried> tried = search.all(right, outputFaults(right, opened));
    if (!tried.empty() && !Search::isExplained(tried)) {
        std::vector<Tried> pairs;
        bool found = false;
        for (std::size_t i = 0; i < std::min(kBeam, tried.size()) && !found; ++i) {
            const Tried& first = tried[i];
            for (Tried& t : search.all(first.setup, outputFaults(first.setup, opened))) {
                if (t.decibels() < first.decibels() + kBetterDb) break; // sorted
                t.faults = 2;
                t.fault.sentence = first.fault.sentence + "; and " + t.fault.sentence;
                if (t.fault.remedy != first.fault.remedy) t.fault.remedy = first.fault.remedy + "; " + t.fault.remedy;
                if (t.fault.code != first.fault.code) t.fault.code = first.fault.code + "+" + t.fault.code;
                found = found || sameOutput(t.comparison);
                pairs.push_back(std::move(t));
            }
        }
        std::ranges::move(pairs, std::back_inserter(tried));
        Search::sort(tried);
    }
    for (const Tried& t : tried) {
        if (diagnosis.ranked.size() > kRunnersUp) break;
        if (diagnosis.ranked.empty() && t.decibels() < diagnosis.decibels + kBetterDb) break;
        const bool known = std::ranges::any_of(diagnosis.ranked, [&](const Explanation& e) { return e.decibels == t.decibels() && e.faults < t.faults; });
        if (!known) diagnosis.ranked.push_back({t.fault.code, t.fault.sentence, t.fault.remedy, t.decibels(), sameOutput(t.comparison), t.faults});
    }
    diagnosis.outcome = diagnosis.ranked.empty()            ? Diagnosis::Outcome::unexplained
                        : diagnosis.ranked.front().complete ? Diagnosis::Outcome::explained
                                                            : Diagnosis::Outcome::partly;
    return diagnosis;
}

} // namespace rp::verify
