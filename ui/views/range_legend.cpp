// SPDX-License-Identifier: Apache-2.0
#include "ui/views/range_legend.h"

#include "ui/presenters/display_text.h"
#include "ui/views/painting.h"
#include "ui/views/theme.h"

#include <QPainter>

namespace rp::ui {

void RangeLegend::setRange(picture::Range range, double largest) {
    m_range = range;
    m_saturates = largest > range.high * (1 + 1e-9);
    setToolTip(tr("From %1 (blue) over zero (white) to %2 (red); magenta is NaN or infinite. The largest "
                  "magnitude is %3; "
                  "the largest 0.5 % share the end colours.")
                   .arg(numberText(range.low), numberText(range.high), numberText(largest)));
    update();
}

QSize RangeLegend::sizeHint() const {
    return {240, fontMetrics().height() + 4};
}

void RangeLegend::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const QString low = (m_saturates ? QStringLiteral("≤ ") : QString()) + numberText(m_range.low, 3);
    const QString high = (m_saturates ? QStringLiteral("≥ ") : QString()) + numberText(m_range.high, 3);
    const int lowWidth = fontMetrics().horizontalAdvance(low) + 6,
              highWidth = fontMetrics().horizontalAdvance(high) + 6;
    const QRect bar = rect().adjusted(lowWidth, 3, -highWidth, -3);
    for (int x = 0; x < bar.width(); ++x) {
        const double value = m_range.low + (m_range.high - m_range.low) * x / std::max(1, bar.width() - 1);
        painter.fillRect(bar.left() + x, bar.top(), 1, bar.height(),
                         toQColor(picture::colourOf(value, m_range, picture::ColourMap::diverging)));
    }
    painter.setPen(mutedText(palette()));
    painter.drawRect(bar.adjusted(-1, -1, 0, 0));
    painter.drawText(rect(), Qt::AlignLeft | Qt::AlignVCenter, low);
    painter.drawText(rect(), Qt::AlignRight | Qt::AlignVCenter, high);
}

} // namespace rp::ui
