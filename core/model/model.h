// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/model/expr.h"
#include "core/model/operation.h"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace rp {

/// What a block or file contains (design, section 1).
enum class Form { train, deploy, mixed, plain };
std::string_view toString(Form form);

/// How a model is run.
enum class Phase { train, eval, deploy };
std::string_view toString(Phase phase);
std::optional<Phase> phaseFrom(std::string_view text);

/// An attribute that no tensor states, the value in force, and who said so.
struct Assumption {
    std::string block;  ///< block name, or "" for all of the family
    std::string key;    ///< eps, stride, groups …
    std::string value;
    std::string origin; ///< "--assume", "file", "preset: RepVGG", "from shapes" …
};

/// Something a reader of the model should know (design, section 5: findings).
struct Finding {
    enum class Severity { note, warn, fail } severity = Severity::note;
    std::string code;  ///< "nan", "negative-variance", "surplus-key", "incomplete-block" …
    std::string block; ///< may be empty
    std::string message;
    std::string remedy;
};
std::string_view toString(Finding::Severity severity);

/// The unit that is re-parameterized: affine body, then a tail that stays.
struct Block {
    std::string name;   ///< key prefix without the last dot, without the file's wrapper prefix
    std::string family; ///< "RepVGG"
    Form form = Form::train;
    ExprPtr body;       ///< null only when `refusal` is set
    std::vector<Operation> tail;
    std::int64_t inChannels = 0;
    std::int64_t outChannels = 0;
    std::optional<std::string> refusal; ///< why the body could not be built (missing key, mismatched shape)
    std::string leave;  ///< why it is not merged although it could be (it would cost more than it saves); else empty
    ExprPtr cached;     ///< a fused kernel that the file keeps beside the branches: verified, never trusted
    /// Names of the fused tensors in the source's own deploy layout, and the keys that they replace.
    std::string fusedWeightKey, fusedBiasKey;
    std::vector<std::string> branchKeys;
    /// Prefix of the norm that ends the body and that the source's own deploy layout keeps (YOLOv6's QARepVGG): a fused
    /// file holds the kernel without it, and its tensors stay. Empty: all of the body is in the kernel.
    std::string keptNorm;
};

/// An affine part of the graph that has one form only (a linear head).
struct Region {
    std::string name;
    ExprPtr body;
};

/// A node of the model graph. `inputs` are the indices of the earlier nodes whose maps it takes, in its operation's
/// order; -1 is the network's input. Blocks and regions take one, a `Constant` none.
struct Node {
    struct BlockIndex {
        std::size_t index; ///< into `Model::blocks`
    };
    std::variant<BlockIndex, Region, Operation> what;
    std::vector<std::int64_t> inputs{-1};
};

/// A network, or as much of one as its keys tell.
struct Model {
    std::string family;
    std::string variant;  ///< "RepVGG-A0", or a description of depth and width
    std::string layout;   ///< "official", "timm", "mmpretrain", "paddle"
    Form form = Form::train;
    std::vector<Block> blocks; ///< in order of depth
    /// In order of computation. Empty when only blocks are known: see `whyNoGraph`.
    std::vector<Node> graph;
    bool inputIsFixed = false; ///< the graph holds for inputs of the shape `defaultInput` only
    std::int64_t output = -1; ///< the node whose map is the network's output; -1 is the last
    std::string whyNoGraph;
    Shape defaultInput{1, 3, 224, 224};   ///< of the seeded input when none is given
    std::int64_t pictureSize = 224;       ///< side of the crop that the network was published with
    bool takesPlainPicture = false;       ///< in [0, 1] as it is: networks that make pictures, not classes
    std::vector<std::string> classNames;
    std::vector<std::string> unusedKeys;
    std::vector<Assumption> assumptions;
    std::vector<Finding> findings;

    const Block* find(std::string_view blockName) const;
};

std::size_t outputNodeOf(const Model& model);       ///< precondition: the graph is not empty
std::int64_t inputChannelsOf(const Model& model);   ///< channels that the network's input must have
/// For each node, the last one that takes its map; its own index when none does. The output's is the graph's size.
std::vector<std::size_t> lastUsesOf(const Model& model);

/// Branches of a block's body: the terms of its sum, the parts of its concat, or the body itself. Steps behind the join (a
/// norm, a 1x1 convolution) belong to all of them.
std::vector<ExprPtr> branchesOf(const Block& block);

} // namespace rp
