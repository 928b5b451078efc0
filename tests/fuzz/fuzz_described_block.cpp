// SPDX-License-Identifier: Apache-2.0
// A description of blocks (docs/described-blocks.md).
#include "core/families/described_block.h"
#include "tests/fuzz/fuzzed_file.h"

#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    return rp::fuzz::refusedOrRead([&] {
        (void)rp::families::describedBlocks({reinterpret_cast<const char*>(data), size}, "blocks.json");
    });
}
