// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/presenters/block_facts.h"
#include "ui/presenters/block_filter.h"

#include <QAbstractItemModel>
#include <QSortFilterProxyModel>

namespace rp::ui {

/// Blocks with their figures: the fused kernel's row, and below it one row per branch that it replaces.
class BlockTableModel : public QAbstractItemModel {
    Q_OBJECT

public:
    enum Column { Name, Family, Form, Kernel, Stride, Groups, Channels, Parameters, Macs, Agreement, Error, Cumulative, Exactness, ColumnCount };
    /// Beyond those of roles.h.
    enum { SortRole = Qt::UserRole + 100, FlaggedRole };

    using QAbstractItemModel::QAbstractItemModel;

    void setModel(LoadedModelPtr model);
    void setReport(const verify::Report* report);
    /// Rows whose figure is beyond the threshold are flagged; none flags nothing.
    void setThreshold(BlockFigure figure, std::optional<double> threshold);
    int flaggedCount() const;
    const std::vector<BlockFacts>& facts() const { return m_facts; }
    QModelIndex indexOfBlock(int block) const;

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Branch {
        QString name, kernel;
        std::int64_t groups = 0, parameters = 0;
    };
    static bool isBranch(const QModelIndex& index);
    bool isFlagged(const BlockFacts& facts) const;
    void addBranches();
    QString blockText(const BlockFacts& facts, int column) const;
    QVariant sortKey(const BlockFacts& facts, int column) const;
    QString branchText(const Branch& branch, int column) const;

    LoadedModelPtr m_model;
    std::vector<BlockFacts> m_facts;
    std::vector<std::vector<Branch>> m_branches; ///< by block
    BlockFigure m_figure = BlockFigure::snr;
    std::optional<double> m_threshold;
};

/// Sorts and filters the blocks; branches stay below their block in their own order.
class BlockTableProxy : public QSortFilterProxyModel {
    Q_OBJECT

public:
    explicit BlockTableProxy(BlockTableModel& source, QObject* parent = nullptr);
    void setFilter(BlockFilter filter); ///< a valid one

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override;
    bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;

private:
    BlockTableModel& m_source;
    BlockFilter m_filter;
};

} // namespace rp::ui
