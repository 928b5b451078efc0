// SPDX-License-Identifier: Apache-2.0
#include "ui/views/range_legend.h"

#include "ui/presenters/display_text.h"
#include "ui/views/painting.h"
#include "ui/views/theme.h"

#include <QPainter>

namespace rp::ui {

void RangeLegend::setRange(picture::Range range, double largest, picture::ColourMap colours) {
    m_range = range;
    m_colours = colours;
    m_low.clear();
    m_high.clear();
    m_saturates = largest > range.high * (1 + 1e-9);
    const QString scale = colours == picture::ColourMap::diverging ? tr("From %1 (blue) over zero (white) to %2 (red)")
                                                                   : tr("From %1 (dark) to %2 (bright)");
    setToolTip(scale.arg(numberText(range.low), numberText(range.high)) +
               tr("; magenta is NaN or infinite. The largest magnitude is %1; the outermost 0.5 % share the end colours.")
                   .arg(numberText(largest)));
    update();
}

void RangeLegend::setChannels(picture::ColourMap colours) {
    setTexts(tr("low"), tr("high"), colours);
    setToolTip(tr("Every channel spans the whole scale on its own: colours of two channels cannot be compared."));
}

void RangeLegend::setTexts(const QString& low, const QString& high, picture::ColourMap colours) {
    m_range = {-1, 1};
    m_low = low;
    m_high = high;
    m_colours = colours;
    m_saturates = false;
    setToolTip({});
    update();
}

QSize RangeLegend::sizeHint() const {
    return {240, fontMetrics().height() + 4};
}

void RangeLegend::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const auto end = [this](const char16_t* sign, double value, const QString& word) {
        if (!word.isEmpty()) return word;
        return (m_saturates ? QString::fromUtf16(sign) : QString()) + numberText(value, 3);
    };
    const QString low = end(u"≤ ", m_range.low, m_low), high = end(u"≥ ", m_range.high, m_high);
    const int lowWidth = fontMetrics().horizontalAdvance(low) + 6,
              highWidth = fontMetrics().horizontalAdvance(high) + 6;
    const QRect bar = rect().adjusted(lowWidth, 3, -highWidth, -3);
    for (int x = 0; x < bar.width(); ++x) {
        const double value = m_range.low + (m_range.high - m_range.low) * x / std::max(1, bar.width() - 1);
        painter.fillRect(bar.left() + x, bar.top(), 1, bar.height(),
                         toQColor(picture::colourOf(value, m_range, m_colours)));
    }
    painter.setPen(mutedText(palette()));
    painter.drawRect(bar.adjusted(-1, -1, 0, 0));
    painter.drawText(rect(), Qt::AlignLeft | Qt::AlignVCenter, low);
    painter.drawText(rect(), Qt::AlignRight | Qt::AlignVCenter, high);
}

} // namespace rp::ui
