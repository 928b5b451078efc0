// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace rp {

/// Element types that files hold. Arithmetic is done in float32 or float64 only.
enum class DType { boolean, u8, i8, u16, i16, u32, i32, u64, i64, f16, bf16, f32, f64 };

std::size_t sizeOf(DType type);            ///< bytes per element
std::string_view toString(DType type);     ///< "float32", "bfloat16", "int64", "bool" …
bool isFloating(DType type);

} // namespace rp
