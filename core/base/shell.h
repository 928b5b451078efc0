// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace rp {

/// Words as one line for a POSIX shell, each quoted where it must be: what a report and the window offer for copying.
std::string shellLine(const std::vector<std::string>& words);

} // namespace rp
