// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/tensor/state_dict.h"

#include <cstdint>
#include <string>
#include <vector>

namespace rp::test {

/// State dicts of small RepVGG networks with random numbers, in every toolkit's spelling. The spellings are written
/// out here from the toolkits' sources, independently of core/families.
struct TinyRepVgg {
    enum class Layout { official, timm, mmpretrain, paddle } layout = Layout::official;
    std::vector<int> depths{1, 2, 1, 1};
    std::vector<std::int64_t> widths{8, 8, 12, 16, 20}; ///< stem, then stages
    std::int64_t groups = 1;                            ///< of blocks with an even index, the stem excepted
    bool se = false;
    bool deploy = false; ///< fused keys with random kernels
    std::int64_t classes = 5;
    std::uint64_t seed = 1;
};

std::vector<NamedTensor> tensorsOf(const TinyRepVgg& spec);

/// A `.pth` (wrapped in `state_dict`) of that network in `folder`; returns its path.
std::string writeTinyRepVgg(const std::string& folder, const TinyRepVgg& spec = {}, const std::string& name = "tiny.pth");

/// Replaces or removes single tensors.
void replace(std::vector<NamedTensor>& tensors, const std::string& name, const TensorF& values);
void erase(std::vector<NamedTensor>& tensors, const std::string& name);

} // namespace rp::test
