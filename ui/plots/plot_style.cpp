// SPDX-License-Identifier: Apache-2.0
#include "ui/plots/plot_style.h"

#include <qcustomplot.h>

namespace rp::ui {

void stylePlot(QCustomPlot& plot, const QWidget& widget) {
    const QPalette palette = widget.palette();
    const QColor text = palette.color(QPalette::Text), base = palette.color(QPalette::Base);
    QColor grid = text;
    grid.setAlphaF(0.15F);
    plot.setBackground(base);
    for (QCPAxis* axis : {plot.xAxis, plot.yAxis}) {
        axis->setBasePen(text);
        axis->setTickPen(text);
        axis->setSubTickPen(text);
        axis->setLabelColor(text);
        axis->setTickLabelColor(text);
        axis->setLabelFont(widget.font());
        axis->setTickLabelFont(widget.font());
        axis->grid()->setPen(QPen(grid, 1, Qt::SolidLine));
        axis->grid()->setZeroLinePen(QPen(grid, 1, Qt::SolidLine));
    }
    plot.legend->setBrush(Qt::NoBrush);
    plot.legend->setBorderPen(Qt::NoPen);
    plot.legend->setTextColor(text);
    plot.legend->setFont(widget.font());
}

} // namespace rp::ui
