// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/verify/verify.h"

#include <optional>
#include <string>

namespace rp::verify {

/// The verdict that `fuse` asks for before it writes: `verifyModel` on a small seeded input. Blocks that were merged
/// although they differ at the border (`--merge-inexact`) do not count: whoever asked for them was told.
Report reportBeforeWriting(const families::OpenedModel& opened, const Job& job = {});

/// What reading a written file back has shown.
struct WrittenCheck {
    std::int64_t blocks = 0;          ///< of the file, compared with the branches they came from
    std::optional<double> lowestDb;   ///< of those, in float64; none when all are exact
    bool network = false;             ///< both networks were run whole, in float64
    std::optional<double> outputDb;   ///< of their outputs
    std::string problem;              ///< why the file must not be used; empty when it is right
    std::string sentence() const;
};

/// Reads the file at `path`, which was written from `opened`, as a user would, and compares it with the branches: every
/// fused block on a seeded input, and the whole network where both files have one. `dtype` is the element type it was
/// written in; none is float32. Throws what opening the file throws.
WrittenCheck checkWritten(const std::filesystem::path& path, const families::OpenedModel& opened, const fusion::ModelFusion& fusion,
                          const families::OpenOptions& options, std::optional<DType> dtype, const Job& job = {});

} // namespace rp::verify
