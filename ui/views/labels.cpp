// SPDX-License-Identifier: Apache-2.0
#include "ui/views/labels.h"

#include <QLabel>

namespace rp::ui {

QLabel* scaledLabel(QWidget* parent, double factor, bool isBold) {
    auto* label = new QLabel(parent);
    QFont font = label->font();
    font.setPointSizeF(font.pointSizeF() * factor);
    font.setBold(isBold);
    label->setFont(font);
    return label;
}

QLabel* wrappedLabel(QWidget* parent, double factor) {
    QLabel* label = scaledLabel(parent, factor);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

} // namespace rp::ui
