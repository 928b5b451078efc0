// SPDX-License-Identifier: Apache-2.0
#include "app/cli/command.h"

#include "core/fusion/write_fused.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace rp::cli {
namespace {

struct FuseCommandOptions {
    CommonOptions common;
    std::string output;
    bool mergeInexact = false;
};

} // namespace

Command addFuse(CLI::App& app) {
    auto options = std::make_shared<FuseCommandOptions>();
    CLI::App* command = app.add_subcommand("fuse", "write the fused model in the source's own deploy layout");
    addCommon(*command, options->common);
    command->add_option("--output", options->output, "file to write: .safetensors, .pth or .pt")->required();
    command->add_flag("--merge-inexact", options->mergeInexact, "also merge blocks that differ at the border");
    auto run = [options] {
        const families::OpenedModel opened = open(options->common);
        const fusion::ModelFusion fusion = fusion::fuseModel(opened.model, {options->mergeInexact});
        const fusion::WriteReport report =
            fusion::writeFused(options->output, opened.model, fusion, *opened.checkpoint, *opened.weights);
        for (const std::string& text : report.notes) note(text);
        for (const Finding& f : opened.model.findings)
            if (f.severity != Finding::Severity::note) note(fmt::format("{}: {}", toString(f.severity), f.message));
        print(fmt::format("{}: {} of {} blocks fused, {} tensors written in place of {}\n", options->output, report.fusedBlocks,
                          opened.model.blocks.size(), report.tensorsAfter, report.tensorsBefore));
        return 0;
    };
    return {command, run, &options->common};
}

} // namespace rp::cli
