// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/model/model.h"
#include "core/tensor/state_dict.h"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace rp::families {

/// Why a block cannot be built; becomes `Block::refusal`.
struct BlockDefect {
    std::string code; ///< finding code: "incomplete-block", "nan", "negative-variance"
    std::string reason;
};

/// Takes tensors by key, checks their shapes, and remembers what was taken (the rest is surplus).
class KeyTaker {
public:
    explicit KeyTaker(const StateDict& tensors) : m_tensors(tensors) {}

    bool has(const std::string& key) const { return m_tensors.find(key) != nullptr; }
    /// Throws `BlockDefect` when the key is missing or its shape is not `expected` (-1 in it matches anything).
    Param take(const std::string& key, const Shape& expected);
    Param take(const std::string& key, const Shape& expected, std::vector<std::string>& into);
    /// Counters and buffers that no computation uses: known, so not surplus.
    void ignore(const std::string& key);

    const StateDict& tensors() const { return m_tensors; }
    std::vector<std::string> unused() const;

private:
    const StateDict& m_tensors;
    std::set<std::string> m_taken;
};

/// A vector [channels] from as many values, or from a single one for all; throws `BlockDefect` naming `key`.
Param perChannel(const Param& stored, std::int64_t channels, const std::string& key);

/// Batch norm tensors below `prefix` in PyTorch's spelling (weight, bias, running_mean, running_var,
/// num_batches_tracked) or Paddle's (weight, bias, _mean, _variance). Missing weight and bias are 1 and 0
/// (affine=False). Values are scanned: NaN, infinity and negative variance are a `BlockDefect`; statistics
/// that no batch ever touched are a finding.
Norm takeNorm(KeyTaker& keys, const std::string& prefix, std::int64_t channels, double eps,
              std::vector<std::string>& into, std::vector<Finding>& findings, const std::string& block);

} // namespace rp::families
