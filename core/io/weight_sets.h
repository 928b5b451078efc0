// SPDX-License-Identifier: Apache-2.0
// families.md 3.1: a checkpoint is a dict of tensors, or holds one or more of them under names such as
// `state_dict`, `model`, `ema`, beside an optimizer, an epoch and other plain data.
#pragma once

#include "core/io/checkpoint.h"

#include <set>

namespace rp::io {

/// Fills `sets`, `preferred`, `extras` and `notes` of `checkpoint` from what a pickle held. A
/// pickled module is a set of weights too. Throws `unsupported` when there is none.
void findWeightSets(Checkpoint& checkpoint, const ValuePtr& root, const std::set<std::string>& opaqueSymbols);

} // namespace rp::io
