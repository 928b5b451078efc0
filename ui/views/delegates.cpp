// SPDX-License-Identifier: Apache-2.0
#include "ui/views/delegates.h"

#include "ui/models/roles.h"
#include "ui/presenters/display_text.h"
#include "ui/views/theme.h"

#include <QPainter>

namespace rp::ui {

void ToneDelegate::initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const {
    QStyledItemDelegate::initStyleOption(option, index);
    const QVariant tone = index.data(ToneRole);
    if (!tone.isValid() || static_cast<Tone>(tone.toInt()) == Tone::none) return;
    option->icon = toneIcon(static_cast<Tone>(tone.toInt()), option->palette);
    option->decorationSize = {14, 14};
    option->decorationAlignment = Qt::AlignHCenter | (option->displayAlignment & Qt::AlignVertical_Mask);
    option->features |= QStyleOptionViewItem::HasDecoration;
    // The number is aligned right; its icon stands beside it rather than far away.
    if (option->displayAlignment & Qt::AlignRight) option->decorationPosition = QStyleOptionViewItem::Right;
}

void ShareDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                          const QModelIndex& index) const {
    const QVariant share = index.data(ShareRole);
    if (!share.isValid()) {
        QStyledItemDelegate::paint(painter, option, index);
        return;
    }
    const QRect cell = option.rect.adjusted(2, 1, -2, -1);
    QColor bar = option.palette.color(QPalette::Highlight);
    bar.setAlphaF(0.30F);
    painter->fillRect(
        QRect(cell.topLeft(), QSize(static_cast<int>(cell.width() * share.toDouble()), cell.height())), bar);
    painter->setPen(option.palette.color(QPalette::Text));
    const QString percent = percentText(share.toDouble());
    const int reserved = option.fontMetrics.horizontalAdvance(percent) + 8;
    const QRect text = cell.adjusted(4, 0, -4, 0);
    painter->drawText(text, Qt::AlignRight | Qt::AlignVCenter, percent);
    const QString name =
        option.fontMetrics.elidedText(index.data().toString(), Qt::ElideRight, text.width() - reserved);
    painter->drawText(text, Qt::AlignLeft | Qt::AlignVCenter, name);
}

} // namespace rp::ui
