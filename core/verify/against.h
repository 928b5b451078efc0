// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/verify/verify.h"

namespace rp::verify {

struct AgainstOptions {
    families::OpenOptions open;  ///< of our file: how its other weight sets are opened when one of them may be the cause
    bool isSameFile = false;     ///< the other side is another weight set of this file, in whatever form
};

/// Compares somebody else's model, of any layout or format, with ours: blocks and single convolutions in pairs
/// (pairing.h), kernel by kernel with the cause of each difference (diagnosis/), and by running both on `input`; where the
/// outputs differ, it says which block departs first and why. Fills `BlockReport::against`, adds diagnoses and findings, and updates
/// the verdict. Throws `shapeMismatch` when nothing can be paired.
void addAgainst(Report& report, const families::OpenedModel& opened, const fusion::ModelFusion& fusion,
                const families::OpenedModel& other, const TensorD& input, const AgainstOptions& options = {}, const Job& job = {});

/// Our branches beside the other file's kernels, for hybrid networks; null where it has none for a block.
ModelForms formsWith(const families::OpenedModel& opened, const fusion::ModelFusion& fusion, const families::OpenedModel& other);

} // namespace rp::verify
