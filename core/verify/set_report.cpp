// SPDX-License-Identifier: Apache-2.0
#include "core/verify/set_report.h"

#include "core/base/error.h"
#include "core/exec/libraries.h"
#include "core/verify/judge.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include <fmt/format.h>

namespace rp::verify {
namespace {

void take(Spread& spread, const std::optional<double>& value, const std::string& at) {
    if (!value) return;
    if (spread.count == 0 || *value < spread.lowest) {
        spread.lowest = *value;
        spread.lowestAt = at;
    }
    spread.mean += *value; // a sum until `finish`
    ++spread.count;
}
void finish(Spread& spread) {
    if (spread.count > 0) spread.mean /= static_cast<double>(spread.count);
}

/// Class index of each folder name: by the model's class names where they hold all of them, else in sorted order, which is how
/// PyTorch's ImageFolder numbers them, where there are as many as classes.
std::map<std::string, std::int64_t> classesOfLabels(const SetHead& head, std::int64_t classes, std::string& none) {
    std::map<std::string, std::int64_t> indices;
    if (classes < 2) {
        none = "the output is no classification";
        return indices;
    }
    if (head.labels.empty()) {
        none = "the files stand in no folders of their own";
        return indices;
    }
    for (const std::string& label : head.labels) {
        const auto at = std::ranges::find(head.classNames, label);
        if (at == head.classNames.end()) break;
        indices[label] = at - head.classNames.begin();
    }
    if (indices.size() == head.labels.size()) return indices;
    indices.clear();
    if (classes != static_cast<std::int64_t>(head.labels.size())) {
        none = fmt::format("{} folders are neither the model's class names nor as many as its classes", head.labels.size());
        return indices;
    }
    for (const std::string& label : head.labels) indices.emplace(label, static_cast<std::int64_t>(indices.size()));
    return indices;
}

void addFigures(SetReport& report, const InputResult& input) {
    for (std::size_t i = 0; i < report.blocks.size(); ++i) {
        BlockSummary& block = report.blocks[i];
        const BlockFigures& f = input.blocks[i];
        block.verdict = f.verdict == Verdict::refused ? Verdict::refused : worse(block.verdict, f.verdict);
        if (!f.measured) continue;
        ++block.measured;
        if (f.verdict == Verdict::fail) ++block.failed;
        take(block.local, f.localDb, input.name);
        take(block.cumulative, f.cumulativeDb, input.name);
        take(block.algebra, f.algebraDb, input.name);
        take(block.stored, f.storedDb, input.name);
        block.localMax = std::max(block.localMax, f.localMax);
        const double share = f.bound > 0 ? f.localMax / f.bound : 0;
        if (share <= block.worstShare && !block.worstShareAt.empty()) continue;
        block.worstShare = share;
        block.worstShareAt = input.name;
    }
    take(report.output, input.outputDb, input.name);
}

void addClasses(SetReport& report, const InputResult& input, const std::map<std::string, std::int64_t>& classes) {
    const auto &eval = input.top1[static_cast<std::size_t>(Phase::eval)], &deploy = input.top1[static_cast<std::size_t>(Phase::deploy)];
    if (!eval || !deploy) return;
    ++report.classified;
    if (*eval != *deploy) ++report.changed;
    const auto label = classes.find(input.label);
    if (input.label.empty() || label == classes.end()) return;
    ++report.labelled;
    for (std::size_t p = 0; p < report.correct.size(); ++p)
        if (input.top1[p] == label->second) ++report.correct[p];
}

void addFindings(SetReport& report, const InputResult& input) {
    for (const Finding& f : input.findings) {
        const auto known = std::ranges::find_if(report.findings, [&](const auto& entry) {
            return std::tie(entry.first.code, entry.first.block, entry.first.message) == std::tie(f.code, f.block, f.message);
        });
        if (known == report.findings.end())
            report.findings.emplace_back(f, 1);
        else
            ++known->second;
    }
}

} // namespace

InputResult resultOf(const Report& report, std::int64_t index, std::string name, std::string label) {
    InputResult result;
    result.index = index;
    result.name = std::move(name);
    result.label = std::move(label);
    result.verdict = report.verdict;
    for (const BlockReport& b : report.blocks) {
        BlockFigures f;
        f.verdict = b.verdict;
        f.measured = b.local.has_value();
        f.localDb = snrDb(b.local);
        f.cumulativeDb = snrDb(b.cumulative);
        f.algebraDb = snrDb(b.algebra);
        f.storedDb = snrDb(b.stored);
        f.localMax = b.local ? b.local->maxAbs : 0;
        f.bound = b.roundingBound;
        f.cumulativeMax = b.cumulative ? b.cumulative->maxAbs : 0;
        result.blocks.push_back(f);
    }
    if (report.questions.drift.asked) result.outputDb = report.questions.drift.value;
    for (std::size_t p = 0; p < report.phases.size(); ++p)
        if (!report.phases[p].top.empty() && !report.phases[p].top.front().empty()) result.top1[p] = report.phases[p].top.front().front().index;
    result.classes = report.classes;
    result.findings = report.findings;
    return result;
}

SetHead headOf(const families::OpenedModel& opened, const VerifyOptions& options) {
    SetHead head;
    head.file = opened.checkpoint->path.filename().string();
    head.variant = opened.model.variant;
    head.preprocessing = opened.preprocessing.describe();
    head.reproduce = options.reproduce;
    head.seeds = kSeeds;
    head.versions = versionsLine();
    head.classNames = opened.model.classNames;
    head.assumptions = opened.model.assumptions;
    for (const Block& b : opened.model.blocks)
        if (!options.block || b.name == *options.block) head.blocks.push_back(b.name);
    return head;
}

SetReport summarize(SetHead head, std::vector<InputResult> inputs) {
    std::ranges::stable_sort(inputs, {}, &InputResult::index);
    for (std::size_t i = 1; i < inputs.size(); ++i)
        if (inputs[i].index == inputs[i - 1].index)
            throw Error(ErrorCode::malformed, {"input " + inputs[i].name, "each input once", "it is there twice", "give each shard's file once"});
    SetReport report;
    report.head = std::move(head);
    for (const std::string& name : report.head.blocks) report.blocks.push_back({name, Verdict::pass, 0, 0, {}, {}, {}, {}, 0, 0, {}});
    std::int64_t count = 0;
    for (const InputResult& input : inputs) count = std::max(count, input.classes);
    const std::map<std::string, std::int64_t> classes = classesOfLabels(report.head, count, report.noLabels);
    for (const InputResult& input : inputs) {
        if (!input.error.empty()) {
            ++report.broken;
            report.verdict = worse(report.verdict, Verdict::warn);
            continue;
        }
        report.verdict = worse(report.verdict, input.verdict);
        addFigures(report, input);
        addClasses(report, input, classes);
        addFindings(report, input);
    }
    for (BlockSummary& block : report.blocks)
        for (Spread* spread : {&block.local, &block.cumulative, &block.algebra, &block.stored}) finish(*spread);
    finish(report.output);
    const std::int64_t missing = report.head.inputs - std::ssize(inputs);
    if (missing > 0) {
        report.verdict = Verdict::fail;
        report.findings.emplace_back(Finding{Finding::Severity::fail, "missing-inputs", "", fmt::format("{} of {} inputs are missing", missing, report.head.inputs),
                                             "run the missing shards and merge all files"},
                                     missing);
    }
    if (report.broken == std::ssize(inputs)) {
        report.verdict = Verdict::fail;
        report.findings.emplace_back(Finding{Finding::Severity::fail, "no-input", "", "no input could be used", ""}, report.broken);
    }
    report.inputs = std::move(inputs);
    return report;
}

} // namespace rp::verify
