// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/tensor/shape.h"

#include <memory>
#include <span>
#include <vector>

namespace rp {

/// Dense row-major array of float or double. Copying shares the buffer; `edit()` detaches first.
template<class T>
class Tensor {
public:
    Tensor() : Tensor(Shape{0}) {}
    /// Zeros.
    explicit Tensor(Shape shape)
        : m_shape(std::move(shape)), m_values(std::make_shared<std::vector<T>>(countOf(m_shape))) {}
    /// Precondition: `values.size() == countOf(shape)`.
    Tensor(Shape shape, std::vector<T> values)
        : m_shape(std::move(shape)), m_values(std::make_shared<std::vector<T>>(std::move(values))) {}

    const Shape& shape() const { return m_shape; }
    std::int64_t size(std::size_t axis) const { return m_shape[axis]; }
    std::int64_t count() const { return static_cast<std::int64_t>(m_values->size()); }
    bool isEmpty() const { return m_values->empty(); }

    std::span<const T> values() const { return *m_values; }
    std::span<T> edit() {
        if (m_values.use_count() > 1) m_values = std::make_shared<std::vector<T>>(*m_values);
        return *m_values;
    }
    const T& operator[](std::int64_t i) const { return (*m_values)[static_cast<std::size_t>(i)]; }

    /// The same values under another shape of the same count.
    Tensor reshaped(Shape shape) const {
        Tensor other = *this;
        other.m_shape = std::move(shape);
        return other;
    }

    friend bool operator==(const Tensor& a, const Tensor& b) {
        return a.m_shape == b.m_shape && *a.m_values == *b.m_values;
    }

private:
    Shape m_shape;
    std::shared_ptr<std::vector<T>> m_values;
};

using TensorF = Tensor<float>;
using TensorD = Tensor<double>;

TensorD toDouble(const TensorF& tensor);
TensorF toFloat(const TensorD& tensor); ///< rounds to nearest even

} // namespace rp
