// SPDX-License-Identifier: Apache-2.0
#include "ui/views/tables.h"

#include "ui/views/delegates.h"

#include <QHeaderView>

namespace rp::ui {
namespace {

constexpr int kWidestColumn = 420;

/// Columns as wide as their content, within reason; once per new content, so that a user's widths stay.
void fitColumns(QTableView* table) {
    table->resizeColumnsToContents();
    const int last = table->model()->columnCount() - 1;
    for (int column = 0; column < last; ++column)
        table->setColumnWidth(column, std::min(table->columnWidth(column) + 8, kWidestColumn));
}

} // namespace

QTableView* makeTable(QAbstractItemModel* model, QWidget* parent) {
    auto* table = new QTableView(parent);
    table->setModel(model);
    table->setItemDelegate(new ToneDelegate(table));
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setSelectionMode(QAbstractItemView::SingleSelection);
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->setAlternatingRowColors(true);
    table->setShowGrid(false);
    table->setWordWrap(true);
    table->setTextElideMode(Qt::ElideRight);
    table->setTabKeyNavigation(false); // Tab leaves the table
    table->verticalHeader()->hide();
    table->verticalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    table->horizontalHeader()->setStretchLastSection(true);
    table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft);
    table->horizontalHeader()->setHighlightSections(false);
    QObject::connect(model, &QAbstractItemModel::modelReset, table, [table] { fitColumns(table); });
    fitColumns(table);
    return table;
}

} // namespace rp::ui
