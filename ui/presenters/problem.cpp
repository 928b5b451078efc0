// SPDX-License-Identifier: Apache-2.0
#include "ui/presenters/problem.h"

#include "ui/presenters/core_text.h"
#include "ui/presenters/display_text.h"

#include "core/fusion/fuse.h"

#include <QCoreApplication>

namespace rp::ui {

Problem toProblem(const Error& error, Finding::Severity severity) {
    const Error::Parts& parts = error.parts();
    return {severity,
            toQString(toString(error.code())),
            toQString(parts.where),
            coreText(parts.expected),
            coreText(parts.found),
            coreText(parts.remedy)};
}

Problem toProblem(const Finding& finding) {
    return {finding.severity,           toQString(finding.code),  toQString(finding.block), {},
            coreText(finding.message), coreText(finding.remedy)};
}

QString toSentence(const Problem& problem) {
    QString text = problem.where.isEmpty() ? QString() : problem.where + QStringLiteral(": ");
    if (!problem.expected.isEmpty())
        text += QCoreApplication::translate("Problem", "expected %1, found %2")
                    .arg(problem.expected, problem.found);
    else
        text += problem.found;
    if (!problem.remedy.isEmpty()) text += QStringLiteral("; ") + problem.remedy;
    return text;
}

QString toSentence(const fusion::Refusal& refusal) {
    return QCoreApplication::translate("Problem", "This block cannot be one kernel. %1: %2").arg(coreText(refusal.step), coreText(refusal.reason));
}

} // namespace rp::ui
