// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/presenters/tone.h"

#include <QString>

#include <vector>

namespace rp::ui {

class Document;

/// The report in the words of one glance.
struct VerdictSummary {
    Tone tone = Tone::none;
    QString headline; ///< "PASS"
    QString sentence; ///< what that means here
    QString figures;  ///< "algebra 301 dB · rounding 4 % of its bound · output 121 dB"
    int block = -1;   ///< where to look first
    QString blockText;
};
VerdictSummary summarize(const Document& document);

struct AnswerRow {
    QString question;
    Tone tone = Tone::none;
    QString answer;
};
std::vector<AnswerRow> answersOf(const verify::Report& report);

/// The block that deserves the first look: the worst verdict, then the largest share of its rounding bound;
/// -1 when none was measured.
int worstBlock(const verify::Report& report);

} // namespace rp::ui
