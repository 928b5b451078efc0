// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/value.h"
#include "core/tensor/state_dict.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace rp::io {

struct OnnxModel;

enum class Format { torchZip, torchLegacy, safetensors, npz, pdparams, onnx };

std::string_view toString(Format format); ///< "pytorch-zip", "paddle" …

/// Upper bounds for what a file may make us allocate, whatever it declares.
struct Limits {
    std::uint64_t decodedBytes = std::uint64_t{1} << 30; ///< decompressed, expanded or decoded data
};

/// One set of weights of a file: `state_dict`, `ema` … or the file itself (empty name).
struct WeightSet {
    std::string name;
    StateDict tensors;
    bool ordered = true; ///< whether the source dict was an OrderedDict; a writer keeps that
};

/// A checkpoint as its file has it: names, tensors (mapped, not copied) and plain data; nothing about blocks.
struct Checkpoint {
    std::filesystem::path path;
    Format format = Format::torchZip;
    std::uint64_t fileBytes = 0;
    std::vector<WeightSet> sets; ///< at least one
    std::size_t preferred = 0;   ///< the set to use when nobody chooses (families.md 3.1)
    /// Plain data beside the weight sets (epoch, meta …; the entries of safetensors' `__metadata__`). What
    /// holds tensors or opaque symbols is left out and named in `notes`.
    Dict extras;
    std::shared_ptr<const OnnxModel> onnx; ///< the graph of an ONNX file; null for all other formats
    std::vector<std::string> notes; ///< what a reader should know: opaque symbols met, sets that were found …

    /// The set called `name`, or the preferred one. Throws `usage` that lists the names when there is none.
    const WeightSet& weights(const std::optional<std::string>& name) const;
};

/// Opens any supported checkpoint, found by content. Throws `formatUnknown`, `formatForeign` (TorchScript,
/// `.pt2`, HDF5, tar, ONNX … with the export line that helps), and what the readers throw; every error names
/// the file.
Checkpoint openCheckpoint(const std::filesystem::path& path, const Limits& limits = {});

/// Whether the content is that of a model of any known kind, also of one that is recognised and refused.
bool looksLikeCheckpoint(const std::filesystem::path& path);

} // namespace rp::io
