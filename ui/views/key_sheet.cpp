// SPDX-License-Identifier: Apache-2.0
#include "ui/views/key_sheet.h"

#include "ui/models/text_table.h"
#include "ui/presenters/actions.h"
#include "ui/views/tables.h"

#include <QCoreApplication>
#include <QKeySequence>

namespace rp::ui {
namespace {

constexpr int kWidth = 390; ///< keys in one line each, what they do in two at most

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(KeySheet)
};

QString keysText(const QString& portable) {
    QStringList keys;
    for (const QKeySequence& sequence : QKeySequence::listFromString(portable))
        keys << sequence.toString(QKeySequence::NativeText);
    return keys.join(QStringLiteral(", "));
}

} // namespace

QTableView* makeKeySheet(QWidget* parent) {
    std::vector<TextRow> rows;
    for (const ActionSpec& spec : actionSpecs())
        if (!spec.keys.isEmpty()) rows.push_back({{keysText(spec.keys), spec.does}});
    for (const ViewKey& key : viewKeys())
        rows.push_back({{key.key, key.does}});
    auto* model = new TextTable({Texts::tr("Key"), Texts::tr("What it does")}, parent);
    model->setRows(std::move(rows));
    QTableView* sheet = makeTable(model, parent);
    sheet->setMinimumWidth(kWidth);
    sheet->setAccessibleName(Texts::tr("Keys"));
    return sheet;
}

} // namespace rp::ui
