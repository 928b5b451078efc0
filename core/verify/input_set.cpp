// SPDX-License-Identifier: Apache-2.0
#include "core/verify/input_set.h"

#include "core/base/error.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

namespace rp::verify {
namespace {

constexpr std::array<std::string_view, 12> kSuffixes{".png", ".jpg", ".jpeg", ".bmp", ".webp", ".tif", ".tiff", ".ppm", ".pgm", ".pbm", ".pnm", ".npy"};

bool isInputName(const std::filesystem::path& path) {
    std::string suffix = path.extension().string();
    std::ranges::transform(suffix, suffix.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return std::ranges::find(kSuffixes, suffix) != kSuffixes.end();
}

void listFolder(const std::filesystem::path& folder, InputSet& set) {
    for (auto at = std::filesystem::recursive_directory_iterator(folder); at != std::filesystem::recursive_directory_iterator(); ++at) {
        if (!at->is_regular_file()) continue;
        if (!isInputName(at->path())) {
            ++set.ignored;
            continue;
        }
        const std::filesystem::path below = at->path().lexically_relative(folder);
        set.entries.push_back({at->path(), below.generic_string(), below.has_parent_path() ? below.begin()->string() : std::string()});
    }
}

} // namespace

InputSet listInputs(const std::vector<std::string>& files) {
    InputSet set;
    for (const std::string& file : files) {
        try {
            if (std::filesystem::is_directory(file))
                listFolder(file, set);
            else if (std::filesystem::exists(file))
                set.entries.push_back({file, std::filesystem::path(file).filename().string(), {}});
            else
                throw Error(ErrorCode::fileMissing, {file, "a picture, an array or a folder of them", "no such file", ""});
        } catch (const std::filesystem::filesystem_error& error) {
            throw Error(ErrorCode::fileUnreadable, {file, "a folder that can be read", error.code().message(), ""});
        }
    }
    std::ranges::stable_sort(set.entries, {}, &SetEntry::name);
    return set;
}

Shard parseShard(const std::string& text) {
    Shard shard;
    const char* end = text.data() + text.size();
    const auto [slash, first] = std::from_chars(text.data(), end, shard.index);
    if (first == std::errc{} && slash != end && *slash == '/') {
        const auto [rest, second] = std::from_chars(slash + 1, end, shard.count);
        if (second == std::errc{} && rest == end && shard.count >= 1 && shard.index >= 1 && shard.index <= shard.count) return shard;
    }
    throw Error(ErrorCode::usage, {"--shard", "K/N with K from 1 to N", text, ""});
}

} // namespace rp::verify
