// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/error.h"
#include "core/model/model.h"

#include <QString>

namespace rp::fusion {
struct Refusal;
}

namespace rp::ui {

/// Something the user should know, from an error (expected, found) or a finding (message).
struct Problem {
    Finding::Severity severity = Finding::Severity::note;
    QString code;     ///< stable spelling, as in JSON
    QString where;    ///< file, key, block or argument
    QString expected; ///< empty for a finding
    QString found;    ///< what is there instead, or the finding's message
    QString remedy;

    friend bool operator==(const Problem&, const Problem&) = default;
};

Problem toProblem(const Error& error, Finding::Severity severity = Finding::Severity::fail);
Problem toProblem(const Finding& finding);

/// One sentence: "where: expected X, found Y; remedy".
QString toSentence(const Problem& problem);
/// Why a block cannot be one convolution.
QString toSentence(const fusion::Refusal& refusal);

} // namespace rp::ui
