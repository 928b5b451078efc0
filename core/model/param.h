// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/tensor/stored_tensor.h"
#include "core/tensor/tensor.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace rp {

/// Numbers of a block: a view of a file, values made here, or values generated from several keys. Nothing is
/// converted before it is asked for, and nothing is cached: whoever needs numbers twice keeps them.
class Param {
public:
    Param() = default;
    /// A tensor of a file; `key` is its name there. Asking for its numbers throws `valueInvalid` if they are not finite.
    Param(std::string key, StoredTensor stored);
    explicit Param(TensorD values);
    explicit Param(TensorF values);
    /// A kernel computed from several tensors (OREPA, masked filters); `make` returns `shape`.
    Param(Shape shape, std::vector<std::string> keys, std::function<TensorD()> make);
    /// The same numbers under another shape of the same count (a linear layer as a 1x1 kernel).
    Param reshaped(Shape shape) const;

    const Shape& shape() const { return m_shape; }
    std::int64_t count() const { return countOf(m_shape); }
    const std::vector<std::string>& keys() const { return m_keys; } ///< where the numbers come from
    DType storedAs() const { return m_storedAs; }

    TensorD toDouble() const;
    TensorF toFloat() const;

private:
    Shape m_shape{0};
    std::vector<std::string> m_keys;
    DType m_storedAs = DType::f64;
    std::function<TensorD()> m_double;
    std::function<TensorF()> m_float;
};

} // namespace rp
