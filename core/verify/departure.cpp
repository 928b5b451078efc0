// SPDX-License-Identifier: Apache-2.0
#include "core/verify/departure.h"

#include "core/base/error.h"
#include "core/exec/network.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace rp::verify {
namespace {

constexpr std::int64_t kSamples = 1 << 16; ///< elements of a map that are kept
constexpr double kDeparts = 1e-3;          ///< relative L2: rounding of kernels, also to float16, does not reach it at once

struct Seen {
    Shape shape;
    std::vector<double> samples;
};

/// What each unit returned, by unit; none for those that did not run.
std::vector<std::optional<Seen>> trail(const Side& side, const TensorD& input, const Job& job) {
    std::vector<std::optional<Seen>> seen(side.units.size());
    const std::unique_ptr<Engine> engine = makeReferenceEngine();
    Network network(side.model, side.fusion.forms(side.model), *engine);
    auto keep = [&](std::size_t node, const MapPtr& map) {
        for (std::size_t i = 0; i < side.units.size(); ++i) {
            if (side.units[i].node != node) continue;
            const TensorD values = engine->read(map);
            const std::int64_t step = std::max<std::int64_t>(1, values.count() / kSamples);
            Seen& one = seen[i].emplace(Seen{values.shape(), {}});
            for (std::int64_t at = 0; at < values.count(); at += step) one.samples.push_back(values[at]);
        }
    };
    Walk walk(network, engine->load(input), Phase::deploy);
    RunHooks hooks;
    hooks.wantsSteps = [](std::size_t) { return true; };
    hooks.onStep = [&](std::size_t, const std::string& path, const MapPtr& map) {
        if (path == "sum") keep(walk.node(), map);
    };
    while (!walk.atEnd()) {
        const std::size_t node = walk.node();
        job.step(static_cast<double>(node) / static_cast<double>(side.model.graph.size()), "looking for the first difference");
        try {
            const MapPtr map = walk.step(hooks);
            if (std::holds_alternative<Region>(side.model.graph[node].what)) keep(node, map);
        } catch (const Error& error) { // maps of unlike shapes meet: what was seen until here tells
            if (error.code() != ErrorCode::shapeMismatch && error.code() != ErrorCode::inputInvalid && error.code() != ErrorCode::valueInvalid) throw;
            break;
        }
    }
    return seen;
}

double relativeL2(const std::vector<double>& a, const std::vector<double>& b) {
    double difference = 0, whole = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        difference += (a[i] - b[i]) * (a[i] - b[i]);
        whole += a[i] * a[i];
    }
    return difference == 0 ? 0 : std::sqrt(difference / whole); // NaN departs
}

} // namespace

std::optional<Departure> firstDeparture(const Side& ours, const Side& theirs, const std::vector<std::optional<std::size_t>>& partners,
                                        const TensorD& input, const Job& job) {
    const auto mine = trail(ours, input, job), others = trail(theirs, input, job);
    std::string before;
    for (std::size_t i = 0; i < mine.size(); ++i) {
        if (!partners[i] || !mine[i] || !others[*partners[i]]) continue;
        const Seen &a = *mine[i], &b = *others[*partners[i]];
        if (a.shape != b.shape)
            return Departure{ours.units[i].name, before, fmt::format("shape {} instead of {}", rp::toString(b.shape), rp::toString(a.shape))};
        const double apart = relativeL2(a.samples, b.samples);
        if (!(apart <= kDeparts)) return Departure{ours.units[i].name, before, fmt::format("relative L2 {:.2g}", apart)};
        before = ours.units[i].name;
    }
    return std::nullopt;
}

} // namespace rp::verify
