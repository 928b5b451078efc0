// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/graph/known.h"
#include "core/model/model.h"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace rp::graph {

/// Several maps made one by an affine step: added, or stacked along channels.
struct Join {
    bool concat = false;
};

/// An operation that is not known here. Steps behind it are a network of their own when the shape of its result is known.
struct Unknown {
    std::string reason; ///< names the node
};

/// One step of a network before regions are found: an affine step of one map, a join, or an operation.
struct DraftNode {
    std::string name;  ///< the file's node
    std::string value; ///< the file's name of the result; empty for a step that the file does not spell out
    std::variant<ExprPtr, Join, Operation, Unknown> what;
    std::vector<std::int64_t> inputs; ///< earlier nodes; -1 is the network's input
    Shape shape;                      ///< of the result, for the draft's input; empty when unknown
    bool fromSize = false;            ///< holds for the draft's input size only

    bool isAffine() const { return std::holds_alternative<ExprPtr>(what) || std::holds_alternative<Join>(what); }
    bool isUnknown() const { return std::holds_alternative<Unknown>(what); }
};

/// A network as single steps in order of computation.
struct Draft {
    std::string inputName;
    Shape input;
    std::vector<DraftNode> nodes;
    std::vector<std::int64_t> outputs; ///< nodes; the network's own output is the first
    std::vector<Finding> findings;
};

/// How often each node's map is taken, outputs included.
std::vector<std::size_t> consumersOf(const Draft& draft);

/// Drops what no output depends on.
void removeDead(Draft& draft);

} // namespace rp::graph
