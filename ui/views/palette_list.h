// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/presenters/fuzzy_match.h"
#include "ui/views/palette_entries.h"

#include <QAbstractListModel>
#include <QStyledItemDelegate>

namespace rp::ui {

/// The entries that answer what was typed, best first; those that answer alike keep their order.
class PaletteModel : public QAbstractListModel {
    Q_OBJECT

public:
    using QAbstractListModel::QAbstractListModel;

    void setEntries(std::vector<PaletteEntry> entries);
    void rank(const QString& query);
    const PaletteEntry& entry(int row) const { return m_entries[m_ranked[static_cast<std::size_t>(row)].entry]; }
    const std::vector<int>& places(int row) const { return m_ranked[static_cast<std::size_t>(row)].match.places; } ///< in its title

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

private:
    struct Ranked {
        std::size_t entry = 0;
        FuzzyMatch match;
    };
    std::vector<PaletteEntry> m_entries;
    std::vector<Ranked> m_ranked;
};

/// Kind, name with the letters found in bold, keys at the right.
class PaletteDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

} // namespace rp::ui
