// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/job.h"
#include "core/fusion/fuse.h"
#include "core/model/forms.h"
#include "core/model/model.h"

#include <string>
#include <vector>

namespace rp::fusion {

/// What became of one block.
struct BlockFusion {
    bool fusable = false;      ///< merged in phase `deploy` and by `fuse`
    Exactness exactness = Exactness::notAffine;
    std::int64_t rim = 0;
    std::string reason;        ///< why it is not merged, or where it is not exact; empty otherwise
    bool valueInvalid = false; ///< refused because a kernel holds NaN or infinity
    ExprPtr stored;            ///< the fused convolution, rounded to float32; null when refused
    bool left = false;         ///< could be merged, but should not (Block::leave): nothing is wrong with it
};

struct ModelFusion {
    std::vector<BlockFusion> blocks; ///< by block index
    std::int64_t fusedCount() const;
    /// The two computations of every block for `Network`.
    ModelForms forms(const Model& model) const;
};

struct FuseOptions {
    bool mergeInexact = false; ///< also merge what differs at the rim
};

/// Fuses every block that is in train form. A refused block does not stop the others.
ModelFusion fuseModel(const Model& model, const FuseOptions& options = {}, const Job& job = {});

/// Parameters and multiplications of both forms for one input shape (families.md 5.1 counts them so).
struct Cost {
    std::int64_t trainParameters = 0, deployParameters = 0;
    std::int64_t trainMacs = 0, deployMacs = 0;
    double fusableShare = 0; ///< part of the train form's MACs that lies inside fusable blocks, [0, 1]
    bool hasMacs = false;    ///< false when the model has no graph or the input does not fit
};
Cost costOf(const Model& model, const ModelFusion& fusion, const Shape& input);

} // namespace rp::fusion
