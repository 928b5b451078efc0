// SPDX-License-Identifier: Apache-2.0
#include "ui/models/block_tree_model.h"

#include "ui/models/roles.h"
#include "ui/presenters/core_text.h"
#include "ui/presenters/display_text.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace rp::ui {
namespace {

constexpr quintptr kTopLevel = std::numeric_limits<quintptr>::max(); ///< internal id of stages

} // namespace

void BlockTreeModel::setModel(LoadedModelPtr model) {
    beginResetModel();
    m_model = std::move(model);
    m_report.reset();
    m_reportRows.clear();
    m_stages.clear();
    const int blocks = m_model ? static_cast<int>(m_model->model().blocks.size()) : 0;
    for (int i = 0; i < blocks; ++i) {
        const QString name = toQString(m_model->model().blocks[static_cast<std::size_t>(i)].name);
        const QString stage = stageOf(name);
        if (m_stages.empty() || m_stages.back().name != stage || m_stages.back().isBlock)
            m_stages.push_back({stage, i, 0, name == stage});
        ++m_stages.back().count;
    }
    endResetModel();
}

void BlockTreeModel::setReport(ReportPtr report) {
    m_report = std::move(report);
    m_reportRows.assign(m_model ? m_model->model().blocks.size() : 0, -1);
    for (std::size_t i = 0; m_report && i < m_reportRows.size(); ++i) {
        const auto& rows = m_report->blocks;
        const auto found =
            std::ranges::find(rows, m_model->model().blocks[i].name, &verify::BlockReport::name);
        if (found != rows.end()) m_reportRows[i] = static_cast<int>(found - rows.begin());
    }
    for (int stage = 0; stage < rowCount(); ++stage) {
        const QModelIndex parent = index(stage, 0);
        emit dataChanged(parent, index(stage, ColumnCount - 1));
        if (const int children = rowCount(parent))
            emit dataChanged(index(0, 0, parent), index(children - 1, ColumnCount - 1, parent));
    }
}

QModelIndex BlockTreeModel::indexOfBlock(int block) const {
    for (std::size_t s = 0; s < m_stages.size(); ++s) {
        const Stage& stage = m_stages[s];
        if (block < stage.first || block >= stage.first + stage.count) continue;
        const QModelIndex parent = index(static_cast<int>(s), 0);
        return stage.isBlock ? parent : index(block - stage.first, 0, parent);
    }
    return {};
}

QModelIndex BlockTreeModel::index(int row, int column, const QModelIndex& parent) const {
    if (!hasIndex(row, column, parent)) return {};
    return createIndex(row, column, parent.isValid() ? static_cast<quintptr>(parent.row()) : kTopLevel);
}

QModelIndex BlockTreeModel::parent(const QModelIndex& child) const {
    if (!child.isValid() || child.internalId() == kTopLevel) return {};
    return createIndex(static_cast<int>(child.internalId()), 0, kTopLevel);
}

int BlockTreeModel::rowCount(const QModelIndex& parent) const {
    if (!parent.isValid()) return static_cast<int>(m_stages.size());
    if (parent.internalId() != kTopLevel || parent.column() != 0) return 0;
    const Stage& stage = m_stages[static_cast<std::size_t>(parent.row())];
    return stage.isBlock ? 0 : stage.count;
}

int BlockTreeModel::columnCount(const QModelIndex&) const {
    return ColumnCount;
}

BlockTreeModel::Span BlockTreeModel::spanOf(const QModelIndex& index) const {
    if (index.internalId() == kTopLevel) {
        const Stage& stage = m_stages[static_cast<std::size_t>(index.row())];
        return {stage.first, stage.count};
    }
    return {m_stages[static_cast<std::size_t>(index.internalId())].first + index.row(), 1};
}

int BlockTreeModel::blockOf(const QModelIndex& index) const {
    if (index.internalId() != kTopLevel) return spanOf(index).first;
    const Stage& stage = m_stages[static_cast<std::size_t>(index.row())];
    return stage.isBlock ? stage.first : -1;
}

