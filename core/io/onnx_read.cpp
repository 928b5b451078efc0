// SPDX-License-Identifier: Apache-2.0
#include "core/io/onnx_read.h"

#include "core/base/checked.h"
#include "core/base/error.h"

#include <charconv>
#include <cstring>
#include <limits>
#include <map>
#include <optional>
#include <set>

#include <fmt/format.h>
#include <onnx/onnx_pb.h>

namespace rp::io {
namespace {

using onnx::TensorProto;
using rp::toString; // shapes are std::vector, so lookup by argument does not find it

std::optional<DType> dtypeOf(int type) {
    switch (type) {
    case TensorProto::FLOAT: return DType::f32;
    case TensorProto::UINT8: return DType::u8;
    case TensorProto::INT8: return DType::i8;
    case TensorProto::UINT16: return DType::u16;
    case TensorProto::INT16: return DType::i16;
    case TensorProto::INT32: return DType::i32;
    case TensorProto::INT64: return DType::i64;
    case TensorProto::BOOL: return DType::boolean;
    case TensorProto::FLOAT16: return DType::f16;
    case TensorProto::DOUBLE: return DType::f64;
    case TensorProto::UINT32: return DType::u32;
    case TensorProto::UINT64: return DType::u64;
    case TensorProto::BFLOAT16: return DType::bf16;
    default: return std::nullopt;
    }
}

/// Numbers of a typed field, cut to the width that they are stored in, as raw bytes.
template<class Stored, class Field>
SharedBytes packed(const Field& field) {
    std::string bytes(static_cast<std::size_t>(field.size()) * sizeof(Stored), '\0');
    char* to = bytes.data();
    for (const auto value : field) {
        const auto stored = static_cast<Stored>(value);
        std::memcpy(to, &stored, sizeof(Stored));
        to += sizeof(Stored);
    }
    return ownBytes(std::move(bytes));
}

/// Tensors of one file; external data files are mapped once each.
class TensorReader {
public:
    TensorReader(std::filesystem::path model, std::shared_ptr<const onnx::ModelProto> proto)
        : m_folder(model.parent_path()), m_proto(std::move(proto)) {}

    StoredTensor read(const TensorProto& tensor, const std::string& where) {
        const auto type = dtypeOf(tensor.data_type());
        if (!type)
            throw Error(ErrorCode::unsupported, {where, "numbers of up to 64 bits", fmt::format("ONNX data type {}", tensor.data_type()), ""});
        const Shape shape(tensor.dims().begin(), tensor.dims().end());
        const std::int64_t count = checkedCount(shape, where);
        const auto size = checkedMul(count, static_cast<std::int64_t>(sizeOf(*type)));
        if (!size) throw Error(ErrorCode::limitExceeded, {where, "a size below 2^63 bytes", toString(shape), "the file is damaged"});
        SharedBytes bytes = bytesOf(tensor, *type, static_cast<std::uint64_t>(*size), where);
        if (bytes.size() != static_cast<std::uint64_t>(*size))
            throw Error(ErrorCode::shapeMismatch, {where, fmt::format("{} bytes for {} {}", *size, toString(*type), toString(shape)),
                                                   fmt::format("{}", bytes.size()), "the file is damaged"});
        return StoredTensor::dense(*type, shape, std::move(bytes), where);
    }

private:
    SharedBytes bytesOf(const TensorProto& tensor, DType type, std::uint64_t size, const std::string& where) {
        if (tensor.data_location() == TensorProto::EXTERNAL) return external(tensor, size, where);
        if (tensor.has_raw_data())
            return {m_proto, std::as_bytes(std::span(tensor.raw_data().data(), tensor.raw_data().size()))};
        switch (type) {
        case DType::f32: return packed<float>(tensor.float_data());
        case DType::f64: return packed<double>(tensor.double_data());
        case DType::i64: return packed<std::int64_t>(tensor.int64_data());
        case DType::u64: return packed<std::uint64_t>(tensor.uint64_data());
        case DType::u32: return packed<std::uint32_t>(tensor.uint64_data());
        case DType::i32: return packed<std::int32_t>(tensor.int32_data());
        case DType::i16: return packed<std::int16_t>(tensor.int32_data());
        case DType::u16:
        case DType::f16:
        case DType::bf16: return packed<std::uint16_t>(tensor.int32_data());
        case DType::i8: return packed<std::int8_t>(tensor.int32_data());
        case DType::u8:
        case DType::boolean: return packed<std::uint8_t>(tensor.int32_data());
        }
        return {};
    }

    SharedBytes external(const TensorProto& tensor, std::uint64_t size, const std::string& where) {
        std::map<std::string, std::string> entries;
        for (const auto& entry : tensor.external_data()) entries[entry.key()] = entry.value();
        const std::uint64_t offset = numberOf(entries, "offset", 0, where);
        const std::uint64_t length = numberOf(entries, "length", size, where);
        if (length != size)
            throw Error(ErrorCode::shapeMismatch, {where, fmt::format("{} bytes of external data", size), fmt::format("length {}", length), ""});
        return mapped(entries["location"], where).slice(offset, length, where);
    }

    static std::uint64_t numberOf(const std::map<std::string, std::string>& entries, const char* key, std::uint64_t missing,
                                  const std::string& where) {
        const auto entry = entries.find(key);
        if (entry == entries.end()) return missing;
        std::uint64_t number = 0;
        const char* end = entry->second.data() + entry->second.size();
        const auto [stop, error] = std::from_chars(entry->second.data(), end, number);
        if (error != std::errc{} || stop != end)
            throw Error(ErrorCode::malformed, {where, fmt::format("a number as external {}", key), "'" + entry->second + "'", ""});
        return number;
    }

