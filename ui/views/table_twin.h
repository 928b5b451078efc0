// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>
#include <QWidget>

#include <vector>

class QAbstractItemModel;
class QToolButton;

namespace rp::ui {

/// The table that stands in for a chart's picture while it is wanted. Charts are widgets with `HasTable`.
void setTableShown(QWidget& chart, bool isShown);
bool isTableShown(const QWidget& chart);
/// Those in `pane` that are seen, itself included.
std::vector<QWidget*> chartsIn(QWidget& pane);
/// "Table": shows all these charts as tables, or as pictures again.
QToolButton* makeTableButton(std::vector<QWidget*> charts, QWidget* parent);

/// As CSV: the item view or chart that `target`, a widget in `pane`, is or stands in; else the first one seen in the pane,
/// tables before charts. Empty when there is none.
QByteArray tableOf(QWidget& pane, QWidget* target = nullptr);

} // namespace rp::ui
