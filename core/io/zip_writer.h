// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/atomic_file.h"

#include <span>
#include <string>

namespace rp::io {

/// Writes stored members one after another, each payload 64-byte aligned so that a reader may map it. Equal content
/// gives equal files. No zip64: beyond 4 GiB or 65534 members it throws `unsupported`.
class ZipWriter {
public:
    explicit ZipWriter(AtomicFile& file) : m_file(file) {}

    /// The payload is `parts` one behind the other.
    void add(const std::string& name, std::span<const Bytes> parts);
    void add(const std::string& name, std::string_view text);
    void finish();

private:
    AtomicFile& m_file;
    std::string m_directory;
    std::uint64_t m_count = 0;
};

} // namespace rp::io
