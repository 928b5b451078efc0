// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/exec/dispatch.h"
#include "core/exec/engine.h"
#include "core/families/open_model.h"
#include "core/fusion/fuse_model.h"
#include "core/model/model.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace rp::cli {

/// What every command takes.
struct CommonOptions {
    std::string model;
    std::vector<std::string> assumptions;
    std::vector<std::string> blocks;
    std::optional<std::string> weights;
    int threads = 0;
    std::uint64_t limitBytes = std::uint64_t{1} << 30;
    bool json = false;
};

/// How input files become an array.
struct InputOptions {
    std::vector<std::string> files;
    bool batch = false;
    std::string size;      ///< "320" or "320x256": resize and crop
    std::string normalize; ///< "imagenet", "unit" ([0, 1] as it is)
    std::uint64_t seed = 0;
};

/// An input ready to run, and its name for the output.
struct Input {
    TensorD values;
    std::string name;
    bool isNoise = false;
};

void addCommon(CLI::App& command, CommonOptions& options);
void addInput(CLI::App& command, InputOptions& options);

families::OpenedModel open(const CommonOptions& options);
/// One array per run: all files as one batch with `--batch` (or a single file), else one each.
std::vector<Input> inputsOf(const InputOptions& options, families::OpenedModel& opened, const io::Limits& limits,
                            const Shape& fallback);

/// "repscope-cli verify 'my model.pth' --assume eps=1e-3": the line that says the same again.
std::string commandLine(const std::string& command, const CommonOptions& common, const InputOptions* input,
                        const std::vector<std::string>& rest = {});

/// Prints to standard output; notes go to standard error.
void print(const std::string& text);
void note(const std::string& text);

/// One per command: registers it; `run` is called when the command was given, and returns the exit code.
struct Command {
    CLI::App* app = nullptr;
    std::function<int()> run;
    const CommonOptions* common = nullptr;
};
Command addInspect(CLI::App& app);
Command addRun(CLI::App& app);
Command addFuse(CLI::App& app);
Command addVerify(CLI::App& app);
Command addBench(CLI::App& app);
Command addMerge(CLI::App& app);

} // namespace rp::cli
