// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/tiny_files.h"

#include "core/io/torch_zip.h"
#include "tests/support/file_builder.h"
#include "tests/support/tiny_repvgg.h"

#include <fstream>

namespace rp::test {
namespace {

io::ValuePtr text(const char* value) {
    return io::makeValue(std::string(value));
}

io::Dict metaOf(std::int64_t side) {
    io::Sequence classes, size;
    for (const char* name : {"apple", "bread", "cup", "dish", "egg"})
        classes.items.push_back(text(name));
    for (int axis = 0; axis < 2; ++axis)
        size.items.push_back(io::makeValue(side));
    io::Dict meta, extras;
    meta.items.emplace_back(text("classes"), io::makeValue(std::move(classes)));
    meta.items.emplace_back(text("input_size"), io::makeValue(std::move(size)));
    extras.items.emplace_back(text("meta"), io::makeValue(std::move(meta)));
    return extras;
}

TinyRepVgg smallSpec() {
    TinyRepVgg spec;
    spec.depths = {2, 2};
    spec.widths = {8, 8, 16};
    return spec;
}

/// A state dict as a pickle of tensors whose storages are appended to `storages`.
std::string pickled(const std::vector<NamedTensor>& tensors, std::vector<std::string>& storages) {
    namespace pk = pickle;
    std::string items;
    for (const NamedTensor& named : tensors) {
        const TensorF values = named.tensor.toFloat();
        const auto count = static_cast<std::int32_t>(values.count());
        std::vector<std::int32_t> size(values.shape().begin(), values.shape().end()), step(size.size(), 1);
        for (std::size_t axis = size.size(); axis-- > 1;)
            step[axis - 1] = step[axis] * size[axis];
        const std::string storage = pk::storage("FloatStorage", std::to_string(storages.size()), count);
        if (size.size() == 1)
            items += pk::str(named.name) + pk::tensor(storage, 0, {size[0]}, {1});
        else if (size.size() == 2)
            items += pk::str(named.name) + pk::tensor(storage, 0, {size[0], size[1]}, {step[0], 1});
        else if (size.size() == 4)
            items += pk::str(named.name) + pk::tensor(storage, 0, {size[0], size[1], size[2], size[3]},
                                                      {step[0], step[1], step[2], 1});
        else
            continue; // counters
        storages.emplace_back(reinterpret_cast<const char*>(values.values().data()),
                              values.values().size_bytes());
    }
    return "}(" + items + "u";
}

} // namespace

void writeTwoSets(const std::filesystem::path& path) {
    TinyRepVgg plain = smallSpec(), averaged = smallSpec();
    averaged.seed = 2;
    std::vector<std::string> storages;
    const std::string model = pickled(tensorsOf(plain), storages),
                      ema = pickled(tensorsOf(averaged), storages);
    const std::string root = pickle::dict({pickle::str("model"), model, pickle::str("ema"), ema});
    std::ofstream(path, std::ios::binary) << torchFile(pickle::file(root), storages);
}

void writeTinyFile(const std::filesystem::path& path, const TinyFile& options) {
    TinyRepVgg spec = smallSpec();
    spec.deploy = options.deploy;
    std::vector<NamedTensor> tensors = tensorsOf(spec);
    if (options.incomplete) test::erase(tensors, "stage1.1.rbr_1x1.conv.weight");
    io::writeTorchZip(path, tensors, "state_dict", true, metaOf(options.inputSide));
}

} // namespace rp::test
