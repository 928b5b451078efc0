// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/onnx_model.h"
#include "core/model/operation.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

namespace rp::graph {

/// Makes ONNX nodes and their initializers. Every `…` takes names of values and gives the name of its result: `output`
/// when one is asked for, else a new one.
class OnnxBuilder {
public:
    explicit OnnxBuilder(io::OnnxModel& model);

    std::string convolution(const Expr& conv, const std::string& name, const std::string& input, const std::string& output = {});
    /// Any affine expression, as the steps that it holds. Throws `unsupported` for a border of more than one value.
    std::string expression(const Expr& expr, const std::string& name, const std::string& input, const std::string& output = {});
    /// Throws `unsupported` for an operation that has no spelling here.
    std::string operation(const Operation& operation, const std::vector<std::string>& inputs, const std::string& output = {});
    /// [n, c, 1, 1], or [n, c] when it `isFlat`, to [n, k]: what frameworks call a linear layer.
    std::string linear(const Conv& conv, const std::string& name, const std::string& input, const std::string& output = {}, bool isFlat = false);

    std::string node(const std::string& type, const std::string& name, std::vector<std::string> inputs, const std::string& output,
                     std::vector<io::OnnxAttribute> attributes = {});
    std::string initializer(const std::string& name, const TensorF& values);
    std::string integers(const std::string& name, const std::vector<std::int64_t>& values);

    std::vector<io::OnnxNode> takeNodes() { return std::exchange(m_nodes, {}); }

private:
    std::string unique(const std::string& name);

    io::OnnxModel& m_model;
    std::set<std::string> m_names;     ///< of values
    std::set<std::string> m_nodeNames;
    std::vector<io::OnnxNode> m_nodes;
};

} // namespace rp::graph
