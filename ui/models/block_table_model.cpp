// SPDX-License-Identifier: Apache-2.0
#include "ui/models/block_table_model.h"

#include "ui/models/roles.h"
#include "ui/presenters/display_text.h"
#include "ui/presenters/tone.h"

#include <algorithm>
#include <limits>

namespace rp::ui {
namespace {

constexpr quintptr kBlock = std::numeric_limits<quintptr>::max(); ///< internal id of blocks; a branch has its block's row

QString sizeText(Extent extent) {
    return extent.h > 0 ? QStringLiteral("%1x%2").arg(extent.h).arg(extent.w) : QString();
}

QString countOr(const std::optional<std::int64_t>& count) {
    return count ? countText(*count) : QString();
}

/// Both forms' figure; one where they agree.
QString fromTo(const QString& train, const QString& fused) {
    return train == fused ? train : QStringLiteral("%1 → %2").arg(train, fused);
}

} // namespace

void BlockTableModel::setModel(LoadedModelPtr model) {
    beginResetModel();
    m_model = std::move(model);
    m_facts = m_model ? factsOf(*m_model, nullptr) : std::vector<BlockFacts>();
    m_branches.clear();
    if (m_model) addBranches();
    endResetModel();
}

/// What each branch costs; nothing for a block of a single one.
void BlockTableModel::addBranches() {
    const std::vector<Block>& blocks = m_model->model().blocks;
    m_branches.resize(blocks.size());
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        if (!blocks[i].body) continue;
        const std::vector<ExprPtr> branches = branchesOf(blocks[i]);
        if (branches.size() < 2) continue;
        for (const ExprPtr& expr : branches) {
            Branch branch{toQString(expr->name), {}, 0, parametersOf(*expr)};
            if (const Conv* conv = widestConv(*expr)) {
                branch.kernel = sizeText({conv->weight.shape()[2], conv->weight.shape()[3]});
                branch.groups = conv->groups;
            }
            m_branches[i].push_back(std::move(branch));
        }
    }
}

void BlockTableModel::setReport(const verify::Report* report) {
    if (!m_model) return;
    m_facts = factsOf(*m_model, report);
    if (rowCount() > 0) emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

void BlockTableModel::setThreshold(BlockFigure figure, std::optional<double> threshold) {
    m_figure = figure;
    m_threshold = threshold;
    if (rowCount() > 0) emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1), {FlaggedRole, ToneRole});
}

bool BlockTableModel::isFlagged(const BlockFacts& facts) const {
    const std::optional<double> value = m_threshold ? figureOf(facts, m_figure) : std::nullopt;
    if (!value) return false;
    return isWorseWhenSmall(m_figure) ? *value < *m_threshold : *value > *m_threshold;
}

int BlockTableModel::flaggedCount() const {
    return static_cast<int>(std::ranges::count_if(m_facts, [this](const BlockFacts& facts) { return isFlagged(facts); }));
}

bool BlockTableModel::isBranch(const QModelIndex& index) {
    return index.isValid() && index.internalId() != kBlock;
}

QModelIndex BlockTableModel::indexOfBlock(int block) const {
    return block >= 0 && block < rowCount() ? index(block, 0) : QModelIndex();
}

QModelIndex BlockTableModel::index(int row, int column, const QModelIndex& parent) const {
    if (!hasIndex(row, column, parent)) return {};
    return createIndex(row, column, parent.isValid() ? static_cast<quintptr>(parent.row()) : kBlock);
}

QModelIndex BlockTableModel::parent(const QModelIndex& child) const {
    return isBranch(child) ? createIndex(static_cast<int>(child.internalId()), 0, kBlock) : QModelIndex();
}

int BlockTableModel::rowCount(const QModelIndex& parent) const {
    if (!parent.isValid()) return static_cast<int>(m_facts.size());
    if (isBranch(parent) || parent.column() != 0) return 0;
    return static_cast<int>(m_branches[static_cast<std::size_t>(parent.row())].size());
}

int BlockTableModel::columnCount(const QModelIndex&) const {
    return ColumnCount;
}

