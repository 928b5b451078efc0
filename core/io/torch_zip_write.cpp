// SPDX-License-Identifier: Apache-2.0
#include "core/io/torch_zip.h"

#include "core/base/error.h"
#include "core/io/pickle_writer.h"
#include "core/io/zip_writer.h"

#include <fmt/format.h>

namespace rp::io {
namespace {

std::string_view storageTypeOf(DType type, const std::string& where) {
    switch (type) {
    case DType::f32:
        return "FloatStorage";
    case DType::f16:
        return "HalfStorage";
    case DType::bf16:
        return "BFloat16Storage";
    case DType::f64:
        return "DoubleStorage";
    case DType::i64:
        return "LongStorage";
    case DType::i32:
        return "IntStorage";
    case DType::i16:
        return "ShortStorage";
    case DType::i8:
        return "CharStorage";
    case DType::u8:
        return "ByteStorage";
    case DType::boolean:
        return "BoolStorage";
    case DType::u16:
    case DType::u32:
    case DType::u64:
        break;
    }
    throw Error(ErrorCode::unsupported, {where, "an element type that PyTorch has",
                                         std::string(toString(type)), "write .safetensors instead"});
}

Shape rowMajorStrides(const StoredTensor& tensor) {
    Shape strides(tensor.shape().size(), 1);
    if (tensor.count() == 0) return strides;
    for (std::size_t axis = strides.size(); axis-- > 1;)
        strides[axis - 1] = strides[axis] * tensor.shape()[axis];
    return strides;
}

/// The object that torch.save pickles: tensors are `_rebuild_tensor_v2` of a storage whose key is a running number.
class TorchPickle {
public:
    /// `extras` with `tensors` under `setName` ("a.b" nests), or the tensors alone when it is empty.
    void write(const std::vector<NamedTensor>& tensors, const std::string& setName, bool ordered,
               const Dict& extras);

    std::string take() { return m_out.take(); }
    const std::vector<StoredTensor>& storages() const { return m_storages; } ///< member `data/<index>`, dense

private:
    void weights(const std::vector<NamedTensor>& tensors, bool ordered);
    void tensor(const StoredTensor& tensor, const std::string& where);

    PickleWriter m_out{2, [this](const StoredTensor& content) { tensor(content, "extras"); }};
    std::vector<StoredTensor> m_storages;
};

void TorchPickle::write(const std::vector<NamedTensor>& tensors, const std::string& setName, bool ordered,
                         const Dict& extras) {
    if (setName.empty()) {
        weights(tensors, ordered);
        m_out.op(".");
        return;
    }
    m_out.beginDict(extras.ordered);
    m_out.op("(");
    for (const auto& [key, item] : extras.items) {
        const auto* name = key->as<std::string>();
        if (name && *name == setName.substr(0, setName.find('.'))) continue; // the weights take its place
        m_out.value(*key);
        m_out.value(*item);
    }
    // {"ema": {"state_dict": …}} was read as "ema.state_dict".
    int levels = 0;
    std::size_t start = 0;
    for (std::size_t dot; (dot = setName.find('.', start)) != std::string::npos; start = dot + 1, ++levels) {
        m_out.string(std::string_view(setName).substr(start, dot - start));
        m_out.op("}(");
    }
    m_out.string(std::string_view(setName).substr(start));
    weights(tensors, ordered);
    for (; levels >= 0; --levels)
        m_out.op("u");
    m_out.op(".");
}

void TorchPickle::weights(const std::vector<NamedTensor>& tensors, bool ordered) {
    m_out.beginDict(ordered);
    m_out.op("(");
    for (const NamedTensor& named : tensors) {
        m_out.string(named.name);
        tensor(named.tensor, fmt::format("'{}'", named.name));
    }
    m_out.op("u");
}

/// _rebuild_tensor_v2(storage, offset 0, size, stride, requires_grad False, hooks OrderedDict())
void TorchPickle::tensor(const StoredTensor& tensor, const std::string& where) {
    const std::string_view type = storageTypeOf(tensor.dtype(), where);
    m_out.symbol("torch._utils", "_rebuild_tensor_v2");
    m_out.op("((");
    m_out.string("storage");
    m_out.symbol("torch", type);
    m_out.string(std::to_string(m_storages.size()));
    m_out.string("cpu");
    m_out.integer(tensor.count());
    m_out.op("tQ");
    m_out.integer(0);
    m_out.sizes(tensor.shape());
    m_out.sizes(rowMajorStrides(tensor));
    m_out.op("\x89");
    m_out.symbol("collections", "OrderedDict");
    m_out.op(")RtR");
    m_storages.push_back(tensor);
}

} // namespace

void writeTorchZip(AtomicFile& file, const std::vector<NamedTensor>& tensors, const std::string& setName,
                   bool ordered, const Dict& extras) {
    TorchPickle pickle;
    pickle.write(tensors, setName, ordered, extras);
    ZipWriter zip(file);
    zip.add("archive/data.pkl", pickle.take());
    zip.add("archive/byteorder", "little");
    for (std::size_t i = 0; i < pickle.storages().size(); ++i) {
        const SharedBytes storage = pickle.storages()[i].bytes();
        zip.add(fmt::format("archive/data/{}", i), std::span(&storage.bytes, 1));
    }
    zip.add("archive/version", "3\n");
    zip.finish();
}

void writeTorchZip(const std::filesystem::path& path, const std::vector<NamedTensor>& tensors,
                   const std::string& setName, bool ordered, const Dict& extras) {
    AtomicFile file(path);
    writeTorchZip(file, tensors, setName, ordered, extras);
    file.commit();
}

} // namespace rp::io
