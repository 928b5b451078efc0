// SPDX-License-Identifier: Apache-2.0
#include "app/cli/command.h"

#include "core/base/error.h"
#include "core/exec/fma_peak.h"
#include "core/exec/network.h"

#include <algorithm>
#include <array>
#include <chrono>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace rp::cli {
namespace {

using Clock = std::chrono::steady_clock;
using Json = nlohmann::ordered_json;

double millisecondsSince(Clock::time_point start) {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

double medianOf(std::vector<double> times) {
    std::ranges::sort(times);
    return times[times.size() / 2];
}

struct PhaseTime {
    Phase phase;
    double medianMs = 0;
    double gflops = 0;
    std::string problem; ///< why it was not measured
};

/// Median of at least 5 runs and 1 second, after one run that packs the weights.
PhaseTime measure(Network& network, Engine& engine, const MapPtr& x, Phase phase, std::int64_t macs) {
    PhaseTime result{phase, 0, 0, {}};
    try {
        network.run(x, phase);
        std::vector<double> times;
        const auto begin = Clock::now();
        while (times.size() < 5 || (millisecondsSince(begin) < 1000 && times.size() < 1000)) {
            const auto start = Clock::now();
            engine.read(network.run(x, phase));
            times.push_back(millisecondsSince(start));
        }
        result.medianMs = medianOf(std::move(times));
        result.gflops = 2.0 * static_cast<double>(macs) / result.medianMs / 1e6;
    } catch (const Error& error) {
        if (error.code() != ErrorCode::valueInvalid) throw;
        result.problem = error.what();
    }
    return result;
}

Json phaseJson(const PhaseTime& time) {
    if (!time.problem.empty()) return {{"medianMs", nullptr}, {"gflops", nullptr}, {"problem", time.problem}};
    return {{"medianMs", time.medianMs}, {"gflops", time.gflops}};
}

struct BenchOptions {
    CommonOptions common;
    InputOptions input;
};

int bench(const BenchOptions& options) {
    const auto loadStart = Clock::now();
    families::OpenedModel opened = open(options.common);
    const double loadMs = millisecondsSince(loadStart);
    const auto fuseStart = Clock::now();
    const fusion::ModelFusion fusion = fusion::fuseModel(opened.model);
    const double fuseMs = millisecondsSince(fuseStart);
    const Input input = inputsOf(options.input, opened, {options.common.limitBytes}, opened.model.defaultInput).front();
    const fusion::Cost cost = fusion::costOf(opened.model, fusion, input.values.shape());

    const std::unique_ptr<Engine> engine = makeFloat32Engine();
    Network network(opened.model, fusion.forms(opened.model), *engine);
    const MapPtr x = engine->load(input.values);
    const double before = measureFmaPeakGflops(engineThreads());
    std::vector<PhaseTime> times;
    for (Phase phase : {Phase::train, Phase::eval, Phase::deploy})
        times.push_back(measure(network, *engine, x, phase, phase == Phase::deploy ? cost.deployMacs : cost.trainMacs));
    const double peak = std::max(before, measureFmaPeakGflops(engineThreads()));

    if (options.common.json) {
        Json root{{"input", input.name}, {"threads", engineThreads()}, {"phases", Json::object()}};
        for (const PhaseTime& time : times) root["phases"][std::string(toString(time.phase))] = phaseJson(time);
        root["fuseMs"] = fuseMs;
        root["loadMs"] = loadMs;
        root["peakGflops"] = peak;
        print(root.dump(2) + "\n");
        return 0;
    }
    print(fmt::format("{}, input {}, {} thread{}\n", opened.model.variant, input.name, engineThreads(), engineThreads() == 1 ? "" : "s"));
    for (const PhaseTime& time : times)
        print(time.problem.empty() ? fmt::format("{:<7} {:9.2f} ms  {:7.1f} GFLOP/s  {:5.1f} % of the FMA peak\n", toString(time.phase), time.medianMs,
                                                 time.gflops, 100 * time.gflops / peak)
                                   : fmt::format("{:<7} not measured: {}\n", toString(time.phase), time.problem));
    print(fmt::format("opening {:.1f} ms, fusing {:.1f} ms, FMA peak {:.1f} GFLOP/s\n", loadMs, fuseMs, peak));
    return 0;
}

} // namespace

Command addBench(CLI::App& app) {
    auto options = std::make_shared<BenchOptions>();
    CLI::App* command = app.add_subcommand("bench", "time per phase, in float32");
    addCommon(*command, options->common);
    addInput(*command, options->input);
    command->add_flag("--json", options->common.json, "one JSON object on standard output");
    return {command, [options] { return bench(*options); }, &options->common};
}

} // namespace rp::cli
