// SPDX-License-Identifier: Apache-2.0
// Any checkpoint, told by its content as the program tells it: read, recognised, folded.
#include "core/families/open_model.h"
#include "core/fusion/fuse_model.h"
#include "tests/fuzz/fuzzed_file.h"

using namespace rp;

namespace {

/// Folding is work in proportion to what the file holds; beyond this it only slows the search.
constexpr std::int64_t kFewParameters = 20000;

std::int64_t parametersOf(const io::WeightSet& weights) {
    std::int64_t count = 0;
    for (const NamedTensor& tensor : weights.tensors.tensors()) count += tensor.tensor.count();
    return count;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    return fuzz::refusedOrRead([&] {
        families::OpenOptions options;
        options.limits.decodedBytes = fuzz::kDecodedBytes;
        const families::OpenedModel opened = families::openModel(fuzz::fileOf(data, size), options);
        if (opened.weights && parametersOf(*opened.weights) > kFewParameters) return;
        (void)fusion::fuseModel(opened.model);
    });
}
