// SPDX-License-Identifier: Apache-2.0
#include "core/io/torch_zip.h"

#include "core/base/checked.h"
#include "core/base/error.h"
#include "core/io/pickle.h"
#include "core/io/weight_sets.h"
#include "core/io/zip_archive.h"

#include <algorithm>

#include <fmt/format.h>

namespace rp::io {
namespace {

[[noreturn]] void throwForeign(std::string found, std::string remedy) {
    throw Error(ErrorCode::formatForeign,
                {"", "a PyTorch checkpoint (torch.save)", std::move(found), std::move(remedy)});
}

/// The file's name as a Python string literal.
std::string quoted(const std::filesystem::path& path) {
    return fmt::format("\"{}\"", path.filename().string());
}

bool anyMember(const ZipArchive& zip, const auto& test) {
    return std::ranges::any_of(zip.members(),
                               [&](const ZipMember& member) { return test(std::string_view(member.name)); });
}

void refuseExportedProgram(const ZipArchive& zip, const std::filesystem::path& path) {
    const bool exported = anyMember(zip, [](std::string_view name) {
        return name.ends_with("archive_format") || name.find("/data/weights/") != std::string_view::npos ||
               name.find("serialized_exported_program.json") != std::string_view::npos ||
               (name.find("models/") != std::string_view::npos && name.ends_with(".json"));
    });
    if (exported)
        throwForeign("a .pt2 archive of torch.export",
                     fmt::format(R"(in Python: torch.save(torch.export.load({}).state_dict, "weights.pth"))",
                                 quoted(path)));
}

void refuseTorchScript(const ZipArchive& zip, const std::string& root, const std::filesystem::path& path) {
    const bool script = anyMember(zip, [&](std::string_view name) {
        return name == root + "constants.pkl" || name.starts_with(root + "code/");
    });
    if (script)
        throwForeign(
            "a TorchScript archive",
            fmt::format(
                R"(in Python: torch.save(torch.jit.load({}, map_location="cpu").state_dict(), "weights.pth"))",
                quoted(path)));
}

/// "<root>/" of the one member "<root>/data.pkl".
std::string rootOf(const ZipArchive& zip) {
    constexpr std::string_view kPickle = "data.pkl";
    std::vector<std::string> roots;
    for (const ZipMember& member : zip.members()) {
        const std::string_view name = member.name;
        if (name == kPickle || name.ends_with("/data.pkl"))
            roots.emplace_back(name.substr(0, name.size() - kPickle.size()));
    }
    if (roots.empty())
        throw Error(ErrorCode::formatUnknown, {"", "a PyTorch checkpoint with a member data.pkl",
                                               "another zip file", "give a .pth, .pt or .safetensors file"});
    if (roots.size() > 1)
        throw Error(ErrorCode::malformed, {"data.pkl", "one member of this name",
                                           fmt::format("'{}data.pkl' and '{}data.pkl'", roots[0], roots[1]),
                                           "the file is damaged"});
    return roots.front();
}

bool isBigEndian(ZipArchive& zip, const std::string& root) {
    const ZipMember* member = zip.find(root + "byteorder");
    if (!member) return false; // absent before PyTorch 2.1: little
    const SharedBytes bytes = zip.read(*member);
    const std::string_view order(reinterpret_cast<const char*>(bytes.bytes.data()),
                                 std::min<std::size_t>(bytes.size(), 20));
    if (order != "little" && order != "big")
        throw Error(ErrorCode::malformed,
                    {member->name, "little or big", fmt::format("'{}'", order), "the file is damaged"});
    return order == "big";
}

SharedBytes storageBytes(ZipArchive& zip, const std::string& root, bool bigEndian, const StorageRef& ref) {
    const std::string name = root + "data/" + ref.key;
    const ZipMember* member = zip.find(name);
    if (!member)
        throw Error(ErrorCode::malformed,
                    {name, "a member with the storage's bytes", "none", "the file is damaged"});
    const auto bytes = checkedMul<std::uint64_t>(static_cast<std::uint64_t>(ref.elements), sizeOf(ref.dtype));
    if (!bytes || *bytes > member->bytes)
        throw Error(ErrorCode::truncated,
                    {name, fmt::format("{} elements of {}", ref.elements, toString(ref.dtype)),
                     fmt::format("{} bytes", member->bytes), "the file is damaged"});
    const SharedBytes stored = zip.read(*member).slice(0, *bytes, name);
    if (!bigEndian || sizeOf(ref.dtype) == 1) return stored;
    zip.charge(name, *bytes);
    return swappedBytes(stored.bytes, sizeOf(ref.dtype));
}

} // namespace

Checkpoint readTorchZip(const std::filesystem::path& path, ZipArchive& zip, const Limits& limits) {
    Checkpoint checkpoint;
    checkpoint.path = path;
    checkpoint.format = Format::torchZip;
    checkpoint.fileBytes = zip.fileBytes();
    refuseExportedProgram(zip, path);
    const std::string root = rootOf(zip);
    refuseTorchScript(zip, root, path);
    const bool bigEndian = isBigEndian(zip, root);
    const ZipMember& member = *zip.find(root + "data.pkl");
    const SharedBytes pickle = zip.read(member, true);
    const PickleResult result = readPickle(
        pickle, member.name,
        [&](const StorageRef& ref) { return storageBytes(zip, root, bigEndian, ref); },
        limits.decodedBytes);
    findWeightSets(checkpoint, result.value, result.opaqueSymbols);
    return checkpoint;
}

} // namespace rp::io
