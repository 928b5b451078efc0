// SPDX-License-Identifier: Apache-2.0
#include "ui/views/kernel_slice.h"

#include <algorithm>
#include <cmath>

namespace rp::ui {

KernelGrid::Slice sliceOf(const fusion::Kernel& kernel, std::int64_t o, std::int64_t i) {
    if (o >= kernel.weight.size(0) || i >= kernel.weight.size(1)) return {};
    const std::int64_t kh = kernel.weight.size(2), kw = kernel.weight.size(3);
    const auto start = static_cast<std::size_t>((o * kernel.weight.size(1) + i) * kh * kw);
    const std::span<const double> values = kernel.weight.values().subspan(start, static_cast<std::size_t>(kh * kw));
    return {static_cast<int>(kh), static_cast<int>(kw), {values.begin(), values.end()}, kernel.bias[o]};
}

KernelGrid::Slice allSlicesOf(const TensorD& weight) {
    const std::int64_t oc = weight.size(0), ic = weight.size(1), kh = weight.size(2), kw = weight.size(3);
    KernelGrid::Slice slice{static_cast<int>(oc * kh), static_cast<int>(ic * kw), {}};
    for (std::int64_t row = 0; row < oc * kh; ++row)
        for (std::int64_t column = 0; column < ic * kw; ++column)
            slice.values.push_back(weight[((row / kh * ic + column / kw) * kh + row % kh) * kw + column % kw]);
    if (kh * kw > 1) {
        slice.everyRows = static_cast<int>(kh);
        slice.everyColumns = static_cast<int>(kw);
    }
    return slice;
}

picture::Range commonRange(const std::vector<KernelGrid::Slice>& slices) {
    double most = 0;
    for (const KernelGrid::Slice& slice : slices)
        for (double v : slice.values)
            if (std::isfinite(v)) most = std::max(most, std::abs(v));
    return most > 0 ? picture::Range{-most, most} : picture::Range{};
}

} // namespace rp::ui
