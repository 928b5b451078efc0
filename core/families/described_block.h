// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/families/block_kind.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace rp::families {

/// Kinds of blocks that the user describes in JSON (docs/described-blocks.md and its schema): branches by key pattern and what
/// no tensor states. Throws `malformed` naming the place in the file ("blocks[0].body.sum[1]").
std::vector<BlockKind> describedBlocks(std::string_view json, const std::string& where);
/// The same from a file of at most 1 MB.
std::vector<BlockKind> describedBlocksFile(const std::filesystem::path& path);

} // namespace rp::families
