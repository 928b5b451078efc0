// SPDX-License-Identifier: Apache-2.0
#include "core/verify/verify.h"

#include "core/base/error.h"
#include "core/exec/libraries.h"
#include "core/exec/network.h"
#include "core/verify/expect.h"
#include "core/verify/judge.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace rp::verify {
namespace {

/// Kernel size of the seeded probe that stands beside the real input in the algebra check.
constexpr std::int64_t kProbeSize = 9;
/// Size of the input of a block that cannot be reached through its network.
constexpr std::int64_t kLooseBlockSize = 32;

/// One engine in one phase, walking the graph beside the others, holding the maps that are still wanted.
struct Lane {
    Lane(const Model& model, const ModelForms& forms, EngineKind kind, Phase phase, const TensorD& input)
        : engine(makeEngine(kind)), network(model, forms, *engine), walk(network, engine->load(input), phase) {}

    void advance(const RunHooks& hooks = {}) {
        if (problem.empty()) map = walk.step(hooks);
    }

    std::unique_ptr<Engine> engine;
    Network network;
    Walk walk;
    MapPtr map;          ///< of the node that ran last
    std::string problem; ///< why this lane stopped
};

double largest(const TensorD& values) {
    double most = 0;
    for (double v : values.values()) most = std::max(most, std::abs(v));
    return most;
}

class Verification {
public:
    Verification(const families::OpenedModel& opened, const fusion::ModelFusion& fusion, const VerifyOptions& options)
        : m_model(opened.model), m_fusion(fusion), m_options(options), m_forms(fusion.forms(m_model)) {}

    Report run(const TensorD& input, const Job& job);

private:
    bool isWanted(std::size_t block) const {
        return m_fusion.blocks[block].stored && m_model.blocks[block].body && isChosen(block);
    }
    bool isChosen(std::size_t block) const { return !m_options.block || m_model.blocks[block].name == *m_options.block; }
    bool goesThroughNetwork(const TensorD& input) const;
    struct Truth;
    void checkBlock(std::size_t index, const Truth& truth);
    void checkAlgebra(const Block& block, const ExprPtr& stored, const Truth& truth, BlockReport& report);
    Truth truthOf(const Block& block, const TensorD& input);
    void checkRounding(const Block& block, const ExprPtr& stored, const TensorD& input, BlockReport& report);
    void walkNetwork(const TensorD& input, const Job& job);
    void advanceTruth(Lane& lane);
    void advanceTrain(Lane& lane);
    void checkLooseBlocks(const TensorD& input, const Job& job);
    void startReports();
    void describePhases(const Shape& input);

