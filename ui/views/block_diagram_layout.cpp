// SPDX-License-Identifier: Apache-2.0
#include "ui/views/block_diagram_layout.h"

#include <algorithm>

#include <fmt/format.h>

namespace rp::ui {
namespace {

using Kind = DiagramNode::Kind;

/// Cells that an expression takes, and the row, counted from its top one, where it is entered and left.
struct Room {
    double columns = 1, rows = 1, axis = 0;
};

const std::vector<ExprPtr>* joinedBy(const Expr& expr) {
    if (const auto* sum = std::get_if<Sum>(&expr.op)) return &sum->terms;
    if (const auto* concat = std::get_if<Concat>(&expr.op)) return &concat->parts;
    return nullptr;
}

Room roomOf(const Expr& expr) {
    const auto* chain = std::get_if<Chain>(&expr.op);
    if (chain && !chain->steps.empty()) {
        Room room{0, 0, 0};
        double below = 0;
        for (const ExprPtr& step : chain->steps) {
            const Room own = roomOf(*step);
            room.columns += own.columns;
            room.axis = std::max(room.axis, own.axis);
            below = std::max(below, own.rows - own.axis);
        }
        room.rows = room.axis + below;
        return room;
    }
    const std::vector<ExprPtr>* terms = joinedBy(expr);
    if (!terms || terms->empty()) return {};
    Room room{0, 0, 0};
    double first = 0, last = 0;
    for (std::size_t i = 0; i < terms->size(); ++i) {
        const Room own = roomOf(*(*terms)[i]);
        last = room.rows + own.axis;
        if (i == 0) first = last;
        room.columns = std::max(room.columns, own.columns);
        room.rows += own.rows;
    }
    return {room.columns + 1, room.rows, (first + last) / 2};
}

class Drawing {
public:
    int add(DiagramNode node, int source) {
        const int index = static_cast<int>(m_diagram.nodes.size());
        m_diagram.columns = std::max(m_diagram.columns, node.column + 1);
        m_diagram.rows = std::max(m_diagram.rows, node.row + 1);
        m_diagram.nodes.push_back(std::move(node));
        if (source >= 0) connect(source, index);
        return index;
    }
    void connect(int from, int to) {
        // The colour of a branch reaches from where it leaves the trunk to where it joins it again.
        const DiagramNode &start = node(from), &end = node(to);
        m_diagram.edges.push_back(
            {from, to, end.branch >= 0 ? end.branch : start.branch, start.onFusedPath || end.onFusedPath});
    }
    const DiagramNode& node(int index) const { return m_diagram.nodes[static_cast<std::size_t>(index)]; }

    /// Places `expr` with its top left cell at `column`, `row`; returns the node that makes its result.
    /// `path` names that result when an enclosing expression does.
    int place(const Expr& expr, double column, double row, int source, const std::string& path, int branch);

    /// The tail and the output behind `source`.
    void finish(const Block& block, int source);

    BlockDiagram take() { return std::move(m_diagram); }

private:
    int join(const Expr& expr, const std::vector<ExprPtr>& terms, double column, double row, int source,
             const std::string& path, int branch);

