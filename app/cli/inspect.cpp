// SPDX-License-Identifier: Apache-2.0
#include "app/cli/command.h"

#include "core/verify/json_parts.h"
#include "core/verify/judge.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace rp::cli {
namespace {

using Json = nlohmann::ordered_json;

/// The fused convolution of a block, or the one it has; null when refused.
const Conv* convOf(const Block& block, const fusion::BlockFusion& fused) {
    const ExprPtr& expr = fused.stored ? fused.stored : block.body;
    return expr ? std::get_if<Conv>(&expr->op) : nullptr;
}

std::optional<double> epsOf(const Model& model, const std::string& block) {
    for (const Assumption& a : model.assumptions)
        if (a.block == block && a.key == "eps") return std::stod(a.value);
    return std::nullopt;
}

Json blockJson(const Model& model, const Block& block, const fusion::BlockFusion& fused) {
    Json branches = Json::array(), tail = Json::array();
    for (const ExprPtr& branch : branchesOf(block)) branches.push_back(branch->name);
    for (const Operation& step : block.tail) tail.push_back(describe(step));
    Json object{{"name", block.name},
                {"family", block.family},
                {"form", toString(block.form)},
                {"fusable", fused.fusable},
                {"exactness", fusion::toString(fused.exactness)},
                {"rim", fused.rim},
                {"reason", fused.reason.empty() ? Json(nullptr) : Json(fused.reason)},
                {"inChannels", block.inChannels},
                {"outChannels", block.outChannels}};
    const Conv* conv = convOf(block, fused);
    object["kernel"] = conv ? Json{conv->weight.shape()[2], conv->weight.shape()[3]} : Json(nullptr);
    object["stride"] = conv ? Json{conv->stride.h, conv->stride.w} : Json(nullptr);
    object["padding"] = conv ? Json{conv->padding.top, conv->padding.left, conv->padding.bottom, conv->padding.right} : Json(nullptr);
    object["groups"] = conv ? Json(conv->groups) : Json(nullptr);
    const auto eps = epsOf(model, block.name);
    object["eps"] = eps ? Json(*eps) : Json(nullptr);
    object["branches"] = std::move(branches);
    object["tail"] = std::move(tail);
    return object;
}

std::string asJson(const families::OpenedModel& opened, const fusion::ModelFusion& fusion, const fusion::Cost& cost) {
    const Model& model = opened.model;
    auto macs = [&](std::int64_t n) { return cost.hasMacs ? Json(n) : Json(nullptr); };
    Json root{{"file", opened.checkpoint->path.filename().string()},
              {"format", io::toString(opened.checkpoint->format)},
              {"form", toString(model.form)},
              {"family", model.family},
              {"variant", model.variant},
              {"layout", model.layout},
              {"weights", opened.weights->name},
              {"parameters", {{"train", cost.trainParameters}, {"deploy", cost.deployParameters}}},
              {"macs", {{"train", macs(cost.trainMacs)}, {"deploy", macs(cost.deployMacs)}, {"fusableShare", cost.hasMacs ? Json(cost.fusableShare) : Json(nullptr)}}}};
    Json sets = Json::array();
    for (const io::WeightSet& set : opened.checkpoint->sets) sets.push_back(set.name);
    root["weightSets"] = std::move(sets);
    root["blocks"] = Json::array();
    for (std::size_t i = 0; i < model.blocks.size(); ++i) root["blocks"].push_back(blockJson(model, model.blocks[i], fusion.blocks[i]));
    root["unusedKeys"] = model.unusedKeys;
    root["assumptions"] = verify::toJson(model.assumptions);
    std::vector<verify::Diagnosis> diagnoses; // `verify` shows them
    root["findings"] = verify::toJson(verify::findingsOf(model, fusion, diagnoses));
    root["preprocessing"] = opened.preprocessing.describe();
    return root.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string blockLine(const Block& block, const fusion::BlockFusion& fused) {
    std::vector<std::string> branches, tail;
    for (const ExprPtr& branch : branchesOf(block)) branches.push_back(branch->name);
    for (const Operation& step : block.tail) tail.push_back(describe(step));
    const Conv* conv = convOf(block, fused);
    const std::string shape = conv ? fmt::format("{}x{} s{} g{}", conv->weight.shape()[2], conv->weight.shape()[3], conv->stride.h, conv->groups) : "";
    std::string line = fmt::format("{:<14} {:<7} {:>5} -> {:<5} {:<11} {:<11} {}", block.name, toString(block.form), block.inChannels,
                                   block.outChannels, shape, fusion::toString(fused.exactness), fmt::join(branches, " + "));
    if (!tail.empty()) line += fmt::format(" | {}", fmt::join(tail, ", "));
    if (!fused.reason.empty() && block.form == Form::train) line += fmt::format("  ({})", fused.reason);
    return line + "\n";
}

std::string asText(const families::OpenedModel& opened, const fusion::ModelFusion& fusion, const fusion::Cost& cost) {
    const Model& model = opened.model;
    std::string text = fmt::format("{}: {}, {} layout, form {}\n", opened.checkpoint->path.filename().string(), model.variant, model.layout, toString(model.form));
    text += fmt::format("format {}, {} bytes, weights '{}' of {} set{}\n", io::toString(opened.checkpoint->format), opened.checkpoint->fileBytes,
                        opened.weights->name, opened.checkpoint->sets.size(), opened.checkpoint->sets.size() == 1 ? "" : "s");
    text += fmt::format("parameters {} train, {} deploy\n", cost.trainParameters, cost.deployParameters);
    if (cost.hasMacs)
        text += fmt::format("MACs for {}: {} train, {} deploy, {:.1f} % inside fusable blocks\n", toString(model.defaultInput), cost.trainMacs,
                            cost.deployMacs, 100 * cost.fusableShare);
    if (model.graph.empty()) text += fmt::format("not run whole: {}\n", model.whyNoGraph);
    text += "\n";
    for (std::size_t i = 0; i < model.blocks.size(); ++i) text += blockLine(model.blocks[i], fusion.blocks[i]);
    text += fmt::format("\nAssumptions\n  {}\n", fmt::join(families::summarize(model.assumptions, model.blocks.size()), "\n  "));
    text += fmt::format("\nInput  {}\n", opened.preprocessing.describe());
    std::vector<verify::Diagnosis> diagnoses; // `verify` shows them
    const auto findings = verify::findingsOf(model, fusion, diagnoses);
    if (!findings.empty()) text += "\nFindings\n";
    for (const Finding& f : findings)
        text += fmt::format("  {} {}{}: {}\n", toString(f.severity), f.code, f.block.empty() ? "" : " in " + f.block, f.message);
    return text;
}

} // namespace

Command addInspect(CLI::App& app) {
    auto options = std::make_shared<CommonOptions>();
    CLI::App* command = app.add_subcommand("inspect", "what a file holds: form, blocks, branches, assumptions");
    addCommon(*command, *options);
    command->add_flag("--json", options->json, "one JSON object on standard output");
    auto run = [options] {
        const families::OpenedModel opened = open(*options);
        const fusion::ModelFusion fusion = fusion::fuseModel(opened.model);
        const fusion::Cost cost = fusion::costOf(opened.model, fusion, opened.model.defaultInput);
        print(options->json ? asJson(opened, fusion, cost) : asText(opened, fusion, cost));
        return 0;
    };
    return {command, run, options.get()};
}

} // namespace rp::cli
