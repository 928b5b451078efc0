// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/value.h"

#include <unordered_set>

namespace rp::io {

/// Owns every value made while a file is read. Until `release` the values may form cycles and chains of any
/// depth, which plain shared pointers would leak or destroy recursively; the pool takes them apart one by
/// one.
class ValuePool {
public:
    explicit ValuePool(std::uint64_t maxBytes, std::string where)
        : m_left(maxBytes), m_where(std::move(where)) {}
    ~ValuePool();
    ValuePool(const ValuePool&) = delete;
    ValuePool& operator=(const ValuePool&) = delete;

    ValuePtr make(Value::Data data);
    /// Takes `bytes` of what the file may make us allocate; throws `limitExceeded` when they are used up.
    void charge(std::uint64_t bytes);
    /// Hands `root` and all below it to the caller. References back to an enclosing value become an `Opaque`
    /// leaf; throws `limitExceeded` beyond `kMaxNesting` levels and `malformed` for a dict with a key twice.
    void release(const ValuePtr& root);

private:
    void takeApart();

    std::vector<ValuePtr> m_values;
    std::unordered_set<const Value*> m_kept; ///< reachable from the released root
    std::uint64_t m_left;
    std::string m_where;
};

} // namespace rp::io
