// SPDX-License-Identifier: Apache-2.0
#include "ui/jobs/run_jobs.h"

#include <algorithm>
#include <cmath>

namespace rp::ui {
namespace {

constexpr std::int64_t kSeededSide = 32; ///< of a block whose network cannot be run

TensorD minus(const TensorD& a, const TensorD& b) {
    TensorD difference = a;
    std::ranges::transform(a.values(), b.values(), difference.edit().begin(), std::minus<>());
    return difference;
}

/// What one block computes on its way.
struct Capture {
    std::vector<BlockMap> branches, steps;
    std::optional<BlockMap> sum, out;
};

/// Reads each map once: what a step makes is often also what its branch makes.
class MapReader {
public:
    explicit MapReader(Engine& engine) : m_engine(engine) {}
    const TensorD& operator()(const MapPtr& map) {
        if (map != m_last) m_values = m_engine.read(m_last = map);
        return m_values;
    }

private:
    Engine& m_engine;
    MapPtr m_last;
    TensorD m_values;
};

Capture runAndKeep(Session& session, std::size_t index, const MapPtr& x, Phase phase, bool keepsSteps) {
    using Role = BlockMap::Role;
    const Block& block = session.model().model().blocks[index];
    std::vector<std::string> names;
    for (const ExprPtr& branch : branchesOf(block))
        names.push_back(branch->name);
    const bool hasTail = !block.tail.empty();
    Capture capture;
    MapReader read(session.engine());
    RunHooks hooks;
    hooks.wantsSteps = [](std::size_t) { return true; };
    hooks.onStep = [&](std::size_t, const std::string& path, const MapPtr& map) {
        const QString name = QString::fromStdString(path);
        if (path == "sum" && !capture.sum)
            capture.sum = BlockMap{Role::sum, name, read(map)};
        else if (path == "out" && hasTail)
            capture.out = BlockMap{Role::output, name, read(map)};
        else if (path == "out")
            return; // the sum
        else if (names.size() > 1 && std::ranges::find(names, path) != names.end())
            capture.branches.push_back({Role::branch, name, read(map)});
        else if (keepsSteps)
            capture.steps.push_back({Role::step, name, read(map)});
    };
    session.blocks().runBlock(index, x, phase, hooks);
    return capture;
}

QString pairName(Phase phase) {
    return phase == Phase::train ? QStringLiteral("train \u2212 eval") : QStringLiteral("deploy \u2212 eval");
}

/// The difference between what this phase and phase eval make of the same input, before the tail.
/// `unseen` receives the branches that phase deploy does not run.
void addDifference(Session& session, std::size_t index, const MapPtr& x, const Capture& own,
                   BlockDetail& detail, std::vector<TensorD>& unseen) {
    if (session.model().forms[index].branches == nullptr || !own.sum) return;
    const bool ownIsEval = detail.phase == Phase::eval;
    if (detail.phase != Phase::train && !session.model().fusion.blocks[index].fusable) return;
    const Capture other = runAndKeep(session, index, x, ownIsEval ? Phase::deploy : Phase::eval, false);
    const TensorD& left = ownIsEval ? other.sum->values : own.sum->values;
    const TensorD& right = ownIsEval ? own.sum->values : other.sum->values;
    if (detail.phase == Phase::deploy)
        for (const BlockMap& branch : other.branches)
            unseen.push_back(branch.values);
    detail.differenceOf = pairName(detail.phase);
    detail.maps.push_back({BlockMap::Role::difference, QStringLiteral("\u0394 sum"), minus(left, right)});
}

/// Phase deploy shares the range of what phase eval adds up, so that flipping compares like with like.
void addFigures(BlockDetail& detail, const std::vector<TensorD>& unseen) {
    using Role = BlockMap::Role;
    const auto shares = [](const BlockMap& map) { return map.role != Role::input && map.role != Role::difference; };
    std::vector<const TensorD*> comparable;
    for (const BlockMap& map : detail.maps)
        if (shares(map)) comparable.push_back(&map.values);
    for (const TensorD& branch : unseen)
        comparable.push_back(&branch);
    const picture::CommonRange common = picture::commonRange(comparable);
    for (BlockMap& step : detail.steps) step.range = picture::commonRange({&step.values});
    for (BlockMap& map : detail.maps) {
        map.range = shares(map) ? common : picture::commonRange({&map.values});
        map.channels = picture::channelFigures(map.values);
    }
}

/// Largest |gamma| per output channel over all norms of that width below `expr`.
void collectGammas(const Expr& expr, std::int64_t channels, std::vector<double>& gammas) {
    auto into = [&](const std::vector<ExprPtr>& children) {
        for (const ExprPtr& child : children)
            collectGammas(*child, channels, gammas);
    };
    std::visit(Overload{[&](const Norm& norm) {
                            if (!norm.gamma || norm.gamma->count() != channels) return;
                            const TensorD values = norm.gamma->toDouble();
                            gammas.resize(static_cast<std::size_t>(channels));
                            for (std::size_t c = 0; c < gammas.size(); ++c)
                                gammas[c] = std::max(gammas[c], std::abs(values.values()[c]));
                        },
                        [&](const Chain& chain) { into(chain.steps); }, [&](const Sum& sum) { into(sum.terms); },
                        [&](const Concat& concat) { into(concat.parts); }, [](const auto&) {}},
               expr.op);
}

MapPtr inputOf(Session& session, const PhaseRun& run, std::size_t index, BlockDetail& detail) {
    if (index < run.inputs.size() && run.inputs[index]) return run.inputs[index];
    detail.seeded = true;
    const std::int64_t channels = session.model().model().blocks[index].inChannels;
    return session.engine().load(verify::seededInput({1, channels, kSeededSide, kSeededSide}));
}

} // namespace

namespace {

/// Colours for the outputs of all blocks, from an even sample of each: a network's maps together may be larger than memory.
class NetworkRange {
public:
    void add(const TensorD& map) {
        const std::int64_t step = std::max<std::int64_t>(1, map.count() / kSamples);
        std::vector<double> sample;
        for (std::int64_t i = 0; i < map.count(); i += step) sample.push_back(map[i]);
        m_samples.emplace_back(Shape{static_cast<std::int64_t>(sample.size())}, std::move(sample));
        for (double v : map.values())
            if (std::isfinite(v)) m_largest = std::max(m_largest, std::abs(v));
    }
    std::optional<picture::CommonRange> range() const {
        if (m_samples.empty()) return std::nullopt;
        std::vector<const TensorD*> maps;
        for (const TensorD& sample : m_samples) maps.push_back(&sample);
        picture::CommonRange range = picture::commonRange(maps);
        range.largest = m_largest;
        return range;
    }

private:
    static constexpr std::int64_t kSamples = 16384; ///< by block
    std::vector<TensorD> m_samples;
    double m_largest = 0;
};

} // namespace

PhaseRunPtr runPhase(Session& session, const InputSnapshot& input, Phase phase, const Job& job) {
    auto run = std::make_shared<PhaseRun>();
    run->phase = phase;
    run->settings = session.settings();
    const std::size_t blocks = session.model().model().blocks.size();
    run->inputs.resize(blocks);
    run->outputs.resize(blocks);
    RunHooks hooks;
    NetworkRange range;
    hooks.onBlock = [&](std::size_t block, const MapPtr& in, const MapPtr& out) {
        range.add(session.engine().read(out));
        run->inputs[block] = in;
        run->outputs[block] = out;
    };
    try {
        const MapPtr output = session.network().run(session.engine().load(input.values), phase, hooks, job);
        run->output = session.engine().read(output);
        run->top = verify::topsOf(run->output);
        run->networkRange = range.range();
    } catch (const Error& error) {
        if (error.code() == ErrorCode::cancelled) throw;
        run->problem = error;
    }
    run->trace = session.network().trace();
    return run;
}

BlockDetailPtr captureBlock(Session& session, const PhaseRun& run, int block, const Job& job) {
    job.step(0, "capturing the branches");
    auto detail = std::make_shared<BlockDetail>();
    detail->block = block;
    detail->phase = run.phase;
    detail->settings = run.settings;
    const auto index = static_cast<std::size_t>(block);
    try {
        const MapPtr x = inputOf(session, run, index, *detail);
        Capture capture = runAndKeep(session, index, x, run.phase, true);
        detail->maps.push_back({BlockMap::Role::input, QStringLiteral("x"), session.engine().read(x)});
        std::ranges::move(capture.branches, std::back_inserter(detail->maps));
        detail->steps = std::move(capture.steps);
        if (capture.sum) {
            const bool fused = session.blocks().trace().back().function == "forwardInfer";
            if (fused) capture.sum->name = QStringLiteral("fused kernel");
            detail->maps.push_back(*capture.sum);
        }
        if (capture.out) detail->maps.push_back(*capture.out);
        std::vector<TensorD> unseen;
        addDifference(session, index, x, capture, *detail, unseen);
        addFigures(*detail, unseen);
        const Block& source = session.model().model().blocks[index];
        if (source.body) collectGammas(*source.body, source.outChannels, detail->gammas);
    } catch (const Error& error) {
        if (error.code() == ErrorCode::cancelled) throw;
        detail->problem = error;
    }
    return detail;
}

} // namespace rp::ui
