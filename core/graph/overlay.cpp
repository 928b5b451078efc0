// SPDX-License-Identifier: Apache-2.0
#include "core/graph/overlay.h"

namespace rp::graph {

Overlay::Overlay(std::int64_t from, const Padding& p, Shape padded, double value)
    : source(from), padding(p), shape(std::move(padded)), values(static_cast<std::size_t>(countOf(shape)), value),
      isWritten(values.size(), false) {
    for (std::int64_t i = 0; i < std::ssize(values); ++i)
        isWritten[static_cast<std::size_t>(i)] = !isInside(i / shape[3] % shape[2], i % shape[3]);
}

bool Overlay::isInside(std::int64_t y, std::int64_t x) const {
    return y >= padding.top && y < shape[2] - padding.bottom && x >= padding.left && x < shape[3] - padding.right;
}

bool Overlay::write(const Shape& indicesShape, std::span<const std::int64_t> indices, std::span<const double> updates) {
    if (indicesShape.empty() || indicesShape.back() != 4 || indices.size() != updates.size() * 4) return false;
    for (std::size_t u = 0; u < updates.size(); ++u) {
        std::int64_t at = 0;
        for (std::size_t axis = 0; axis < 4; ++axis) {
            std::int64_t i = indices[u * 4 + axis];
            if (i < 0) i += shape[axis];
            if (i < 0 || i >= shape[axis]) return false;
            at = at * shape[axis] + i;
        }
        values[static_cast<std::size_t>(at)] = updates[u];
        isWritten[static_cast<std::size_t>(at)] = true;
    }
    return true;
}

std::optional<std::vector<double>> Overlay::border() const {
    std::vector<std::optional<double>> found(static_cast<std::size_t>(shape[1]));
    for (std::int64_t i = 0; i < std::ssize(values); ++i) {
        const auto at = static_cast<std::size_t>(i);
        if (isInside(i / shape[3] % shape[2], i % shape[3])) {
            if (isWritten[at]) return std::nullopt;
            continue;
        }
        std::optional<double>& channel = found[static_cast<std::size_t>(i / (shape[2] * shape[3]) % shape[1])];
        if (channel.value_or(values[at]) != values[at]) return std::nullopt;
        channel = values[at];
    }
    std::vector<double> border;
    for (const auto& channel : found) border.push_back(channel.value_or(0.0));
    return border;
}

} // namespace rp::graph
