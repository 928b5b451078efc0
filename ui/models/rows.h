// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/jobs/snapshots.h"
#include "ui/models/text_table.h"
#include "ui/presenters/problem.h"

namespace rp::ui {

/// Question, answer; last the command line that gives the same.
std::vector<TextRow> answerRows(const verify::Report& report);
/// What, where, expected, found, what to do.
std::vector<TextRow> problemRows(const std::vector<Problem>& problems, const Model* model);
/// Block, function, because.
std::vector<TextRow> traceRows(const PhaseRun& run);
/// Figure, value: what a glance at a map's numbers tells.
std::vector<TextRow> mapRows(const BlockMap& map, const BlockDetail& detail, const QString& block);
/// Rule, step, formula, from and to.
std::vector<TextRow> stepRows(const fusion::FuseResult& result);
/// One line per assumption in force, and what became of the input.
std::vector<TextRow> assumptionRows(const LoadedModel& model, const InputSnapshot* input);

} // namespace rp::ui
