// SPDX-License-Identifier: Apache-2.0
#include "core/io/image.h"

#include "core/base/error.h"
#include "core/base/mapped_file.h"
#include "core/io/file_kind.h"
#include "core/io/npy.h"
#include "core/io/picture_header.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <new>

#include <dlfcn.h>
#include <fmt/format.h>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace rp::io {
namespace {

/// What resizing may produce: a strip of one pixel would otherwise become enormous.
constexpr double kMaxResizedPixels = 1e8;

[[noreturn]] void throwInput(std::string where, std::string expected, std::string found, std::string remedy) {
    throw Error(ErrorCode::inputInvalid,
                {std::move(where), std::move(expected), std::move(found), std::move(remedy)});
}

/// Runs OpenCV code and translates what it throws.
template<class Do>
auto guarded(const std::string& where, Do action) {
    try {
        return action();
    } catch (const cv::Exception& error) {
        throwInput(where, "a picture that OpenCV decodes", error.err, "save it again as PNG or JPEG");
    } catch (const std::bad_alloc&) {
        throw Error(ErrorCode::limitExceeded,
                    {where, "enough memory", "too little", "use a smaller picture"});
    }
}

PictureHeader checkedHeader(const SharedBytes& file, const std::string& where, const Limits& limits) {
    if (!isPicture(file.bytes))
        throwInput(where, "a PNG, JPEG, BMP, WebP, TIFF or PNM picture", "something else",
                   "convert it, or give an .npy array");
    PictureHeader header;
    try {
        header = readPictureHeader(file.bytes);
    } catch (const Error& error) {
        throwInput(where, error.parts().expected, error.parts().found, error.parts().remedy);
    }
    if (header.floating || header.bits > 16)
        throwInput(where, "8 or 16 bits per sample",
                   fmt::format("{}{} bits", header.bits, header.floating ? " floating-point" : ""),
                   "convert it to 8 bits, or give an .npy array");
    // Three float samples per pixel; both factors are below 2^33.
    const std::uint64_t pixels =
        header.width > limits.decodedBytes ? limits.decodedBytes : header.width * header.height;
    if (header.height > limits.decodedBytes || pixels > limits.decodedBytes / (3 * sizeof(float)))
        throw Error(ErrorCode::limitExceeded,
                    {where, fmt::format("a picture that decodes to at most {} bytes", limits.decodedBytes),
                     fmt::format("{}x{} pixels", header.width, header.height), "use a smaller picture"});
    return header;
}

using DecodePicture = void(const cv::Mat& file, cv::Mat& bgr);

/// `repscopeDecodePicture` of the module beside the program, loaded at the first call and kept.
DecodePicture* pictureDecoder() {
    void* const module = dlopen(REPSCOPE_PICTURE_DECODER, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    void* const function = module ? dlsym(module, "repscopeDecodePicture") : nullptr;
    if (!function) {
        const char* const reason = dlerror();
        throw Error(ErrorCode::internal, {REPSCOPE_PICTURE_DECODER, "the module that decodes pictures",
                                          reason ? reason : "nothing", "install Repscope again, whole"});
    }
    return reinterpret_cast<DecodePicture*>(function);
}

cv::Mat decode(const SharedBytes& file, const std::string& where) {
    if (file.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()))
        throw Error(ErrorCode::limitExceeded,
                    {where, "a picture file below 2 GiB", fmt::format("{} bytes", file.size()),
                     "use a smaller picture"});
    static DecodePicture* const decodePicture = pictureDecoder();
    cv::Mat bgr;
    guarded(where, [&] {
        const cv::Mat bytes(1, static_cast<int>(file.size()), CV_8UC1,
                            const_cast<std::byte*>(file.bytes.data()));
        decodePicture(bytes, bgr);
    });
    if (bgr.empty())
        throwInput(where, "a picture that OpenCV decodes", "a damaged one", "save it again as PNG or JPEG");
    if (bgr.depth() != CV_8U && bgr.depth() != CV_16U)
        throwInput(where, "8 or 16 bits per sample", "another kind of sample",
                   "convert it to 8 bits, or give an .npy array");
    return bgr;
}

/// The picture as a Mat of 32-bit floats that borrows its values.
cv::Mat matOf(const Picture& picture) {
    return {static_cast<int>(picture.height), static_cast<int>(picture.width), CV_32FC3,
            const_cast<float*>(picture.rgb.values().data())};
}

cv::Mat resized(const cv::Mat& image, double height, double width) {
    if (height * width > kMaxResizedPixels)
        throwInput("picture", fmt::format("at most {:.0e} pixels after resizing", kMaxResizedPixels),
                   fmt::format("{:.0f}x{:.0f}", width, height), "use a picture that is less narrow");
    const cv::Size size(static_cast<int>(width), static_cast<int>(height));
    if (size == image.size()) return image;
    cv::Mat result;
    const bool shrinks = size.width < image.cols || size.height < image.rows;
    cv::resize(image, result, size, 0, 0, shrinks ? cv::INTER_AREA : cv::INTER_LINEAR);
    return result;
}

/// Short side to `side`, the other in proportion (rounded down, as torchvision does).
cv::Mat shortSideTo(const cv::Mat& image, std::int64_t side) {
    const double scale = static_cast<double>(side) / std::min(image.rows, image.cols);
    const auto scaled = [&](int size) { return std::max(1.0, std::floor(size * scale + 1e-9)); };
    return resized(image, scaled(image.rows), scaled(image.cols));
}

/// Enlarges a picture that the crop would leave, keeping its proportions.
cv::Mat covering(const cv::Mat& image, std::int64_t height, std::int64_t width) {
    const double scale =
        std::max(static_cast<double>(height) / image.rows, static_cast<double>(width) / image.cols);
    if (scale <= 1) return image;
    return resized(image, std::ceil(image.rows * scale - 1e-9), std::ceil(image.cols * scale - 1e-9));
}

cv::Mat centreCrop(const cv::Mat& image, std::int64_t height, std::int64_t width) {
    const int h = height == 0 ? image.rows : static_cast<int>(height);
    const int w = width == 0 ? image.cols : static_cast<int>(width);
    const auto start = [](int whole, int part) {
        return static_cast<int>(std::nearbyint((whole - part) / 2.0));
    };
    return image(cv::Rect(start(image.cols, w), start(image.rows, h), w, h));
}

TensorF normalised(const cv::Mat& image, const Preprocessing& recipe) {
    TensorF result(Shape{1, 3, image.rows, image.cols});
    const std::span<float> out = result.edit();
    std::size_t at = 0;
    for (int channel = 0; channel < 3; ++channel) {
        const double mean = recipe.mean[static_cast<std::size_t>(channel)];
        const double deviation = recipe.deviation[static_cast<std::size_t>(channel)];
        for (int y = 0; y < image.rows; ++y) {
            const auto* row = image.ptr<cv::Vec3f>(y);
            for (int x = 0; x < image.cols; ++x)
                out[at++] = static_cast<float>((static_cast<double>(row[x][channel]) - mean) / deviation);
        }
    }
    return result;
}

void checkRecipe(const Preprocessing& recipe) {
    const auto inRange = [](std::int64_t size) { return size >= 0 && size <= 65536; };
    const bool sizes =
        inRange(recipe.resizeShortSide) && inRange(recipe.cropHeight) && inRange(recipe.cropWidth);
    const bool deviations =
        std::ranges::all_of(recipe.deviation, [](double d) { return d != 0 && std::isfinite(d); });
    if (!sizes || !deviations)
        throwInput("preprocessing", "sizes from 0 to 65536 and finite deviations other than 0",
                   recipe.describe(), "change the recipe");
}

TensorD readArray(const std::filesystem::path& path, SharedBytes file) {
    const StoredTensor stored = readNpy(std::move(file), path.string());
    if (stored.shape().size() != 4 || stored.count() == 0)
        throwInput(path.string(), "an array [n, c, h, w]", rp::toString(stored.shape()),
                   "reshape it to four axes");
    return stored.toDouble();
}

TensorD readInput(const std::filesystem::path& path, const Preprocessing& recipe, const Limits& limits) {
    SharedBytes file = mapFile(path);
    if (isNpy(file.bytes)) return readArray(path, std::move(file));
    const Picture picture = readPicture(path, limits);
    try {
        return toDouble(preprocess(picture, recipe));
    } catch (const Error& error) {
        throw error.within(path.string());
    }
}

} // namespace

