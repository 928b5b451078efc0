// SPDX-License-Identifier: Apache-2.0
#pragma once

class QLabel;
class QWidget;

namespace rp::ui {

/// A label whose type is `factor` times as large as what stands around it.
QLabel* scaledLabel(QWidget* parent, double factor, bool isBold = false);

/// The same for running text: wrapped, and to be selected with the mouse.
QLabel* wrappedLabel(QWidget* parent, double factor = 1);

} // namespace rp::ui
