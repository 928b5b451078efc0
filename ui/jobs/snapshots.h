// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/error.h"
#include "core/exec/dispatch.h"
#include "core/families/open_model.h"
#include "core/fusion/fuse_model.h"
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
    std::optional<Error> problem;
};
using PhaseRunPtr = std::shared_ptr<const PhaseRun>;

/// One map inside a block, as it is shown.
struct BlockMap {
    enum class Role { input, branch, sum, output, difference } role = Role::branch;
    QString name;
    TensorD values; ///< [n, c, h, w]
};

/// What one block does with its input in one phase.
struct BlockDetail {
    int block = -1;
    Phase phase = Phase::eval;
    RunSettings settings;
    bool seeded = false; ///< the input is a seeded random one: the network cannot be run whole
    std::vector<BlockMap> maps;
    std::vector<TensorD> unseenBranches; ///< phase deploy: what phase eval adds up; both get one colour range
    QString differenceOf; ///< which two computations the difference map compares; empty without one
    std::optional<Error> problem;
};
using BlockDetailPtr = std::shared_ptr<const BlockDetail>;

/// How one block's kernel comes about.
struct Derivation {
    int block = -1;
    fusion::FuseResult result;                  ///< empty for a block in deploy form
    std::optional<fusion::Kernel> storedInFile; ///< deploy form: the kernel that the file holds
    std::vector<double> branchShares;           ///< sum |K| of each branch over that of all, [0, 1]
    std::optional<Error> problem;
};
using DerivationPtr = std::shared_ptr<const Derivation>;

using ReportPtr = std::shared_ptr<const verify::Report>;

} // namespace rp::ui
