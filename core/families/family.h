// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/families/assumptions.h"
#include "core/model/model.h"
#include "core/tensor/state_dict.h"

#include <set>
#include <string>
#include <string_view>

namespace rp::families {

/// What a family's assembler works on. It knows keys and shapes, never a file format.
struct Source {
    const StateDict& tensors;
    const Assumptions& user;
};

/// One family: a name, whether its keys are there, and how they become blocks and a graph.
struct Family {
    std::string_view name;
    bool (*recognises)(const StateDict& tensors);
    Model (*assemble)(const Source& source);
};

/// All families, in order of recognition (families.md 3.2: the first match wins).
std::span<const Family> allFamilies();

/// Recognises the family and assembles the model. Throws `unsupported` when no family knows the keys.
Model assembleModel(const StateDict& tensors, const Assumptions& user);

} // namespace rp::families
