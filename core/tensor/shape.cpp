// SPDX-License-Identifier: Apache-2.0
#include "core/tensor/shape.h"

#include "core/base/checked.h"
#include "core/base/error.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace rp {

std::int64_t countOf(const Shape& shape) {
    std::int64_t count = 1;
    for (std::int64_t size : shape) count *= size;
    return count;
}

std::int64_t checkedCount(const Shape& shape, const std::string& where) {
    std::int64_t count = 1;
    for (std::int64_t size : shape) {
        if (size < 0)
            throw Error(ErrorCode::malformed, {where, "sizes of 0 or more", toString(shape), "the file is damaged"});
        auto product = checkedMul(count, size);
        if (!product)
            throw Error(ErrorCode::limitExceeded,
                        {where, "a number of elements below 2^63", toString(shape), "the file is damaged"});
        count = *product;
    }
    return count;
}

std::string toString(const Shape& shape) { return fmt::format("[{}]", fmt::join(shape, ", ")); }

Shape positionOf(std::int64_t index, const Shape& shape) {
    Shape position(shape.size());
    for (std::size_t axis = shape.size(); axis-- > 0;) {
        position[axis] = index % shape[axis];
        index /= shape[axis];
    }
    return position;
}

} // namespace rp