const verify::BlockReport* BlockTreeModel::reportOf(int block) const {
    const auto i = static_cast<std::size_t>(block);
    if (!m_report || i >= m_reportRows.size() || m_reportRows[i] < 0) return nullptr;
    return &m_report->blocks[static_cast<std::size_t>(m_reportRows[i])];
}

/// The worst of a span; infinity when all are exact, invalid when none was measured.
QVariant BlockTreeModel::snrOf(Span span) const {
    QVariant worst;
    for (int i = span.first; i < span.first + span.count; ++i) {
        const verify::BlockReport* report = reportOf(i);
        if (!report || !report->local || report->local->nonFinite > 0) continue;
        const double snr = report->local->snr.value_or(std::numeric_limits<double>::infinity());
        if (!worst.isValid() || snr < worst.toDouble()) worst = snr;
    }
    return worst;
}

Tone BlockTreeModel::toneOfSpan(Span span) const {
    Tone worst = Tone::none;
    for (int i = span.first; i < span.first + span.count; ++i)
        if (const verify::BlockReport* report = reportOf(i)) {
            // A block that was not compared is no side note in a list of blocks that were.
            const bool refused = report->verdict == verify::Verdict::refused;
            worst = std::max(worst, refused ? Tone::warn : toneOf(report->verdict));
        }
    return worst;
}

QString BlockTreeModel::formOf(Span span) const {
    const auto& blocks = m_model->model().blocks;
    const Form first = blocks[static_cast<std::size_t>(span.first)].form;
    const bool same = std::all_of(blocks.begin() + span.first, blocks.begin() + span.first + span.count,
                                  [first](const Block& block) { return block.form == first; });
    return toQString(toString(same ? first : Form::mixed));
}

QString BlockTreeModel::tooltipOf(int block) const {
    const auto i = static_cast<std::size_t>(block);
    const Block& source = m_model->model().blocks[i];
    QString text = blockHeadline(source, {});
    if (source.refusal) text += QStringLiteral("\n") + coreText(*source.refusal);
    const fusion::BlockFusion& fusion = m_model->fusion.blocks[i];
    if (!fusion.reason.empty()) text += QStringLiteral("\n") + coreText(fusion.reason);
    if (const verify::BlockReport* report = reportOf(block); report && report->local)
        text += tr("\nlargest local difference %1, bound %2")
                    .arg(numberText(report->local->maxAbs, 3), numberText(report->roundingBound, 3));
    return text;
}

QVariant BlockTreeModel::display(const QModelIndex& index) const {
    const Span span = spanOf(index);
    switch (index.column()) {
    case NameColumn:
        return index.internalId() == kTopLevel
                   ? m_stages[static_cast<std::size_t>(index.row())].name
                   : toQString(m_model->model().blocks[static_cast<std::size_t>(span.first)].name);
    case FormColumn:
        return formOf(span);
    case LocalColumn: {
        const QVariant snr = snrOf(span);
        if (!snr.isValid()) return {};
        return std::isinf(snr.toDouble()) ? tr("exact") : tr("%1 dB").arg(snr.toDouble(), 0, 'f', 0);
    }
    default:
        return {};
    }
}

QVariant BlockTreeModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const int block = blockOf(index);
    switch (role) {
    case Qt::DisplayRole:
        return display(index);
    case Qt::ToolTipRole:
        return block >= 0 ? QVariant(tooltipOf(block)) : QVariant();
    case Qt::TextAlignmentRole:
        return index.column() == LocalColumn
                   ? QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter))
                   : QVariant();
    case ToneRole:
        return index.column() == LocalColumn ? static_cast<int>(toneOfSpan(spanOf(index))) : QVariant();
    case BlockRole:
        return block;
    case SnrRole:
        return snrOf(spanOf(index));
    case FormRole:
        return formOf(spanOf(index));
    default:
        return {};
    }
}

QVariant BlockTreeModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::ToolTipRole && section == LocalColumn)
        return tr("Signal to difference of the two forms on the same input, in float32: more is closer");
    if (role != Qt::DisplayRole) return {};
    switch (section) {
    case NameColumn:
        return tr("Block");
    case FormColumn:
        return tr("Form");
    case LocalColumn:
        return tr("Agreement");
    default:
        return {};
    }
}

} // namespace rp::ui
