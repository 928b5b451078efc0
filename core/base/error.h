// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>
#include <string>
#include <string_view>

namespace rp {

/// The closed set of reasons for which core gives up. `toString` gives the stable spelling used in JSON.
enum class ErrorCode {
    usage,           ///< the caller asked for something that does not exist (exit code 2)
    fileMissing,     ///< no such file
    fileUnreadable,  ///< a directory, a device, no permission, an I/O error
    formatUnknown,   ///< the content is of no format known here
    formatForeign,   ///< a recognised format that cannot be used; the remedy says what to export instead
    truncated,       ///< the content ends before what it declares
    malformed,       ///< the content contradicts its own format
    limitExceeded,   ///< a declared size is beyond the configured limit
    keyMissing,      ///< a tensor that the block or network needs is not in the file
    shapeMismatch,   ///< two shapes that must agree do not
    valueInvalid,    ///< NaN, infinity, a negative variance
    unsupported,     ///< well formed, but no way to do what was asked
    inputInvalid,    ///< the picture or array given as input cannot be used
    nothingToFuse,   ///< no block can be fused as asked
    writeFailed,     ///< the output could not be written; an older file is left as it was
    cancelled,       ///< the user cancelled the job
    internal,        ///< a defect of this program (exit code 4)
};

std::string_view toString(ErrorCode code);

/// The exit code of the command line for `code` (design: 2 usage, 3 refused, 4 internal).
int exitCodeOf(ErrorCode code);

/// The one exception type that core throws: what, where, expected, found, remedy.
/// `where` names file, key or argument, outermost first, joined with ": ".
class Error : public std::exception {
public:
    struct Parts {
        std::string where;
        std::string expected;
        std::string found;
        std::string remedy;
    };

    Error(ErrorCode code, Parts parts);

    ErrorCode code() const noexcept { return m_code; }
    const Parts& parts() const noexcept { return m_parts; }

    /// The same error seen from one level further out: `outer` is put in front of `where`.
    Error within(std::string_view outer) const;

    /// One sentence: `where: expected X, found Y; remedy`.
    const char* what() const noexcept override { return m_text.c_str(); }

private:
    ErrorCode m_code;
    Parts m_parts;
    std::string m_text;
};

} // namespace rp
