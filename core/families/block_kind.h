// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/families/keys.h"
#include "core/families/plan.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace rp::families {

/// What one implementation uses where a state dict says nothing (families.md 2.1).
struct Presets {
    double eps = 1e-5;
    double momentum = 0.1; ///< in PyTorch's sense
    std::int64_t stride = 1;
    bool depthwise = false; ///< whether a kernel [c, 1, kh, kw] means c groups …
    std::int64_t widening = 1; ///< … or c / widening, each of which makes `widening` channels
    bool dilates = true;    ///< false: the implementation's branches do not line up when dilated
    std::string activation = "none";
    std::optional<std::int64_t> inChannels = {}; ///< where a family reads the input's width from its keys
};

/// The tensors of one block, seen from its prefix. Taking one makes it a branch key of the block.
class BlockKeys {
public:
    BlockKeys(KeyTaker& keys, std::string prefix, std::vector<std::string>& taken)
        : m_keys(keys), m_prefix(std::move(prefix)), m_taken(taken) {}

    bool has(const std::string& key) const { return m_keys.has(m_prefix + key); }
    bool hasNorm(const std::string& prefix) const { return has(prefix + ".running_mean") || has(prefix + "._mean"); }
    /// Empty when there is no such tensor.
    Shape shapeOf(const std::string& key) const;
    /// How many of `before`0`after`, `before`1`after` … are there, counted until the first that is not.
    int countOf(const std::string& before, const std::string& after) const;
    Param take(const std::string& key, const Shape& expected) { return m_keys.take(m_prefix + key, expected, m_taken); }
    Norm takeNorm(const std::string& prefix, std::int64_t channels, double eps, std::vector<Finding>& findings,
                  const std::string& block) {
        return families::takeNorm(m_keys, m_prefix + prefix, channels, eps, m_taken, findings, block);
    }
    const std::string& prefix() const { return m_prefix; }
    KeyTaker& taker() { return m_keys; }

private:
    KeyTaker& m_keys;
    std::string m_prefix;
    std::vector<std::string>& m_taken;
};

/// What follows the body and is not merged. Key names are prefixes of convolutions; absent ones are skipped.
struct TailPlan {
    std::string seDown, seUp;     ///< squeeze and excitation before the activation
    std::string postDown, postUp; ///< … behind it
    std::string slopes;           ///< PReLU's tensor; where it is there, it is the activation
    std::string scaleFactor, scaleOffset; ///< tensors of a scale behind the activation
    bool notAtStride2 = false;            ///< activation and scale stand only where the stride is not 2x2
};

/// Whether any key contains `text`.
bool anyKeyContains(const StateDict& tensors, std::string_view text);
/// Whether the file is YOLOv6's, whose blocks have others' names but presets of their own.
bool isYoloV6(const StateDict& tensors);
/// A number in a module's name; none when `text` is anything else.
std::optional<int> parseIndex(std::string_view text);

/// One kind of block in one spelling: a row of a family's table.
struct BlockKind {
    std::string family; ///< "RepVGG"
    std::string origin; ///< whose presets these are: "YOLOv7"
    std::string layout; ///< whose names these are: "official", "timm" …
    /// Keys below the prefix that tell this block in train form; all must be there. The first one finds the prefix.
    std::vector<std::string> signature;
    std::function<bool(const BlockKeys& keys)> fits = {};      ///< what else must hold of the block: shapes
    std::function<bool(const StateDict& tensors)> inFile = {}; ///< … and of the file: names of the network's other modules
    std::string fused; ///< the convolution in the source's own deploy layout; empty: the prefix itself
    /// Whether `fused` alone tells a block in deploy form. False for names that any network may use ("conv").
    bool fusedIsTelling = true;
    std::string keptNorm; ///< the norm that ends the body and that the deploy layout keeps (`Block::keptNorm`)
    std::string part;  ///< appended to the name when one prefix holds several blocks
    bool onlyWhenStated = false; ///< same keys as another kind: `--assume family=…` chooses it
    Presets presets;
    std::function<Plan(BlockKeys& keys, Presets& presets)> body;
    TailPlan tail;

    std::string fusedKey(std::string_view tensor) const {
        return fused.empty() ? std::string(tensor) : fused + "." + std::string(tensor);
    }
};

} // namespace rp::families
