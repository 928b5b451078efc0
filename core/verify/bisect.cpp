// SPDX-License-Identifier: Apache-2.0
#include "core/verify/bisect.h"

#include "core/base/error.h"
#include "core/exec/network.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

namespace rp::verify {
namespace {

using Set = std::vector<std::size_t>; ///< block indices

class Search {
public:
    Search(const Model& model, const ModelForms& forms, const TensorD& input, const Job& job)
        : m_model(model), m_forms(forms), m_input(input), m_job(job), m_reference(output({})) {
        for (double v : m_reference.values()) m_largest = std::max(m_largest, std::abs(v));
    }

    /// max|Δ| of the output as a part of max|y| when the blocks of `set` are merged; infinite when they do not fit together.
    double moved(const Set& set) {
        try {
            const TensorD y = output(set);
            if (y.shape() != m_reference.shape()) return std::numeric_limits<double>::infinity();
            double most = 0;
            for (std::int64_t i = 0; i < y.count(); ++i) {
                if (y[i] == m_reference[i] || (std::isnan(y[i]) && std::isnan(m_reference[i]))) continue; // infinity, too, may be equal
                const double d = std::abs(y[i] - m_reference[i]);
                if (!(d <= most)) most = std::isfinite(d) ? d : std::numeric_limits<double>::infinity();
            }
            return m_largest > 0 ? most / m_largest : most;
        } catch (const Error& error) { // a kernel of another stride or padding
            if (error.code() != ErrorCode::shapeMismatch && error.code() != ErrorCode::inputInvalid) throw;
            return std::numeric_limits<double>::infinity();
        }
    }
    int runs() const { return m_runs; }

private:
    TensorD output(const Set& set) {
        m_job.step(0, "running a hybrid network");
        std::vector<bool> merged(m_forms.size(), false);
        for (std::size_t block : set) merged[block] = true;
        const ModelForms forms = hybridForms(m_forms, merged);
        Network network(m_model, forms, *m_engine);
        ++m_runs;
        return m_engine->read(network.run(m_engine->load(m_input), Phase::deploy));
    }

    const Model& m_model;
    const ModelForms& m_forms;
    const TensorD& m_input;
    const Job& m_job;
    const std::unique_ptr<Engine> m_engine = makeFloat32Engine(); ///< keeps the packed weights of both forms from run to run
    int m_runs = 0;
    const TensorD m_reference;
    double m_largest = 0;
};

} // namespace

ModelForms hybridForms(const ModelForms& forms, const std::vector<bool>& merged) {
    ModelForms hybrid = forms;
    for (std::size_t i = 0; i < hybrid.size(); ++i) {
        if (merged[i] || !hybrid[i].branches || !hybrid[i].fused) continue;
        hybrid[i].fused = nullptr;
        hybrid[i].whyNotFused = "its branches were asked for";
    }
    return hybrid;
}

namespace {

/// The next k of n positions in lexicographic order; false behind the last.
bool next(std::vector<std::size_t>& positions, std::size_t n) {
    const std::size_t k = positions.size();
    for (std::size_t i = k; i-- > 0;) {
        if (positions[i] + (k - i) >= n) continue;
        ++positions[i];
        for (std::size_t j = i + 1; j < k; ++j) positions[j] = positions[j - 1] + 1;
        return true;
    }
    return false;
}

/// The worst ones together until they move it, then none that is not needed. `worst` is in order, none does it alone; empty when
/// they never do. `isMinimal` tells whether leaving out each one was tried on the very set that is returned, within `runs`.
Set greedySet(Search& search, const Set& worst, double tolerance, int runs, double& moved, bool& isMinimal) {
    Set set;
    for (std::size_t block : worst) {
        set.push_back(block);
        if (set.size() < 2) continue;
        moved = search.moved(set);
        if (moved > tolerance) break;
    }
    if (moved <= tolerance) return {};
    // Errors cancel: a block that was needed may not be when another one is gone, so all are tried again after a success.
    isMinimal = false;
    while (!isMinimal && search.runs() < runs) {
        isMinimal = true;
        for (std::size_t i = set.size(); i-- > 0 && set.size() > 1;) { // the least first
            Set fewer = set;
            fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
            const double still = search.moved(fewer);
            if (still <= tolerance) continue;
            set = std::move(fewer);
            moved = still;
            isMinimal = false;
        }
    }
    return set;
}

} // namespace

Bisection bisect(const Model& model, const ModelForms& forms, const TensorD& input, double tolerance, const Job& job, int runs) {
    Bisection result;
    result.tolerance = tolerance;
    Search search(model, forms, input, job);
    Set candidates;
    for (std::size_t i = 0; i < forms.size(); ++i)
        if (forms[i].branches && forms[i].fused) candidates.push_back(i);
    result.all = search.moved(candidates);

    std::vector<std::pair<double, std::size_t>> alone;
    for (std::size_t block : candidates) alone.emplace_back(search.moved({block}), block);
    std::ranges::stable_sort(alone, [](const auto& a, const auto& b) { return a.first > b.first; });
    for (const auto& [distance, block] : alone) result.alone.emplace_back(model.blocks[block].name, distance);

    Set found, worst;
    for (const auto& [distance, block] : alone) worst.push_back(block);
    bool isMinimal = true;
    const bool one = !alone.empty() && alone.front().first > tolerance;
    if (one) {
        found = {worst.front()};
        result.moved = alone.front().first;
    } else {
        found = greedySet(search, worst, tolerance, runs, result.moved, isMinimal);
    }
    // Every smaller set, by size.
    const std::size_t n = worst.size(), sizes = found.empty() ? n + 1 : found.size();
    result.proven = true;
    result.why = one ? "one block is the least that there can be" : found.empty() ? "every set of blocks was tried" : "every smaller set was tried";
    bool done = one;
    for (std::size_t size = 2; size < sizes && !done; ++size) {
        std::vector<std::size_t> positions(size);
        for (std::size_t i = 0; i < size; ++i) positions[i] = i;
        std::int64_t tried = 0;
        bool more = true;
        for (; more && !done && search.runs() < runs; more = next(positions, n)) {
            Set set;
            for (std::size_t p : positions) set.push_back(worst[p]);
            const double moved = search.moved(set);
            ++tried;
            if (moved <= tolerance) continue;
            found = std::move(set);
            result.moved = moved;
            result.why = "every smaller set was tried";
            done = true;
        }
        if (done || !more) continue;
        result.proven = false;
        result.why = fmt::format("{}, but of the sets of {} blocks only {} were tried, the most promising first, to stay within {} runs",
                                 found.empty() ? "no set that was tried does it" : isMinimal ? "none of its blocks can be left out" : "some of its blocks may not be needed", size, tried, runs);
        done = true;
    }
    if (found.empty()) result.moved = 0;
    std::ranges::sort(found);
    for (std::size_t block : found) result.smallest.push_back(model.blocks[block].name);
    result.runs = search.runs();
    return result;
}

} // namespace rp::verify
