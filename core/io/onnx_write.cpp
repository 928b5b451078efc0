// SPDX-License-Identifier: Apache-2.0
#include "core/io/onnx_write.h"

#include "core/base/error.h"
#include "core/io/atomic_file.h"

#include <limits>
#include <set>

#include <fmt/format.h>
#include <onnx/onnx_pb.h>

namespace rp::io {
namespace {

using onnx::TensorProto;

int typeOf(DType type) {
    switch (type) {
    case DType::f32: return TensorProto::FLOAT;
    case DType::u8: return TensorProto::UINT8;
    case DType::i8: return TensorProto::INT8;
    case DType::u16: return TensorProto::UINT16;
    case DType::i16: return TensorProto::INT16;
    case DType::i32: return TensorProto::INT32;
    case DType::i64: return TensorProto::INT64;
    case DType::boolean: return TensorProto::BOOL;
    case DType::f16: return TensorProto::FLOAT16;
    case DType::f64: return TensorProto::DOUBLE;
    case DType::u32: return TensorProto::UINT32;
    case DType::u64: return TensorProto::UINT64;
    case DType::bf16: return TensorProto::BFLOAT16;
    }
    return TensorProto::UNDEFINED;
}

void fill(TensorProto& to, const std::string& name, const StoredTensor& tensor) {
    to.set_name(name);
    to.set_data_type(typeOf(tensor.dtype()));
    for (std::int64_t size : tensor.shape()) to.add_dims(size);
    const SharedBytes bytes = tensor.bytes();
    to.set_raw_data(bytes.bytes.data(), bytes.size());
}

struct AttributeFiller {
    onnx::AttributeProto& to;
    void operator()(const OnnxOther&) const {}
    void operator()(std::int64_t value) const {
        to.set_type(onnx::AttributeProto::INT);
        to.set_i(value);
    }
    void operator()(double value) const {
        to.set_type(onnx::AttributeProto::FLOAT);
        to.set_f(static_cast<float>(value));
    }
    void operator()(const std::string& value) const {
        to.set_type(onnx::AttributeProto::STRING);
        to.set_s(value);
    }
    void operator()(const std::vector<std::int64_t>& values) const {
        to.set_type(onnx::AttributeProto::INTS);
        to.mutable_ints()->Add(values.begin(), values.end());
    }
    void operator()(const std::vector<double>& values) const {
        to.set_type(onnx::AttributeProto::FLOATS);
        for (double v : values) to.add_floats(static_cast<float>(v));
    }
    void operator()(const StoredTensor& value) const {
        to.set_type(onnx::AttributeProto::TENSOR);
        fill(*to.mutable_t(), "", value);
    }
};

void fill(onnx::NodeProto& to, const OnnxNode& node) {
    to.set_name(node.name);
    to.set_op_type(node.opType);
    if (!node.domain.empty()) to.set_domain(node.domain);
    for (const std::string& input : node.inputs) to.add_input(input);
    for (const std::string& output : node.outputs) to.add_output(output);
    for (const OnnxAttribute& attribute : node.attributes) {
        onnx::AttributeProto& a = *to.add_attribute();
        a.set_name(attribute.name);
        std::visit(AttributeFiller{a}, attribute.value);
    }
}

void fill(onnx::ValueInfoProto& to, const OnnxValue& value) {
    to.set_name(value.name);
    auto& type = *to.mutable_type()->mutable_tensor_type();
    type.set_elem_type(TensorProto::FLOAT);
    if (!value.hasShape) return;
    auto& shape = *type.mutable_shape();
    for (std::size_t axis = 0; axis < value.shape.size(); ++axis) {
        auto& dim = *shape.add_dim();
        if (value.shape[axis] >= 0)
            dim.set_dim_value(value.shape[axis]);
        else
            dim.set_dim_param(fmt::format("{}_{}", value.name, axis));
    }
}

/// The file's message without nodes and initializers, or a new one.
onnx::ModelProto frameOf(const OnnxModel& model, const onnx::ModelProto* source) {
    onnx::ModelProto proto;
    onnx::GraphProto& graph = *proto.mutable_graph();
    if (!source) {
        proto.set_ir_version(model.irVersion);
        proto.set_producer_name("repscope");
        proto.set_producer_version(REPSCOPE_VERSION);
        proto.add_opset_import()->set_version(model.opset);
        for (const auto& [key, value] : model.metadata) {
            auto& entry = *proto.add_metadata_props();
            entry.set_key(key);
            entry.set_value(value);
        }
        graph.set_name(model.graphName);
        for (const OnnxValue& value : model.inputs) fill(*graph.add_input(), value);
        for (const OnnxValue& value : model.outputs) fill(*graph.add_output(), value);
        for (const OnnxValue& value : model.values) fill(*graph.add_value_info(), value);
        return proto;
    }
    proto = *source;
    graph.clear_node();
    graph.clear_initializer();
    return proto;
}

/// Descriptions of values that are gone go too. Before IR 4 every initializer is an input as well.
void keepValuesTrue(onnx::GraphProto& graph, const onnx::ModelProto& source) {
    std::set<std::string> made, initializers, listed, sourceInitializers;
    for (const auto& node : graph.node()) made.insert(node.output().begin(), node.output().end());
    for (const TensorProto& tensor : graph.initializer()) initializers.insert(tensor.name());
    for (const TensorProto& tensor : source.graph().initializer()) sourceInitializers.insert(tensor.name());
    graph.clear_value_info();
    for (const auto& info : source.graph().value_info())
        if (made.contains(info.name())) *graph.add_value_info() = info;
    graph.clear_input();
    for (const auto& info : source.graph().input()) {
        if (sourceInitializers.contains(info.name()) && !initializers.contains(info.name())) continue;
        *graph.add_input() = info;
        listed.insert(info.name());
    }
    if (source.ir_version() >= 4) return;
    for (const TensorProto& tensor : graph.initializer())
        if (!listed.contains(tensor.name())) {
            auto& input = *graph.add_input();
            input.set_name(tensor.name());
            auto& type = *input.mutable_type()->mutable_tensor_type();
            type.set_elem_type(tensor.data_type());
            for (const auto size : tensor.dims()) type.mutable_shape()->add_dim()->set_dim_value(size);
        }
}

} // namespace

void writeOnnx(const std::filesystem::path& target, const OnnxModel& model) {
    const auto* source = static_cast<const onnx::ModelProto*>(model.file.get());
    onnx::ModelProto proto = frameOf(model, source);
    onnx::GraphProto& graph = *proto.mutable_graph();
    for (const OnnxNode& node : model.nodes)
        if (source && node.source >= 0)
            *graph.add_node() = source->graph().node(static_cast<int>(node.source));
        else
            fill(*graph.add_node(), node);
    for (const NamedTensor& tensor : model.initializers) fill(*graph.add_initializer(), tensor.name, tensor.tensor);
    if (source) keepValuesTrue(graph, *source);
    std::string bytes;
    if (proto.ByteSizeLong() > static_cast<std::size_t>(std::numeric_limits<int>::max()) || !proto.SerializeToString(&bytes))
        throw Error(ErrorCode::limitExceeded, {target.string(), "an ONNX file below 2 GiB", fmt::format("{} bytes", proto.ByteSizeLong()),
                                               "write safetensors instead"});
    AtomicFile file(target);
    file.write(bytes);
    file.commit();
}

} // namespace rp::io
