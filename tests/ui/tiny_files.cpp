// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/tiny_files.h"

#include "core/io/torch_zip.h"
#include "tests/support/tiny_repvgg.h"

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

} // namespace

void writeTinyFile(const std::filesystem::path& path, const TinyFile& options) {
    TinyRepVgg spec;
    spec.depths = {2, 2};
    spec.widths = {8, 8, 16};
    spec.deploy = options.deploy;
    std::vector<NamedTensor> tensors = tensorsOf(spec);
    if (options.incomplete) test::erase(tensors, "stage1.1.rbr_1x1.conv.weight");
    io::writeTorchZip(path, tensors, "state_dict", true, metaOf(options.inputSide));
}

} // namespace rp::test
