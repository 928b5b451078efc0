// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/model/expr.h"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace rp::families {

class BlockKeys;

/// A block's body with keys in place of numbers: what a family writes down, and what a described block's JSON says.
/// Strides, paddings and groups are not part of it: the builder lines every window up with the fused one, so
/// that a branch of extent k in a block of extent K and padding p gets padding p - (K - k)/2 (families.md F3).
/// Keys are relative to the block's prefix. Names are what users see.
struct Plan {
    struct Conv {
        std::string weight, bias;
        bool needsBias = false;     ///< else a bias is taken where there is one
        std::optional<Param> made;  ///< a generated kernel in place of `weight` …
        std::optional<Param> madeBias; ///< … and its bias
        Extent dilation;            ///< of this window; the block's own dilation multiplies it
        std::optional<Padding> padding; ///< stated; else lined up
        std::optional<Extent> stride;
    };
    /// Several prefixes: norms of neighbouring channels, one behind the other (behind a concat).
    struct Norm {
        std::vector<std::string> prefixes;
    };
    /// y = factor[c] x + offset[c], or y = times x; a tensor of one element holds for every channel.
    struct Scale {
        std::string factor, offset; ///< empty: none
        double times = 1;
    };
    struct Pool {
        Extent kernel;
    };
    /// The block's padding stands here, not at the window behind it: filled with what the steps before it make
    /// of zero, or with the tensor `value` (needed where those steps stand outside the enclosing sum).
    struct Border {
        std::string value;
    };
    /// x itself. No tensor tells whether it is there: `always` is part of the block; `whereEqual` stands where widths are
    /// equal and the stride is 1; `onRequest` only with `--assume identity=true`, which overrules the last two.
    struct Identity {
        enum class When { always, whereEqual, onRequest } when = When::always;
    };
    struct Chain {
        std::vector<Plan> parts;
    };
    struct Sum {
        std::vector<Plan> parts;
    };
    struct Concat {
        std::vector<Plan> parts;
    };

    std::string name;
    std::variant<Identity, Conv, Norm, Scale, Pool, Border, Chain, Sum, Concat> what;
};

/// The usual rows: tensors below `name`.
namespace plan {
Plan conv(const std::string& name);       ///< name.weight, and name.bias where there is one
Plan biasedConv(const std::string& name); ///< name.weight and name.bias
Plan tensors(std::string name, std::string weight, std::string bias); ///< a biased conv with tensor names of its own
/// A linear layer [oc, ic] and its bias, where there is one, as a 1x1 convolution.
Plan linear(BlockKeys& keys, const std::string& name);
Plan made(std::string name, Param weight, std::optional<Param> bias = {});
Plan norm(const std::string& prefix);
Plan norms(std::string name, std::vector<std::string> prefixes);
Plan scale(const std::string& factor, const std::string& offset = {});
Plan times(double factor);
Plan pool(std::string name, Extent kernel);
Plan border(std::string value = {});
Plan identity(Plan::Identity::When when = Plan::Identity::When::always);
Plan chain(std::string name, std::vector<Plan> steps);
Plan sum(std::vector<Plan> terms);
Plan concat(std::vector<Plan> parts);
/// conv and norm below one branch: chain(name, {conv(name.conv), norm(name.norm)}).
Plan convNorm(const std::string& name, const std::string& convName = "conv", const std::string& normName = "bn");
} // namespace plan

} // namespace rp::families
