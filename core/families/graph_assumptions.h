// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/families/assumptions.h"

namespace rp::families {

/// What `--assume` can change in a model whose file is a graph: eps and momentum of the norms of the blocks (and single norms) that it
/// names. Everything else a graph states by its structure: those assumptions stay unused, and their notes say so. The larger region
/// that could be merged does not depend on these values.
void applyToGraph(const Assumptions& user, Model& model);

} // namespace rp::families
