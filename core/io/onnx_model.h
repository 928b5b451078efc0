// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/tensor/state_dict.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace rp::io {

/// An attribute of a kind that no operator used here has (subgraphs, lists of tensors …).
struct OnnxOther {};

struct OnnxAttribute {
    using Value = std::variant<OnnxOther, std::int64_t, double, std::string, std::vector<std::int64_t>, std::vector<double>, StoredTensor>;
    std::string name;
    Value value;
};

struct OnnxNode {
    std::string name, opType, domain; ///< domain "" is ONNX's own
    std::vector<std::string> inputs, outputs; ///< names of values; "" is an input or output that is not there
    std::vector<OnnxAttribute> attributes;
    std::int64_t source = -1; ///< position in the file, written back as it is; -1: made here

    template<class T>
    const T* attribute(std::string_view attributeName) const {
        for (const OnnxAttribute& a : attributes)
            if (a.name == attributeName) return std::get_if<T>(&a.value);
        return nullptr;
    }
};

/// An input or output of the graph. `shape` holds -1 where the size is symbolic or missing.
struct OnnxValue {
    std::string name;
    bool hasShape = false;
    Shape shape;
};

/// An ONNX file as plain data: names, tensors, nodes; nothing about blocks. Tensors are views of the parsed file or of
/// its mapped external data.
struct OnnxModel {
    std::int64_t irVersion = 8;
    std::int64_t opset = 13; ///< of ONNX's own domain
    std::string producer;
    std::string graphName;
    std::vector<OnnxNode> nodes;
    std::vector<NamedTensor> initializers;
    std::vector<OnnxValue> inputs, outputs; ///< inputs without those that are initializers
    std::vector<OnnxValue> values;          ///< what the file says of values in between
    std::vector<std::pair<std::string, std::string>> metadata;
    std::shared_ptr<const void> file; ///< the parsed message, for writing back what is not changed; null: none
};

} // namespace rp::io
