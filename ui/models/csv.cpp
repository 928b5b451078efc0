// SPDX-License-Identifier: Apache-2.0
#include "ui/models/csv.h"

#include "ui/presenters/display_text.h"

#include <algorithm>
#include <vector>

namespace rp::ui {
namespace {

QByteArray lineOf(QStringList fields) {
    for (QString& field : fields) {
        const bool needsQuotes = std::ranges::any_of(
            field, [](QChar c) { return c == u',' || c == u'"' || c == u'\n' || c == u'\r'; });
        if (!needsQuotes) continue;
        field.replace(QLatin1Char('"'), QStringLiteral("\"\""));
        field = QLatin1Char('"') + field + QLatin1Char('"');
    }
    return fields.join(QLatin1Char(',')).toUtf8() + "\r\n";
}

} // namespace

QByteArray csvOf(const QAbstractItemModel& table) {
    QStringList fields;
    for (int column = 0; column < table.columnCount(); ++column)
        fields << table.headerData(column, Qt::Horizontal).toString();
    QByteArray text = lineOf(fields);
    // Of a tree, every row behind its parent.
    std::vector<QModelIndex> waiting{{}};
    while (!waiting.empty()) {
        const QModelIndex parent = waiting.back();
        waiting.pop_back();
        if (parent.isValid()) {
            fields.clear();
            for (int column = 0; column < table.columnCount(); ++column) fields << parent.siblingAtColumn(column).data().toString();
            text += lineOf(fields);
        }
        for (int row = table.rowCount(parent) - 1; row >= 0; --row) waiting.push_back(table.index(row, 0, parent));
    }
    return text;
}

QByteArray csvOfTop(const Model& model, const std::array<PhaseRunPtr, 3>& runs, int sample) {
    QByteArray text = "phase,rank,class,name,score,probability\r\n";
    for (const PhaseRunPtr& run : runs) {
        if (!run || static_cast<std::size_t>(sample) >= run->top.size()) continue;
        int rank = 0;
        for (const verify::Top& top : run->top[static_cast<std::size_t>(sample)])
            text += lineOf({toQString(toString(run->phase)), QString::number(++rank),
                            QString::number(top.index), className(model, top.index),
                            QString::number(top.value, 'g', 17), QString::number(top.share, 'g', 17)});
    }
    return text;
}

} // namespace rp::ui
