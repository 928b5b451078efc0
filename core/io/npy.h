// SPDX-License-Identifier: Apache-2.0
// NumPy's .npy, families.md 8.4: "\x93NUMPY", major, minor, header length (u16, from version 2 on u32),
// Python dict literal with descr, fortran_order, shape; then the data.
#pragma once

#include "core/tensor/stored_tensor.h"

#include <filesystem>
#include <string>

namespace rp::io {

bool isNpy(Bytes head);

/// Mapped, not copied, when little-endian and C-ordered. Errors name `where`.
StoredTensor readNpy(SharedBytes file, const std::string& where);
StoredTensor readNpyFile(const std::filesystem::path& path);

/// Magic to the last byte before the data of a C-ordered array. Throws `unsupported` for bfloat16, which NumPy lacks.
std::string npyHeader(DType type, const Shape& shape, const std::string& where);

/// Atomic.
void writeNpy(const std::filesystem::path& path, const TensorF& tensor);
void writeNpy(const std::filesystem::path& path, const TensorD& tensor);

} // namespace rp::io
