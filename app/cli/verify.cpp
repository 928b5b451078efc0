// SPDX-License-Identifier: Apache-2.0
#include "app/cli/command.h"
#include "app/cli/verify_set.h"

#include "core/base/error.h"
#include "core/io/npy.h"
#include "core/verify/against.h"
#include "core/verify/bisect.h"
#include "core/verify/expect.h"
#include "core/verify/report.h"

#include <algorithm>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace rp::cli {
namespace {

struct VerifyCommandOptions {
    CommonOptions common;
    InputOptions input;
    std::optional<std::string> block, against, againstWeights, expect;
    std::vector<std::string> reports;
    bool mergeInexact = false;
    bool precision = false;
    bool probes = false;
    std::optional<std::string> shard;
    std::optional<std::string> worstInputs;
    std::optional<double> bisect;
};

std::string reproduceLine(const VerifyCommandOptions& options) {
    std::vector<std::string> rest;
    auto add = [&rest](const char* name, const std::optional<std::string>& value, bool isFile) {
        if (!value) return;
        rest.push_back(name);
        rest.push_back(isFile ? std::filesystem::path(*value).filename().string() : *value);
    };
    add("--block", options.block, false);
    add("--against", options.against, true);
    add("--against-weights", options.againstWeights, false);
    add("--expect", options.expect, true);
    if (options.mergeInexact) rest.push_back("--merge-inexact");
    if (options.precision) rest.push_back("--precision");
    if (options.probes) rest.push_back("--probes");
    if (options.bisect) rest.insert(rest.end(), {"--bisect", fmt::format("{}", *options.bisect)});
    return commandLine("verify", options.common, &options.input, rest);
}

bool isSet(const VerifyCommandOptions& options) {
    return options.probes || options.shard || std::ranges::any_of(options.input.files, [](const std::string& file) {
        std::error_code unreadable;
        return std::filesystem::is_directory(file, unreadable);
    });
}

SetRun setRun(const VerifyCommandOptions& options, const io::Limits& limits) {
    if (options.against || options.expect || options.bisect || options.precision || options.worstInputs || options.input.batch)
        throw Error(ErrorCode::usage, {"--input", "one input or one batch with --against, --expect, --bisect, --precision, --worst-inputs or --batch", "a set of inputs", "give one file"});
    SetRun run{options.input, limits, options.probes, options.shard, options.reports, options.common.json, {}};
    run.verify.block = options.block;
    run.verify.reproduce = reproduceLine(options);
    return run;
}

/// The inputs that attain what the block's certificate states for |x| <= r: whoever doubts it can run them.
void writeWorstInputs(const VerifyCommandOptions& options, const Model& model, const fusion::ModelFusion& fusion, const verify::Report& report) {
    const auto& certificate = report.blocks.front().certificate;
    if (!certificate || !certificate->none.empty())
        throw Error(ErrorCode::unsupported, {*options.block, "a block with a certificate", certificate ? certificate->none : report.blocks.front().reason, ""});
    const auto at = static_cast<std::size_t>(model.find(*options.block) - model.blocks.data());
    const auto write = [&](verify::Pixels pixels, const std::string& suffix) {
        const verify::WorstInputs worst =
            verify::worstInputs(model.blocks[at], fusion.blocks[at], certificate->range, verify::InputRange::symmetric, verify::KernelFormat::float32, pixels);
        TensorD places(Shape{std::ssize(worst.at), 2});
        for (std::size_t o = 0; o < worst.at.size(); ++o) std::ranges::copy(worst.at[o], places.edit().begin() + static_cast<std::ptrdiff_t>(2 * o));
        std::string stem = *options.worstInputs;
        if (stem.ends_with(".npy")) stem.resize(stem.size() - 4);
        const std::filesystem::path target = stem + suffix + ".npy", beside = stem + suffix + ".at.npy";
        io::writeNpy(target, worst.inputs);
        io::writeNpy(beside, places);
        note(pixels == verify::Pixels::inside
                 ? fmt::format("{}: input i attains the bound of output channel i, at row and column i of {}", target.string(), beside.string())
                 : fmt::format("{}: input i takes output channel i as far as any on this map, at row and column i of {}; the largest of them attains the bound",
                               target.string(), beside.string()));
    };
    write(verify::Pixels::inside, "");
    if (certificate->formats.front().border) write(verify::Pixels::border, ".border");
}

int verify(const VerifyCommandOptions& options) {
    families::OpenedModel opened = open(options.common);
    if (options.block && !opened.model.find(*options.block))
        throw Error(ErrorCode::usage, {"--block " + *options.block, "the name of a block, as `inspect` lists them", "no block of that name", ""});
    const fusion::ModelFusion fusion = fusion::fuseModel(opened.model, {options.mergeInexact});
    const io::Limits limits{options.common.limitBytes};
    if (isSet(options)) return verifySet(setRun(options, limits), opened, fusion);
    // One report: several inputs are one batch, and must have one size.
    InputOptions inputOptions = options.input;
    inputOptions.batch = true;
    const Input input = inputsOf(inputOptions, opened, limits, opened.model.defaultInput).front();

    verify::VerifyOptions verifyOptions;
    verifyOptions.block = options.block;
    verifyOptions.inputName = input.name;
    verifyOptions.inputIsNoise = input.isNoise;
    verifyOptions.precision = options.precision;
    verifyOptions.reproduce = reproduceLine(options);

    verify::Report report;
    const bool otherSide = options.against || options.expect;
    if (fusion.fusedCount() > 0 || !otherSide)
        report = verify::verifyModel(opened, fusion, input.values, verifyOptions);
    else
        report = verify::reportWithoutFusion(opened, verifyOptions);
    std::optional<families::OpenedModel> otherModel;
    if (options.against) {
        families::OpenOptions other;
        other.assumptions = options.common.assumptions;
        other.blocks = options.common.blocks;
        other.deployOf = &opened.model;
        other.weights = options.againstWeights;
        other.limits = limits;
        verify::AgainstOptions against;
        against.open.assumptions = options.common.assumptions;
        against.open.blocks = options.common.blocks;
        against.open.limits = limits;
        std::error_code none;
        against.isSameFile = std::filesystem::equivalent(*options.against, options.common.model, none);
        otherModel = families::openModel(*options.against, other);
        verify::addAgainst(report, opened, fusion, *otherModel, input.values, against);
    }
    if (options.bisect) {
        const ModelForms forms = otherModel ? verify::formsWith(opened, fusion, *otherModel) : fusion.forms(opened.model);
        report.bisection = verify::bisect(opened.model, forms, input.values, *options.bisect);
        report.bisection->kernels = otherModel ? otherModel->checkpoint->path.filename().string() : "ours";
    }
    if (options.expect)
        verify::addExpect(report, opened, fusion, input.values, io::readNpyFile(*options.expect).toDouble(), verifyOptions);
    if (options.worstInputs) writeWorstInputs(options, opened.model, fusion, report);
    for (const std::string& target : options.reports) verify::writeReport(report, target);
    print(options.common.json ? verify::toJson(report) : verify::toText(report));
    return report.verdict == verify::Verdict::fail ? 1 : 0;
}

} // namespace

