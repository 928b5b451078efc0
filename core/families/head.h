// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/families/family.h"

#include <optional>
#include <string>
#include <vector>

namespace rp::families {

/// Throws `BlockDefect` when a block that can be built does not read as many channels as come in.
void requireWidth(const Block& block, std::int64_t channels);

/// Puts the blocks one behind the other. Throws what `requireWidth` throws.
void chainBlocks(Model& model);

/// Global average pool and a linear layer at the end of the graph: the first of `names` that fits. Paddle stores a
/// linear layer as [in, out]. Without one the network ends with what is there, and a finding says so.
void appendClassifier(NetworkParts& parts, const std::vector<std::string>& names);

/// A linear layer [out, in] (or Paddle's [in, out]) as a 1x1 convolution on [n, c, 1, 1]; none when there is none that fits.
std::optional<Region> linearRegion(KeyTaker& keys, const std::string& name, std::int64_t features, bool paddle);

/// Appends a node and gives its index.
std::int64_t addNode(Model& model, decltype(Node::what) what, std::vector<std::int64_t> inputs);

/// Appends a block whose map nothing takes, so that it can be verified on the input that training gives it; a finding says so.
void addUnused(Model& model, std::size_t block, std::int64_t input);

/// A convolution with bias and "same" padding that is no block: name.weight, name.bias. Throws `BlockDefect`.
Region plainConv(KeyTaker& keys, const std::string& name, std::int64_t inChannels);

/// Groups of a block's first kernel; 1 for a refused block.
std::int64_t groupsOf(const Block& block);

} // namespace rp::families
