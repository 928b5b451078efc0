// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace rp {

std::string float32LibraryVersion(); ///< "2.6.2"
std::string float32InstructionSet(); ///< what oneDNN chose on this machine: "AVX-512", "AVX2" …

} // namespace rp
