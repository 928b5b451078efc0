// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/checkpoint.h"
#include "core/tensor/tensor.h"

#include <array>
#include <filesystem>
#include <string>

namespace rp::io {

/// A picture as read: RGB, [h, w, 3] interleaved, values in [0, 1], upright (EXIF applied), alpha dropped.
struct Picture {
    std::int64_t height = 0;
    std::int64_t width = 0;
    TensorF rgb;             ///< [h, w, 3]
    std::string description; ///< "600x400, 8 bit, RGB" as the file had it
};

/// How a picture becomes the network's input, and where that recipe comes from.
struct Preprocessing {
    std::int64_t resizeShortSide = 256; ///< 0: no resize before the crop
    std::int64_t cropHeight = 224;      ///< centre crop; 0: take all
    std::int64_t cropWidth = 224;
    std::array<double, 3> mean{0.485, 0.456, 0.406};
    std::array<double, 3> deviation{0.229, 0.224, 0.225};
    std::string origin = "preset: ImageNet";

    std::string describe() const; ///< one line for people
};

/// Reads 8- and 16-bit grey, RGB and RGBA pictures: PNG, JPEG, BMP, WebP, TIFF, PNM, found by content. Throws
/// `inputInvalid` for what is no picture (floating-point TIFF included) and `limitExceeded` when its declared
/// size would decode to more than `limits`; the size is read before anything is decoded.
Picture readPicture(const std::filesystem::path& path, const Limits& limits = {});
/// A picture or an .npy array, by content; false for what cannot be read.
bool looksLikeInput(const std::filesystem::path& path);

/// RGB [1, 3, h, w]: resize (bilinear, area when shrinking), centre crop, (x - mean) / deviation. A picture
/// smaller than the crop is enlarged until it covers it.
TensorF preprocess(const Picture& picture, const Preprocessing& recipe);

/// Input from files: pictures (through `recipe`) or one `.npy` [n, c, h, w] used as it is. Several must have
/// one size; they are stacked along n. Throws `inputInvalid`.
TensorD readInputs(const std::vector<std::filesystem::path>& files, const Preprocessing& recipe,
                   const Limits& limits = {});

} // namespace rp::io
