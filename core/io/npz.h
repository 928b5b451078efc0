// SPDX-License-Identifier: Apache-2.0
// NumPy's archive: a zip file of .npy members, stored (numpy.savez) or deflated (savez_compressed). A
// tensor's name is its member's name without ".npy" (families.md 8.4).
#pragma once

#include "core/io/atomic_file.h"
#include "core/io/checkpoint.h"
#include "core/io/zip_archive.h"

namespace rp::io {

/// Whether a zip file has members, and all are .npy.
bool isNpz(const ZipArchive& zip);

/// Stored arrays are mapped, deflated ones inflated within the archive's limit. Arrays of objects and texts
/// are named in a note. Throws `malformed`, `truncated`, `limitExceeded`; `unsupported` when no array holds
/// numbers.
Checkpoint readNpz(const std::filesystem::path& path, ZipArchive& zip);

/// Stored, as numpy.savez writes it; not committed. Throws `unsupported` for bfloat16, which NumPy lacks.
void writeNpz(AtomicFile& file, const std::vector<NamedTensor>& tensors);

} // namespace rp::io
