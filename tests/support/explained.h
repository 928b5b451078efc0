// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/fusion/explain.h"
#include "core/fusion/fuse.h"

#include <QString>

namespace rp::test {

/// Looks at every number of every step, in large kernels at every `stride`th: the first one whose explanation does not give it, by more than
/// float64 rounding of the terms; empty when all do.
QString unexplainedNumber(const fusion::FuseResult& result, std::int64_t stride = 1);

} // namespace rp::test
