// SPDX-License-Identifier: Apache-2.0
#include "ui/views/tables.h"

#include "ui/views/delegates.h"

#include <QHeaderView>
#include <QResizeEvent>

#include <algorithm>
#include <utility>
#include <vector>

namespace rp::ui {
namespace {

constexpr int kWidestColumn = 420, kLeastColumn = 60;

/// Columns as wide as their content, within reason, and those that are wider than their share of the room share
/// what the others leave.
void fitColumns(QTableView* table) {
    table->resizeColumnsToContents();
    const int count = table->model()->columnCount();
    std::vector<int> widths;
    for (int column = 0; column < count; ++column)
        widths.push_back(std::min(table->columnWidth(column) + 8, kWidestColumn));
    std::vector<int> ordered = widths;
    std::ranges::sort(ordered);
    int room = table->viewport()->width(), share = kWidestColumn;
    for (int i = 0; i < count; ++i) {
        share = room / (count - i);
        if (ordered[static_cast<std::size_t>(i)] > share) break;
        room -= ordered[static_cast<std::size_t>(i)];
        share = kWidestColumn;
    }
    for (int column = 0; column + 1 < count; ++column) // the last one stretches
        table->setColumnWidth(column, std::min(widths[static_cast<std::size_t>(column)], std::max(share, kLeastColumn)));
}

/// Fits the columns when the room changes: a table in a tab that was never seen has none yet.
class FitOnResize : public QObject {
public:
    explicit FitOnResize(QTableView* table) : QObject(table), m_table(table) { table->viewport()->installEventFilter(this); }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override {
        if (event->type() == QEvent::Resize) {
            const int width = static_cast<QResizeEvent*>(event)->size().width();
            if (std::exchange(m_width, width) != width) fitColumns(m_table);
        }
        return QObject::eventFilter(watched, event);
    }

private:
    QTableView* m_table;
    int m_width = 0;
};

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
    new FitOnResize(table);
    return table;
}

} // namespace rp::ui
