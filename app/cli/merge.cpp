// SPDX-License-Identifier: Apache-2.0
#include "app/cli/command.h"

#include "core/verify/set_report.h"

#include <CLI/CLI.hpp>

namespace rp::cli {
namespace {

struct MergeOptions {
    CommonOptions common; ///< only `json`
    std::vector<std::string> files, reports;
};

} // namespace

Command addMerge(CLI::App& app) {
    auto options = std::make_shared<MergeOptions>();
    CLI::App* command = app.add_subcommand("merge", "join what `verify --shard` wrote to the report of the whole set");
    command->add_option("FILES", options->files, "JSON lines, one file for each shard")->required();
    command->add_flag("--json", options->common.json, "one JSON object on standard output");
    command->add_option("--report", options->reports, "also write a report: .html .md .csv .xml (JUnit) .json")->allow_extra_args(false);
    auto run = [options] {
        const verify::SetReport report = verify::mergeShards({options->files.begin(), options->files.end()});
        for (const std::string& target : options->reports) verify::writeReport(report, target);
        print(options->common.json ? verify::toJson(report) : verify::toText(report));
        return report.verdict == verify::Verdict::fail ? 1 : 0;
    };
    return {command, run, &options->common};
}

} // namespace rp::cli