Command addVerify(CLI::App& app) {
    auto options = std::make_shared<VerifyCommandOptions>();
    CLI::App* command = app.add_subcommand("verify", "whether the two forms agree, block by block and at the output");
    addCommon(*command, options->common);
    addInput(*command, options->input);
    command->add_option("--block", options->block, "one block only, by name");
    command->add_option("--against", options->against, "somebody else's deploy file");
    command->add_option("--against-weights", options->againstWeights, "which weight set of that file; MODEL itself may be that file")->needs("--against");
    command->add_option("--expect", options->expect, "somebody else's output for the same input, as .npy");
    command->add_option("--bisect", options->bisect, "the smallest set of blocks whose merging (with --against: with its kernels) moves the output by more than this part of its largest value")
        ->check(CLI::NonNegativeNumber);
    command->add_flag("--json", options->common.json, "one JSON object on standard output");
    command->add_option("--report", options->reports, "also write a report: .html .md .csv .xml (JUnit) .json .netron.json .explorer.json")->allow_extra_args(false);
    command->add_flag("--probes", options->probes, "also zeros, ones, impulses, small integers, noise and large noise; with a folder as --input, a report over all");
    command->add_option("--shard", options->shard, "K/N: only every N-th input of a set, as JSON lines for `merge`");
    command->add_option("--worst-inputs", options->worstInputs, "with --block: write the inputs that attain its certificate, one for each output channel, as FILE.npy; where they do so, as FILE.at.npy; for borders FILE.border.npy")
        ->needs("--block");
    command->add_flag("--precision", options->precision, "also what float16, bfloat16, int8 and int4 kernels cost, block by block");
    command->add_flag("--merge-inexact", options->mergeInexact, "also merge blocks that differ at the border (the verdict is then fail)");
    auto run = [options] { return verify(*options); };
    return {command, run, &options->common};
}

} // namespace rp::cli
