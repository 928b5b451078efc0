// SPDX-License-Identifier: Apache-2.0
// A module that `image.cpp` loads when the first picture is read: OpenCV's codecs bring over a hundred shared
// libraries, and a program that starts should not wait for the dynamic linker to bind them.
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>

/// Decodes `file` (1 x n bytes) to BGR, upright; empty for a damaged picture. Throws what OpenCV throws.
extern "C" void repscopeDecodePicture(const cv::Mat& file, cv::Mat& bgr) {
    // Not IMREAD_UNCHANGED: that ignores the EXIF rotation. These flags drop alpha and make grey RGB.
    bgr = cv::imdecode(file, cv::IMREAD_COLOR | cv::IMREAD_ANYDEPTH);
}
