// SPDX-License-Identifier: Apache-2.0
#include "ui/presenters/verdict_summary.h"

#include "ui/presenters/core_text.h"
#include "ui/presenters/display_text.h"
#include "ui/presenters/document.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

#include <array>
#include <utility>

namespace rp::ui {
namespace {

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(VerdictSummary)
};

using verify::Answer;
using verify::Verdict;

std::array<std::pair<QString, const Answer*>, 5> questionsOf(const verify::Report& report) {
    const verify::Questions& q = report.questions;
    return {{{Texts::tr("Structure: can they be equal?"), &q.structure},
             {Texts::tr("Algebra: is the kernel right?"), &q.algebra},
             {Texts::tr("Rounding: does float32 behave?"), &q.rounding},
             {Texts::tr("Drift: what reaches the output?"), &q.drift},
             {Texts::tr("Decision: does it matter?"), &q.decision}}};
}

/// Capitals: it is read from afar.
QString verdictText(Verdict verdict) {
    switch (verdict) {
    case Verdict::pass:
        return Texts::tr("PASS");
    case Verdict::warn:
        return Texts::tr("WARN");
    case Verdict::fail:
        return Texts::tr("FAIL");
    case Verdict::refused:
        return Texts::tr("REFUSED");
    }
    return {};
}

QString decibels(const Answer& answer) {
    return answer.value ? Texts::tr("%1 dB").arg(QLocale().toString(*answer.value, 'f', 0))
                        : Texts::tr("exact");
}

QString figuresOf(const verify::Questions& q) {
    QStringList parts;
    if (q.algebra.asked) parts << Texts::tr("algebra %1").arg(decibels(q.algebra));
    if (q.rounding.asked && q.rounding.value)
        parts << Texts::tr("float32 at %1 of its bound").arg(percentText(*q.rounding.value));
    if (q.drift.asked) parts << Texts::tr("output %1").arg(decibels(q.drift));
    return parts.join(QStringLiteral("  ·  "));
}

/// The sentence of whatever made the verdict what it is.
QString reasonOf(const verify::Report& report) {
    for (const auto& [question, answer] : questionsOf(report))
        if (answer->asked && answer->verdict == report.verdict) return coreText(answer->sentence);
    for (const Finding& finding : report.findings) {
        const bool fits = finding.severity == Finding::Severity::fail || report.verdict == Verdict::warn;
        if (fits && finding.severity != Finding::Severity::note) return coreText(finding.message);
    }
    return {};
}

/// Why it fails, and of what kind that is: out of the question, measured here, or another file's fault.
QString failureOf(const verify::Report& report) {
    const verify::Questions& q = report.questions;
    if (q.structure.verdict == Verdict::fail)
        return Texts::tr("The two forms cannot be equal: %1").arg(reasonOf(report));
    for (const Answer* answer : {&q.algebra, &q.rounding, &q.drift, &q.decision})
        if (answer->asked && answer->verdict == Verdict::fail)
            return Texts::tr("The two forms do not agree: %1").arg(reasonOf(report));
    return Texts::tr("Not passed: %1").arg(reasonOf(report));
}

/// The figure that says most about a block: against another file if there is one and it is to blame.
QString figureOf(const verify::BlockReport& block) {
    if (block.against && block.verdict != Verdict::pass) return decibelText(*block.against);
    return block.local ? decibelText(*block.local) : verdictText(block.verdict);
}

VerdictSummary ofReport(const verify::Report& report) {
    VerdictSummary summary;
    summary.tone = toneOf(report.verdict);
    summary.headline = verdictText(report.verdict);
    summary.figures = figuresOf(report.questions);
    switch (report.verdict) {
    case Verdict::pass:
        summary.sentence = Texts::tr("Multi-branch and fused form agree.");
        break;
    case Verdict::warn:
        summary.sentence = Texts::tr("To be looked at: %1").arg(reasonOf(report));
        break;
    case Verdict::fail:
        summary.sentence = failureOf(report);
        break;
    case Verdict::refused:
        summary.sentence = reasonOf(report);
        break;
    }
    summary.block = worstBlock(report);
    if (summary.block >= 0) {
        const verify::BlockReport& block = report.blocks[static_cast<std::size_t>(summary.block)];
        const QString figure = figureOf(block);
        summary.blockText = Texts::tr("closest to its limit: %1 (%2)").arg(elidedName(toQString(block.name), 32), figure);
        if (block.verdict != Verdict::pass)
            summary.blockText = Texts::tr("look at %1 (%2)").arg(elidedName(toQString(block.name), 32), figure);
    }
    return summary;
}

/// What is wrong in the first line, without the folders; what to do in the second.
VerdictSummary problemSummary(Tone tone, const QString& headline, const Error& error) {
    Problem problem = toProblem(error);
    problem.where = problem.where.section(QLatin1Char('/'), -1);
    const QString remedy = std::exchange(problem.remedy, {});
    return {tone, headline, toSentence(problem), remedy, -1, {}};
}

VerdictSummary ofProblem(const Error& error) {
    if (error.code() == ErrorCode::cancelled)
        return {Tone::note, Texts::tr("NOT VERIFIED"), Texts::tr("Verification was cancelled."), {}, -1,
                {}};
    if (error.code() == ErrorCode::nothingToFuse)
        return problemSummary(Tone::note, Texts::tr("NOTHING TO COMPARE"), error);
    return problemSummary(Tone::fail, Texts::tr("NOT VERIFIED"), error);
}

} // namespace

int worstBlock(const verify::Report& report) {
    auto badness = [](const verify::BlockReport& block) {
        const double rank = block.verdict == Verdict::fail ? 2e9 : block.verdict == Verdict::pass ? 0 : 1e9;
        const bool measured = block.local && block.roundingBound > 0;
        return rank + (measured ? std::min(block.local->maxAbs / block.roundingBound, 1e8) : 0);
    };
    int worst = -1;
    double most = 0;
    for (std::size_t i = 0; i < report.blocks.size(); ++i)
        if (const double value = badness(report.blocks[i]); value > most) {
            most = value;
            worst = static_cast<int>(i);
        }
    return worst;
}

VerdictSummary summarize(const Document& document) {
    const Activity activity = document.activity();
    if (document.report()) return ofReport(*document.report());
    if (document.verifyProblem()) return ofProblem(*document.verifyProblem());
    if (activity.state == Activity::State::failed)
        return problemSummary(Tone::fail, Texts::tr("NOT OPENED"), *activity.error);
    if (activity.state != Activity::State::idle)
        return {Tone::working, Texts::tr("WORKING"), activity.text, {}, -1, {}};
    return {Tone::none,
            Texts::tr("NO MODEL"),
            Texts::tr("Open a checkpoint, or drop one on this window."),
            {},
            -1,
            {}};
}

std::vector<AnswerRow> answersOf(const verify::Report& report) {
    std::vector<AnswerRow> rows;
    for (const auto& [question, answer] : questionsOf(report))
        rows.push_back(
            {question, answer->asked ? toneOf(answer->verdict) : Tone::none, coreText(answer->sentence)});
    return rows;
}

} // namespace rp::ui
