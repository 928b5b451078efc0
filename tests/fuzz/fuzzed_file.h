// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/error.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include <unistd.h>

namespace rp::fuzz {

/// What a reader may decode or expand: small, so that a file which claims more is found at once.
inline constexpr std::uint64_t kDecodedBytes = std::uint64_t{1} << 24;

/// The bytes as a file. One per process, written anew for each input.
inline const std::filesystem::path& fileOf(const std::uint8_t* data, std::size_t size) {
    static const struct Temporary {
        std::filesystem::path path = std::filesystem::temp_directory_path() / ("repscope-fuzz-" + std::to_string(getpid()));
        ~Temporary() { std::filesystem::remove(path); }
    } file;
    std::ofstream(file.path, std::ios::binary | std::ios::trunc).write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
    return file.path;
}

/// Runs `read`. Its own errors are what a damaged file should give; all else ends the program, and an `internal` one, too.
template<class Read>
int refusedOrRead(Read read) {
    try {
        read();
    } catch (const Error& error) {
        if (error.code() == ErrorCode::internal) throw;
    }
    return 0;
}

} // namespace rp::fuzz
