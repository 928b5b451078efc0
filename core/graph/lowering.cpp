// SPDX-License-Identifier: Apache-2.0
#include "core/graph/lowering.h"

#include "core/base/error.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <queue>
#include <ranges>

#include <fmt/format.h>

namespace rp::graph {
namespace {

[[noreturn]] void throwMalformed(const std::string& where, std::string expected, std::string found) {
    throw Error(ErrorCode::malformed, {where, std::move(expected), std::move(found), "the file is damaged"});
}

std::string titleOf(const io::OnnxNode& node) {
    const std::string name = !node.name.empty() ? node.name : node.outputs.empty() ? std::string() : node.outputs.front();
    return fmt::format("node '{}' ({}{})", name, node.domain.empty() ? "" : node.domain + ".", node.opType);
}

/// Operators that are not known here, but whose result is as large as their first input.
bool keepsShape(std::string_view opType) {
    static constexpr std::array<std::string_view, 31> kOperators{
        "Acos", "Acosh", "Asin", "Asinh", "Atan", "Atanh", "Bernoulli", "Celu", "Cos", "Cosh", "CumSum", "Elu", "GroupNormalization", "Hardmax", "LRN",
        "LogSoftmax", "LpNormalization", "MeanVarianceNormalization", "Mish", "ReverseSequence", "ScatterElements", "ScatterND", "Selu", "Shrink", "Sign",
        "Sin", "Sinh", "Softsign", "Tan", "ThresholdedRelu", "Trilu"};
    return std::ranges::find(kOperators, opType) != kOperators.end();
}

/// Attributes are float32; 1e-5 was meant where 9.9999997e-06 is stored.
double asWritten(double stored) {
    std::array<char, 64> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), static_cast<float>(stored)).ptr;
    double value = stored;
    std::from_chars(text.data(), end, value);
    return value;
}

} // namespace

Operator operatorFor(std::string_view opType) {
    for (const OperatorTable* table : {&arithmeticOperators(), &convolutionOperators(), &movingOperators(), &shapeOperators()})
        if (const auto row = table->find(opType); row != table->end()) return row->second;
    return nullptr;
}

// ---- the walk over the file

Lowering::Lowering(const io::OnnxModel& model, Shape input, std::uint64_t foldBytes) : m_model(model), m_budget(foldBytes) {
    m_draft.input = std::move(input);
    m_draft.inputName = model.inputs.front().name;
    define(m_draft.inputName, std::int64_t{-1});
    for (const auto* list : {&model.values, &model.outputs})
        for (const io::OnnxValue& value : *list) m_stated.emplace(value.name, &value);
    for (const io::OnnxValue& other : std::span(model.inputs).subspan(1))
        define(other.name, add({other.name, other.name, Unknown{fmt::format("'{}' is a second input of the network", other.name)}, {}, statedShape(other), false}));
    for (const NamedTensor& tensor : model.initializers) define(tensor.name, Known::of(tensor.name, tensor.tensor));
}

void Lowering::define(const std::string& name, Value value) {
    if (!m_values.emplace(name, std::move(value)).second) throwMalformed("'" + name + "'", "a value that is made once", "a second one");
}

/// Nodes in an order in which they can be computed; the file's own wherever that is one.
std::vector<std::size_t> Lowering::order() const {
    const std::size_t count = m_model.nodes.size();
    std::unordered_map<std::string_view, std::size_t> makers;
    for (std::size_t i = 0; i < count; ++i)
        for (const std::string& output : m_model.nodes[i].outputs)
            if (!output.empty() && !makers.emplace(output, i).second)
                throwMalformed("'" + output + "'", "a value that is made once", "two nodes that make it");
    std::vector<std::size_t> waiting(count, 0);
    std::vector<std::vector<std::size_t>> consumers(count);
    for (std::size_t i = 0; i < count; ++i)
        for (const std::string& input : m_model.nodes[i].inputs)
            if (const auto maker = makers.find(input); maker != makers.end()) {
                consumers[maker->second].push_back(i);
                ++waiting[i];
            }
    std::priority_queue<std::size_t, std::vector<std::size_t>, std::greater<>> ready;
    for (std::size_t i = 0; i < count; ++i)
        if (waiting[i] == 0) ready.push(i);
    std::vector<std::size_t> result;
    while (!ready.empty()) {
        const std::size_t next = ready.top();
        ready.pop();
        result.push_back(next);
        for (std::size_t consumer : consumers[next])
            if (--waiting[consumer] == 0) ready.push(consumer);
    }
    if (result.size() < count) {
        const auto stuck = static_cast<std::size_t>(std::ranges::find_if(waiting, [](std::size_t w) { return w > 0; }) - waiting.begin());
        throwMalformed(titleOf(m_model.nodes[stuck]), "a graph without cycles", "a node that waits for itself");
    }
    return result;
}

