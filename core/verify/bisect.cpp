// SPDX-License-Identifier: Apache-2.0
#include "core/verify/bisect.h"

#include "core/base/error.h"
#include "core/exec/network.h"

#include <algorithm>
#include <cmath>
#include <limits>

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
        const std::unique_ptr<Engine> engine = makeFloat32Engine();
        Network network(m_model, forms, *engine);
        ++m_runs;
        return engine->read(network.run(engine->load(m_input), Phase::deploy));
    }

    const Model& m_model;
    const ModelForms& m_forms;
    const TensorD& m_input;
    const Job& m_job;
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

Bisection bisect(const Model& model, const ModelForms& forms, const TensorD& input, double tolerance, const Job& job) {
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

    // The worst ones together, until they do: one suffices where a single block is to blame.
    Set set;
    for (const auto& [distance, block] : alone) {
        set.push_back(block);
        result.moved = set.size() == 1 ? distance : search.moved(set);
        if (result.moved > tolerance) break;
    }
    if (result.moved > tolerance) {
        for (std::size_t i = set.size(); i-- > 0 && set.size() > 1;) { // the least first
            Set fewer = set;
            fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
            if (const double still = search.moved(fewer); still > tolerance) {
                set = std::move(fewer);
                result.moved = still;
            }
        }
        std::ranges::sort(set);
        for (std::size_t block : set) result.smallest.push_back(model.blocks[block].name);
    } else {
        result.moved = 0;
    }
    result.runs = search.runs();
    return result;
}

} // namespace rp::verify
