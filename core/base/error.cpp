// SPDX-License-Identifier: Apache-2.0
#include "core/base/error.h"

#include <array>
#include <utility>

namespace rp {
namespace {

struct Row {
    ErrorCode code;
    std::string_view name;
    int exitCode;
};

constexpr std::array<Row, 17> kRows{{
    {ErrorCode::usage, "usage", 2},
    {ErrorCode::fileMissing, "file-missing", 3},
    {ErrorCode::fileUnreadable, "file-unreadable", 3},
    {ErrorCode::formatUnknown, "format-unknown", 3},
    {ErrorCode::formatForeign, "format-foreign", 3},
    {ErrorCode::truncated, "truncated", 3},
    {ErrorCode::malformed, "malformed", 3},
    {ErrorCode::limitExceeded, "limit-exceeded", 3},
    {ErrorCode::keyMissing, "key-missing", 3},
    {ErrorCode::shapeMismatch, "shape-mismatch", 3},
    {ErrorCode::valueInvalid, "value-invalid", 3},
    {ErrorCode::unsupported, "unsupported", 3},
    {ErrorCode::inputInvalid, "input-invalid", 3},
    {ErrorCode::nothingToFuse, "nothing-to-fuse", 3},
    {ErrorCode::writeFailed, "write-failed", 3},
    {ErrorCode::cancelled, "cancelled", 3},
    {ErrorCode::internal, "internal", 4},
}};

const Row& rowOf(ErrorCode code) {
    for (const Row& row : kRows)
        if (row.code == code) return row;
    return kRows.back();
}

std::string sentence(const Error::Parts& p) {
    std::string text = p.where;
    auto add = [&text](std::string_view lead, std::string_view rest, std::string_view glue) {
        if (rest.empty()) return;
        if (!text.empty()) text += glue;
        text += lead;
        text += rest;
    };
    add("expected ", p.expected, ": ");
    add("found ", p.found, p.expected.empty() ? ": " : ", ");
    add("", p.remedy, "; ");
    return text;
}

} // namespace

std::string_view toString(ErrorCode code) { return rowOf(code).name; }

int exitCodeOf(ErrorCode code) { return rowOf(code).exitCode; }

Error::Error(ErrorCode code, Parts parts)
    : m_code(code), m_parts(std::move(parts)), m_text(sentence(m_parts)) {}

Error Error::within(std::string_view outer) const {
    Parts parts = m_parts;
    parts.where = parts.where.empty() ? std::string(outer) : std::string(outer) + ": " + parts.where;
    return Error(m_code, std::move(parts));
}

} // namespace rp
