// SPDX-License-Identifier: Apache-2.0
#include "ui/views/palette_list.h"

#include "ui/views/theme.h"

#include <QPainter>

#include <algorithm>

namespace rp::ui {

void PaletteModel::setEntries(std::vector<PaletteEntry> entries) {
    m_entries = std::move(entries);
    rank({});
}

void PaletteModel::rank(const QString& query) {
    beginResetModel();
    m_ranked.clear();
    for (std::size_t i = 0; i < m_entries.size(); ++i)
        if (std::optional<FuzzyMatch> match = fuzzyMatch(query, m_entries[i].title())) m_ranked.push_back({i, std::move(*match)});
    std::ranges::stable_sort(m_ranked, [](const Ranked& a, const Ranked& b) { return a.match.score > b.match.score; });
    endResetModel();
}

int PaletteModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_ranked.size());
}

QVariant PaletteModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const PaletteEntry& of = entry(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return of.title();
    case Qt::ToolTipRole:
        return of.does;
    case Qt::AccessibleTextRole:
        return of.keys.isEmpty() ? of.title() : of.title() + QStringLiteral(", ") + of.keys;
    default:
        return {};
    }
}

namespace {

/// Letters one by one, those at `places` in bold; returns where the next one stands.
int drawLetters(QPainter& painter, QPoint at, const QString& text, int offset, const std::vector<int>& places, int right) {
    QFont plain = painter.font(), bold = plain;
    bold.setBold(true);
    for (int i = 0; i < text.size();) {
        const bool isFound = std::ranges::binary_search(places, offset + i);
        int end = i + 1;
        while (end < text.size() && std::ranges::binary_search(places, offset + end) == isFound) ++end;
        painter.setFont(isFound ? bold : plain);
        QString run = text.mid(i, end - i);
        const QFontMetrics metrics(painter.font());
        if (at.x() + metrics.horizontalAdvance(run) > right) run = metrics.elidedText(run, Qt::ElideRight, std::max(0, right - at.x()));
        painter.drawText(at, run);
        at.rx() += metrics.horizontalAdvance(run);
        i = end;
    }
    painter.setFont(plain);
    return at.x();
}

} // namespace

void PaletteDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
    const auto& model = *static_cast<const PaletteModel*>(index.model());
    const PaletteEntry& entry = model.entry(index.row());
    const bool isCurrent = option.state & QStyle::State_Selected;
    const QPalette& palette = option.palette;
    if (isCurrent) painter->fillRect(option.rect, palette.color(QPalette::Highlight));
    const QColor text = palette.color(isCurrent ? QPalette::HighlightedText : QPalette::Text);
    const QColor muted = isCurrent ? text : mutedText(palette);
    painter->save();
    painter->setFont(option.font);
    const QRect room = option.rect.adjusted(10, 0, -10, 0);
    painter->setPen(muted);
    painter->drawText(room, Qt::AlignRight | Qt::AlignVCenter, entry.keys);
    const int right = room.right() - (entry.keys.isEmpty() ? 0 : option.fontMetrics.horizontalAdvance(entry.keys) + 12);
    const QString kind = entry.kind + QStringLiteral(": ");
    const QPoint baseline(room.left(), room.top() + (room.height() + option.fontMetrics.ascent() - option.fontMetrics.descent()) / 2);
    const int x = drawLetters(*painter, baseline, kind, 0, model.places(index.row()), right);
    painter->setPen(text);
    drawLetters(*painter, {x, baseline.y()}, entry.text, static_cast<int>(kind.size()), model.places(index.row()), right);
    painter->restore();
}

QSize PaletteDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const {
    return {200, option.fontMetrics.height() + 10};
}

} // namespace rp::ui
