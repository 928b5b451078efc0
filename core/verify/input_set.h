// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace rp::verify {

/// One file of a set of inputs.
struct SetEntry {
    std::filesystem::path path;
    std::string name;  ///< below the folder that was given, with '/': the same on every machine
    std::string label; ///< first folder below the one that was given; empty when the file stands directly in it
};

struct InputSet {
    std::vector<SetEntry> entries; ///< in order of their names
    std::int64_t ignored = 0;      ///< files that are neither pictures nor arrays by their names
};

/// All pictures and .npy arrays of folders (with their subfolders; links to folders are not followed) and single files. Throws
/// `fileMissing` and `fileUnreadable`.
InputSet listInputs(const std::vector<std::string>& files);

/// Part `index` of `count`, both from 1: every count-th input, so that parts take about equally long.
struct Shard {
    std::int64_t index = 1, count = 1;
    bool holds(std::int64_t input) const { return input % count == index - 1; }
};
/// "2/8"; throws `usage`.
Shard parseShard(const std::string& text);

} // namespace rp::verify
