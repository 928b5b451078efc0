// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/fusion/fuse.h"
#include "core/verify/diagnosis/edit.h"

#include <functional>
#include <string>
#include <vector>

namespace rp::verify {

/// One way in which somebody's fusion may have gone wrong, as the kernel that it would give: fold `body`, then apply `map`.
struct Hypothesis {
    std::string code;     ///< stable: "eps", "branch-omitted" …
    std::string sentence; ///< what was done, as a clause: "rbr_1x1 is not part of the kernel"
    std::string remedy;
    ExprPtr body;         ///< the block's body with the fault in it
    std::function<fusion::Kernel(fusion::Kernel)> map = {}; ///< of the folded kernel; none: as it is
    bool ofOneNorm = false;              ///< … of several: another hypothesis says the same of all of them
    bool needsAllRows = false;           ///< `map` mixes output channels
    double step = 0;                     ///< `map` rounds: the spacing of its numbers as a part of their size …
    double gridStep = 0;                 ///< … or as a part of the largest number of the kernel
    std::function<ExprPtr(double)> withEps = {}; ///< eps is to be fitted: the body for a value of it
    double eps = 0;                      ///< … the value that is in force
};

/// What faults need to know of the block besides its body.
struct BlockFacts {
    std::int64_t inChannels = 0;
    std::int64_t groups = 1; ///< of the right kernel
    Extent extent;
    Padding padding;
};

/// A fault of one kind at every place of a body where it can happen, and at all of them at once.
using FaultRow = void (*)(const ExprPtr& body, const BlockFacts& facts, std::vector<Hypothesis>& to);

/// The rows, in the order in which equal explanations are preferred.
std::span<const FaultRow> kernelFaults(); ///< bias, number formats, orientation
std::span<const FaultRow> branchFaults(); ///< branches, their place, constants, groups
std::span<const FaultRow> normFaults();   ///< eps, mean, variance, beta, a norm left out

/// Every hypothesis for a body; verification.md B.1 and D.5.
std::vector<Hypothesis> hypothesesFor(const ExprPtr& body, const BlockFacts& facts);

/// For messages: the node's name, or its kind when it has none.
std::string labelOf(const Expr& node);
/// Width of the map that the node at `path` takes.
std::int64_t channelsAt(const ExprPtr& root, std::span<const std::size_t> path, std::int64_t inChannels);

/// The seven ways other than as it is to turn and mirror a window; those that exchange height and width need a square.
struct Symmetry {
    std::string_view name; ///< "turned by 180 degrees"
    bool exchanges, flipsY, flipsX;
};
std::span<const Symmetry> symmetries();
TensorD turned(const TensorD& weight, const Symmetry& symmetry);

} // namespace rp::verify
