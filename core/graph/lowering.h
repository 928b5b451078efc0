// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/graph/draft.h"
#include "core/graph/overlay.h"
#include "core/io/onnx_model.h"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>

namespace rp::graph {

/// What a name of the file stands for: known numbers, or the map of a draft node (-1: the network's input).
using Value = std::variant<Known, std::int64_t>;

/// Why a node cannot be used. It becomes an `Unknown` step; the rest of the graph goes on.
struct Refused {
    std::string reason;
};

/// Turns a file's nodes into draft steps, one after the other. What depends on constants alone is folded.
class Lowering {
public:
    /// `input` is the shape that sizes are computed for.
    Lowering(const io::OnnxModel& model, Shape input, std::uint64_t foldBytes);
    /// Throws `malformed` for a graph that has a cycle, makes a value twice, or takes one that nothing makes, and
    /// `limitExceeded` for constants that do not fit `foldBytes`.
    Draft run();

    std::int64_t opset() const { return m_model.opset; }
    const Shape& shapeOf(const Value& value) const;
    const DraftNode* nodeOf(const Value& value) const; ///< null for known values and the network's input
    std::int64_t add(DraftNode node);
    Budget& budget() { return m_budget; }
    /// The overlay that was kept for a node, once: whoever overwrites further keeps it for a node of its own.
    std::optional<Overlay> takeOverlay(const Value& value);
    void keepOverlay(std::int64_t node, Overlay overlay);
    /// Whether a ScatterND overwrites that value of the file.
    bool isOverwritten(const std::string& value) const { return m_overwritten.contains(value); }
    std::vector<Finding>& findings() { return m_draft.findings; }

private:
    std::vector<std::size_t> order() const;
    void lower(const io::OnnxNode& node);
    void define(const std::string& name, Value value);
    void refuse(const io::OnnxNode& node, const std::string& reason);
    /// What a value that is not known here looks like all the same: as the file says, or as an operator of ONNX that keeps
    /// its first input's shape leaves it. Empty when nothing tells.
    Shape shapeBehind(const io::OnnxNode& node, const std::string& output) const;
    Shape statedShape(const io::OnnxValue& value) const;

    const io::OnnxModel& m_model;
    Draft m_draft;
    Budget m_budget;
    std::unordered_map<std::string, Value> m_values;
    std::unordered_map<std::string_view, const io::OnnxValue*> m_stated; ///< by name
    std::map<std::int64_t, Overlay> m_overlays;
    std::unordered_set<std::string_view> m_overwritten;
};

/// One node while it is lowered: its inputs and attributes with their defaults, and ways to give its results.
class Call {
public:
    Call(Lowering& graph, const io::OnnxNode& fileNode, std::vector<std::optional<Value>> values)
        : lowering(graph), node(fileNode), m_inputs(std::move(values)), m_outputs(node.outputs.size()) {}

    Lowering& lowering;
    const io::OnnxNode& node;

    std::size_t count() const { return m_inputs.size(); }
    bool has(std::size_t i) const { return i < m_inputs.size() && m_inputs[i]; }
    const Value& value(std::size_t i) const; ///< throws `Refused` when it is not there
    bool isKnown(std::size_t i) const { return has(i) && std::holds_alternative<Known>(*m_inputs[i]); }
    const Known& known(std::size_t i) const; ///< throws `Refused` when it is not constant
    const Shape& shape(std::size_t i) const { return lowering.shapeOf(value(i)); }

    std::int64_t integer(std::string_view name, std::int64_t fallback) const;
    double number(std::string_view name, double fallback) const;
    std::string text(std::string_view name, std::string fallback) const;
    std::vector<std::int64_t> integers(std::string_view name) const;
    /// An attribute of old opsets that became an input.
    std::vector<std::int64_t> list(std::string_view name, std::size_t input);

    void give(Value value, std::size_t output = 0) { m_outputs[output] = std::move(value); }
    /// The operation's result: folded when all inputs are known, else a step.
    Value operation(Operation::Kind kind, const std::vector<Value>& inputs);
    /// An affine step of one feature map [n, c, h, w].
    Value affine(Expr::Op op, const Value& x);
    Value join(bool concat, const std::vector<Value>& inputs);
    /// Says that the result holds for the input size of this lowering only.
    void dependsOnSize() { m_fromSize = true; }

    std::vector<std::optional<Value>>& outputs() { return m_outputs; }

private:
    std::int64_t nodeFor(const Value& value);
    DraftNode started(std::vector<std::int64_t> inputs) const;

    std::vector<std::optional<Value>> m_inputs;
    std::vector<std::optional<Value>> m_outputs;
    bool m_fromSize = false;
};

/// How one operator of the file becomes steps.
using Operator = void (*)(Call&);
/// Null when the operator is not known here.
Operator operatorFor(std::string_view opType);

/// Rows of the table, by what the operators do.
using OperatorTable = std::map<std::string_view, Operator>;
const OperatorTable& arithmeticOperators();  ///< one value per element
const OperatorTable& convolutionOperators(); ///< windows, norms, linear layers
const OperatorTable& movingOperators();      ///< the same elements elsewhere
const OperatorTable& shapeOperators();       ///< shapes and constants

} // namespace rp::graph
