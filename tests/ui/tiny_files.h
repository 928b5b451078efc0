// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>

namespace rp::test {

/// A checkpoint that is run in a blink: blocks stage0, stage1.0, stage1.1, stage2.0, stage2.1 of 8, 8 and 16
/// channels, 5 named classes, and the input's size in its metadata.
struct TinyFile {
    std::int64_t inputSide = 24;
    bool incomplete = false; ///< leaves out one key of stage1.1
    bool deploy = false;     ///< kernels and biases only
};

void writeTinyFile(const std::filesystem::path& path, const TinyFile& options = {});

/// The same network twice with other numbers: "model" (preferred) and "ema".
void writeTwoSets(const std::filesystem::path& path);

} // namespace rp::test
