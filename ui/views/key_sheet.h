// SPDX-License-Identifier: Apache-2.0
#pragma once

class QTableView;
class QWidget;

namespace rp::ui {

/// Every key of the window and what it does, made from the list of actions.
QTableView* makeKeySheet(QWidget* parent);

} // namespace rp::ui
