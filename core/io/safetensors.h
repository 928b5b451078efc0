// SPDX-License-Identifier: Apache-2.0
// safetensors, families.md 8.3:
//   u64 LE N | N bytes of UTF-8 JSON {name: {dtype, shape, data_offsets}, "__metadata__": {…}} | buffer
// The tensors tile the buffer without holes or overlap.
#pragma once

#include "core/io/atomic_file.h"
#include "core/io/checkpoint.h"

namespace rp::io {

/// `extras` of the result are the entries of `__metadata__`. Throws `malformed`, `truncated`,
/// `shapeMismatch`, `limitExceeded`, `unsupported` (an element type that is not read here).
Checkpoint readSafetensors(const std::filesystem::path& path, SharedBytes file, const Limits& limits);

/// Atomic. The header names the tensors in the given order; their bytes lie widest element type first, so
/// that each is aligned. `metadata` must hold texts only, else `unsupported`.
void writeSafetensors(AtomicFile& file, const std::vector<NamedTensor>& tensors,
                      const Dict& metadata); ///< not committed
void writeSafetensors(const std::filesystem::path& path, const std::vector<NamedTensor>& tensors,
                      const Dict& metadata);

} // namespace rp::io