    BlockDiagram m_diagram;
};

int Drawing::place(const Expr& expr, double column, double row, int source, const std::string& path,
                   int branch) {
    const std::string& result = path.empty() ? expr.name : path;
    const auto* chain = std::get_if<Chain>(&expr.op);
    if (chain && !chain->steps.empty()) {
        const double axis = row + roomOf(expr).axis;
        for (std::size_t i = 0; i < chain->steps.size(); ++i) {
            const Expr& step = *chain->steps[i];
            const Room room = roomOf(step);
            const bool isLast = i + 1 == chain->steps.size();
            source = place(step, column, axis - room.axis, source, isLast ? result : std::string(), branch);
            column += room.columns;
        }
        return source;
    }
    if (const std::vector<ExprPtr>* terms = joinedBy(expr))
        return join(expr, *terms, column, row, source, result, branch);
    return add({Kind::step, labelOf(expr), expr.name, result, column, row, branch, false}, source);
}

int Drawing::join(const Expr& expr, const std::vector<ExprPtr>& terms, double column, double row, int source,
                  const std::string& path, int branch) {
    const Room room = roomOf(expr);
    const double last = column + room.columns - 1;
    double top = row;
    std::vector<int> ends;
    for (std::size_t i = 0; i < terms.size(); ++i) {
        const Room own = roomOf(*terms[i]);
        const int of = branch < 0 && terms.size() > 1 ? static_cast<int>(i) : branch;
        ends.push_back(place(*terms[i], last - own.columns, top, source, {}, of));
        top += own.rows;
    }
    const Kind kind = std::holds_alternative<Sum>(expr.op) ? Kind::sum : Kind::concat;
    const int node = add({kind, labelOf(expr), expr.name, path, last, row + room.axis, branch, false}, -1);
    for (int end : ends)
        connect(end, node);
    return node;
}

void Drawing::finish(const Block& block, int source) {
    const bool fused = node(source).onFusedPath;
    double column = node(source).column;
    const double row = node(source).row;
    for (const Operation& operation : block.tail)
        source = add({Kind::tail, describe(operation), operation.name,
                      fused ? "fused." + operation.name : operation.name, ++column, row, -1, fused},
                     source);
    // Without a tail, the body's result is the output.
    const std::string path = block.tail.empty() ? "sum" : "out";
    add({Kind::output, fused ? "y\u2032" : "y", "", path, column + 1, row, -1, fused}, source);
}

std::string windowText(Extent kernel) {
    return fmt::format("{}x{}", kernel.h, kernel.w);
}
std::string strideText(Extent stride) {
    return stride.h == stride.w ? fmt::format("s{}", stride.h) : fmt::format("s{}", windowText(stride));
}
std::string paddingText(const Padding& p) {
    if (p == Padding::same(p.top)) return fmt::format("{}", p.top);
    return fmt::format("{},{},{},{}", p.top, p.left, p.bottom, p.right);
}

std::string convText(const Conv& conv) {
    const Shape& shape = conv.weight.shape();
    const Extent kernel = shape.size() == 4 ? Extent{shape[2], shape[3]} : Extent{};
    std::string text = fmt::format("{} {} g{}", windowText(kernel), strideText(conv.stride), conv.groups);
    if (conv.dilation != Extent{}) text += fmt::format(" d{}", conv.dilation.h);
    return text;
}

} // namespace

std::string labelOf(const Expr& expr) {
    return std::visit(
        Overload{
            [](const Conv& conv) { return "conv " + convText(conv); },
            [](const Norm&) { return std::string("BN"); },
            [](const AvgPool& pool) {
                return fmt::format("avg pool {} {}", windowText(pool.kernel), strideText(pool.stride));
            },
            [](const ConstantPad& pad) { return "pad " + paddingText(pad.padding); },
            [](const Chain&) { return std::string("identity"); }, // drawn only when it has no step
            [](const Sum&) { return std::string("+"); },
            [&](const auto&) { return std::string(kindOf(expr)); },
        },
        expr.op);
}

BlockDiagram layOutBlock(const Block& block, const Expr* fused) {
    if (!block.body) return {};
    Drawing drawing;
    const Room body = roomOf(*block.body);
    const int x = drawing.add({Kind::input, "x", "", "x", 0, body.axis, -1, false}, -1);
    const int sum = drawing.place(*block.body, 1, 0, x, "sum", -1);
    drawing.finish(block, sum);
    if (!fused) return drawing.take();
    const double column = drawing.node(sum).column, axis = drawing.node(sum).row;
    const double below = std::max(body.rows, axis + 2); // leaves a row for the difference
    const auto* conv = std::get_if<Conv>(&fused->op);
    const int kernel = drawing.add({Kind::fused, "fused " + (conv ? convText(*conv) : labelOf(*fused)),
                                    "fused kernel", "fused kernel", column, below, -1, true},
                                   x);
    drawing.finish(block, kernel);
    const char* label = block.tail.empty() ? "\u0394 = y\u2032 \u2212 y" : "\u0394 = fused \u2212 sum";
    const int difference = drawing.add(
        {Kind::difference, label, "", "\u0394 sum", column + 1, (axis + below) / 2, -1, false}, sum);
    drawing.connect(kernel, difference);
    return drawing.take();
}

} // namespace rp::ui
