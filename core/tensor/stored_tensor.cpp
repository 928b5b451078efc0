// SPDX-License-Identifier: Apache-2.0
#include "core/tensor/stored_tensor.h"

#include "core/base/checked.h"
#include "core/base/error.h"
#include "core/base/mapped_file.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <optional>

#include <fmt/format.h>

namespace rp {
namespace {

Shape denseStrides(const Shape& shape) {
    Shape strides(shape.size(), 0);
    if (countOf(shape) == 0) return strides; // the sizes beside a 0 may be so large that their product overflows
    std::int64_t step = 1;
    for (std::size_t axis = shape.size(); axis-- > 0;) {
        strides[axis] = step;
        step *= shape[axis];
    }
    return strides;
}

/// Calls `visit(offset)` with the storage offset of every element in row-major order.
template<class Visit>
void forEachOffset(const Shape& shape, const Shape& strides, std::int64_t offset, Visit visit) {
    const std::int64_t count = countOf(shape);
    Shape index(shape.size(), 0);
    for (std::int64_t i = 0; i < count; ++i) {
        visit(offset);
        for (std::size_t axis = shape.size(); axis-- > 0;) {
            offset += strides[axis];
            if (++index[axis] < shape[axis]) break;
            offset -= strides[axis] * shape[axis];
            index[axis] = 0;
        }
    }
}

template<class Stored, class Out, class Convert>
void convertAll(Bytes source, std::span<Out> out, Convert convert) {
    for (std::size_t i = 0; i < out.size(); ++i) {
        Stored value;
        std::memcpy(&value, source.data() + i * sizeof(Stored), sizeof(Stored));
        out[i] = convert(value);
    }
}

template<class Out>
Tensor<Out> convertTo(const StoredTensor& tensor) {
    Tensor<Out> result(tensor.shape());
    const SharedBytes dense = tensor.bytes();
    const std::span<Out> out = result.edit();
    auto plain = [](auto v) { return static_cast<Out>(v); };
    switch (tensor.dtype()) {
    case DType::boolean:
    case DType::u8: convertAll<std::uint8_t>(dense.bytes, out, plain); break;
    case DType::i8: convertAll<std::int8_t>(dense.bytes, out, plain); break;
    case DType::u16: convertAll<std::uint16_t>(dense.bytes, out, plain); break;
    case DType::i16: convertAll<std::int16_t>(dense.bytes, out, plain); break;
    case DType::u32: convertAll<std::uint32_t>(dense.bytes, out, plain); break;
    case DType::i32: convertAll<std::int32_t>(dense.bytes, out, plain); break;
    case DType::u64: convertAll<std::uint64_t>(dense.bytes, out, plain); break;
    case DType::i64: convertAll<std::int64_t>(dense.bytes, out, plain); break;
    case DType::f16:
        convertAll<std::uint16_t>(dense.bytes, out, [](std::uint16_t v) { return static_cast<Out>(halfToFloat(v)); });
        break;
    case DType::bf16:
        convertAll<std::uint16_t>(dense.bytes, out, [](std::uint16_t v) { return static_cast<Out>(bfloatToFloat(v)); });
        break;
    case DType::f32: convertAll<float>(dense.bytes, out, plain); break;
    case DType::f64: convertAll<double>(dense.bytes, out, plain); break;
    }
    requireIntact(dense.bytes);
    return result;
}

template<class T>
StoredTensor storeValues(DType type, const Tensor<T>& tensor) {
    auto owner = std::make_shared<const Tensor<T>>(tensor);
    const Bytes bytes = std::as_bytes(owner->values());
    return StoredTensor::dense(type, tensor.shape(), {std::move(owner), bytes}, "tensor");
}

} // namespace

StoredTensor StoredTensor::dense(DType type, Shape shape, SharedBytes storage, const std::string& where) {
    checkedCount(shape, where);
    Shape strides = denseStrides(shape);
    return view(type, std::move(shape), std::move(strides), 0, std::move(storage), where,
                std::numeric_limits<std::uint64_t>::max());
}

StoredTensor StoredTensor::view(DType type, Shape shape, Shape strides, std::int64_t offset, SharedBytes storage,
                                const std::string& where, std::uint64_t maxBytes) {
    if (strides.size() != shape.size())
        throw Error(ErrorCode::malformed, {where, fmt::format("{} strides for shape {}", shape.size(), toString(shape)),
                                           fmt::format("{}", strides.size()), "the file is damaged"});
    const std::int64_t count = checkedCount(shape, where);
    if (offset < 0 || std::ranges::any_of(strides, [](std::int64_t s) { return s < 0; }))
        throw Error(ErrorCode::malformed, {where, "an offset and strides of 0 or more",
                                           fmt::format("offset {}, strides {}", offset, toString(strides)),
                                           "the file is damaged"});
    const auto held = static_cast<std::int64_t>(storage.size() / sizeOf(type));
    if (count > 0) {
        std::optional<std::int64_t> last = offset;
        for (std::size_t axis = 0; axis < shape.size() && last; ++axis) {
            const auto span = checkedMul(shape[axis] - 1, strides[axis]);
            last = span ? checkedAdd(*last, *span) : std::nullopt;
        }
        if (!last || *last >= held)
            throw Error(ErrorCode::shapeMismatch,
                        {where, fmt::format("a storage for shape {}, strides {}, offset {} of {}", toString(shape),
                                            toString(strides), offset, toString(type)),
                         fmt::format("{} elements ({} bytes)", held, storage.size()), "the file is damaged or cut short"});
    }
    // A view without repetition never holds more than its storage; only an expanded one needs the limit, which
    // counts what `toDouble` makes of it.
    const auto bytes = checkedMul(static_cast<std::uint64_t>(count), std::uint64_t{sizeof(double)});
    if (count > held && (!bytes || *bytes > maxBytes))
        throw Error(ErrorCode::limitExceeded, {where, fmt::format("at most {} bytes for an expanded view", maxBytes),
                                               toString(shape), "raise the limit if the file is trusted"});
    StoredTensor tensor;
    tensor.m_type = type;
    tensor.m_shape = std::move(shape);
    tensor.m_strides = std::move(strides);
    // An axis of one element is never stepped along; its stride may be anything, even beyond what can be added.
    for (std::size_t axis = 0; axis < tensor.m_shape.size(); ++axis)
        if (tensor.m_shape[axis] <= 1) tensor.m_strides[axis] = 0;
    tensor.m_offset = offset;
    tensor.m_storage = std::move(storage);
    return tensor;
}

StoredTensor StoredTensor::of(const TensorF& tensor) { return storeValues(DType::f32, tensor); }

StoredTensor StoredTensor::of(const TensorD& tensor) { return storeValues(DType::f64, tensor); }

StoredTensor StoredTensor::as(DType type) const {
    if (sizeOf(type) != sizeOf(m_type))
        throw Error(ErrorCode::internal, {"tensor", fmt::format("a type as wide as {}", toString(m_type)), std::string(toString(type)), ""});
    StoredTensor tensor = *this;
    tensor.m_type = type;
    return tensor;
}

bool StoredTensor::isDense() const {
    if (count() == 0) return true;
    std::int64_t step = 1;
    for (std::size_t axis = m_shape.size(); axis-- > 0;) {
        if (m_shape[axis] != 1 && m_strides[axis] != step) return false;
        step *= m_shape[axis];
    }
    return true;
}

SharedBytes StoredTensor::bytes() const {
    const std::size_t width = sizeOf(m_type);
    const auto size = static_cast<std::size_t>(count()) * width;
    if (size == 0) return {m_storage.owner, {}};
    if (isDense()) return {m_storage.owner, m_storage.bytes.subspan(static_cast<std::size_t>(m_offset) * width, size)};
    std::string packed(size, '\0');
    char* to = packed.data();
    forEachOffset(m_shape, m_strides, m_offset, [&](std::int64_t at) {
        std::memcpy(to, m_storage.bytes.data() + static_cast<std::size_t>(at) * width, width);
        to += width;
    });
    requireIntact(m_storage.bytes);
    return ownBytes(std::move(packed));
}

TensorF StoredTensor::toFloat() const { return convertTo<float>(*this); }

TensorD StoredTensor::toDouble() const { return convertTo<double>(*this); }

float bfloatToFloat(std::uint16_t bits) { return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16); }

float halfToFloat(std::uint16_t bits) {
    const std::uint32_t sign = (bits & 0x8000u) << 16;
    const std::uint32_t exponent = (bits >> 10) & 0x1fu;
    const std::uint32_t mantissa = bits & 0x3ffu;
    if (exponent == 0) { // zero and subnormals: mantissa * 2^-24, exact in float
        const float value = static_cast<float>(mantissa) * 0x1p-24f;
        return std::bit_cast<float>(std::bit_cast<std::uint32_t>(value) | sign);
    }
    if (exponent == 0x1f) return std::bit_cast<float>(sign | 0x7f800000u | (mantissa << 13));
    return std::bit_cast<float>(sign | ((exponent + 112) << 23) | (mantissa << 13));
}

} // namespace rp
