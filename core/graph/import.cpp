// SPDX-License-Identifier: Apache-2.0
#include "core/graph/import.h"

#include "core/base/error.h"
#include "core/graph/lowering.h"
#include "core/graph/naming.h"
#include "core/graph/patterns.h"
#include "core/graph/regions.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace rp::graph {
namespace {

/// The shape that sizes are computed for. Only [n, c, h, w] inputs with a known c are networks on pictures.
Shape inputShapeOf(const io::OnnxModel& source, std::int64_t freeSize) {
    if (source.inputs.empty())
        throw Error(ErrorCode::unsupported, {"graph", "one input", "none", "only networks that take a picture can be shown"});
    const io::OnnxValue& input = source.inputs.front();
    Shape shape = input.shape;
    if (shape.size() != 4 || shape[1] < 1)
        throw Error(ErrorCode::unsupported, {"input '" + input.name + "'", "a shape [n, c, h, w] with known channels",
                                             input.hasShape ? toString(shape) : std::string("no shape"), "export the network with the shape of its input"});
    if (shape[0] < 1) shape[0] = 1;
    for (std::size_t axis : {2, 3})
        if (shape[axis] < 1) shape[axis] = freeSize;
    constexpr std::int64_t kLargest = std::int64_t{1} << 31;
    if (checkedCount(shape, "input") > kLargest)
        throw Error(ErrorCode::limitExceeded, {"input '" + input.name + "'", fmt::format("at most {} elements", kLargest), toString(shape), ""});
    return shape;
}

/// Steps that a block's tail may hold: they keep [n, c, h, w] and work on each element.
bool canBeTail(const DraftNode& node) {
    const auto* operation = std::get_if<Operation>(&node.what);
    return operation && (std::holds_alternative<Activation>(operation->kind) || std::holds_alternative<Unary>(operation->kind));
}

/// The convolution's attributes as the file states them.
void recordAttributes(Model& model, const Block& block, const Expr& expr) {
    auto add = [&](std::string key, std::string value) {
        const bool known = std::ranges::any_of(model.assumptions, [&](const Assumption& a) {
            return a.block == block.name && a.key == key && a.value == value;
        });
        if (!known) model.assumptions.push_back({block.name, std::move(key), std::move(value), "file"});
    };
    auto all = [&](const std::vector<ExprPtr>& children) {
        for (const ExprPtr& child : children) recordAttributes(model, block, *child);
    };
    std::visit(Overload{
                   [&](const Norm& norm) { add("eps", fmt::format("{}", norm.eps)); },
                   [&](const Conv& conv) {
                       if (conv.groups > 1) add("groups", fmt::format("{}", conv.groups));
                       if (conv.stride != Extent{1, 1}) add("stride", fmt::format("{}x{}", conv.stride.h, conv.stride.w));
                   },
                   [&](const Chain& chain) { all(chain.steps); },
                   [&](const Sum& sum) { all(sum.terms); },
                   [&](const Concat& concat) { all(concat.parts); },
                   [](const auto&) {},
               },
               expr.op);
}

class Assembler {
public:
    Assembler(const Draft& draft, const io::OnnxModel& source)
        : m_draft(draft), m_source(source), m_consumers(consumersOf(draft)), m_place(draft.nodes.size(), kNone), m_inside(draft.nodes.size(), false) {}

    Model assemble();

private:
    static constexpr std::int64_t kNone = -2; ///< not in the graph (yet)

    void take(const FoundRegion& region);
    std::vector<Operation> tailBehind(std::size_t& last);
    std::string unique(const std::string& name);
    void placeOperation(std::size_t node);
    std::int64_t placeOf(std::int64_t node) const { return node < 0 ? -1 : m_place[static_cast<std::size_t>(node)]; }
    /// Leaves out what takes the map of an unknown step: it cannot be run with the network.
    void append(decltype(Node::what) what, std::vector<std::int64_t> inputs, std::size_t node);
    void describe();

