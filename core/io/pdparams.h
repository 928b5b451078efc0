// SPDX-License-Identifier: Apache-2.0
// Paddle's `.pdparams`, families.md 8.5: a pickle (protocol 2 to 4) of {name: numpy array, …} with a table of
// internal names that is dropped; arrays too large for protocols 2 and 3 are split and listed. Other pickles
// of NumPy arrays are read the same way.
#pragma once

#include "core/io/atomic_file.h"
#include "core/io/checkpoint.h"

namespace rp::io {

/// Arrays of protocols 3 and 4 are mapped. 16-bit unsigned arrays are bfloat16, as Paddle itself takes them.
/// Throws `malformed` (also for missing slices and bytes behind the pickle), `unsupported` without weights.
Checkpoint readPdparams(const std::filesystem::path& path, SharedBytes file, const Limits& limits);

/// What paddle.save writes for a state dict (protocol 4, with a table of names); not committed. bfloat16 becomes
/// 16-bit unsigned, which is how Paddle keeps it; a 16-bit unsigned tensor is `unsupported` for that reason.
void writePdparams(AtomicFile& file, const std::vector<NamedTensor>& tensors);

} // namespace rp::io
