// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/model/model.h"

#include <string>
#include <vector>

namespace rp::ui {

/// A box of a block's drawing. Columns and rows count cells from 0; a box stands in the middle of its cell.
struct DiagramNode {
    enum class Kind { input, step, sum, concat, fused, tail, output, difference } kind = Kind::step;
    std::string label; ///< "conv 3x3 s1 g1", "BN", "+"
    std::string name;  ///< of the step itself: "rbr_dense.bn"
    std::string path;  ///< of the map it makes: "rbr_dense", when it is the last step of that branch
    double column = 0, row = 0;
    int branch = -1;          ///< term of the outermost sum or concat that it belongs to
    bool onFusedPath = false; ///< x -> fused kernel -> tail -> y'
    friend bool operator==(const DiagramNode&, const DiagramNode&) = default;
};

/// Leaves `from` at the right, turns into the row of `to` right behind it, and enters `to` at the left.
struct DiagramEdge {
    int from = 0, to = 0; ///< into `nodes`
    int branch = -1;
    bool onFusedPath = false;
    friend bool operator==(const DiagramEdge&, const DiagramEdge&) = default;
};

struct BlockDiagram {
    std::vector<DiagramNode> nodes; ///< in order of reading
    std::vector<DiagramEdge> edges;
    double columns = 0, rows = 0;
};

/// Any expression, steps from left to right and terms one below the other: the last steps of all terms stand
/// in one column, right before the node that joins them, and that node at half their height. With `fused`,
/// the one convolution that replaces the body stands below its result, with the same tail, and their
/// difference between them, before the tail. A block without a body gives an empty drawing.
BlockDiagram layOutBlock(const Block& block, const Expr* fused = nullptr);

/// What a step is, in a few words: "conv 3x3 s2 g1", "avg pool 2x2 s2", "pad 1".
std::string labelOf(const Expr& expr);

} // namespace rp::ui
