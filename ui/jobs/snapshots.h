// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/error.h"
#include "core/exec/dispatch.h"
#include "core/families/open_model.h"
#include "core/fusion/fuse_model.h"
#include "core/picture/common_range.h"
#include "core/verify/verify.h"

#include <QString>

#include <memory>
#include <optional>
#include <vector>

namespace rp::ui {

/// What jobs make and the document owns: never changed once made, so threads share them without locks.

struct LoadedModel {
    families::OpenedModel opened;
    families::OpenOptions options; ///< how it was asked for
    fusion::ModelFusion fusion;
    ModelForms forms;
    fusion::Cost cost; ///< for the input size that the network is made for

    const Model& model() const { return opened.model; }
};
using LoadedModelPtr = std::shared_ptr<const LoadedModel>;

struct InputSnapshot {
    QString name;        ///< file name, or how it was made
    QString path;        ///< empty when it was made
    QString description; ///< what became of it on the way to the network
    TensorD values;      ///< [n, c, h, w]
};
using InputPtr = std::shared_ptr<const InputSnapshot>;

/// How a phase is run.
struct RunSettings {
    EngineKind engine = EngineKind::float32;
    DispatchMethod dispatch = DispatchMethod::state;
    friend bool operator==(const RunSettings&, const RunSettings&) = default;
};

/// One phase on one input. `problem` says why there is nothing else in it.
struct PhaseRun {
    Phase phase = Phase::eval;
    RunSettings settings;
    std::vector<MapPtr> inputs, outputs; ///< by block, in the engine's precision; outputs include the tail
    TensorD output;                      ///< of the last node
    std::vector<std::vector<verify::Top>>
        top; ///< per sample, best first; empty when the output holds no scores
    std::vector<TraceEntry> trace;
    std::optional<picture::CommonRange> networkRange; ///< of all blocks' outputs; none without a whole run
    std::optional<Error> problem;
};
using PhaseRunPtr = std::shared_ptr<const PhaseRun>;

/// One map inside a block, with what a picture of it needs.
struct BlockMap {
    /// `step`: within a branch, or in the tail before the output.
    enum class Role { input, branch, sum, output, difference, step } role = Role::branch;
    QString name;
    TensorD values; ///< [n, c, h, w]
    /// Branches, their sum and the output share theirs, or their pictures could not be compared.
    picture::CommonRange range{};
    std::vector<picture::ChannelFigures> channels{};
};

/// Names a map of a block in whatever phase it was computed: "sum" is also what the fused kernel makes.
struct MapKey {
    BlockMap::Role role = BlockMap::Role::output;
    QString name; ///< for branches and steps, of which there are several
    friend bool operator==(const MapKey&, const MapKey&) = default;
};
inline MapKey keyOf(const BlockMap& map) {
    const bool isOneOfMany = map.role == BlockMap::Role::branch || map.role == BlockMap::Role::step;
    return {map.role, isOneOfMany ? map.name : QString()};
}

/// What one block does with its input in one phase.
struct BlockDetail {
    int block = -1;
    Phase phase = Phase::eval;
    RunSettings settings;
    bool seeded = false; ///< the input is a seeded random one: the network cannot be run whole
    std::vector<BlockMap> maps;
    std::vector<BlockMap> steps; ///< what lies between them, for the diagram
    std::vector<double> gammas; ///< per output channel the largest |gamma| of the block's norms; empty without any
    QString differenceOf; ///< which two computations the difference map compares; empty without one
    std::optional<Error> problem;

    const BlockMap* find(const MapKey& key) const;
    const BlockMap* find(BlockMap::Role role) const { return find(MapKey{role, {}}); }
};
using BlockDetailPtr = std::shared_ptr<const BlockDetail>;

/// How one block's kernel comes about.
struct Derivation {
    int block = -1;
    fusion::FuseResult result;                  ///< empty for a block in deploy form
    std::optional<fusion::Kernel> storedInFile; ///< deploy form: the kernel that the file holds
    std::vector<double> branchShares;           ///< sum |K| of each branch over that of all, [0, 1]
    /// Norm by kernel position [kh, kw], over all channels: of each branch, then of the kernel itself.
    std::vector<TensorD> positionNorms;
    std::optional<Error> problem;

    /// The fused kernel, folded here or held by the file; null when the block is refused.
    const fusion::Kernel* kernel() const;
};
using DerivationPtr = std::shared_ptr<const Derivation>;

using ReportPtr = std::shared_ptr<const verify::Report>;

} // namespace rp::ui
