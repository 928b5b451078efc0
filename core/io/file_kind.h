// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/bytes.h"

namespace rp::io {

/// What the first bytes of a file say it is; suffixes are never asked.
enum class FileKind {
    unknown,
    zip,
    safetensors,
    npy,
    torchLegacy, ///< torch.save before 1.6
    pickle,
    torchTar, ///< torch.save before 0.1.10
    hdf5,
    onnx,
    picture,
    webPage,
    lfsPointer, ///< a Git LFS placeholder instead of the file
};

FileKind fileKindOf(Bytes file);

} // namespace rp::io
