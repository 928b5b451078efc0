// SPDX-License-Identifier: Apache-2.0
#include "core/io/write_checkpoint.h"

#include "core/base/error.h"
#include "core/io/npz.h"
#include "core/io/pdparams.h"
#include "core/io/safetensors.h"
#include "core/io/torch_zip.h"

#include <algorithm>
#include <array>
#include <limits>

#include <fmt/format.h>

namespace rp::io {
namespace {

struct Suffix {
    std::string_view text;
    Format format;
};

constexpr std::array<Suffix, 5> kSuffixes{{{".pth", Format::torchZip},
                                           {".pt", Format::torchZip},
                                           {".safetensors", Format::safetensors},
                                           {".npz", Format::npz},
                                           {".pdparams", Format::pdparams}}};

/// The part of the plain data that is text, which is all that safetensors has a place for.
Dict textsOf(const Dict& extras) {
    Dict texts;
    for (const auto& item : extras.items)
        if (item.first->as<std::string>() && item.second->as<std::string>()) texts.items.push_back(item);
    return texts;
}

std::vector<std::string> notCarried(const Dict& extras, const Dict& kept, Format format) {
    std::vector<std::string> notes;
    for (const auto& item : extras.items) {
        const auto* key = item.first->as<std::string>();
        if (key && !kept.find(*key))
            notes.push_back(
                fmt::format("'{}' is not carried over: {}", *key,
                            format == Format::safetensors
                                ? "safetensors holds text only beside its tensors"
                                : fmt::format("a {} file holds the weights alone", toString(format))));
    }
    return notes;
}

[[noreturn]] void throwDiffers(const std::string& what, std::string found) {
    throw Error(ErrorCode::writeFailed,
                {what, "the tensor that was written, when the file is read back", std::move(found),
                 "check the disk and its free space; an older file was left as it was"});
}

void compare(const std::filesystem::path& written, const CheckpointContent& content) {
    // What was in memory before fits again: no limit.
    const Checkpoint back = openCheckpoint(written, {std::numeric_limits<std::uint64_t>::max()});
    const StateDict& tensors = back.sets.front().tensors;
    if (tensors.size() != content.tensors.size())
        throwDiffers("tensors", fmt::format("{} of {}", tensors.size(), content.tensors.size()));
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        const NamedTensor& wanted = content.tensors[i];
        const NamedTensor& found = tensors.tensors()[i];
        if (found.name != wanted.name)
            throwDiffers(fmt::format("'{}'", wanted.name), fmt::format("'{}'", found.name));
        if (found.tensor.dtype() != wanted.tensor.dtype() || found.tensor.shape() != wanted.tensor.shape())
            throwDiffers(
                fmt::format("'{}'", wanted.name),
                fmt::format("{} {}", toString(found.tensor.dtype()), rp::toString(found.tensor.shape())));
        if (!std::ranges::equal(found.tensor.bytes().bytes, wanted.tensor.bytes().bytes))
            throwDiffers(fmt::format("'{}'", wanted.name), "other bytes");
    }
}

} // namespace

std::optional<Format> formatForSuffix(const std::filesystem::path& path) {
    const std::string suffix = path.extension().string();
    for (const Suffix& row : kSuffixes)
        if (row.text == suffix) return row.format;
    return std::nullopt;
}

std::vector<std::string> writeCheckpoint(const std::filesystem::path& path, Format format,
                                         const CheckpointContent& content) {
    AtomicFile file(path);
    Dict kept;
    switch (format) {
    case Format::torchZip:
        kept = content.extras;
        writeTorchZip(file, content.tensors, content.setName, content.ordered, content.extras);
        break;
    case Format::safetensors:
        kept = textsOf(content.extras);
        writeSafetensors(file, content.tensors, kept);
        break;
    case Format::npz:
        writeNpz(file, content.tensors);
        break;
    case Format::pdparams:
        writePdparams(file, content.tensors);
        break;
    case Format::torchLegacy:
    case Format::onnx: // a graph is written by writeOnnx
        throw Error(ErrorCode::internal, {path.string(), "a format that is written", "another", ""});
    }
    compare(file.temporary(), content);
    file.commit();
    return notCarried(content.extras, kept, format);
}

} // namespace rp::io
