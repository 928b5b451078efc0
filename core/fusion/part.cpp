// SPDX-License-Identifier: Apache-2.0
#include "core/fusion/part.h"

#include <algorithm>
#include <cmath>

namespace rp::fusion {

bool isDiagonal(const Part& part) {
    return part.kernel.extent() == Extent{1, 1} && part.kernel.weight.size(1) == 1 &&
           part.kernel.groups == part.kernel.outChannels() && part.stride == Extent{1, 1} && part.padding.isZero();
}

ChannelAffine diagonalOf(const Kernel& kernel) {
    return {{kernel.weight.values().begin(), kernel.weight.values().end()},
            {kernel.bias.values().begin(), kernel.bias.values().end()}};
}

Padding plus(const Padding& a, const Padding& b) {
    return {a.top + b.top, a.left + b.left, a.bottom + b.bottom, a.right + b.right};
}

std::int64_t widest(const Padding& p) { return std::max({p.top, p.left, p.bottom, p.right}); }

bool sameConstants(const std::optional<Constants>& a, const std::optional<Constants>& b) {
    const std::size_t count = a ? a->size() : b ? b->size() : 0;
    if (a && b && a->size() != b->size()) return false;
    for (std::size_t c = 0; c < count; ++c) {
        const double x = a ? (*a)[c] : 0, y = b ? (*b)[c] : 0;
        if (std::abs(x - y) > 1e-12 * std::max(std::abs(x), std::abs(y))) return false;
    }
    return true;
}

Constants answerToPadding(const Part& part) {
    const Kernel& k = part.kernel;
    Constants answer(k.bias.values().begin(), k.bias.values().end());
    if (!part.surround) return answer;
    const std::int64_t perGroup = k.weight.size(1), area = k.weight.size(2) * k.weight.size(3), rows = k.outChannels() / k.groups;
    for (std::int64_t o = 0; o < k.outChannels(); ++o)
        for (std::int64_t i = 0; i < perGroup; ++i)
            for (std::int64_t t = 0; t < area; ++t)
                answer[static_cast<std::size_t>(o)] +=
                    k.weight[(o * perGroup + i) * area + t] * (*part.surround)[static_cast<std::size_t>(o / rows * perGroup + i)];
    return answer;
}

} // namespace rp::fusion
