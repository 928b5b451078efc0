// SPDX-License-Identifier: Apache-2.0
// PyTorch's zip checkpoint (torch.save since 1.6), families.md 8.1:
//   <root>/data.pkl     pickle of protocol 2; tensors are persistent ids
//   <root>/data/<key>   raw storage of each key, stored (mapped) or deflated (inflated within the limit)
//   <root>/version, <root>/byteorder ("little", or "big": then storages are swapped), newer releases add more
#pragma once

#include "core/io/atomic_file.h"
#include "core/io/checkpoint.h"
#include "core/io/zip_archive.h"

namespace rp::io {

/// Throws `formatForeign` for TorchScript and `.pt2` archives (they are zip files too).
Checkpoint readTorchZip(const std::filesystem::path& path, ZipArchive& zip, const Limits& limits);

/// Writes what `torch.load(path)` and `load_state_dict(strict=True)` take: `extras` with the weights under
/// `setName`, or the bare weights when `setName` is empty. Tensors keep dtype, order and names; storages are
/// 64-byte aligned and stored. A set name with dots nests: "ema.state_dict" is written as {"ema":
/// {"state_dict": …}}. Atomic: an existing file stays as it was until the new one is complete. Throws
/// `unsupported` for element types that PyTorch lacks, opaque extras, and files beyond 4 GiB or 65534
/// members.
void writeTorchZip(AtomicFile& file, const std::vector<NamedTensor>& tensors, const std::string& setName,
                   bool ordered, const Dict& extras); ///< not committed
void writeTorchZip(const std::filesystem::path& path, const std::vector<NamedTensor>& tensors,
                   const std::string& setName, bool ordered, const Dict& extras);

} // namespace rp::io
