// SPDX-License-Identifier: Apache-2.0
#include "ui/plots/plot_drawing.h"

#include <qcustomplot.h>

#include <QPicture>

namespace rp::ui {

bool drawPlot(QWidget& widget, QPainter& painter) {
    auto* plot = qobject_cast<QCustomPlot*>(&widget);
    if (!plot) return false;
    QPicture picture; // a plot draws with a painter class of its own
    {
        QCPPainter recorder(&picture);
        recorder.setMode(QCPPainter::pmVectorized);
        recorder.fillRect(plot->rect(), plot->palette().color(QPalette::Base));
        plot->toPainter(&recorder, plot->width(), plot->height());
    }
    painter.drawPicture(0, 0, picture);
    return true;
}

} // namespace rp::ui
