// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/picture/colour_map.h"

#include <QWidget>

namespace rp::ui {

/// The colour scale of a range, with its two ends and its zero.
class RangeLegend : public QWidget {
    Q_OBJECT

public:
    using QWidget::QWidget;
    /// `largest` is the largest magnitude shown; beyond the range when its ends are saturated.
    void setRange(picture::Range range, double largest, picture::ColourMap colours);
    /// Every channel spans the scale on its own: no numbers.
    void setChannels(picture::ColourMap colours);
    /// A scale whose ends are said in words (a logarithm, a unit).
    void setTexts(const QString& low, const QString& high, picture::ColourMap colours);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    picture::Range m_range;
    picture::ColourMap m_colours = picture::ColourMap::diverging;
    QString m_low, m_high; ///< instead of the range's numbers; empty: those
    bool m_saturates = false;
};

} // namespace rp::ui
