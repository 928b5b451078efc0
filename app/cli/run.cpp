// SPDX-License-Identifier: Apache-2.0
#include "app/cli/command.h"

#include "core/base/error.h"
#include "core/exec/network.h"
#include "core/io/npy.h"
#include "core/tensor/statistics.h"
#include "core/verify/bisect.h"
#include "core/verify/verify.h"

#include <algorithm>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace rp::cli {
namespace {

struct RunOptions {
    CommonOptions common;
    InputOptions input;
    std::string phase = "eval";
    std::string engine = "float32";
    std::string dispatch = "state";
    std::optional<std::string> block;
    std::optional<std::string> output;
    std::vector<std::string> captures; ///< NAME=OUT.npy
    std::vector<std::string> unmerged; ///< patterns of block names
    bool trace = false;
    bool mergeInexact = false;
};

struct CaptureTarget {
    std::size_t block;
    std::string path; ///< branch name, "sum" or "out"
    std::string name; ///< as the user gave it
    std::filesystem::path file;
    bool written = false;
};

std::size_t blockIndex(const Model& model, const std::string& name) {
    for (std::size_t i = 0; i < model.blocks.size(); ++i)
        if (model.blocks[i].name == name) return i;
    throw Error(ErrorCode::usage, {"--block " + name, "the name of a block, as `inspect` lists them", "no such block",
                                   model.blocks.empty() ? std::string("the file has none") : fmt::format("the first is '{}'", model.blocks.front().name)});
}

/// NAME is a block's name, a dot, and a branch (or step) of it, `sum` or `out`; the longest block name that fits wins.
CaptureTarget parseCapture(const Model& model, const std::string& text) {
    const std::size_t equals = text.rfind('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == text.size())
        throw Error(ErrorCode::usage, {"--capture " + text, "NAME=OUT.npy", text, ""});
    const std::string name = text.substr(0, equals);
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < model.blocks.size(); ++i) {
        const std::string prefix = model.blocks[i].name == "." ? "." : model.blocks[i].name + ".";
        if (name.starts_with(prefix) && (!best || model.blocks[i].name.size() > model.blocks[*best].name.size())) best = i;
    }
    if (!best)
        throw Error(ErrorCode::usage, {"--capture " + name, "a block's name, a dot, and a branch of it, sum or out", "no such block", ""});
    const std::string& block = model.blocks[*best].name;
    return {*best, name.substr(block == "." ? 1 : block.size() + 1), name, text.substr(equals + 1)};
}

void write(const std::filesystem::path& path, const TensorD& values, EngineKind kind) {
    if (kind == EngineKind::float64)
        io::writeNpy(path, values);
    else
        io::writeNpy(path, toFloat(values));
}

/// Appends the index of the input to a file name when there are several inputs.
std::filesystem::path numbered(const std::filesystem::path& path, std::size_t index, std::size_t count) {
    if (count == 1) return path;
    return path.parent_path() / fmt::format("{}-{}{}", path.stem().string(), index, path.extension().string());
}

/// Kernels where there are some, except for blocks that are to run with their branches.
ModelForms formsOf(const Model& model, const fusion::ModelFusion& fusion, const std::vector<std::string>& unmerged) {
    std::vector<bool> merged(model.blocks.size(), true);
    for (const std::string& pattern : unmerged) {
        bool found = false;
        for (std::size_t i = 0; i < merged.size(); ++i)
            if (families::matchesPattern(pattern, model.blocks[i].name)) {
                merged[i] = false;
                found = true;
            }
        if (!found) throw Error(ErrorCode::usage, {"--unmerged " + pattern, "a pattern that some block's name matches", "none does", ""});
    }
    return verify::hybridForms(fusion.forms(model), merged);
}

class Runner {
public:
    explicit Runner(const RunOptions& options)
        : m_options(options), m_opened(open(options.common)), m_phase(*phaseFrom(options.phase)),
          m_engine(makeEngine(options.engine == "float64" ? EngineKind::float64 : EngineKind::float32)),
          m_fusion(fusion::fuseModel(m_opened.model, {options.mergeInexact})), m_forms(formsOf(m_opened.model, m_fusion, options.unmerged)),
          m_network(m_opened.model, m_forms, *m_engine, *dispatchFrom(options.dispatch)) {
        for (const std::string& text : options.captures) m_captures.push_back(parseCapture(m_opened.model, text));
        if (options.block) m_block = blockIndex(m_opened.model, *options.block);
    }

    int run() {
        Shape fallback = m_opened.model.defaultInput;
        if (m_block) fallback = {1, m_opened.model.blocks[*m_block].inChannels, 32, 32};
        const auto inputs = inputsOf(m_options.input, m_opened, {m_options.common.limitBytes}, fallback);
        for (std::size_t i = 0; i < inputs.size(); ++i) runOne(inputs[i], i, inputs.size());
        return 0;
    }

private:
    void runOne(const Input& input, std::size_t index, std::size_t count);
    RunHooks hooks(std::size_t index, std::size_t count);
    void describe(const Input& input, const TensorD& output) const;
    void requireCaptured() const;

