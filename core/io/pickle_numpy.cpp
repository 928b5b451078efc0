// SPDX-License-Identifier: Apache-2.0
// NumPy's arrays, scalars and types inside pickles (families.md 8.4).
#include "core/io/pickle_symbols.h"

#include "core/base/error.h"
#include "core/io/pickle_arguments.h"

#include <cstring>

#include <fmt/format.h>

namespace rp::io {
namespace {

constexpr std::array<TypeName, 12> kNumpyTypes{{{"f4", DType::f32},
                                                {"f2", DType::f16},
                                                {"f8", DType::f64},
                                                {"i8", DType::i64},
                                                {"i4", DType::i32},
                                                {"i2", DType::i16},
                                                {"i1", DType::i8},
                                                {"u8", DType::u64},
                                                {"u4", DType::u32},
                                                {"u2", DType::u16},
                                                {"u1", DType::u8},
                                                {"b1", DType::boolean}}};

template<class T>
T load(const std::byte* from) {
    T value;
    std::memcpy(&value, from, sizeof value);
    return value;
}

/// One number as plain data.
Value::Data plainNumber(const StoredTensor& scalar) {
    const std::byte* at = scalar.bytes().bytes.data();
    switch (scalar.dtype()) {
    case DType::boolean:
        return load<std::uint8_t>(at) != 0;
    case DType::u8:
        return std::int64_t{load<std::uint8_t>(at)};
    case DType::i8:
        return std::int64_t{load<std::int8_t>(at)};
    case DType::u16:
        return std::int64_t{load<std::uint16_t>(at)};
    case DType::i16:
        return std::int64_t{load<std::int16_t>(at)};
    case DType::u32:
        return std::int64_t{load<std::uint32_t>(at)};
    case DType::i32:
        return std::int64_t{load<std::int32_t>(at)};
    case DType::i64:
        return load<std::int64_t>(at);
    default:
        return scalar.toDouble()[0]; // also uint64, whose upper half no int64 holds
    }
}

Shape columnMajorStrides(const Shape& shape, const std::string& where) {
    checkedCount(shape, where);
    Shape strides(shape.size(), 0);
    std::int64_t step = 1;
    for (std::size_t axis = 0; axis < shape.size(); ++axis) {
        if (shape[axis] == 0) return strides; // no element, any stride
        strides[axis] = step;
        step *= shape[axis];
    }
    return strides;
}

} // namespace

ValuePtr PickleSymbols::makeNumpyType(const ValuePtr& callable, const Sequence& arguments) {
    requireArguments(arguments, 1, symbolOf(callable));
    const auto name = rawBytes(*arguments.items[0]);
    ValuePtr node = opaqueCall(callable, arguments.items);
    m_meanings.emplace(node.get(), NumpyType{name ? typeNamed(kNumpyTypes, *name) : std::nullopt, false});
    return node;
}

ValuePtr PickleSymbols::makeNumpyScalar(const ValuePtr& callable, const Sequence& arguments) {
    const std::string where = symbolOf(callable);
    requireArguments(arguments, 2, where);
    const auto* type = meaningOf<NumpyType>(arguments.items[0]);
    const auto payload = rawBytes(*arguments.items[1]);
    if (!type || !type->dtype || !payload) return opaqueCall(callable, arguments.items);
    if (payload->size() != sizeOf(*type->dtype))
        throwMalformed(where, fmt::format("{} bytes", sizeOf(*type->dtype)),
                       fmt::format("{}", payload->size()));
    return m_pool.make(plainNumber(StoredTensor::dense(*type->dtype, {}, decode(*type, *arguments.items[1]), where)));
}

/// The payload in little-endian order; no copy of bytes that have it already.
SharedBytes PickleSymbols::decode(const NumpyType& type, const Value& payload) {
    const auto* blob = payload.as<Blob>();
    const std::size_t width = sizeOf(*type.dtype);
    const bool swaps = type.bigEndian && width > 1;
    if (blob && !swaps) return blob->bytes;
    const std::string_view raw = *rawBytes(payload);
    m_pool.charge(raw.size());
    return swaps ? swappedBytes(std::as_bytes(std::span(raw)), width) : ownBytes(std::string(raw));
}

/// (3, '<', subtype, names, fields, size, alignment, flags)
void PickleSymbols::buildNumpyType(const ValuePtr& target, const Value& state) {
    const auto* items = state.as<Sequence>();
    if (!items || items->items.size() < 5)
        throwMalformed("numpy.dtype", "a state of 5 or more items", std::string(kindOf(state)));
    NumpyType& type = std::get<NumpyType>(m_meanings.at(target.get()));
    const auto order = rawBytes(*items->items[1]);
    if (!order || order->size() != 1 || std::string_view("<>|=").find((*order)[0]) == std::string_view::npos)
        throwMalformed("numpy.dtype", "a byte order of <, >, | or =",
                       std::string(order ? *order : kindOf(*items->items[1])));
    type.bigEndian = *order == ">";
    for (std::size_t i = 2; i < 5; ++i)
        if (!items->items[i]->as<std::monostate>()) type.dtype.reset(); // subarrays and records
}

/// (version, shape, dtype, is_fortran, payload)
void PickleSymbols::buildNumpyArray(const ValuePtr& target, const Value& state) {
    const std::string where = "numpy.ndarray";
    const auto* items = state.as<Sequence>();
    if (!items || items->items.size() != 5)
        throwMalformed(where, "a state of 5 items", std::string(kindOf(state)));
    const auto* type = meaningOf<NumpyType>(items->items[2]);
    const auto payload = rawBytes(*items->items[4]);
    if (!type || !type->dtype || !payload) { // an array of objects or text
        auto& parts = target->as<Opaque>()->parts;
        m_pool.charge(items->items.size() * sizeof(ValuePtr));
        parts.insert(parts.end(), items->items.begin(), items->items.end());
        return;
    }
    const Shape shape = sizes(*items->items[1], where);
    const std::int64_t count = checkedCount(shape, where);
    if (payload->size() % sizeOf(*type->dtype) != 0 ||
        static_cast<std::uint64_t>(count) != payload->size() / sizeOf(*type->dtype))
        throw Error(
            ErrorCode::shapeMismatch,
            {where,
             fmt::format("{} elements of {} for shape {}", count, toString(*type->dtype), toString(shape)),
             fmt::format("{} bytes", payload->size()), "the file is damaged"});
    SharedBytes bytes = decode(*type, *items->items[4]);
    const bool columns = integer(*items, 3, where) != 0;
    StoredTensor tensor = columns ? StoredTensor::view(*type->dtype, shape, columnMajorStrides(shape, where), 0,
                                                  std::move(bytes), where)
                                  : StoredTensor::dense(*type->dtype, shape, std::move(bytes), where);
    countView(tensor);
    target->data() = std::move(tensor);
    m_meanings.erase(target.get());
}

} // namespace rp::io
