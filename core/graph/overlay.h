// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/model/expr.h"
#include "core/tensor/tensor.h"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace rp::graph {

/// A padded map of which some elements were overwritten with constants, as exporters spell `y[:, :, 0:1, :] = b`. When
/// what was written is the border, with one value per channel, it is a `ConstantPad`.
struct Overlay {
    std::int64_t source = -1; ///< the map below
    Padding padding;
    Shape shape;                 ///< [n, c, h, w] after padding
    std::vector<double> values;  ///< of the border and of what was overwritten
    std::vector<bool> isWritten;

    Overlay(std::int64_t from, const Padding& p, Shape padded, double value);

    /// ScatterND: `indices` [..., 4] full positions, `updates` one number each; negative positions count from the end.
    /// False when an index leaves the map or is no full position.
    bool write(const Shape& indicesShape, std::span<const std::int64_t> indices, std::span<const double> updates);
    /// One value per channel, when exactly the border is constant.
    std::optional<std::vector<double>> border() const;

private:
    bool isInside(std::int64_t y, std::int64_t x) const;
};

} // namespace rp::graph
