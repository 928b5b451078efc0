// SPDX-License-Identifier: Apache-2.0
#include "ui/presenters/channel_order.h"

#include <algorithm>
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

std::vector<double> figuresOf(const BlockDetail& detail, ChannelOrder by) {
    switch (by) {
    case ChannelOrder::stored:
        return {};
    case ChannelOrder::error:
        return energies(detail.find(BlockMap::Role::difference));
    case ChannelOrder::energy:
        return energies(detail.find(BlockMap::Role::sum));
    case ChannelOrder::gamma:
        return detail.gammas;
    }
    return {};
}

} // namespace

std::vector<std::int64_t> channelOrder(const BlockDetail& detail, ChannelOrder by) {
    const std::vector<double> figures = figuresOf(detail, by);
    std::vector<std::int64_t> order(figures.size());
    std::iota(order.begin(), order.end(), std::int64_t{0});
    std::ranges::stable_sort(order, std::greater<>(), [&](std::int64_t c) { return figures[static_cast<std::size_t>(c)]; });
    return order;
}

} // namespace rp::ui