    const RunOptions& m_options;
    families::OpenedModel m_opened;
    Phase m_phase;
    std::unique_ptr<Engine> m_engine;
    fusion::ModelFusion m_fusion;
    ModelForms m_forms;
    Network m_network;
    std::vector<CaptureTarget> m_captures;
    std::optional<std::size_t> m_block;
    std::vector<std::pair<std::int64_t, std::string>> m_samples; ///< per channel, behind each block of the last run
};

RunHooks Runner::hooks(std::size_t index, std::size_t count) {
    RunHooks hooks;
    hooks.onBlock = [this](std::size_t block, const MapPtr&, const MapPtr& out) {
        const Shape& s = out->shape();
        m_samples.emplace_back(s[0] * s[2] * s[3], m_opened.model.blocks[block].name);
    };
    if (m_captures.empty()) return hooks;
    hooks.wantsSteps = [this](std::size_t block) { return std::ranges::any_of(m_captures, [&](const CaptureTarget& c) { return c.block == block; }); };
    hooks.onStep = [this, index, count](std::size_t block, const std::string& path, const MapPtr& map) {
        for (CaptureTarget& capture : m_captures)
            if (capture.block == block && capture.path == path) {
                write(numbered(capture.file, index, count), m_engine->read(map), m_engine->kind());
                capture.written = true;
            }
    };
    return hooks;
}

void Runner::requireCaptured() const {
    for (const CaptureTarget& capture : m_captures) {
        if (capture.written) continue;
        std::vector<std::string> names;
        for (const ExprPtr& branch : branchesOf(m_opened.model.blocks[capture.block])) names.push_back(branch->name);
        throw Error(ErrorCode::usage, {"--capture " + capture.name, fmt::format("one of {}, sum, out", fmt::join(names, ", ")),
                                       capture.path.empty() ? "nothing" : capture.path,
                                       m_phase == Phase::deploy ? "in phase deploy a merged block has no branches" : ""});
    }
}

void Runner::describe(const Input& input, const TensorD& output) const {
    print(fmt::format("input   {}\n", input.name));
    if (!input.isNoise) print(fmt::format("        {}\n", m_opened.preprocessing.describe()));
    print(fmt::format("phase   {}, engine {}, dispatch {}\n", toString(m_phase), toString(m_engine->kind()), m_options.dispatch));
    if (m_opened.model.form == Form::deploy) print("form    deploy: the file holds the fused kernels only, and every phase runs them\n");
    const Statistics s = statisticsOf(output.values());
    print(fmt::format("output  {}: min {:.6g}, max {:.6g}, mean {:.6g}{}\n", toString(output.shape()), s.min, s.max, s.mean,
                      s.nans + s.infinities ? fmt::format(", {} not finite", s.nans + s.infinities) : ""));
    if (m_phase == Phase::train && !m_samples.empty()) {
        const auto [fewest, most] = std::ranges::minmax(m_samples);
        print(fmt::format("batch   statistics over {} ({}) to {} ({}) samples per channel\n", fewest.first, fewest.second, most.first, most.second));
    }
    if (m_block) return;
    for (const auto& tops : verify::topsOf(output)) {
        for (std::size_t rank = 0; rank < tops.size(); ++rank) {
            const auto index = static_cast<std::size_t>(tops[rank].index);
            const auto& names = m_opened.model.classNames;
            print(fmt::format("top-{}   {:<24} {:6.2f} %  ({:.4f})\n", rank + 1, index < names.size() ? names[index] : fmt::format("class {}", index),
                              100 * tops[rank].share, tops[rank].value));
        }
    }
}

void Runner::runOne(const Input& input, std::size_t index, std::size_t count) {
    const MapPtr x = m_engine->load(input.values);
    m_samples.clear();
    const RunHooks runHooks = hooks(index, count);
    const MapPtr y = m_block ? m_network.runBlock(*m_block, x, m_phase, runHooks) : m_network.run(x, m_phase, runHooks);
    requireCaptured();
    const TensorD output = m_engine->read(y);
    if (m_options.output) write(numbered(*m_options.output, index, count), output, m_engine->kind());
    describe(input, output);
    if (!m_options.trace) return;
    for (const TraceEntry& entry : m_network.trace())
        print(fmt::format("trace   {:<14} {:<9} {:<6} {}  ({})\n", entry.block, toString(entry.method), toString(entry.phase), entry.function, entry.reason));
}

} // namespace

Command addRun(CLI::App& app) {
    auto options = std::make_shared<RunOptions>();
    CLI::App* command = app.add_subcommand("run", "run the network, or one block, in one phase");
    addCommon(*command, options->common);
    addInput(*command, options->input);
    command->add_option("--phase", options->phase, "train, eval or deploy")->check(CLI::IsMember({"train", "eval", "deploy"}))->capture_default_str();
    command->add_option("--engine", options->engine, "float32 or float64")->check(CLI::IsMember({"float32", "float64"}))->capture_default_str();
    command->add_option("--dispatch", options->dispatch, "how blocks switch: state, fusion or decorator")
        ->check(CLI::IsMember({"state", "fusion", "decorator"}))->capture_default_str();
    command->add_option("--block", options->block, "one block with its tail, by name");
    command->add_option("--output", options->output, "where the output goes, as .npy");
    command->add_option("--capture", options->captures, "NAME=OUT.npy: a branch, sum or out of a block")->allow_extra_args(false);
    command->add_option("--unmerged", options->unmerged, "in phase deploy, blocks whose name matches run their branches: 'stage2.*'")->allow_extra_args(false);
    command->add_flag("--trace", options->trace, "print which function ran for each block");
    command->add_flag("--merge-inexact", options->mergeInexact, "also merge blocks that differ at the border");
    auto run = [options] { return Runner(*options).run(); };
    return {command, run, &options->common};
}

} // namespace rp::cli
