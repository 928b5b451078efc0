// SPDX-License-Identifier: Apache-2.0
#include "core/io/checkpoint.h"

#include "core/base/error.h"
#include "core/base/mapped_file.h"
#include "core/io/file_kind.h"
#include "core/io/npz.h"
#include "core/io/pdparams.h"
#include "core/io/onnx_read.h"
#include "core/io/safetensors.h"
#include "core/io/torch_legacy.h"
#include "core/io/torch_zip.h"

#include <new>
#include <stdexcept>

#include <fmt/format.h>

namespace rp::io {
namespace {

/// What a recognised but foreign format is, and the line that turns it into one that is read. `{}` is the
/// file's name.
struct Foreign {
    FileKind kind;
    const char* found;
    const char* remedy;
};

constexpr Foreign kForeign[] = {
    {FileKind::torchTar, "a tar file, as PyTorch before 0.1.10 wrote",
     "in Python: torch.save(torch.load(\"{0}\", map_location=\"cpu\"), \"weights.pth\"); a tar of other "
     "files: unpack it first"},
    {FileKind::hdf5, "an HDF5 file",
     "in Python: f = h5py.File(\"{0}\"); torch.save({{k: torch.tensor(v[()]) for k, v in f.items()}}, "
     "\"weights.pth\")"},
    {FileKind::npy, "a NumPy array, not a checkpoint", "give it as input: --input {0}"},
    {FileKind::picture, "a picture, not a checkpoint", "give it as input: --input {0}"},
};

[[noreturn]] void throwUnknown(FileKind kind) {
    std::string found = "content of no known format";
    std::string remedy = "give a checkpoint: .pth, .pt, .safetensors, .npz or .pdparams";
    if (kind == FileKind::webPage) {
        found = "a web page";
        remedy = "download the file itself, not the page that shows it";
    } else if (kind == FileKind::lfsPointer) {
        found = "a Git LFS pointer";
        remedy = "fetch the file itself: git lfs pull";
    }
    throw Error(ErrorCode::formatUnknown, {"", "a checkpoint", std::move(found), std::move(remedy)});
}

Checkpoint openKind(FileKind kind, const std::filesystem::path& path, SharedBytes file,
                    const Limits& limits) {
    switch (kind) {
    case FileKind::zip: {
        ZipArchive zip(std::move(file), limits.decodedBytes);
        return isNpz(zip) ? readNpz(path, zip) : readTorchZip(path, zip, limits);
    }
    case FileKind::torchLegacy:
        return readTorchLegacy(path, std::move(file), limits);
    case FileKind::onnx:
        return readOnnx(path, std::move(file), limits);
    case FileKind::safetensors:
        return readSafetensors(path, std::move(file), limits);
    case FileKind::pickle:
        return readPdparams(path, std::move(file), limits);
    default:
        break;
    }
    for (const Foreign& row : kForeign)
        if (row.kind == kind)
            throw Error(ErrorCode::formatForeign,
                        {"", "a checkpoint of PyTorch, Paddle, NumPy or safetensors", row.found,
                         fmt::format(fmt::runtime(row.remedy), path.filename().string())});
    throwUnknown(kind);
}

} // namespace

std::string_view toString(Format format) {
    switch (format) {
    case Format::torchZip:
        return "pytorch-zip";
    case Format::torchLegacy:
        return "pytorch-legacy";
    case Format::npz:
        return "npz";
    case Format::pdparams:
        return "paddle";
    case Format::safetensors:
        return "safetensors";
    case Format::onnx:
        return "onnx";
    }
    return "unknown";
}

const WeightSet& Checkpoint::weights(const std::optional<std::string>& name) const {
    if (!name) return sets.at(preferred);
    std::string names;
    for (const WeightSet& set : sets) {
        if (set.name == *name) return set;
        names += fmt::format("{}'{}'", names.empty() ? "" : ", ", set.name);
    }
    throw Error(ErrorCode::usage,
                {path.string(), "one of the sets " + names, fmt::format("'{}'", *name), ""});
}

Checkpoint openCheckpoint(const std::filesystem::path& path, const Limits& limits) {
    const SharedBytes file = mapFile(path);
    try {
        Checkpoint checkpoint = openKind(fileKindOf(file.bytes), path, file, limits);
        requireIntact(file.bytes);
        return checkpoint;
    } catch (const Error& error) {
        requireIntact(file.bytes); // what is wrong with zeros is nothing that the file says
        throw error.within(path.string());
    } catch (const std::bad_alloc&) {
        throw Error(ErrorCode::limitExceeded,
                    {path.string(), "enough memory", "too little", "close other programs"});
    } catch (const std::length_error&) {
        throw Error(ErrorCode::limitExceeded,
                    {path.string(), "sizes that memory can hold", "a larger one", "the file is damaged"});
    }
}

bool looksLikeCheckpoint(const std::filesystem::path& path) {
    try {
        switch (fileKindOf(mapFile(path).bytes)) {
        case FileKind::unknown:
        case FileKind::npy:
        case FileKind::picture:
        case FileKind::webPage:
        case FileKind::lfsPointer:
            return false;
        default:
            return true;
        }
    } catch (const Error&) {
        return false;
    }
}

} // namespace rp::io
