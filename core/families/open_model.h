// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/families/assumptions.h"
#include "core/io/checkpoint.h"
#include "core/io/image.h"
#include "core/model/model.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace rp::families {

struct OpenOptions {
    std::optional<std::string> weights; ///< which weight set; none: the preferred one
    std::vector<std::string> assumptions;
    std::vector<std::string> blocks; ///< files that describe kinds of blocks (docs/described-blocks.md)
    const Model* deployOf = nullptr; ///< the file is this model's deploy form, if nothing in it tells otherwise
    io::Limits limits;
};

/// A file as a model: what everything else starts from. The checkpoint keeps the mapping alive.
struct OpenedModel {
    std::shared_ptr<const io::Checkpoint> checkpoint;
    const io::WeightSet* weights = nullptr; ///< inside `checkpoint`
    Model model;
    io::Preprocessing preprocessing; ///< from the file's metadata, else the family's preset
};

/// Opens a checkpoint and assembles its model. Every error names the file.
OpenedModel openModel(const std::filesystem::path& path, const OpenOptions& options = {});

} // namespace rp::families
