// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/onnx_model.h"

#include <filesystem>

namespace rp::io {

/// Writes a model, atomically. What came from a file (`OnnxModel::file`, nodes with a `source`) goes back as it was;
/// nodes, initializers, inputs and outputs are the model's. External data becomes part of the file. Throws
/// `limitExceeded` beyond protobuf's 2 GiB and `writeFailed`.
void writeOnnx(const std::filesystem::path& target, const OnnxModel& model);

} // namespace rp::io
