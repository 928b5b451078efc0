// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace rp {

/// Version of Repscope, of the libraries that compute, and the instruction sets chosen on this machine.
std::string librariesText();
/// The same on one line, for reports.
std::string versionsLine();

} // namespace rp