    const Model& m_model;
    const fusion::ModelFusion& m_fusion;
    const VerifyOptions& m_options;
    const ModelForms m_forms;
    std::unique_ptr<Engine> m_reference = makeReferenceEngine();
    Report m_report;
    Outputs m_outputs;
    std::vector<std::int64_t> m_samples; ///< per channel, of each block in phase train
};

void Verification::startReports() {
    for (std::size_t i = 0; i < m_model.blocks.size(); ++i) {
        const Block& block = m_model.blocks[i];
        const fusion::BlockFusion& fused = m_fusion.blocks[i];
        BlockReport report;
        report.name = block.name;
        report.family = block.family;
        report.fusable = fused.fusable;
        report.reason = fused.reason;
        report.exactness = fused.exactness;
        report.left = fused.left;
        report.fusedKey = block.fusedWeightKey.substr(0, block.fusedWeightKey.rfind('.'));
        report.verdict = fused.fusable || fused.left ? Verdict::pass : Verdict::refused;
        for (const ExprPtr& branch : branchesOf(block)) report.branches.push_back(branch->name);
        m_report.blocks.push_back(std::move(report));
    }
}

/// What the float64 engine makes of a block's input with its branches.
struct Verification::Truth {
    TensorD input;
    TensorD sum;          ///< of the branches, before the tail
    double magnitude = 0; ///< largest value met on the way, input included
};

Verification::Truth Verification::truthOf(const Block& block, const TensorD& input) {
    Truth truth{input, {}, largest(input)};
    const MapPtr sum = forward(block.body, Phase::eval, m_reference->load(input), *m_reference, [&](const std::string&, const MapPtr& map) {
        truth.magnitude = std::max(truth.magnitude, largest(m_reference->read(map)));
    });
    truth.sum = m_reference->read(sum);
    return truth;
}

/// Float64: branches against the unrounded kernel (algebra) and against the kernel as stored, on the real input
/// and on seeded noise with a border that is not zero; the worse of the two is kept.
void Verification::checkAlgebra(const Block& block, const ExprPtr& stored, const Truth& truth, BlockReport& report) {
    const fusion::FuseResult fused = fusion::fuse(*block.body, block.inChannels);
    report.kernels.push_back({"", fusion::positionNorms(fused.fused()->kernel)});
    for (const auto& [name, kernel] : fused.branches) report.kernels.push_back({name, fusion::positionNorms(kernel)});
    const ExprPtr exact = fusion::toExactConv(*fused.fused(), block.name);
    // Small, but no smaller than the window.
    const Shape& window = std::get<Conv>(stored->op).weight.shape();
    const Shape probe{1, block.inChannels, std::min(truth.input.size(2), std::max(kProbeSize, window[2])),
                      std::min(truth.input.size(3), std::max(kProbeSize, window[3]))};
    for (const Truth& t : {truth, truthOf(block, seededInput(probe, 1))}) {
        const MapPtr x = m_reference->load(t.input);
        auto against = [&](const ExprPtr& conv) {
            return compare(t.sum, m_reference->read(forward(conv, Phase::deploy, x, *m_reference)));
        };
        keepWorse(report.algebra, against(exact));
        keepWorse(report.stored, against(stored));
    }
    report.roundingBound = roundingBound(*block.body, truth.magnitude);
    report.algebraBound = report.roundingBound * 0x1p-29; // float64's epsilon for float32's
}

/// Float32, both forms on the same input.
void Verification::checkRounding(const Block& block, const ExprPtr& stored, const TensorD& input, BlockReport& report) {
    const std::unique_ptr<Engine> engine = makeFloat32Engine(); // its packed weights go with it
    const MapPtr x = engine->load(input);
    const TensorD branches = engine->read(forward(block.body, Phase::eval, x, *engine));
    report.local = compare(branches, engine->read(forward(stored, Phase::deploy, x, *engine)));
}

void Verification::checkBlock(std::size_t index, const Truth& truth) {
    const Block& block = m_model.blocks[index];
    BlockReport& report = m_report.blocks[index];
    report.input = truth.input.shape();
    report.output = truth.sum.shape();
    const ExprPtr& stored = m_fusion.blocks[index].stored;
    checkAlgebra(block, stored, truth, report);
    checkRounding(block, stored, truth.input, report);
    if (m_options.precision) report.precision = measurePrecision(block, stored, truth.input, truth.sum);
    const double range = largest(truth.input);
    if (m_options.certify) report.certificate = certify(block, m_fusion.blocks[index], range > 0 && std::isfinite(range) ? range : 1);
    if (report.fusable) report.verdict = judgeBlock(report);
}

/// The float64 lane's own branches are what the block's kernel is compared with.
void Verification::advanceTruth(Lane& lane) {
    const auto* block = std::get_if<Node::BlockIndex>(&m_model.graph[lane.walk.node()].what);
    if (!block || !isWanted(block->index)) return lane.advance();
    Truth truth{lane.engine->read(lane.walk.inputs().front()), {}, 0};
    truth.magnitude = largest(truth.input);
    RunHooks hooks;
    hooks.wantsSteps = [](std::size_t) { return true; };
    hooks.onStep = [&](std::size_t, const std::string& path, const MapPtr& map) {
        const TensorD values = lane.engine->read(map);
        if (path == "sum") truth.sum = values;
        if (truth.sum.isEmpty() || path == "sum") truth.magnitude = std::max(truth.magnitude, largest(values));
    };
    lane.advance(hooks);
    checkBlock(block->index, truth);
}

/// Batch statistics need two values per channel; without them phase train is not run, and the report says why.
void Verification::advanceTrain(Lane& lane) {
    if (!lane.problem.empty()) return;
    try {
        if (const auto* block = std::get_if<Node::BlockIndex>(&m_model.graph[lane.walk.node()].what)) {
            const Shape out = outShapeOf(*m_model.blocks[block->index].body, lane.walk.inputs().front()->shape());
            m_samples.push_back(out[0] * out[2] * out[3]);
        }
        lane.advance();
    } catch (const Error& error) {
        if (error.code() != ErrorCode::valueInvalid) throw;
        lane.problem = error.what();
        lane.map = nullptr;
    }
}

void Verification::walkNetwork(const TensorD& input, const Job& job) {
    Lane truth(m_model, m_forms, EngineKind::float64, Phase::eval, input);
    Lane eval(m_model, m_forms, EngineKind::float32, Phase::eval, input);
    Lane deploy(m_model, m_forms, EngineKind::float32, Phase::deploy, input);
    Lane train(m_model, m_forms, EngineKind::float32, Phase::train, input);
    for (std::size_t node = 0; node < m_model.graph.size(); ++node) {
        const auto* block = std::get_if<Node::BlockIndex>(&m_model.graph[node].what);
        job.step(static_cast<double>(node) / static_cast<double>(m_model.graph.size()),
                 block ? fmt::format("verifying {}", m_model.blocks[block->index].name) : std::string("verifying"));
        advanceTruth(truth);
        for (Lane* lane : {&eval, &deploy}) lane->advance();
        advanceTrain(train);
        if (!block) continue;
        BlockReport& report = m_report.blocks[block->index];
        report.cumulative = compare(eval.engine->read(eval.map), deploy.engine->read(deploy.map));
        if (train.map) report.train = compare(eval.engine->read(eval.map), train.engine->read(train.map));
        if (m_options.block && isChosen(block->index)) return;
    }
    m_outputs.eval = eval.engine->read(eval.walk.output());
    m_outputs.deploy = deploy.engine->read(deploy.walk.output());
    if (train.walk.output()) m_outputs.train = train.engine->read(train.walk.output());
    m_outputs.trainProblem = train.problem;
    m_report.classes = classesOf(*m_outputs.eval);
}

void Verification::checkLooseBlocks(const TensorD& input, const Job& job) {
    const auto count = static_cast<double>(m_model.blocks.size());
    for (std::size_t i = 0; i < m_model.blocks.size(); ++i) {
        if (!isWanted(i) || m_report.blocks[i].algebra) continue;
        const Block& block = m_model.blocks[i];
        job.step(static_cast<double>(i) / count, fmt::format("verifying {}", block.name));
        const bool given = m_options.block && input.shape().size() == 4 && input.size(1) == block.inChannels;
        if (!given && !m_outputs.eval) m_report.input = fmt::format("seeded noise [1, ic, {0}, {0}] for each block", kLooseBlockSize);
        checkBlock(i, truthOf(block, given ? input : seededInput({1, block.inChannels, kLooseBlockSize, kLooseBlockSize})));
    }
}

/// With --block, an input as wide as the block but not as the network is the block's own.
bool Verification::goesThroughNetwork(const TensorD& input) const {
    const bool runs = std::ranges::none_of(m_fusion.blocks, &fusion::BlockFusion::valueInvalid);
    if (m_model.graph.empty() || !runs) return false;
    const std::int64_t wants = inputChannelsOf(m_model);
    if (input.size(1) == wants) return true;
    const Block* block = m_options.block ? m_model.find(*m_options.block) : nullptr;
    if (block && block->inChannels == input.size(1)) return false;
    throw Error(ErrorCode::inputInvalid, {m_options.inputName, fmt::format("{} channels", wants),
                                          fmt::format("shape {}", toString(input.shape())), ""});
}

void Verification::describePhases(const Shape& input) {
    m_report.phases = phaseReports(m_model, m_fusion, input, m_outputs);
    if (!m_outputs.trainProblem.empty())
        m_report.phases[0].problem = m_outputs.trainProblem;
    else if (!m_samples.empty()) {
        const auto [fewest, most] = std::ranges::minmax(m_samples);
        m_report.phases[0].statistics = fmt::format("batch statistics over {} to {} values per channel", fewest, most);
    }
}

Report Verification::run(const TensorD& input, const Job& job) {
    if (m_options.block && !m_model.find(*m_options.block))
        throw Error(ErrorCode::usage, {"--block " + *m_options.block, "the name of a block, as `inspect` lists them",
                                       fmt::format("no such block among {}", m_model.blocks.size()), ""});
    startReports();
    m_report.input = m_options.inputName;
    if (goesThroughNetwork(input))
        walkNetwork(input, job);
    checkLooseBlocks(input, job); // blocks that the network's graph does not hold
    m_report.findings = findingsOf(m_model, m_fusion, m_report.diagnoses, job);
    m_report.questions = answer(m_report, m_outputs, m_options);
    describePhases(input.shape());
    if (m_options.block) std::erase_if(m_report.blocks, [&](const BlockReport& b) { return b.name != *m_options.block; });
    m_report.verdict = overall(m_report);
    return std::move(m_report);
}

} // namespace

