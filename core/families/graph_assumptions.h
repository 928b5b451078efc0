// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/families/assumptions.h"

namespace rp::families {

/// What `--assume` can change in a model whose file is a graph: eps and momentum of the norms of the blocks (and single norms) that it
/// names. Everything else a graph states by its structure: those assumptions stay unused, and their notes say so. Regions are found
/// with the file's own values; a border that fits them follows the stated eps.
void applyToGraph(const Assumptions& user, Model& model);

} // namespace rp::families
