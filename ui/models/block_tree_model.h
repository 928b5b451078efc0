// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/jobs/snapshots.h"
#include "ui/presenters/tone.h"

#include <QAbstractItemModel>

namespace rp::ui {

/// Blocks in order of depth, under their stages. A stage that is one block of the same name is that block.
class BlockTreeModel : public QAbstractItemModel {
    Q_OBJECT

public:
    enum Column { NameColumn, FormColumn, LocalColumn, ColumnCount };

    using QAbstractItemModel::QAbstractItemModel;

    void setModel(LoadedModelPtr model);
    void setReport(ReportPtr report);
    QModelIndex indexOfBlock(int block) const;

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    /// Consecutive blocks with one stage name.
    struct Stage {
        QString name;
        int first = 0;
        int count = 0;
        bool isBlock = false; ///< the stage is its only block
    };
    struct Span {
        int first, count;
    };
    Span spanOf(const QModelIndex& index) const;
    int blockOf(const QModelIndex& index) const;
    const verify::BlockReport* reportOf(int block) const;
    QVariant snrOf(Span span) const;
    Tone toneOfSpan(Span span) const;
    QString formOf(Span span) const;
    QString tooltipOf(int block) const;
    QVariant display(const QModelIndex& index) const;

    LoadedModelPtr m_model;
    ReportPtr m_report;
    std::vector<int> m_reportRows; ///< by block index: its row in the report, or -1
    std::vector<Stage> m_stages;
};

} // namespace rp::ui
