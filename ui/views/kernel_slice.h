// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/fusion/algebra.h"
#include "ui/views/kernel_grid.h"

namespace rp::ui {

/// Slice [o, i] of a kernel with the bias of o; empty when it has no such slice (a step before groups were spread).
KernelGrid::Slice sliceOf(const fusion::Kernel& kernel, std::int64_t o, std::int64_t i);

/// The whole kernel of few channels as one grid: output channels below each other, input channels side by side; no bias.
KernelGrid::Slice allSlicesOf(const TensorD& weight);

/// Symmetric about zero over all finite values of all slices.
picture::Range commonRange(const std::vector<KernelGrid::Slice>& slices);

} // namespace rp::ui
