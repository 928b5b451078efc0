// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QTableView>

namespace rp::ui {

/// A read-only table of whole rows; the last column takes what room is left. Selecting a row that speaks of a
/// block is up to the caller (BlockRole).
QTableView* makeTable(QAbstractItemModel* model, QWidget* parent);

} // namespace rp::ui
