// SPDX-License-Identifier: Apache-2.0
#include "app/cli/verify_set.h"

#include "core/base/error.h"
#include "core/verify/input_set.h"
#include "core/verify/probes.h"
#include "core/verify/set_report.h"

#include <cstdio>
#include <set>

#include <fmt/format.h>

namespace rp::cli {
namespace {

/// Probes stand behind the files, in their own order.
class InputsOfSet {
public:
    InputsOfSet(const SetRun& run, families::OpenedModel& opened) : m_run(run), m_opened(opened), m_set(verify::listInputs(run.input.files)) {
        // The recipe for pictures, and the shape that probes have.
        InputOptions none = run.input;
        none.files.clear();
        const Shape shape = inputsOf(none, opened, run.limits, opened.model.defaultInput).front().values.shape();
        if (run.probes) m_probes = verify::probesFor(shape);
        if (count() == 0)
            throw Error(ErrorCode::inputInvalid, {run.input.files.empty() ? std::string("--input") : run.input.files.front(), "pictures or .npy arrays",
                                                  fmt::format("none among {} files", m_set.ignored), ""});
    }

    std::int64_t count() const { return std::ssize(m_set.entries) + std::ssize(m_probes); }
    std::int64_t ignored() const { return m_set.ignored; }
    std::vector<std::string> labels() const {
        std::set<std::string> names;
        for (const verify::SetEntry& entry : m_set.entries)
            if (!entry.label.empty()) names.insert(entry.label);
        return {names.begin(), names.end()};
    }
    verify::InputResult run(std::int64_t index, const fusion::ModelFusion& fusion) const;

private:
    bool isProbe(std::int64_t index) const { return index >= std::ssize(m_set.entries); }
    const verify::Probe& probe(std::int64_t index) const { return m_probes[static_cast<std::size_t>(index - std::ssize(m_set.entries))]; }

    const SetRun& m_run;
    families::OpenedModel& m_opened;
    verify::InputSet m_set;
    std::vector<verify::Probe> m_probes;
};

/// What is wrong with one input; anything else is wrong with the model or the command, and ends the run.
bool isOfTheInput(ErrorCode code) {
    switch (code) {
    case ErrorCode::usage:
    case ErrorCode::nothingToFuse:
    case ErrorCode::cancelled:
    case ErrorCode::internal:
    case ErrorCode::writeFailed:
        return false;
    default:
        return true;
    }
}

verify::InputResult InputsOfSet::run(std::int64_t index, const fusion::ModelFusion& fusion) const {
    verify::VerifyOptions options = m_run.verify;
    options.certify = false; // a certificate is of the block, not of an input
    options.inputIsNoise = isProbe(index);
    const verify::SetEntry* entry = isProbe(index) ? nullptr : &m_set.entries[static_cast<std::size_t>(index)];
    options.inputName = entry ? entry->name : "probe: " + probe(index).name;
    const std::string label = entry ? entry->label : std::string();
    try {
        const TensorD values = entry ? io::readInputs({entry->path}, m_opened.preprocessing, m_run.limits) : probe(index).values;
        return verify::resultOf(verify::verifyModel(m_opened, fusion, values, options), index, options.inputName, label);
    } catch (const Error& error) {
        if (!isOfTheInput(error.code())) throw;
        verify::InputResult broken;
        broken.index = index;
        broken.name = options.inputName;
        broken.label = label;
        // Without its path: reports carry no folders of the machine.
        broken.error = fmt::format("{}: expected {}, found {}", toString(error.code()), error.parts().expected, error.parts().found);
        return broken;
    }
}

} // namespace

int verifySet(const SetRun& run, families::OpenedModel& opened, const fusion::ModelFusion& fusion) {
    if (run.shard && (!run.reports.empty() || run.json))
        throw Error(ErrorCode::usage, {"--shard", "neither --report nor --json", "one of them", "`repscope-cli merge` writes reports of the shards"});
    for (const std::string& target : run.reports) verify::requireReportName(target);
    const InputsOfSet inputs(run, opened);
    if (inputs.ignored() > 0) note(fmt::format("{} files are neither pictures nor arrays by their names; they are ignored", inputs.ignored()));
    verify::SetHead head = verify::headOf(opened, run.verify);
    head.inputs = inputs.count();
    head.labels = inputs.labels();

    const verify::Shard shard = run.shard ? verify::parseShard(*run.shard) : verify::Shard{};
    if (run.shard) print(verify::headLine(head));
    std::vector<verify::InputResult> results;
    std::int64_t done = 0;
    for (std::int64_t i = 0; i < inputs.count(); ++i) {
        if (!shard.holds(i)) continue;
        verify::InputResult result = inputs.run(i, fusion);
        if (!result.error.empty()) note(fmt::format("{}: {}", result.name, result.error));
        ++done;
        if (run.shard) {
            print(verify::inputLine(result));
            std::fflush(stdout); // whoever watches a long run sees how far it is
        } else {
            results.push_back(std::move(result));
        }
    }
    if (run.shard) {
        print(verify::endLine(done)); // the verdict is for `merge` to give
        return 0;
    }
    const verify::SetReport report = verify::summarize(std::move(head), std::move(results));
    for (const std::string& target : run.reports) verify::writeReport(report, target);
    print(run.json ? verify::toJson(report) : verify::toText(report));
    return report.verdict == verify::Verdict::fail ? 1 : 0;
}

} // namespace rp::cli