Report verifyModel(const families::OpenedModel& opened, const fusion::ModelFusion& fusion, const TensorD& input,
                   const VerifyOptions& options, const Job& job) {
    const Model& model = opened.model;
    if (fusion.fusedCount() == 0 && opened.checkpoint && opened.checkpoint->onnx) {
        // A graph says itself that it has nothing to merge; a state dict leaves that open.
        Report report = reportWithoutFusion(opened, options);
        report.findings.push_back({Finding::Severity::note, "nothing-to-fuse", "", "no part of this graph can be merged into fewer convolutions", ""});
        return report;
    }
    if (fusion.fusedCount() == 0) {
        const bool deploy = model.form == Form::deploy;
        throw Error(ErrorCode::nothingToFuse,
                    {opened.checkpoint ? opened.checkpoint->path.string() : std::string("model"),
                     "at least one block in train form",
                     deploy ? std::string("the deploy form only: nothing to compare it with")
                            : fmt::format("none of {} blocks; {}: {}", model.blocks.size(), model.blocks.front().name,
                                          fusion.blocks.front().reason),
                     deploy ? "name the train file and give this one as --against, or an output as --expect" : ""});
    }
    Report report = Verification(opened, fusion, options).run(input, job);
    report.file = opened.checkpoint ? opened.checkpoint->path.filename().string() : std::string();
    report.variant = model.variant;
    report.assumptions = model.assumptions;
    report.classNames = model.classNames;
    report.preprocessing = opened.preprocessing.describe();
    report.reproduce = options.reproduce;
    report.seeds = kSeeds;
    report.versions = versionsLine();
    return report;
}

TensorD seededInput(const Shape& shape, std::uint64_t seed) {
    // SplitMix64 and the polar method: the same numbers with every standard library.
    std::uint64_t state = seed * 0x9e3779b97f4a7c15u + 0x853c49e6748fea9bu;
    auto uniform = [&state] {
        state += 0x9e3779b97f4a7c15u;
        std::uint64_t z = state;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        return static_cast<double>((z ^ (z >> 31)) >> 11) * 0x1p-53;
    };
    TensorD tensor(shape);
    for (double& value : tensor.edit()) {
        double u = 0, v = 0, s = 0;
        do {
            u = 2 * uniform() - 1;
            v = 2 * uniform() - 1;
            s = u * u + v * v;
        } while (s >= 1 || s == 0);
        // Rounded to float32, so that both engines start from the same numbers.
        value = static_cast<float>(u * std::sqrt(-2 * std::log(s) / s));
    }
    return tensor;
}

} // namespace rp::verify