    /// Only what lies below the model's folder, and is really there: no way out by "..", links or devices.
    SharedBytes mapped(const std::string& location, const std::string& where) {
        if (const auto known = m_files.find(location); known != m_files.end()) return known->second;
        const std::filesystem::path relative(location);
        bool inside = !location.empty() && location.find('\0') == std::string::npos && relative.is_relative();
        std::filesystem::path path = m_folder;
        for (const std::filesystem::path& part : relative) {
            inside = inside && part != "..";
            if (!inside) break;
            path /= part;
            std::error_code ignored;
            inside = !std::filesystem::is_symlink(std::filesystem::symlink_status(path, ignored));
        }
        if (!inside)
            throw Error(ErrorCode::malformed, {where, "external data in a file below the model's folder", "'" + location + "'",
                                               "do not use this file unless you trust it"});
        return m_files.emplace(location, mapFile(path)).first->second;
    }

    std::filesystem::path m_folder;
    std::shared_ptr<const onnx::ModelProto> m_proto;
    std::map<std::string, SharedBytes> m_files;
};

OnnxAttribute attributeOf(const onnx::AttributeProto& a, TensorReader& tensors, const std::string& where) {
    using A = onnx::AttributeProto;
    OnnxAttribute result{a.name(), OnnxOther{}};
    switch (a.type()) {
    case A::INT: result.value = static_cast<std::int64_t>(a.i()); break;
    case A::FLOAT: result.value = static_cast<double>(a.f()); break;
    case A::STRING: result.value = a.s(); break;
    case A::INTS: result.value = std::vector<std::int64_t>(a.ints().begin(), a.ints().end()); break;
    case A::FLOATS: result.value = std::vector<double>(a.floats().begin(), a.floats().end()); break;
    case A::TENSOR:
        if (dtypeOf(a.t().data_type())) result.value = tensors.read(a.t(), where + ": " + a.name());
        break;
    default: break;
    }
    return result;
}

OnnxValue valueOf(const onnx::ValueInfoProto& info) {
    OnnxValue value{info.name(), info.type().tensor_type().has_shape(), {}};
    for (const auto& dim : info.type().tensor_type().shape().dim()) value.shape.push_back(dim.has_dim_value() ? dim.dim_value() : -1);
    return value;
}

} // namespace

OnnxModel parseOnnx(const std::filesystem::path& path, const SharedBytes& file, const Limits& limits) {
    if (file.size() > limits.decodedBytes || file.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()))
        throw Error(ErrorCode::limitExceeded, {"", fmt::format("an ONNX file of at most {} bytes", limits.decodedBytes),
                                               fmt::format("{}", file.size()), "keep the weights as external data, or raise the limit"});
    const auto proto = std::make_shared<onnx::ModelProto>();
    if (!proto->ParseFromArray(file.bytes.data(), static_cast<int>(file.size())))
        throw Error(ErrorCode::malformed, {"", "an ONNX model (protobuf)", "bytes that end early or contradict each other", "the file is damaged"});
    if (!proto->has_graph() || proto->graph().node_size() == 0)
        throw Error(ErrorCode::malformed, {"", "a graph with at least one node", "none", "the file is damaged"});

    OnnxModel model;
    model.irVersion = proto->ir_version();
    model.producer = proto->producer_name() + (proto->producer_version().empty() ? "" : " " + proto->producer_version());
    model.opset = 0;
    for (const auto& entry : proto->opset_import())
        if (entry.domain().empty() || entry.domain() == "ai.onnx") model.opset = entry.version();
    if (model.opset == 0)
        throw Error(ErrorCode::unsupported, {"opset_import", "ONNX's own operators", "only other domains", ""});
    for (const auto& entry : proto->metadata_props()) model.metadata.emplace_back(entry.key(), entry.value());

    const onnx::GraphProto& graph = proto->graph();
    model.graphName = graph.name();
    TensorReader tensors(path, proto);
    std::set<std::string> names;
    for (const TensorProto& tensor : graph.initializer()) {
        model.initializers.push_back({tensor.name(), tensors.read(tensor, tensor.name())});
        names.insert(tensor.name());
    }
    if (graph.sparse_initializer_size() > 0)
        throw Error(ErrorCode::unsupported, {"sparse_initializer", "dense initializers", "sparse ones", "export without sparse tensors"});
    for (const auto& info : graph.input())
        if (!names.contains(info.name())) model.inputs.push_back(valueOf(info));
    for (const auto& info : graph.output()) model.outputs.push_back(valueOf(info));
    for (const auto& info : graph.value_info()) model.values.push_back(valueOf(info));
    for (int i = 0; i < graph.node_size(); ++i) {
        const onnx::NodeProto& from = graph.node(i);
        OnnxNode node{from.name(), from.op_type(), from.domain() == "ai.onnx" ? "" : from.domain(), {from.input().begin(), from.input().end()},
                      {from.output().begin(), from.output().end()}, {}, i};
        for (const auto& a : from.attribute()) node.attributes.push_back(attributeOf(a, tensors, from.op_type() + " " + from.name()));
        model.nodes.push_back(std::move(node));
    }
    model.file = proto;
    return model;
}

Checkpoint readOnnx(const std::filesystem::path& path, SharedBytes file, const Limits& limits) {
    Checkpoint checkpoint;
    checkpoint.path = path;
    checkpoint.format = Format::onnx;
    checkpoint.fileBytes = file.size();
    auto model = std::make_shared<OnnxModel>(parseOnnx(path, file, limits));
    for (const auto& [key, value] : model->metadata) checkpoint.extras.items.emplace_back(makeValue(key), makeValue(value));
    checkpoint.sets.push_back({"", StateDict(model->initializers), true});
    checkpoint.onnx = std::move(model);
    return checkpoint;
}

} // namespace rp::io
