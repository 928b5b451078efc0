// SPDX-License-Identifier: Apache-2.0
#include "ui/models/top_model.h"

#include "ui/models/roles.h"
#include "ui/presenters/display_text.h"
#include "ui/presenters/output_pair.h"

namespace rp::ui {

void TopModel::setModel(LoadedModelPtr model) {
    beginResetModel();
    m_model = std::move(model);
    m_runs = {};
    endResetModel();
}

void TopModel::setRun(Phase phase, PhaseRunPtr run) {
    const int column = static_cast<int>(phase);
    m_runs[static_cast<std::size_t>(phase)] = std::move(run);
    emit dataChanged(index(0, column), index(kRanks - 1, column));
    emit headerDataChanged(Qt::Horizontal, column, column);
}

void TopModel::setSample(int sample) {
    m_sample = sample;
    emit dataChanged(index(0, 0), index(kRanks - 1, 2));
}

QString TopModel::problemOf(Phase phase) const {
    const PhaseRunPtr& run = m_runs[static_cast<std::size_t>(phase)];
    if (!run) return {};
    if (run->problem) return toQString(run->problem->what());
    if (!run->top.empty()) return {};
    return isPicture(run->output) ? tr("the output is a picture, see the tab Output") : tr("the output holds no class scores");
}

int TopModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : kRanks;
}
int TopModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : 3;
}

const verify::Top* TopModel::topOf(const QModelIndex& index) const {
    const PhaseRunPtr& run = m_runs[static_cast<std::size_t>(index.column())];
    const auto sample = static_cast<std::size_t>(m_sample), rank = static_cast<std::size_t>(index.row());
    if (!run || sample >= run->top.size() || rank >= run->top[sample].size()) return nullptr;
    return &run->top[sample][rank];
}

QVariant TopModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const verify::Top* top = topOf(index);
    if (!top) {
        const QString problem = index.row() == 0 ? problemOf(static_cast<Phase>(index.column())) : QString();
        if (problem.isEmpty()) return {};
        if (role == Qt::DisplayRole) return tr("not available");
        return role == Qt::ToolTipRole ? QVariant(problem) : QVariant();
    }
    switch (role) {
    case Qt::DisplayRole:
        return className(m_model->model(), top->index);
    case Qt::ToolTipRole:
        return tr("%1 (class %2): probability %3, score %4")
            .arg(className(m_model->model(), top->index))
            .arg(top->index)
            .arg(numberText(top->share, 6), numberText(top->value, 8));
    case ShareRole:
        return top->share;
    case ValueRole:
        return top->value;
    case ClassRole:
        return static_cast<qlonglong>(top->index);
    default:
        return {};
    }
}

QVariant TopModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation == Qt::Vertical) return role == Qt::DisplayRole ? QVariant(section + 1) : QVariant();
    const auto phase = static_cast<Phase>(section);
    if (role == Qt::DisplayRole) return toQString(toString(phase));
    if (role != Qt::ToolTipRole) return {};
    switch (phase) {
    case Phase::train:
        return tr("branches with the statistics of this input");
    case Phase::eval:
        return tr("branches with running statistics");
    case Phase::deploy:
        return tr("fused kernels");
    }
    return {};
}

} // namespace rp::ui
