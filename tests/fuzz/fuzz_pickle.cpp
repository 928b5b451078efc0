// SPDX-License-Identifier: Apache-2.0
// The restricted pickle machine without a container around it; storages hold as many zeros as are asked for.
#include "core/io/pickle.h"
#include "tests/fuzz/fuzzed_file.h"

#include <algorithm>
#include <string>

using namespace rp;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    return fuzz::refusedOrRead([&] {
        const auto lookup = [](const io::StorageRef& storage) {
            const auto elements = static_cast<std::size_t>(std::clamp<std::int64_t>(storage.elements, 0, 4096));
            return ownBytes(std::string(elements * sizeOf(storage.dtype), '\0'));
        };
        (void)io::readPickle(ownBytes(std::string(reinterpret_cast<const char*>(data), size)), "pickle", lookup, fuzz::kDecodedBytes);
    });
}
