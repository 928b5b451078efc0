// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace rp {

/// Version of Repscope, of the libraries that compute, and the instruction sets chosen on this machine.
std::string librariesText();

} // namespace rp