Draft Lowering::run() {
    const std::vector<std::size_t> nodes = order();
    for (std::size_t i : nodes | std::views::reverse) {
        const io::OnnxNode& node = m_model.nodes[i];
        if (node.inputs.empty() || node.outputs.empty()) continue;
        const bool passesOn = node.opType == "Identity" && m_overwritten.contains(node.outputs.front());
        if (node.opType == "ScatterND" || passesOn) m_overwritten.insert(node.inputs.front());
    }
    for (std::size_t i : nodes) lower(m_model.nodes[i]);
    for (const io::OnnxValue& output : m_model.outputs) {
        const auto found = m_values.find(output.name);
        if (found == m_values.end()) throwMalformed("output '" + output.name + "'", "a value that a node makes", "none");
        const auto* node = std::get_if<std::int64_t>(&found->second);
        m_draft.outputs.push_back(node ? *node : -1);
    }
    return std::move(m_draft);
}

void Lowering::lower(const io::OnnxNode& node) {
    std::vector<std::optional<Value>> inputs;
    for (const std::string& name : node.inputs) {
        const auto found = m_values.find(name);
        if (found == m_values.end() && !name.empty()) throwMalformed(titleOf(node), "inputs that something makes", "'" + name + "'");
        inputs.push_back(name.empty() ? std::nullopt : std::optional(found->second));
        const DraftNode* maker = inputs.back() ? nodeOf(*inputs.back()) : nullptr;
        // Where the shape is known, what lies behind is a network of its own: of partly overwritten maps that is all exporters ask for.
        if (maker && maker->isUnknown() && maker->shape.empty()) return refuse(node, std::get<Unknown>(maker->what).reason);
    }
    const Operator lowerNode = node.domain.empty() ? operatorFor(node.opType) : nullptr;
    if (!lowerNode) return refuse(node, titleOf(node) + " is an operation that is not known here");
    const std::size_t first = m_draft.nodes.size();
    Call call(*this, node, std::move(inputs));
    try {
        lowerNode(call);
    } catch (const Refused& refused) {
        return refuse(node, fmt::format("{}: {}", titleOf(node), refused.reason));
    } catch (const Error& error) {
        if (error.code() != ErrorCode::shapeMismatch && error.code() != ErrorCode::valueInvalid) throw error.within(titleOf(node));
        return refuse(node, fmt::format("{}: {}", titleOf(node), error.what()));
    }
    for (std::size_t i = 0; i < node.outputs.size(); ++i) {
        if (node.outputs[i].empty()) continue;
        std::optional<Value>& value = call.outputs()[i];
        if (!value) {
            DraftNode unknown{node.name, node.outputs[i], Unknown{fmt::format("{}: its output {} is not known here", titleOf(node), i)}, {}, {}, false};
            unknown.shape = shapeBehind(node, node.outputs[i]);
            value = add(std::move(unknown));
        }
        // The step that ends in a value carries its name; a value that is only passed on keeps its first one.
        if (const auto* step = std::get_if<std::int64_t>(&*value); step && *step >= static_cast<std::int64_t>(first))
            m_draft.nodes[static_cast<std::size_t>(*step)].value = node.outputs[i];
        define(node.outputs[i], std::move(*value));
    }
}

void Lowering::refuse(const io::OnnxNode& node, const std::string& reason) {
    std::vector<std::int64_t> inputs; // what lies before it is still wanted
    for (const std::string& name : node.inputs)
        if (const auto found = m_values.find(name); found != m_values.end())
            if (const auto* step = std::get_if<std::int64_t>(&found->second)) inputs.push_back(*step);
    for (const std::string& output : node.outputs)
        if (!output.empty()) define(output, add({node.name, output, Unknown{reason}, inputs, shapeBehind(node, output), false}));
}

Shape Lowering::statedShape(const io::OnnxValue& value) const {
    Shape shape = value.shape;
    if (!shape.empty() && shape[0] < 1) {
        if (shape.size() != 4) return {}; // an open first axis of anything else need not be the batch
        shape[0] = m_draft.input[0];
    }
    constexpr std::int64_t kLargest = std::int64_t{1} << 31;
    std::int64_t count = 1;
    for (std::int64_t size : shape) {
        if (size < 1 || size > kLargest / count) return {};
        count *= size;
    }
    return shape;
}

Shape Lowering::shapeBehind(const io::OnnxNode& node, const std::string& output) const {
    if (const auto stated = m_stated.find(output); stated != m_stated.end())
        if (Shape shape = statedShape(*stated->second); !shape.empty()) return shape;
    if (!node.domain.empty() || !keepsShape(node.opType) || node.inputs.empty() || output != node.outputs.front()) return {};
    const auto first = m_values.find(node.inputs.front());
    return first == m_values.end() ? Shape() : shapeOf(first->second);
}

