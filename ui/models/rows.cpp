// SPDX-License-Identifier: Apache-2.0
#include "ui/models/rows.h"

#include "ui/presenters/display_text.h"
#include "ui/presenters/verdict_summary.h"

#include "core/families/assumptions.h"

#include <QCoreApplication>

namespace rp::ui {
namespace {

QString translated(const char* text) {
    return QCoreApplication::translate("Rows", text);
}

int indexOf(const Model& model, const QString& name) {
    for (std::size_t i = 0; i < model.blocks.size(); ++i)
        if (toQString(model.blocks[i].name) == name) return static_cast<int>(i);
    return -1;
}

} // namespace

std::vector<TextRow> answerRows(const verify::Report& report) {
    std::vector<TextRow> rows;
    for (const AnswerRow& answer : answersOf(report))
        rows.push_back({{answer.question, answer.answer}, answer.tone, -1});
    rows.push_back({{translated("As a command"), toQString(report.reproduce)}, Tone::none, -1});
    return rows;
}

std::vector<TextRow> problemRows(const std::vector<Problem>& problems, const Model* model) {
    std::vector<TextRow> rows;
    for (const Problem& p : problems)
        rows.push_back({{p.code, p.where, p.expected, p.found, p.remedy},
                        toneOf(p.severity),
                        model ? indexOf(*model, p.where) : -1});
    return rows;
}

std::vector<TextRow> traceRows(const PhaseRun& run) {
    std::vector<TextRow> rows;
    int block = 0;
    for (const TraceEntry& entry : run.trace)
        rows.push_back({{toQString(entry.block), toQString(entry.function), toQString(entry.reason)},
                        Tone::none,
                        block++});
    return rows;
}

std::vector<TextRow> stepRows(const fusion::FuseResult& result) {
    std::vector<TextRow> rows;
    for (const fusion::Step& step : result.steps) {
        QStringList inputs;
        for (const std::string& input : step.inputs)
            inputs << toQString(input);
        rows.push_back(
            {{toQString(step.rule), toQString(step.title), toQString(step.formula),
              QStringLiteral("%1 → %2").arg(inputs.join(QStringLiteral(" + ")), toQString(step.output))},
             Tone::none,
             -1});
    }
    return rows;
}

std::vector<TextRow> assumptionRows(const LoadedModel& model, const InputSnapshot* input) {
    std::vector<TextRow> rows;
    if (input && !input->description.isEmpty())
        rows.push_back({{translated("input"), input->description}, Tone::none, -1});
    for (const std::string& line :
         families::summarize(model.model().assumptions, model.model().blocks.size()))
        rows.push_back({{translated("model"), toQString(line)}, Tone::none, -1});
    return rows;
}

} // namespace rp::ui
