// SPDX-License-Identifier: Apache-2.0
#include "app/cli/command.h"

#include "core/base/error.h"
#include "core/families/network_names.h"
#include "core/fusion/write_fused.h"
#include "core/graph/export.h"
#include "core/verify/guard.h"

#include <map>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <unistd.h>

namespace rp::cli {
namespace {

struct FuseCommandOptions {
    CommonOptions common;
    std::string output;
    std::string layout, dtype;
    bool mergeInexact = false;
    bool force = false;
};

const std::map<std::string, DType> kTypes{{"float16", DType::f16}, {"bfloat16", DType::bf16}, {"float32", DType::f32}};

fusion::WriteOptions writeOptions(const FuseCommandOptions& options, const Model& model) {
    fusion::WriteOptions write;
    if (!options.dtype.empty()) write.dtype = kTypes.at(options.dtype);
    if (!options.layout.empty() && options.layout != model.layout)
        write.relabel = [family = model.family, from = model.layout, to = options.layout](NamedTensor tensor) {
            return families::renamedTensor(std::move(tensor), family, from, to);
        };
    return write;
}

/// Nobody should deploy a model whose two forms disagree without having been told.
bool mayBeWritten(const families::OpenedModel& opened, bool force) {
    const verify::Report report = verify::reportBeforeWriting(opened);
    if (report.verdict != verify::Verdict::fail) return true;
    note(fmt::format("the verdict of {} is fail{}", opened.checkpoint->path.filename().string(),
                     force ? "; written all the same (--force)" : "; nothing is written (--force writes it all the same)"));
    const verify::Questions& q = report.questions;
    for (const verify::Answer* answer : {&q.structure, &q.algebra, &q.rounding, &q.drift, &q.decision})
        if (answer->asked && answer->verdict == verify::Verdict::fail) note("  " + answer->sentence);
    return force;
}

/// The file that stands under the output's name, kept under another one until the new file has been read back.
class OlderFile {
public:
    explicit OlderFile(const std::filesystem::path& target) {
        std::error_code error;
        m_target = std::filesystem::weakly_canonical(target, error);
        if (error || !std::filesystem::is_regular_file(m_target, error)) return;
        m_kept = m_target;
        m_kept += fmt::format(".before-{}", ::getpid());
        std::filesystem::create_hard_link(m_target, m_kept, error);
        if (error) std::filesystem::copy_file(m_target, m_kept); // no links on this file system
    }
    OlderFile(const OlderFile&) = delete;
    OlderFile& operator=(const OlderFile&) = delete;
    ~OlderFile() {
        std::error_code ignored;
        if (!m_kept.empty()) std::filesystem::remove(m_kept, ignored);
    }
    /// In place of the new one; without an older file the new one goes. Says what was done.
    std::string restore() {
        std::error_code error;
        if (m_kept.empty()) return std::filesystem::remove(m_target, error) ? "the file was removed" : "remove the file";
        std::filesystem::rename(m_kept, m_target, error);
        return error ? fmt::format("the older file is kept as {}", std::exchange(m_kept, {}).string()) : "the older file is there as it was";
    }

private:
    std::filesystem::path m_target, m_kept;
};

/// Reads the file back as a user would and compares it with the branches. A file that is wrong does not stay.
std::string checked(const FuseCommandOptions& options, const families::OpenedModel& opened, const fusion::ModelFusion& fusion, OlderFile& older) {
    families::OpenOptions back;
    if (std::filesystem::path(options.output).extension() != ".onnx") back.assumptions = options.common.assumptions; // a graph states all of it
    back.blocks = options.common.blocks;
    back.deployOf = &opened.model;
    back.limits.decodedBytes = options.common.limitBytes;
    const auto dtype = options.dtype.empty() ? std::nullopt : std::optional(kTypes.at(options.dtype));
    verify::WrittenCheck check;
    try {
        check = verify::checkWritten(options.output, opened, fusion, back, dtype);
    } catch (const Error& error) {
        check.problem = error.what();
    }
    if (check.problem.empty()) return check.sentence();
    throw Error(ErrorCode::writeFailed, {options.output, "the fused model, when read back", check.problem,
                                         options.force ? "the file stays because of --force" : older.restore()});
}

int fuse(const FuseCommandOptions& options) {
    const families::OpenedModel opened = open(options.common);
    const fusion::ModelFusion fusion = fusion::fuseModel(opened.model, {options.mergeInexact});
    const bool asGraph = std::filesystem::path(options.output).extension() == ".onnx";
    if (asGraph && !(options.layout.empty() && options.dtype.empty()))
        throw Error(ErrorCode::usage, {"--output " + options.output, "an ONNX graph in float32 with its own names", "--layout or --dtype", ""});
    if (!mayBeWritten(opened, options.force)) return 1;
    OlderFile older(options.output);
    const fusion::WriteReport report =
        asGraph ? graph::writeDeployOnnx(options.output, opened.model, fusion, *opened.checkpoint)
                : fusion::writeFused(options.output, opened.model, fusion, *opened.checkpoint, *opened.weights,
                                     writeOptions(options, opened.model));
    for (const std::string& text : report.notes) note(text);
    for (const Finding& f : opened.model.findings)
        if (f.severity != Finding::Severity::note) note(fmt::format("{}: {}", toString(f.severity), f.message));
    const std::string sentence = checked(options, opened, fusion, older);
    print(fmt::format("{}: {} of {} blocks fused, {} tensors written in place of {}; {}\n", options.output, report.fusedBlocks,
                      opened.model.blocks.size(), report.tensorsAfter, report.tensorsBefore, sentence));
    return 0;
}

} // namespace

Command addFuse(CLI::App& app) {
    auto options = std::make_shared<FuseCommandOptions>();
    CLI::App* command = app.add_subcommand("fuse", "write the fused model");
    addCommon(*command, options->common);
    command->add_option("--output", options->output, "file to write: .pth, .pt, .safetensors, .npz, .pdparams or .onnx")->required();
    command->add_option("--layout", options->layout, "names of another toolkit (RepVGG, MobileOne); default: the source's own deploy layout")
        ->check(CLI::IsMember({"official", "timm", "mmpretrain", "paddle"}));
    command->add_option("--dtype", options->dtype, "of every floating tensor; default: float32 kernels, the rest as it is")
        ->check(CLI::IsMember({"float16", "bfloat16", "float32"}));
    command->add_flag("--merge-inexact", options->mergeInexact, "also merge blocks that differ at the border");
    command->add_flag("--force", options->force, "write a model whose verdict is fail all the same");
    auto run = [options] { return fuse(*options); };
    return {command, run, &options->common};
}

} // namespace rp::cli
