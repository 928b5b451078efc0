// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/model/operation.h"
#include "core/model/param.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace rp::graph {

/// A value that is known without running the network: an initializer, or what constants make of each other.
struct Known {
    enum class Type { floating, integer, boolean } type = Type::floating;
    Param param;           ///< as weights: finite, with the keys it comes from
    StoredTensor stored;   ///< as the file holds it; empty for a value that was computed
    bool fromSize = false; ///< holds for the input size that shapes were computed for
    bool isShape = false;  ///< a map's own shape, unchanged

    static Known of(const std::string& key, const StoredTensor& tensor);
    static Known of(TensorD values, Type type, std::span<const Known* const> madeOf = {});

    const Shape& shape() const { return param.shape(); }
    TensorD numbers() const;                      ///< infinities included
    std::vector<std::int64_t> integers() const;   ///< saturated
    Known reshaped(const Shape& shape) const;
};

/// How much folding may allocate in all: a small file can describe constants of any size.
class Budget {
public:
    explicit Budget(std::uint64_t bytes) : m_left(bytes) {}
    /// Throws `limitExceeded` naming `where`.
    void take(const Shape& shape, const std::string& where);

private:
    std::uint64_t m_left;
};

/// One operation on known values, in float64; integers are divided as integers.
Known fold(const Operation& operation, std::span<const Known* const> inputs, Budget& budget);

} // namespace rp::graph
