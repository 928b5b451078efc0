// SPDX-License-Identifier: Apache-2.0
// The algebra of re-parameterization as pure functions in float64 (families.md section 1). Symbols:
// K weight [oc, ic/groups, kh, kw], b bias [oc]; convolution is cross-correlation. What is taken by value is changed
// in place when the caller moves it in.
#pragma once

#include "core/model/affine.h"
#include "core/tensor/tensor.h"

namespace rp::fusion {

/// Weight and bias of one convolution, before any rounding.
struct Kernel {
    TensorD weight; ///< [oc, ic/groups, kh, kw]
    TensorD bias;   ///< [oc]
    std::int64_t groups = 1;

    std::int64_t outChannels() const { return weight.size(0); }
    std::int64_t inChannels() const { return weight.size(1) * groups; }
    Extent extent() const { return {weight.size(2), weight.size(3)}; }
};

/// F1. Affine after a convolution: K'[o] = scale[o] K[o], b'[o] = scale[o] b[o] + shift[o].
Kernel affineAfter(Kernel kernel, const ChannelAffine& affine);

/// F14. Affine before a convolution: K'[o, i] = scale[i] K[o, i], b'[o] = b[o] + sum over i, y, x of shift[i] K[o, i].
Kernel affineBefore(const ChannelAffine& affine, Kernel kernel);

/// F4. Identity as a kernel: [channels, channels/groups, k, k], 1 at [o, o mod (channels/groups), centre].
Kernel identityKernel(std::int64_t channels, std::int64_t groups, Extent extent = {1, 1});

/// F10. Average pooling as a depthwise kernel [channels, 1, kh, kw] of 1/(kh kw).
Kernel averageKernel(std::int64_t channels, Extent extent);

/// F3. K in the middle of zeros: `before` rows and columns above and left, to `extent` in all.
Kernel embed(const Kernel& kernel, Extent before, Extent extent);

/// F12. Dilated to dense: taps at multiples of the dilation, zeros between; size d (k - 1) + 1.
Kernel undilate(const Kernel& kernel, Extent dilation);

/// The same map with fewer groups (`groups` must divide the kernel's): zeros where groups did not meet.
Kernel withGroups(const Kernel& kernel, std::int64_t groups);

/// F2. Sum of two kernels of equal shape and groups: K1 + K2, b1 + b2.
Kernel add(Kernel a, const Kernel& b);

/// F8. Along output channels; both with groups 1 and equal extent.
Kernel concat(const Kernel& a, const Kernel& b);

/// F6, F7, F9. `second` applied to the output of `first` (both dense in dilation, same groups):
/// K[o, i, y, x] = sum over m, v, u of second[o, m, v, u] first[m, i, y - s v, x - s u] with s the first's
/// stride; size k1 + s (k2 - 1); b[o] = b2[o] + sum over m, v, u of second[o, m, v, u] b1[m].
Kernel compose(const Kernel& first, Extent firstStride, const Kernel& second);

/// How much each position of the window counts: sqrt(sum over o, i of K[o, i, y, x]^2), [kh, kw].
TensorD positionNorms(const Kernel& kernel);

} // namespace rp::fusion
