// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/bytes.h"
#include "core/tensor/dtype.h"
#include "core/tensor/shape.h"
#include "core/tensor/tensor.h"

#include <string>

namespace rp {

/// A tensor as it lies in a file: a strided view of a storage that may be shared with other tensors.
/// Nothing is copied or converted until asked for. Little-endian.
class StoredTensor {
public:
    StoredTensor() = default;
    /// Row-major, starting at the storage's first byte. Throws `shapeMismatch` if the bytes do not suffice.
    static StoredTensor dense(DType type, Shape shape, SharedBytes storage, const std::string& where);
    /// Element (i0, i1 …) lies at `offset + sum i_d * stride_d` (in elements). Throws `malformed` for negative
    /// numbers and `shapeMismatch` when the view leaves its storage. A view that repeats elements (stride 0)
    /// may expand to at most `maxBytes`, else `limitExceeded`.
    static StoredTensor view(DType type, Shape shape, Shape strides, std::int64_t offset, SharedBytes storage,
                             const std::string& where, std::uint64_t maxBytes = std::uint64_t{1} << 30);
    static StoredTensor of(const TensorF& tensor);
    static StoredTensor of(const TensorD& tensor);

    DType dtype() const { return m_type; }
    const Shape& shape() const { return m_shape; }
    std::int64_t count() const { return countOf(m_shape); }
    bool isDense() const; ///< row-major without gaps
    /// Where the storage begins; equal for tensors that share one.
    const std::byte* storageAddress() const { return m_storage.bytes.data(); }

    /// The same bytes as another type of the same size; throws `internal` for another size.
    StoredTensor as(DType type) const;

    /// Row-major bytes in the stored dtype; no copy when dense.
    SharedBytes bytes() const;
    TensorF toFloat() const;
    TensorD toDouble() const;

private:
    DType m_type = DType::f32;
    Shape m_shape{0};
    Shape m_strides{1};
    std::int64_t m_offset = 0;
    SharedBytes m_storage;
};

/// IEEE half and bfloat16 bit patterns, exactly.
float halfToFloat(std::uint16_t bits);
float bfloatToFloat(std::uint16_t bits);

} // namespace rp