std::string Preprocessing::describe() const {
    std::string text;
    if (resizeShortSide > 0) text += fmt::format("short side {}, ", resizeShortSide);
    if (cropHeight > 0 && cropWidth > 0)
        text += fmt::format("centre crop {}x{}, ", cropHeight, cropWidth);
    else if (cropHeight > 0 || cropWidth > 0)
        text +=
            fmt::format("centre crop {} {}, ", cropHeight > 0 ? "height" : "width", cropHeight + cropWidth);
    return text + fmt::format("RGB / 255, mean ({:g}, {:g}, {:g}), deviation ({:g}, {:g}, {:g}); {}", mean[0],
                              mean[1], mean[2], deviation[0], deviation[1], deviation[2], origin);
}

Picture readPicture(const std::filesystem::path& path, const Limits& limits) {
    const SharedBytes file = mapFile(path);
    const std::string where = path.string();
    const PictureHeader header = checkedHeader(file, where, limits);
    const cv::Mat bgr = decode(file, where);
    requireIntact(file.bytes);
    Picture picture;
    picture.height = bgr.rows;
    picture.width = bgr.cols;
    picture.description =
        fmt::format("{}x{}, {} bit, {}", header.width, header.height, header.bits, header.kind);
    picture.rgb = TensorF(Shape{bgr.rows, bgr.cols, 3});
    cv::Mat out(bgr.rows, bgr.cols, CV_32FC3, picture.rgb.edit().data());
    guarded(where, [&] {
        cv::Mat rgb;
        cv::cvtColor(bgr, rgb, cv::COLOR_BGR2RGB);
        rgb.convertTo(out, CV_32FC3, 1.0 / (bgr.depth() == CV_16U ? 65535 : 255));
    });
    return picture;
}

