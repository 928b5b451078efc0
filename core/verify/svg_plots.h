// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/tensor/tensor.h"

#include <optional>
#include <string>
#include <vector>

namespace rp::verify {

/// One line of a plot: a figure for each label; none leaves a gap.
struct Series {
    std::string name;
    std::vector<std::optional<double>> values;
};

/// Plots as SVG to stand inside an HTML page: no script, no style but attributes, nothing is fetched. Labels are escaped.
/// Lines over labels, each point with a tooltip. `logarithmic` spaces the value axis by powers of ten and skips what is not positive.
std::string linePlot(const std::vector<std::string>& labels, const std::vector<Series>& series, const std::string& unit, bool logarithmic = false);
/// A kernel window [kh, kw] as cells from white (0) to dark blue (`most`), with tooltips.
std::string heatCells(const TensorD& values, double most, const std::string& title);

} // namespace rp::verify
