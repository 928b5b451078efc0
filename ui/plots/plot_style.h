// SPDX-License-Identifier: Apache-2.0
#pragma once

class QCustomPlot;
class QWidget;

namespace rp::ui {

/// Colours and fonts of a plot as its widget has them.
void stylePlot(QCustomPlot& plot, const QWidget& widget);

} // namespace rp::ui
