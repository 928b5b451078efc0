// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/bytes.h"

namespace rp {

/// Throws `truncated` with the file's name when `bytes` lie in a mapped file (`mapFile`) that somebody has written or cut
/// short since: whoever has used the bytes asks whether they were real. Where a file lost its end, a handler of SIGBUS
/// puts zeros there; touching them would end the program otherwise. Costs a microsecond.
/// Precondition: their owner is alive.
void requireIntact(Bytes bytes);

} // namespace rp
