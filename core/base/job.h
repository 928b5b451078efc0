// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <stop_token>
#include <string_view>

namespace rp {

/// What a long computation needs of its caller: where to report progress, and whether to stop.
/// Copyable; a default one never stops and reports to nobody.
class Job {
public:
    using Report = std::function<void(double fraction, std::string_view what)>;

    Job() = default;
    Job(std::stop_token stop, Report report) : m_stop(std::move(stop)), m_report(std::move(report)) {}

    /// Reports `fraction` in [0, 1] and throws `cancelled` when a stop was requested.
    void step(double fraction, std::string_view what) const;

    /// A job whose [0, 1] is this job's [from, to].
    Job part(double from, double to) const;

private:
    std::stop_token m_stop;
    Report m_report;
};

} // namespace rp
