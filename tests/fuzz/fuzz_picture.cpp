// SPDX-License-Identifier: Apache-2.0
// What a network is fed with: a picture through its preprocessing, or an array.
#include "core/io/image.h"
#include "tests/fuzz/fuzzed_file.h"

using namespace rp;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    return fuzz::refusedOrRead([&] {
        io::Preprocessing recipe;
        recipe.resizeShortSide = 20;
        recipe.cropHeight = recipe.cropWidth = 16;
        (void)io::readInputs({fuzz::fileOf(data, size)}, recipe, {fuzz::kDecodedBytes});
    });
}
