// SPDX-License-Identifier: Apache-2.0
#include "ui/models/rows.h"

#include "ui/presenters/core_text.h"
#include "ui/presenters/display_text.h"
#include "ui/presenters/verdict_summary.h"

#include "core/families/assumptions.h"
#include "core/tensor/statistics.h"

#include <QCoreApplication>

#include <algorithm>

namespace rp::ui {
namespace {

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(Rows)
};

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
    rows.push_back({{Texts::tr("As a command"), toQString(report.reproduce)}, Tone::none, -1});
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
        rows.push_back({{toQString(entry.block), toQString(entry.function), coreText(entry.reason)},
                        Tone::none,
                        block++});
    return rows;
}

std::vector<TextRow> mapRows(const BlockMap& map, const BlockDetail& detail, const QString& block) {
    const Statistics figures = statisticsOf(map.values.values());
    const bool isDifference = map.role == BlockMap::Role::difference;
    const auto row = [](const QString& name, const QString& value) { return TextRow{{name, value}, Tone::none, -1}; };
    std::vector<TextRow> rows{
        row(Texts::tr("map"), isDifference ? QStringLiteral("Δ %1").arg(detail.differenceOf) : map.name),
        row(Texts::tr("block"), block),
        row(Texts::tr("made by"), Texts::tr("phase %1, %2")
                                       .arg(toQString(toString(detail.phase)), toQString(toString(detail.settings.engine)))),
        row(Texts::tr("shape"), shapeText(map.values.shape())),
        row(Texts::tr("least"), numberText(figures.min, 6)),
        row(Texts::tr("largest"), numberText(figures.max, 6)),
        row(Texts::tr("mean"), numberText(figures.mean, 6)),
        row(Texts::tr("deviation"), numberText(figures.deviation, 6))};
    const auto zeros = std::ranges::count(map.values.values(), 0.0);
    rows.push_back(row(Texts::tr("zeros"), figures.count ? percentText(static_cast<double>(zeros) / static_cast<double>(figures.count)) : QString()));
    if (figures.nans + figures.infinities > 0) {
        rows.push_back(row(Texts::tr("not finite"), Texts::tr("%1 NaN, %2 infinite").arg(figures.nans).arg(figures.infinities)));
        rows.back().tone = Tone::fail;
    }
    return rows;
}

std::vector<TextRow> stepRows(const fusion::FuseResult& result) {
    std::vector<TextRow> rows;
    for (const fusion::Step& step : result.steps) {
        QStringList inputs;
        for (const fusion::Operand& operand : step.operands)
            inputs << toQString(operand.label());
        rows.push_back(
            {{toQString(step.rule), coreText(step.title), coreText(step.formula),
              QStringLiteral("%1 → %2").arg(inputs.join(QStringLiteral(" + ")), toQString(step.output()))},
             Tone::none,
             -1});
    }
    return rows;
}

std::vector<TextRow> assumptionRows(const LoadedModel& model, const InputSnapshot* input) {
    std::vector<TextRow> rows;
    if (input && !input->description.isEmpty())
        rows.push_back({{Texts::tr("input"), coreText(input->description)}, Tone::none, -1});
    for (const std::string& line :
         families::summarize(model.model().assumptions, model.model().blocks.size()))
        rows.push_back({{Texts::tr("model"), coreText(line)}, Tone::none, -1});
    return rows;
}

} // namespace rp::ui