const DraftNode* Lowering::nodeOf(const Value& value) const {
    const auto* node = std::get_if<std::int64_t>(&value);
    return node && *node >= 0 ? &m_draft.nodes[static_cast<std::size_t>(*node)] : nullptr;
}

const Shape& Lowering::shapeOf(const Value& value) const {
    if (const auto* known = std::get_if<Known>(&value)) return known->shape();
    const DraftNode* node = nodeOf(value);
    return node ? node->shape : m_draft.input;
}

std::int64_t Lowering::add(DraftNode node) {
    m_draft.nodes.push_back(std::move(node));
    return std::ssize(m_draft.nodes) - 1;
}

std::optional<Overlay> Lowering::takeOverlay(const Value& value) {
    const auto* node = std::get_if<std::int64_t>(&value);
    if (!node) return std::nullopt;
    auto taken = m_overlays.extract(*node);
    return taken ? std::optional(std::move(taken.mapped())) : std::nullopt;
}

void Lowering::keepOverlay(std::int64_t node, Overlay overlay) { m_overlays.insert_or_assign(node, std::move(overlay)); }

// ---- one node

const Value& Call::value(std::size_t i) const {
    if (!has(i)) throw Refused{fmt::format("its input {} is missing", i)};
    return *m_inputs[i];
}

const Known& Call::known(std::size_t i) const {
    const auto* constant = std::get_if<Known>(&value(i));
    if (!constant) throw Refused{fmt::format("its input '{}' is not constant", node.inputs[i])};
    return *constant;
}

std::int64_t Call::integer(std::string_view name, std::int64_t fallback) const {
    const auto* found = node.attribute<std::int64_t>(name);
    return found ? *found : fallback;
}

double Call::number(std::string_view name, double fallback) const {
    const auto* found = node.attribute<double>(name);
    return found ? asWritten(*found) : fallback;
}

std::string Call::text(std::string_view name, std::string fallback) const {
    const auto* found = node.attribute<std::string>(name);
    return found ? *found : fallback;
}

std::vector<std::int64_t> Call::integers(std::string_view name) const {
    const auto* found = node.attribute<std::vector<std::int64_t>>(name);
    return found ? *found : std::vector<std::int64_t>();
}

std::vector<std::int64_t> Call::list(std::string_view name, std::size_t input) {
    if (!has(input)) return integers(name);
    if (known(input).fromSize) dependsOnSize();
    return known(input).integers();
}

/// A known value that an operation takes beside maps becomes a constant step.
std::int64_t Call::nodeFor(const Value& value) {
    if (const auto* step = std::get_if<std::int64_t>(&value)) return *step;
    const Known& known = std::get<Known>(value);
    const Param param = known.param.keys().empty() ? Param(known.numbers()) : known.param;
    return lowering.add({node.name, "", Operation{node.name, Constant{param}}, {}, known.shape(), known.fromSize});
}

DraftNode Call::started(std::vector<std::int64_t> inputs) const {
    return {node.name.empty() ? node.outputs.front() : node.name, "", Unknown{}, std::move(inputs), {}, m_fromSize};
}

Value Call::operation(Operation::Kind kind, const std::vector<Value>& inputs) {
    Operation operation{node.name.empty() ? node.outputs.front() : node.name, std::move(kind)};
    std::vector<const Known*> constants;
    for (const Value& input : inputs)
        if (const auto* constant = std::get_if<Known>(&input)) constants.push_back(constant);
    if (constants.size() == inputs.size()) return fold(operation, constants, lowering.budget());
    std::vector<Shape> shapes;
    std::vector<std::int64_t> steps;
    for (const Value& input : inputs) {
        shapes.push_back(lowering.shapeOf(input));
        steps.push_back(nodeFor(input));
    }
    DraftNode step = started(std::move(steps));
    step.shape = outShapeOf(operation, shapes);
    for (const Known* constant : constants) step.fromSize = step.fromSize || constant->fromSize;
    step.what = std::move(operation);
    return lowering.add(std::move(step));
}

Value Call::affine(Expr::Op op, const Value& x) {
    DraftNode step = started({nodeFor(x)});
    const ExprPtr expr = makeExpr(step.name, std::move(op));
    step.shape = outShapeOf(*expr, lowering.shapeOf(x));
    checkedCount(step.shape, step.name);
    step.what = expr;
    return lowering.add(std::move(step));
}

Value Call::join(bool concat, const std::vector<Value>& inputs) {
    std::vector<std::int64_t> steps;
    for (const Value& input : inputs) steps.push_back(nodeFor(input));
    DraftNode step = started(std::move(steps));
    step.shape = lowering.shapeOf(inputs.front());
    for (std::size_t i = 1; concat && i < inputs.size(); ++i) step.shape[1] += lowering.shapeOf(inputs[i])[1];
    step.what = Join{concat};
    return lowering.add(std::move(step));
}

} // namespace rp::graph