    const Draft& m_draft;
    const io::OnnxModel& m_source;
    std::vector<std::size_t> m_consumers;
    std::vector<std::int64_t> m_place; ///< of each step: the model's node that makes its map
    std::vector<bool> m_inside;        ///< of a region, or of a block's tail
    std::map<std::string, int> m_names;
    Model m_model;
    std::string m_unknown; ///< why something is not known, if anything is
};

std::string Assembler::unique(const std::string& name) {
    const int count = ++m_names[name];
    return count == 1 ? name : unique(fmt::format("{}_{}", name, count));
}

void Assembler::append(decltype(Node::what) what, std::vector<std::int64_t> inputs, std::size_t node) {
    if (std::ranges::count(inputs, kNone)) return;
    m_place[node] = std::ssize(m_model.graph);
    m_model.graph.push_back({std::move(what), std::move(inputs)});
}

/// The steps behind `last` that nothing else takes; `last` moves to the end of them.
std::vector<Operation> Assembler::tailBehind(std::size_t& last) {
    std::vector<Operation> tail;
    for (std::size_t next = last + 1; next < m_draft.nodes.size(); ++next) {
        const DraftNode& node = m_draft.nodes[next];
        if (std::ranges::find(node.inputs, static_cast<std::int64_t>(last)) == node.inputs.end()) continue;
        if (m_consumers[last] != 1 || !canBeTail(node)) break;
        tail.push_back(std::get<Operation>(node.what));
        m_inside[next] = true;
        last = next;
    }
    return tail;
}

void Assembler::take(const FoundRegion& region) {
    const DraftNode& sink = m_draft.nodes[region.sink];
    const std::vector<std::int64_t> inputs{placeOf(region.source)};
    if (!region.merges && region.leave.empty()) {
        const std::string name = unique(blockName(*region.body, sink.name));
        return append(Region{name, region.body}, inputs, region.sink);
    }
    Block block;
    block.name = unique(blockName(*region.body, sink.name));
    block.family = "affine region";
    block.body = withNames(region.body, block.name);
    block.leave = region.leave;
    block.inChannels = region.source < 0 ? m_draft.input[1] : m_draft.nodes[static_cast<std::size_t>(region.source)].shape[1];
    block.outChannels = sink.shape[1];
    block.branchKeys = keysOf(*region.body);
    block.fusedWeightKey = block.name + ".weight";
    block.fusedBiasKey = block.name + ".bias";
    std::size_t last = region.sink;
    block.tail = tailBehind(last);
    recordAttributes(m_model, block, *block.body);
    m_model.blocks.push_back(std::move(block));
    append(Node::BlockIndex{m_model.blocks.size() - 1}, inputs, last);
    m_place[region.sink] = m_place[last];
}

void Assembler::placeOperation(std::size_t node) {
    const DraftNode& step = m_draft.nodes[node];
    std::vector<std::int64_t> inputs;
    for (std::int64_t input : step.inputs) inputs.push_back(placeOf(input));
    if (const auto* operation = std::get_if<Operation>(&step.what))
        append(*operation, std::move(inputs), node);
    else if (std::get<Join>(step.what).concat)
        append(Operation{step.name, Concatenate{1}}, std::move(inputs), node);
    else
        append(Operation{step.name, Binary{Binary::Kind::add}}, std::move(inputs), node);
}

void Assembler::describe() {
    m_model.family = "ONNX";
    m_model.layout = "onnx";
    const auto merging = std::ranges::count_if(m_model.blocks, [](const Block& b) { return b.leave.empty(); });
    m_model.form = merging > 0 ? Form::train : Form::plain;
    m_model.variant = fmt::format("ONNX graph, opset {}, {} nodes{}{}", m_source.opset, m_source.nodes.size(),
                                  m_source.producer.empty() ? "" : ", exported by ", m_source.producer);
    m_model.defaultInput = m_draft.input;
    m_model.pictureSize = std::min(m_draft.input[2], m_draft.input[3]);
    m_model.findings = m_draft.findings;
}

Model Assembler::assemble() {
    const Regions regions = findRegions(m_draft);
    std::map<std::size_t, const FoundRegion*> bySink;
    for (const FoundRegion& region : regions.found) {
        bySink[region.sink] = &region;
        for (std::size_t node : region.nodes) m_inside[node] = true;
    }
    for (std::size_t i = 0; i < m_draft.nodes.size(); ++i) {
        const DraftNode& step = m_draft.nodes[i];
        if (step.isUnknown()) {
            if (m_unknown.empty()) m_unknown = std::get<Unknown>(step.what).reason;
        } else if (const auto region = bySink.find(i); region != bySink.end()) {
            take(*region->second);
        } else if (!m_inside[i]) {
            placeOperation(i);
        }
        m_model.inputIsFixed = m_model.inputIsFixed || step.fromSize;
    }
    describe();
    for (const Remark& remark : regions.remarks)
        m_model.findings.push_back({Finding::Severity::note, remark.code, m_draft.nodes[remark.sink].name, remark.text, ""});
    const std::int64_t output = m_draft.outputs.front();
    if (output < 0 || m_place[static_cast<std::size_t>(output)] < 0) {
        m_model.whyNoGraph = output < 0 ? "its output does not depend on its input" : m_unknown;
        m_model.graph.clear();
    } else {
        m_model.output = m_place[static_cast<std::size_t>(output)];
    }
    if (!m_unknown.empty())
        m_model.findings.push_back({Finding::Severity::warn, "unknown-operation", "", m_unknown, "blocks before it and behind it can be used alone"});
    return std::move(m_model);
}

} // namespace

Draft draftOf(const io::OnnxModel& source, const ImportOptions& options) {
    Draft draft = Lowering(source, inputShapeOf(source, options.freeSize), options.foldBytes).run();
    if (draft.outputs.empty()) throw Error(ErrorCode::malformed, {"graph", "at least one output", "none", "the file is damaged"});
    recogniseActivations(draft);
    removeDead(draft);
    return draft;
}

Imported importOnnx(const io::OnnxModel& source, const ImportOptions& options) {
    const Draft draft = draftOf(source, options);
    Imported imported{Assembler(draft, source).assemble(), {}};
    if (!imported.model.graph.empty()) imported.output = draft.nodes[static_cast<std::size_t>(draft.outputs.front())].shape;
    return imported;
}

} // namespace rp::graph
