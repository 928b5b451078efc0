// SPDX-License-Identifier: Apache-2.0
#include "core/io/npz.h"

#include "core/base/error.h"
#include "core/io/npy.h"
#include "core/io/zip_writer.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace rp::io {
namespace {

constexpr std::string_view kSuffix = ".npy";

} // namespace

bool isNpz(const ZipArchive& zip) {
    return !zip.members().empty() && std::ranges::all_of(zip.members(), [](const ZipMember& member) {
        return member.name.ends_with(kSuffix);
    });
}

Checkpoint readNpz(const std::filesystem::path& path, ZipArchive& zip) {
    Checkpoint checkpoint;
    checkpoint.path = path;
    checkpoint.format = Format::npz;
    checkpoint.fileBytes = zip.fileBytes();
    std::vector<NamedTensor> tensors;
    for (const ZipMember& member : zip.members()) {
        std::string name = member.name.substr(0, member.name.size() - kSuffix.size());
        try {
            tensors.push_back({std::move(name), readNpy(zip.read(member), member.name)});
        } catch (const Error& error) {
            if (error.code() != ErrorCode::unsupported) throw;
            checkpoint.notes.push_back(fmt::format("not numbers, skipped: {}", error.what()));
        }
    }
    if (tensors.empty())
        throw Error(ErrorCode::unsupported, {"", "arrays of numbers", checkpoint.notes.front(),
                                             "save the weights: numpy.savez(\"weights.npz\", **arrays)"});
    checkpoint.sets.push_back({"", StateDict(std::move(tensors)), false});
    return checkpoint;
}

void writeNpz(AtomicFile& file, const std::vector<NamedTensor>& tensors) {
    ZipWriter zip(file);
    for (const auto& [name, tensor] : tensors) {
        const std::string header = npyHeader(tensor.dtype(), tensor.shape(), "'" + name + "'");
        const SharedBytes data = tensor.bytes();
        const std::array<Bytes, 2> parts{std::as_bytes(std::span(header)), data.bytes};
        zip.add(name + std::string(kSuffix), parts);
    }
    zip.finish();
}

} // namespace rp::io
