// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/presenters/tone.h"

#include <QAbstractTableModel>
#include <QStringList>

#include <vector>

namespace rp::ui {

/// One line of a table of text.
struct TextRow {
    QStringList cells;
    Tone tone = Tone::none; ///< shown with the first cell
    int block = -1;         ///< the block it speaks of
};

/// A plain table of text, filled from outside; every cell is its own tooltip.
class TextTable : public QAbstractTableModel {
    Q_OBJECT

public:
    explicit TextTable(QStringList headers, QObject* parent = nullptr)
        : QAbstractTableModel(parent), m_headers(std::move(headers)) {}

    void setHeaders(QStringList headers) { m_headers = std::move(headers); } ///< before `setRows`
    void setRows(std::vector<TextRow> rows);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QStringList m_headers;
    std::vector<TextRow> m_rows;
};

} // namespace rp::ui
