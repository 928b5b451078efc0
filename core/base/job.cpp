// SPDX-License-Identifier: Apache-2.0
#include "core/base/job.h"

#include "core/base/error.h"

namespace rp {

void Job::step(double fraction, std::string_view what) const {
    if (m_stop.stop_requested()) throw Error(ErrorCode::cancelled, {std::string(what), "", "cancelled", ""});
    if (m_report) m_report(fraction, what);
}

Job Job::part(double from, double to) const {
    if (!m_report) return *this;
    return Job(m_stop, [report = m_report, from, to](double fraction, std::string_view what) {
        report(from + fraction * (to - from), what);
    });
}

} // namespace rp