bool looksLikeInput(const std::filesystem::path& path) {
    try {
        const FileKind kind = fileKindOf(mapFile(path).bytes);
        return kind == FileKind::picture || kind == FileKind::npy;
    } catch (const Error&) {
        return false;
    }
}

TensorF preprocess(const Picture& picture, const Preprocessing& recipe) {
    checkRecipe(recipe);
    return guarded("picture", [&] {
        cv::Mat image = matOf(picture);
        if (recipe.resizeShortSide > 0) image = shortSideTo(image, recipe.resizeShortSide);
        image = covering(image, recipe.cropHeight, recipe.cropWidth);
        return normalised(centreCrop(image, recipe.cropHeight, recipe.cropWidth), recipe);
    });
}

TensorD readInputs(const std::vector<std::filesystem::path>& files, const Preprocessing& recipe,
                   const Limits& limits) {
    if (files.empty()) throwInput("input", "at least one file", "none", "give a picture or an .npy array");
    TensorD first = readInput(files.front(), recipe, limits);
    if (files.size() == 1) return first;
    std::vector<double> values(first.values().begin(), first.values().end());
    Shape shape = first.shape();
    for (std::size_t i = 1; i < files.size(); ++i) {
        const TensorD next = readInput(files[i], recipe, limits);
        if (!std::equal(shape.begin() + 1, shape.end(), next.shape().begin() + 1))
            throwInput(files[i].string(),
                       fmt::format("the size of the first input, {}", rp::toString(first.shape())),
                       rp::toString(next.shape()), "give inputs of one size");
        shape[0] += next.size(0);
        values.insert(values.end(), next.values().begin(), next.values().end());
    }
    return {std::move(shape), std::move(values)};
}

} // namespace rp::io
