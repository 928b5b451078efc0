// SPDX-License-Identifier: Apache-2.0
// How close RepVGG-A0 comes to what the machine can do: milliseconds and GFLOP/s of each phase beside the
// measured multiply-add peak, for one thread and for all. See README.md.
#include "core/exec/forward.h"
#include "core/base/error.h"
#include "core/exec/fma_peak.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <map>
#include <numeric>
#include <random>
#include <string_view>

#include <fmt/format.h>

using namespace rp;

namespace {

std::mt19937_64 generator(1); // the same weights at every run

Param randomParam(Shape shape, double low, double high) {
    TensorF values(std::move(shape));
    std::uniform_real_distribution<double> uniform(low, high);
    for (float& v : values.edit())
        v = static_cast<float>(uniform(generator));
    return Param(std::move(values));
}

ExprPtr convolution(std::string name, std::int64_t in, std::int64_t out, std::int64_t kernel,
                    std::int64_t stride, bool hasBias) {
    const double scale =
        std::sqrt(6.0 / static_cast<double>(in * kernel * kernel)); // keeps magnitudes through ReLUs
    Conv conv;
    conv.weight = randomParam({out, in, kernel, kernel}, -scale, scale);
    if (hasBias) conv.bias = randomParam({out}, -0.1, 0.1);
    conv.stride = {stride, stride};
    conv.padding = Padding::same(kernel / 2);
    return makeExpr(std::move(name), std::move(conv));
}

ExprPtr norm(std::string name, std::int64_t channels) {
    Norm n;
    n.gamma = randomParam({channels}, 0.5, 1.0);
    n.beta = randomParam({channels}, -0.1, 0.1);
    n.mean = randomParam({channels}, -0.1, 0.1);
    n.var = randomParam({channels}, 0.5, 1.5);
    return makeExpr(std::move(name), std::move(n));
}

/// One block in both forms. They need not be equal here: only their cost matters.
struct Block {
    std::string name;
    ExprPtr branches, fused;
    bool hasRelu = true;
};

Block repVggBlock(const std::string& name, std::int64_t in, std::int64_t out, std::int64_t stride) {
    const auto branch = [&](const char* part, std::int64_t kernel) {
        const std::string path = name + "." + part;
        return makeExpr(path, Chain{{convolution(path + ".conv", in, out, kernel, stride, false),
                                     norm(path + ".bn", out)}});
    };
    Sum sum{{branch("rbr_dense", 3), branch("rbr_1x1", 1)}};
    if (in == out && stride == 1) sum.terms.push_back(norm(name + ".rbr_identity", out));
    return {name, makeExpr(name, std::move(sum)), convolution(name + ".reparam", in, out, 3, stride, true)};
}

std::vector<Block> repVggA0() {
    struct Stage {
        std::int64_t blocks, width;
    };
    constexpr Stage kStages[] = {{1, 48}, {2, 48}, {4, 96}, {14, 192}, {1, 1280}};
    std::vector<Block> all;
    std::int64_t in = 3, s = 0;
    for (const Stage& stage : kStages) {
        for (std::int64_t b = 0; b < stage.blocks; ++b, in = stage.width)
            all.push_back(repVggBlock(fmt::format("stage{}.{}", s, b), in, stage.width, b == 0 ? 2 : 1));
        ++s;
    }
    return all;
}

double secondsSince(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

struct Bench {
    std::vector<Block> blocks = repVggA0();
    ExprPtr linear = convolution("linear", 1280, 1000, 1, 1, true);
    Activation relu;
    std::unique_ptr<Engine> engine = makeFloat32Engine();
    MapPtr input = engine->load(randomParam({1, 3, 224, 224}, -1.0, 1.0).toDouble());

    /// Seconds of one forward pass; `layers`, when given, keeps the least of each layer.
    double run(Phase phase, std::vector<double>* layers = nullptr) {
        const auto start = std::chrono::steady_clock::now();
        MapPtr x = input;
        for (std::size_t i = 0; i < blocks.size(); ++i) {
            const auto layerStart = std::chrono::steady_clock::now();
            const ExprPtr& body = phase == Phase::deploy ? blocks[i].fused : blocks[i].branches;
            x = forward(body, phase, x, *engine, {}, &relu);
            if (layers) (*layers)[i] = std::min((*layers)[i], secondsSince(layerStart));
        }
        const auto layerStart = std::chrono::steady_clock::now();
        x = engine->convolve(linear, engine->globalAverage(x), {});
        if (layers) layers->back() = std::min(layers->back(), secondsSince(layerStart));
        return secondsSince(start);
    }

    std::vector<std::int64_t> layerMacs(Phase phase) const {
        std::vector<std::int64_t> macs;
        Shape shape = input->shape();
        for (const Block& block : blocks) {
            macs.push_back(macsOf(phase == Phase::deploy ? *block.fused : *block.branches, shape));
            shape = outShapeOf(*block.fused, shape);
        }
        macs.push_back(macsOf(*linear, {1, 1280, 1, 1}));
        return macs;
    }

    double flops(Phase phase) const {
        double sum = 0;
        for (const std::int64_t macs : layerMacs(phase))
            sum += 2.0 * static_cast<double>(macs);
        return sum;
    }
};

constexpr Phase kPhases[] = {Phase::deploy, Phase::eval, Phase::train};

std::string_view nameOf(Phase phase) {
    return phase == Phase::deploy ? "deploy" : phase == Phase::eval ? "eval" : "train";
}

double medianOf(std::vector<double> values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
}

/// Phases take turns, and the peak is measured between them, so that a busy machine slows all of them alike.
/// Each turn is several runs, the first of which is not counted: it finds the caches full of another phase's
/// weights.
void measure(Bench& bench, int threads, int repeats) {
    constexpr int kRunsPerTurn = 5;
    setEngineThreads(threads);
    std::map<Phase, std::vector<double>> seconds;
    std::vector<double> peaks;
    for (int done = 0; done < repeats; done += kRunsPerTurn) {
        peaks.push_back(measureFmaPeakGflops(threads));
        for (const Phase phase : kPhases) {
            bench.run(phase);
            for (int i = 0; i < kRunsPerTurn; ++i)
                seconds[phase].push_back(bench.run(phase));
        }
    }
    peaks.push_back(measureFmaPeakGflops(threads));
    const double peak = medianOf(peaks), deploy = medianOf(seconds[Phase::deploy]);
    const double deployLeast = std::ranges::min(seconds[Phase::deploy]);
    for (const Phase phase : kPhases) {
        const double median = medianOf(seconds[phase]), least = std::ranges::min(seconds[phase]);
        const double work = bench.flops(phase) * 1e-9;
        fmt::print("| {} | {} | {:.2f} | {:.2f} | {:.1f} | {:.1f} | {:.1f} | {:.1f} % | {:.1f} % | {:.2f} | "
                   "{:.2f} | {:.2f} |\n",
                   threads, nameOf(phase), median * 1e3, least * 1e3, work / median, work / least, peak,
                   work / median / peak * 100, work / least / peak * 100, median / deploy,
                   least / deployLeast, work * 1e9 / bench.flops(Phase::deploy));
    }
}

/// The least time of each layer; layers of equal work stand out when they are slower than their like.
void measureLayers(Bench& bench, int threads, int repeats, Phase phase) {
    setEngineThreads(threads);
    std::vector<double> least(bench.blocks.size() + 1, 1e9);
    const double peakBefore = measureFmaPeakGflops(threads);
    for (int i = 0; i < repeats; ++i)
        bench.run(phase, &least);
    const double peak = std::max(peakBefore, measureFmaPeakGflops(threads));
    const std::vector<std::int64_t> macs = bench.layerMacs(phase);
    const double total = std::accumulate(least.begin(), least.end(), 0.0), work = bench.flops(phase) * 1e-9;
    fmt::print("\n{} thread(s), {}:\n| layer | us | GFLOP/s | of peak |\n|---|---|---|---|\n", threads,
               nameOf(phase));
    for (std::size_t i = 0; i < least.size(); ++i) {
        const double gflops = 2e-9 * static_cast<double>(macs[i]) / least[i];
        fmt::print("| {} | {:.1f} | {:.1f} | {:.1f} % |\n",
                   i < bench.blocks.size() ? bench.blocks[i].name : "pool, linear", least[i] * 1e6, gflops,
                   gflops / peak * 100);
    }
    fmt::print("| all | {:.1f} | {:.1f} | {:.1f} % |\n", total * 1e6, work / total,
               work / total / peak * 100);
}

struct Options {
    std::vector<int> threads;
    int repeats = 50;
    bool layers = false;
};

Options parse(int argc, char** argv) {
    Options options;
    for (int i = 1; i < argc; ++i) {
        const std::string_view arg = argv[i];
        const auto number = [&] { return ++i < argc ? std::max(1, std::atoi(argv[i])) : 1; };
        if (arg == "--threads")
            options.threads.push_back(number());
        else if (arg == "--repeats")
            options.repeats = number();
        else if (arg == "--layers")
            options.layers = true;
        else
            throw Error(ErrorCode::usage,
                        {std::string(arg), "[--threads N]... [--repeats N] [--layers]", "", ""});
    }
    if (options.threads.empty()) {
        options.threads.push_back(1);
        if (engineThreads() > 1) options.threads.push_back(engineThreads());
    }
    return options;
}

} // namespace

int main(int argc, char** argv) try {
    const Options options = parse(argc, argv);
    Bench bench;
    fmt::print("RepVGG-A0, 224 x 224, batch 1, float32; median and least of {} runs\n\n", options.repeats);
    fmt::print("| threads | phase | ms | ms (least) | GFLOP/s | GFLOP/s (best) | FMA peak | of peak | of "
               "peak (best) | "
               "time / deploy | time / deploy (least) | work / deploy "
               "|\n|---|---|---|---|---|---|---|---|---|---|---|---|\n");
    for (const int threads : options.threads)
        measure(bench, threads, options.repeats);
    if (!options.layers) return 0;
    for (const int threads : options.threads)
        for (const Phase phase : kPhases)
            measureLayers(bench, threads, options.repeats, phase);
    return 0;
} catch (const Error& e) {
    fmt::print(stderr, "{}\n", e.what());
    return exitCodeOf(e.code());
}
