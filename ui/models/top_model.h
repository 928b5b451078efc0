// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/jobs/snapshots.h"

#include <QAbstractTableModel>

#include <array>

namespace rp::ui {

/// Best classes of one sample: a row per rank, a column per phase (train, eval, deploy).
class TopModel : public QAbstractTableModel {
    Q_OBJECT

public:
    using QAbstractTableModel::QAbstractTableModel;

    void setModel(LoadedModelPtr model);
    void setRun(Phase phase, PhaseRunPtr run);
    void setSample(int sample);
    /// Why a phase has no scores; empty when it has or is not there yet.
    QString problemOf(Phase phase) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    static constexpr int kRanks = 5;
    const verify::Top* topOf(const QModelIndex& index) const;

    LoadedModelPtr m_model;
    std::array<PhaseRunPtr, 3> m_runs;
    int m_sample = 0;
};

} // namespace rp::ui
