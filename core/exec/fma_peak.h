// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace rp {

/// Float multiplications and additions per second, in 10^9, that `threads` threads reach on this machine
/// right now with nothing but fused multiply-adds in vector registers: the ceiling for every convolution.
/// Uses the widest vectors there are, takes some 30 ms and returns the best of several rounds.
double measureFmaPeakGflops(int threads);

} // namespace rp
