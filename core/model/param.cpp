// SPDX-License-Identifier: Apache-2.0
#include "core/model/param.h"

#include "core/base/error.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace rp {
namespace {

/// Kernels are not scanned when a file is opened, so they are scanned when their numbers are first wanted.
template<class T>
Tensor<T> finite(const std::string& key, Tensor<T> values) {
    const std::span<const T> all = values.values();
    const auto bad = std::ranges::find_if(all, [](T v) { return !std::isfinite(v); });
    if (bad != all.end())
        throw Error(ErrorCode::valueInvalid,
                    {key, "finite values", fmt::format("{} at {}", *bad, toString(positionOf(bad - all.begin(), values.shape()))),
                     "the checkpoint is damaged or training diverged"});
    return values;
}

} // namespace

Param::Param(std::string key, StoredTensor stored)
    : m_shape(stored.shape()), m_keys{std::move(key)}, m_storedAs(stored.dtype()),
      m_double([key = m_keys.front(), stored] { return finite(key, stored.toDouble()); }),
      m_float([key = m_keys.front(), stored] { return finite(key, stored.toFloat()); }) {}

Param::Param(TensorD values)
    : m_shape(values.shape()), m_storedAs(DType::f64), m_double([values] { return values; }),
      m_float([values] { return rp::toFloat(values); }) {}

Param::Param(TensorF values)
    : m_shape(values.shape()), m_storedAs(DType::f32), m_double([values] { return rp::toDouble(values); }),
      m_float([values] { return values; }) {}

Param::Param(Shape shape, std::vector<std::string> keys, std::function<TensorD()> make)
    : m_shape(std::move(shape)), m_keys(std::move(keys)), m_double(make),
      m_float([make] { return rp::toFloat(make()); }) {}

Param Param::reshaped(Shape shape) const {
    Param other = *this;
    other.m_shape = std::move(shape);
    return other;
}

TensorD Param::toDouble() const { return m_double().reshaped(m_shape); }

TensorF Param::toFloat() const { return m_float().reshaped(m_shape); }

} // namespace rp
