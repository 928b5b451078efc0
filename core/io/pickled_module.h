// SPDX-License-Identifier: Apache-2.0
// torch.save(model): the pickle holds the module objects themselves (families.md 8.1). Whatever their
// classes, their state has `_parameters`, `_buffers` and `_modules`, from which the state dict follows, and
// plain attributes (eps, stride, groups …) that a state dict lacks.
#pragma once

#include "core/io/value.h"
#include "core/tensor/state_dict.h"

namespace rp::io {

/// Whether `value` is an object whose state looks like that of a torch.nn.Module. No class is ever resolved.
bool isModule(const Value& value);

struct ModuleContent {
    std::vector<NamedTensor> tensors; ///< as state_dict() names and orders them
    ModuleAttributes modules;         ///< numbers, flags, sizes and short texts; "class" is the class's name
};

/// Walks a module and all below it. Throws `unsupported` for a parameter of a kind that is not read and
/// `limitExceeded` when modules that repeat each other describe too large a tree.
ModuleContent contentOf(const Value& module);

} // namespace rp::io
