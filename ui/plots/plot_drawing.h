// SPDX-License-Identifier: Apache-2.0
#pragma once

class QPainter;
class QWidget;

namespace rp::ui {

/// Draws `widget` as lines and text if it is a plot, at its size; rendered as a widget it would be a bitmap. False for
/// any other widget.
bool drawPlot(QWidget& widget, QPainter& painter);

} // namespace rp::ui
