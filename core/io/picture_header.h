// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/bytes.h"

#include <cstdint>
#include <string>

namespace rp::io {

/// What a picture file declares before anything is decoded.
struct PictureHeader {
    std::uint64_t width = 0;
    std::uint64_t height = 0;
    int bits = 8; ///< per sample
    bool floating = false;
    std::string kind; ///< "RGB", "RGBA", "grey", "palette" …
};

/// Whether the first bytes are those of PNG, JPEG, BMP, WebP, TIFF or PNM (the kinds that are read).
bool isPicture(Bytes file);

/// Throws `truncated` (also for a JPEG or PNG without its end), or `malformed` when there is no size where the format has it.
PictureHeader readPictureHeader(Bytes file);

} // namespace rp::io
