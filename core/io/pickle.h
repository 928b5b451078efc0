// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/value.h"

#include <functional>
#include <set>
#include <string>

namespace rp::io {

/// A storage that a pickle refers to by persistent id ('storage', type, key, location, numel).
struct StorageRef {
    DType dtype = DType::f32;
    std::string key;
    std::int64_t elements = 0;
};

/// Gives the bytes of a storage; throws when the file has none or too few.
using StorageLookup = std::function<SharedBytes(const StorageRef&)>;

struct PickleResult {
    ValuePtr value;
    std::set<std::string> opaqueSymbols; ///< every GLOBAL that was met and not interpreted
    std::size_t bytesUsed = 0;
};

/// The restricted pickle machine of families.md 8.1 (protocols 2 to 5's data opcodes; never a resolver of
/// symbols). It interprets exactly the symbols listed there and keeps all others as `Opaque`. An explicit
/// stack, no recursion. Throws `malformed` with opcode and byte offset, `truncated`, `limitExceeded`
/// (nesting, or values, memo, stack and text beyond `maxBytes`, or views that exceed their storages by more
/// than that). Bytes (NumPy's arrays of protocol 3 and later) are mapped, not copied. Errors of a tensor name the dict key it would have stood under. The result has no cycles.
PickleResult readPickle(SharedBytes bytes, const std::string& where, const StorageLookup& storage,
                        std::uint64_t maxBytes);

} // namespace rp::io
