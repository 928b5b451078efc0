// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/presenters/block_facts.h"

#include <QString>

#include <vector>

namespace rp::ui {

/// A box of the network's picture: a block, a region, or an operation that joins or changes the resolution.
struct OverviewNode {
    QString name;
    int block = -1;          ///< -1: no block
    bool isOperation = false;
    Shape out;               ///< of its map; empty when the network's shapes are not known
    int layer = 0;           ///< longest path from the input
    int lane = 0;            ///< 0 is the network's main path
};

/// From one box to another in a later layer; an edge over several layers runs along a lane of its own.
struct OverviewEdge {
    int from = -1, to = -1;  ///< boxes
    int lane = 0;            ///< between the layers of its ends
};

/// The whole network, layer by layer. Operations of one input that keep channels and resolution (activations, scales) are part
/// of the box before them; constants are left out.
struct Overview {
    std::vector<OverviewNode> nodes; ///< in order of computation
    std::vector<OverviewEdge> edges;
    int layers = 0, lanes = 0;
    QString note; ///< why it is not the network's graph (blocks in a row); empty when it is
};

Overview overviewOf(const LoadedModel& model);

} // namespace rp::ui
