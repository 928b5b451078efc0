// SPDX-License-Identifier: Apache-2.0
#include "app/cli/command.h"

#include "core/base/error.h"
#include "core/base/shell.h"
#include "core/io/image.h"
#include "core/verify/verify.h"

#include <charconv>
#include <cstdio>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace rp::cli {
namespace {

std::optional<Extent> parseSize(std::string_view text) {
    auto number = [](std::string_view part) -> std::optional<std::int64_t> {
        std::int64_t value = 0;
        const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
        const bool whole = error == std::errc{} && end == part.data() + part.size();
        return whole && value >= 1 && value <= 16384 ? std::optional(value) : std::nullopt;
    };
    const std::size_t at = text.find('x');
    const auto h = number(text.substr(0, at));
    const auto w = at == std::string_view::npos ? h : number(text.substr(at + 1));
    return h && w ? std::optional(Extent{*h, *w}) : std::nullopt;
}

void applyRecipe(const InputOptions& options, io::Preprocessing& recipe) {
    if (!options.size.empty()) {
        const auto size = parseSize(options.size);
        if (!size)
            throw Error(ErrorCode::usage, {"--size", "height, or height x width, of 1 to 16384", options.size, ""});
        recipe.cropHeight = size->h;
        recipe.cropWidth = size->w;
        recipe.resizeShortSide = 0; // the crop's aspect decides
        recipe.origin += ", --size";
    }
    if (options.normalize == "unit") {
        recipe.mean = {0, 0, 0};
        recipe.deviation = {1, 1, 1};
        recipe.origin += ", --normalize unit";
    } else if (options.normalize == "imagenet") {
        const io::Preprocessing preset;
        recipe.mean = preset.mean;
        recipe.deviation = preset.deviation;
        recipe.origin += ", --normalize imagenet";
    }
}

} // namespace

void addCommon(CLI::App& command, CommonOptions& options) {
    command.add_option("MODEL", options.model, "checkpoint: .pth, .pt, .safetensors … (found by content)")->required();
    command.add_option("--assume", options.assumptions, "what a state dict cannot say: eps=1e-3, 'stage3.*:stride=2,groups=4'")
        ->allow_extra_args(false);
    command.add_option("--blocks", options.blocks, "JSON file that describes blocks no family knows (docs/described-blocks.md)")
        ->allow_extra_args(false);
    command.add_option("--weights", options.weights, "which weight set of the file (model, ema, state_dict …)");
    command.add_option("--threads", options.threads, "threads to use (default: all)")->check(CLI::Range(1, 1024));
    command.add_option("--limit", options.limitBytes, "most bytes that decoding or expanding a file may take")->capture_default_str();
}

void addInput(CLI::App& command, InputOptions& options) {
    command.add_option("--input", options.files, "picture, or .npy array [n, c, h, w] used as it is; may be repeated; `verify` takes folders, too")
        ->allow_extra_args(false);
    command.add_flag("--batch", options.batch, "all inputs as one batch");
    command.add_option("--size", options.size, "size that pictures are brought to: 320, or 320x256 (height x width)");
    command.add_option("--normalize", options.normalize, "imagenet, or unit for plain [0, 1]")->check(CLI::IsMember({"imagenet", "unit"}));
    command.add_option("--seed", options.seed, "seed of the random input used when none is given")->capture_default_str();
}

families::OpenedModel open(const CommonOptions& options) {
    if (options.threads > 0) setEngineThreads(options.threads);
    families::OpenOptions open;
    open.weights = options.weights;
    open.assumptions = options.assumptions;
    open.blocks = options.blocks;
    open.limits.decodedBytes = options.limitBytes;
    families::OpenedModel opened = families::openModel(options.model, open);
    if (opened.checkpoint->sets.size() > 1 && !options.weights) {
        std::string names;
        for (const io::WeightSet& set : opened.checkpoint->sets) names += (names.empty() ? "" : ", ") + set.name;
        note(fmt::format("the file holds several weight sets ({}); using '{}', choose another with --weights", names, opened.weights->name));
    }
    return opened;
}

std::vector<Input> inputsOf(const InputOptions& options, families::OpenedModel& opened, const io::Limits& limits,
                            const Shape& fallback) {
    applyRecipe(options, opened.preprocessing);
    if (options.files.empty()) {
        Shape shape = fallback;
        if (const auto size = parseSize(options.size)) {
            shape[2] = size->h;
            shape[3] = size->w;
        }
        return {{verify::seededInput(shape, options.seed), fmt::format("seeded noise {} (seed {})", toString(shape), options.seed), true}};
    }
    std::vector<std::vector<std::filesystem::path>> groups;
    if (options.batch)
        groups.push_back({options.files.begin(), options.files.end()});
    else
        for (const std::string& file : options.files) groups.push_back({file});
    std::vector<Input> inputs;
    for (const auto& group : groups) {
        Input input{io::readInputs(group, opened.preprocessing, limits), {}, false};
        for (const auto& file : group) input.name += (input.name.empty() ? "" : ", ") + file.filename().string();
        input.name += " " + toString(input.values.shape());
        inputs.push_back(std::move(input));
    }
    return inputs;
}

std::string commandLine(const std::string& command, const CommonOptions& common, const InputOptions* input,
                        const std::vector<std::string>& rest) {
    // File names only: a report that is passed on must not carry the folders of the machine that made it.
    auto name = [](const std::string& path) { return std::filesystem::path(path).filename().string(); };
    std::vector<std::string> words{"repscope-cli", command, name(common.model)};
    auto add = [&words](const char* option, const std::string& value) { words.insert(words.end(), {option, value}); };
    if (input) {
        for (const std::string& file : input->files) add("--input", name(file));
        if (input->batch) words.push_back("--batch");
        if (!input->size.empty()) add("--size", input->size);
        if (!input->normalize.empty()) add("--normalize", input->normalize);
        if (input->files.empty()) add("--seed", std::to_string(input->seed));
    }
    for (const std::string& text : common.assumptions) add("--assume", text);
    for (const std::string& file : common.blocks) add("--blocks", file);
    if (common.weights) add("--weights", *common.weights);
    words.insert(words.end(), rest.begin(), rest.end());
    return shellLine(words);
}

void print(const std::string& text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
}

void note(const std::string& text) { fmt::print(stderr, "{}\n", text); }

} // namespace rp::cli
