// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/jobs/snapshots.h"

#include "core/model/expr.h"

#include <QString>

#include <optional>
#include <vector>

namespace rp::ui {

/// What lists, filters and pictures of blocks say of one block.
struct BlockFacts {
    int block = -1;
    QString name, family;
    QString form, exactness, verdict; ///< core's own words; no verdict before verification
    Extent kernel{0, 0}, stride{0, 0}; ///< of the fused convolution, or of the widest branch where there is none
    std::int64_t groups = 0, inChannels = 0, outChannels = 0, branches = 0;
    std::int64_t parameters = 0, fusedParameters = 0;
    std::optional<std::int64_t> macs, fusedMacs; ///< none where the network's graph is not known
    Shape out;                                   ///< of its map, tail included; empty likewise
    /// Infinity when exact; none before verification and where there is nothing to compare.
    std::optional<double> snr;                   ///< local, dB
    std::optional<double> error, cumulative;     ///< largest |difference|
    std::optional<double> boundShare;            ///< local error over its bound
    std::optional<double> branchShare;           ///< of the kernels' energy Σ K², what the largest branch holds
};

/// By block index. `report` may be null.
std::vector<BlockFacts> factsOf(const LoadedModel& model, const verify::Report* report);

/// The convolution that sets an expression's geometry: the largest of its branches; null without any.
const Conv* widestConv(const Expr& expr);

/// A number that blocks can be sorted, coloured and flagged by.
enum class BlockFigure { snr, error, cumulative, boundShare, branchShare, parameters, macs };
inline constexpr int kBlockFigures = 7;
std::optional<double> figureOf(const BlockFacts& facts, BlockFigure figure);
QString figureName(BlockFigure figure);
QString figureText(BlockFigure figure, double value);
/// Whether small values are the ones to worry about.
inline bool isWorseWhenSmall(BlockFigure figure) {
    return figure == BlockFigure::snr;
}

} // namespace rp::ui
