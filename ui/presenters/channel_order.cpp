// SPDX-License-Identifier: Apache-2.0
#include "ui/presenters/channel_order.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace rp::ui {
namespace {

std::vector<double> energies(const BlockMap* map) {
    std::vector<double> energies;
    if (map)
        for (const picture::ChannelFigures& channel : map->channels)
            energies.push_back(channel.meanSquare);
    return energies;
}

std::vector<double> contributions(const BlockDetail& detail, const QString& branch) {
    const BlockMap* chosen = nullptr;
    std::vector<double> all;
    for (const BlockMap& map : detail.maps) {
        if (map.role != BlockMap::Role::branch) continue;
        if (!chosen || map.name == branch) chosen = &map;
        all.resize(std::max(all.size(), map.channels.size()));
        for (std::size_t c = 0; c < map.channels.size(); ++c) all[c] += map.channels[c].meanSquare;
    }
    std::vector<double> shares = energies(chosen);
    if (shares.size() != all.size()) return {}; // parts of a concat: each channel comes from one of them
    for (std::size_t c = 0; c < shares.size(); ++c) shares[c] = all[c] > 0 ? shares[c] / all[c] : 0;
    return shares;
}

} // namespace

std::vector<double> channelFigures(const BlockDetail& detail, ChannelOrder by, const QString& branch) {
    switch (by) {
    case ChannelOrder::stored:
        return {};
    case ChannelOrder::error:
        return energies(detail.find(BlockMap::Role::difference));
    case ChannelOrder::energy:
        return energies(detail.find(BlockMap::Role::sum));
    case ChannelOrder::gamma:
        return detail.gammas;
    case ChannelOrder::contribution:
        return contributions(detail, branch);
    }
    return {};
}

namespace {

std::vector<std::int64_t> ordered(const std::vector<double>& figures) {
    std::vector<std::int64_t> order(figures.size());
    std::iota(order.begin(), order.end(), std::int64_t{0});
    std::ranges::stable_sort(order, std::greater<>(), [&](std::int64_t c) { return figures[static_cast<std::size_t>(c)]; });
    return order;
}

/// The figure at that height of the logarithmic scale; none when nothing is hidden.
std::optional<double> leastOf(const std::vector<double>& figures, double strictness) {
    double low = HUGE_VAL, high = 0;
    for (double figure : figures)
        if (figure > 0 && std::isfinite(figure)) {
            low = std::min(low, figure);
            high = std::max(high, figure);
        }
    if (strictness <= 0 || high <= 0) return std::nullopt;
    return strictness >= 1 ? high : low * std::pow(high / low, strictness);
}

} // namespace

std::vector<std::int64_t> channelOrder(const BlockDetail& detail, ChannelOrder by, const QString& branch) {
    return ordered(channelFigures(detail, by, branch));
}

ChannelSelection selectChannels(const std::vector<double>& figures, std::int64_t channels, double strictness, const std::vector<int>& pinned) {
    ChannelSelection selection;
    const bool hasFigures = static_cast<std::int64_t>(figures.size()) == channels;
    if (hasFigures) selection.least = leastOf(figures, strictness);
    if (!hasFigures && pinned.empty()) return selection;
    for (int channel : pinned)
        if (channel < channels) selection.order.push_back(channel);
    const auto pins = static_cast<std::ptrdiff_t>(selection.order.size());
    std::vector<std::int64_t> others = ordered(hasFigures ? figures : std::vector<double>(static_cast<std::size_t>(channels)));
    for (std::int64_t channel : others) {
        if (std::find(selection.order.begin(), selection.order.begin() + pins, channel) != selection.order.begin() + pins) continue;
        if (selection.least && figures[static_cast<std::size_t>(channel)] < *selection.least)
            ++selection.hidden;
        else
            selection.order.push_back(channel);
    }
    return selection;
}

} // namespace rp::ui
