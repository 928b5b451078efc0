// SPDX-License-Identifier: Apache-2.0
// PyTorch's checkpoint before 1.6 (and of `_use_new_zipfile_serialization=False`), families.md 8.2:
//   pickles: magic number | 1001 | {little_endian, …} | the object | list of storage keys
//   then for each key, in the order of the list: i64 LE count of elements | the elements
#pragma once

#include "core/io/checkpoint.h"

namespace rp::io {

/// Storages are mapped; those of a big-endian file are swapped within the limit. Throws `malformed`,
/// `truncated`, `unsupported` (another protocol version), `limitExceeded`.
Checkpoint readTorchLegacy(const std::filesystem::path& path, SharedBytes file, const Limits& limits);

} // namespace rp::io
