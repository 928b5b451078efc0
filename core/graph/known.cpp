// SPDX-License-Identifier: Apache-2.0
#include "core/graph/known.h"

#include "core/base/error.h"
#include "core/exec/tensor_ops.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

namespace rp::graph {

Known Known::of(const std::string& key, const StoredTensor& tensor) {
    Known known;
    known.type = isFloating(tensor.dtype()) ? Type::floating : tensor.dtype() == DType::boolean ? Type::boolean : Type::integer;
    known.param = Param(key, tensor);
    known.stored = tensor;
    return known;
}

Known Known::of(TensorD values, Type type, std::span<const Known* const> madeOf) {
    Known known;
    known.type = type;
    std::vector<std::string> keys;
    for (const Known* part : madeOf) {
        known.fromSize = known.fromSize || part->fromSize;
        for (const std::string& key : part->param.keys())
            if (!key.empty() && std::ranges::find(keys, key) == keys.end()) keys.push_back(key);
    }
    const Shape shape = values.shape();
    known.param = Param(shape, std::move(keys), [values = std::move(values)] { return values; });
    return known;
}

TensorD Known::numbers() const {
    const bool inFile = stored.storageAddress() != nullptr && stored.count() == param.count();
    return inFile ? stored.toDouble().reshaped(shape()) : param.toDouble();
}

std::vector<std::int64_t> Known::integers() const {
    std::vector<std::int64_t> result;
    const TensorD values = numbers();
    for (double v : values.values())
        result.push_back(std::isnan(v)  ? 0
                         : v >= 0x1p63  ? std::numeric_limits<std::int64_t>::max()
                         : v <= -0x1p63 ? std::numeric_limits<std::int64_t>::min()
                                        : static_cast<std::int64_t>(v));
    return result;
}

Known Known::reshaped(const Shape& to) const {
    Known other = *this;
    other.param = param.reshaped(to);
    other.isShape = false;
    return other;
}

void Budget::take(const Shape& shape, const std::string& where) {
    const auto count = static_cast<std::uint64_t>(checkedCount(shape, where));
    if (count > m_left / sizeof(double))
        throw Error(ErrorCode::limitExceeded, {where, fmt::format("constants of at most {} more bytes", m_left),
                                               fmt::format("one of shape {}", toString(shape)), "the file is damaged, or raise the limit"});
    m_left -= count * sizeof(double);
}

Known fold(const Operation& operation, std::span<const Known* const> inputs, Budget& budget) {
    std::vector<Shape> shapes;
    for (const Known* input : inputs) shapes.push_back(input->shape());
    budget.take(outShapeOf(operation, shapes), operation.name);
    std::vector<TensorD> values;
    for (const Known* input : inputs) values.push_back(input->numbers());
    TensorD result = evaluate<double>(operation, values);
    const auto* binary = std::get_if<Binary>(&operation.kind);
    const Known::Type type = inputs.empty() ? Known::Type::floating : inputs.front()->type;
    if (binary && binary->kind == Binary::Kind::divide && type == Known::Type::integer)
        for (double& v : result.edit()) v = std::trunc(v);
    return Known::of(std::move(result), type, inputs);
}

} // namespace rp::graph