QString BlockTableModel::blockText(const BlockFacts& facts, int column) const {
    auto figure = [&facts](BlockFigure which) {
        const std::optional<double> value = figureOf(facts, which);
        return value ? figureText(which, *value) : QString();
    };
    switch (column) {
    case Name: return facts.name;
    case Family: return facts.family;
    case Form: return facts.form;
    case Kernel: return sizeText(facts.kernel);
    case Stride: return facts.stride.h > 0 ? QString::number(facts.stride.h) : QString();
    case Groups: return facts.groups > 0 ? QString::number(facts.groups) : QString();
    case Channels: return QStringLiteral("%1→%2").arg(facts.inChannels).arg(facts.outChannels);
    case Parameters: return fromTo(countText(facts.parameters), countText(facts.fusedParameters));
    case Macs: return fromTo(countOr(facts.macs), countOr(facts.fusedMacs));
    case Agreement: return figure(BlockFigure::snr);
    case Error: return figure(BlockFigure::error);
    case Cumulative: return figure(BlockFigure::cumulative);
    case Exactness: return facts.exactness;
    default: return {};
    }
}

QVariant BlockTableModel::sortKey(const BlockFacts& facts, int column) const {
    auto number = [](const std::optional<double>& value) { return value ? QVariant(*value) : QVariant(); };
    switch (column) {
    case Name: return facts.block; // in order of depth
    case Kernel: return static_cast<qlonglong>(facts.kernel.h * facts.kernel.w);
    case Stride: return static_cast<qlonglong>(facts.stride.h);
    case Groups: return static_cast<qlonglong>(facts.groups);
    case Channels: return static_cast<qlonglong>(facts.outChannels);
    case Parameters: return static_cast<qlonglong>(facts.parameters);
    case Macs: return number(figureOf(facts, BlockFigure::macs));
    case Agreement: return number(facts.snr);
    case Error: return number(facts.error);
    case Cumulative: return number(facts.cumulative);
    default: return blockText(facts, column);
    }
}

QString BlockTableModel::branchText(const Branch& branch, int column) const {
    switch (column) {
    case Name: return branch.name;
    case Kernel: return branch.kernel.isEmpty() ? tr("identity") : branch.kernel;
    case Groups: return branch.groups > 0 ? QString::number(branch.groups) : QString();
    case Parameters: return countText(branch.parameters);
    default: return {};
    }
}

QVariant BlockTableModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const int block = isBranch(index) ? static_cast<int>(index.internalId()) : index.row();
    const BlockFacts& facts = m_facts[static_cast<std::size_t>(block)];
    const bool isNumber = index.column() >= Kernel && index.column() <= Cumulative;
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole:
        return isBranch(index) ? branchText(m_branches[static_cast<std::size_t>(block)][static_cast<std::size_t>(index.row())], index.column())
                               : blockText(facts, index.column());
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(Qt::Alignment((isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    case BlockRole:
        return block;
    case SortRole:
        return isBranch(index) ? QVariant(index.row()) : sortKey(facts, index.column());
    case FlaggedRole:
        return !isBranch(index) && isFlagged(facts);
    case ToneRole: // the colour of a row is not all there is: a shape says it too
        return !isBranch(index) && index.column() == Name && isFlagged(facts) ? QVariant(static_cast<int>(Tone::warn)) : QVariant();
    default:
        return {};
    }
}

QVariant BlockTableModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    const QStringList titles{tr("Block"), tr("Family"), tr("Form"), tr("Kernel"), tr("Stride"), tr("Groups"), tr("Channels"),
                             tr("Parameters"), tr("MACs"), tr("Agreement"), tr("Local max |Δ|"), tr("Cumulative max |Δ|"), tr("Exact")};
    return titles.value(section);
}

BlockTableProxy::BlockTableProxy(BlockTableModel& source, QObject* parent) : QSortFilterProxyModel(parent), m_source(source) {
    setSourceModel(&source);
    setSortRole(BlockTableModel::SortRole);
    setSortLocaleAware(true);
}

void BlockTableProxy::setFilter(BlockFilter filter) {
    m_filter = std::move(filter);
    invalidateFilter();
}

bool BlockTableProxy::filterAcceptsRow(int row, const QModelIndex& parent) const {
    return parent.isValid() || m_filter.accepts(m_source.facts()[static_cast<std::size_t>(row)]);
}

bool BlockTableProxy::lessThan(const QModelIndex& left, const QModelIndex& right) const {
    if (left.parent().isValid()) return (left.row() < right.row()) == (sortOrder() == Qt::AscendingOrder);
    const QVariant a = left.data(sortRole()), b = right.data(sortRole());
    // What was not measured stands last in both directions.
    if (!a.isValid() || !b.isValid()) return a.isValid() != b.isValid() && a.isValid() == (sortOrder() == Qt::AscendingOrder);
    return QSortFilterProxyModel::lessThan(left, right);
}

} // namespace rp::ui
