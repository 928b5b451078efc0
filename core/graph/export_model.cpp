// SPDX-License-Identifier: Apache-2.0
#include "core/base/error.h"
#include "core/graph/export.h"
#include "core/graph/onnx_builder.h"

namespace rp::graph {
namespace {

constexpr const char* kInput = "input";
constexpr const char* kOutput = "output";

/// Walks a model's graph and writes each node in its deploy form.
class ModelWriter {
public:
    ModelWriter(const Model& model, const fusion::ModelFusion& fusion, io::OnnxModel& onnx)
        : m_model(model), m_fusion(fusion), m_builder(onnx), m_onnx(onnx) {}

    void write() {
        const std::size_t last = outputNodeOf(m_model);
        const std::vector<std::size_t> lastUses = lastUsesOf(m_model);
        for (std::size_t i = 0; i < m_model.graph.size(); ++i) {
            const Node& node = m_model.graph[i];
            if (lastUses[i] == i) { // nothing takes it
                m_values.emplace_back();
                m_shapes.emplace_back();
                continue;
            }
            std::vector<std::string> inputs;
            for (std::int64_t input : node.inputs) inputs.push_back(input < 0 ? kInput : m_values[static_cast<std::size_t>(input)]);
            const std::string output = i == last ? kOutput : "";
            m_values.push_back(std::visit(Overload{
                                              [&](const Node::BlockIndex& b) { return block(b.index, inputs.front(), output); },
                                              [&](const Region& r) { return region(r, node, inputs.front(), output); },
                                              [&](const Operation& op) { return operation(op, node, inputs, output); },
                                          },
                                          node.what));
            m_shapes.push_back(shapeOf(node));
        }
        m_onnx.nodes = m_builder.takeNodes();
        m_onnx.outputs = {{kOutput, true, m_hasLinearHead ? Shape{m_shapes[last][0], m_shapes[last][1]} : m_shapes[last]}};
    }

private:
    /// What the node makes of the default input. Some readers insist on the shape of an output.
    Shape shapeOf(const Node& node) const {
        std::vector<Shape> in;
        for (std::int64_t i : node.inputs) in.push_back(i < 0 ? m_model.defaultInput : m_shapes[static_cast<std::size_t>(i)]);
        return std::visit(Overload{
                              [&](const Node::BlockIndex& b) {
                                  const Block& block = m_model.blocks[b.index];
                                  Shape shape = rp::outShapeOf(*block.body, in.front());
                                  for (const Operation& step : block.tail) shape = rp::outShapeOf(step, std::vector<Shape>{shape});
                                  return shape;
                              },
                              [&](const Region& r) { return rp::outShapeOf(*r.body, in.front()); },
                              [&](const Operation& op) { return rp::outShapeOf(op, in); },
                          },
                          node.what);
    }
    std::string block(std::size_t index, const std::string& input, const std::string& output) {
        const Block& block = m_model.blocks[index];
        const Expr& body = m_fusion.blocks[index].fusable ? *m_fusion.blocks[index].stored : *block.body;
        std::string value = m_builder.expression(body, block.name, input, block.tail.empty() ? output : "");
        for (std::size_t i = 0; i < block.tail.size(); ++i) {
            Operation step = block.tail[i];
            step.name = block.name + "." + (step.name.empty() ? "tail" : step.name);
            value = m_builder.operation(step, {value}, i + 1 == block.tail.size() ? output : "");
        }
        return value;
    }
    /// ONNX has a pixel unshuffle in its own order only. PyTorch's is a convolution that picks one pixel of each window.
    std::string operation(const Operation& op, const Node& node, const std::vector<std::string>& inputs, const std::string& output) {
        const auto* unshuffle = std::get_if<SpaceToDepth>(&op.kind);
        if (!unshuffle || !unshuffle->channelFirst) return m_builder.operation(op, inputs, output);
        const std::int64_t from = node.inputs.front(), r = unshuffle->block;
        Conv conv;
        conv.groups = (from < 0 ? m_model.defaultInput : m_shapes[static_cast<std::size_t>(from)])[1];
        conv.stride = {r, r};
        TensorD pick(Shape{conv.groups * r * r, 1, r, r});
        for (std::int64_t o = 0; o < pick.size(0); ++o) pick.edit()[static_cast<std::size_t>(o * r * r + o % (r * r))] = 1;
        conv.weight = Param(std::move(pick));
        return m_builder.convolution(Expr{op.name, std::move(conv)}, op.name, inputs.front(), output);
    }
    /// A 1x1 convolution of globally averaged features that ends the network is the linear layer that it was.
    std::string region(const Region& region, const Node& node, const std::string& input, const std::string& output) {
        const auto* conv = std::get_if<Conv>(&region.body->op);
        const std::int64_t from = node.inputs.front();
        const auto* before = from < 0 ? nullptr : std::get_if<Operation>(&m_model.graph[static_cast<std::size_t>(from)].what);
        const bool isHead = conv && before && std::holds_alternative<GlobalAveragePool>(before->kind) && !output.empty() && conv->groups == 1 &&
                            conv->weight.shape()[2] == 1 && conv->weight.shape()[3] == 1;
        m_hasLinearHead = m_hasLinearHead || isHead;
        return isHead ? m_builder.linear(*conv, region.name, input, output) : m_builder.expression(*region.body, region.name, input, output);
    }

    const Model& m_model;
    const fusion::ModelFusion& m_fusion;
    OnnxBuilder m_builder;
    io::OnnxModel& m_onnx;
    std::vector<std::string> m_values; ///< by node
    std::vector<Shape> m_shapes;       ///< by node
    bool m_hasLinearHead = false;
};

} // namespace

io::OnnxModel onnxGraphOf(const Model& model, const fusion::ModelFusion& fusion) {
    if (model.graph.empty())
        throw Error(ErrorCode::unsupported, {"network", "a network whose graph is known", model.whyNoGraph, "write .safetensors or .pth instead"});
    io::OnnxModel onnx;
    onnx.opset = 13;
    onnx.irVersion = 7;
    onnx.graphName = model.variant;
    const Shape& in = model.defaultInput;
    onnx.inputs = {{kInput, true, {1, inputChannelsOf(model), in[2], in[3]}}};
    ModelWriter(model, fusion, onnx).write();
    return onnx;
}

} // namespace rp::graph
