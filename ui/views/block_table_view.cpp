// SPDX-License-Identifier: Apache-2.0
#include "ui/views/block_table_view.h"

#include "ui/models/block_table_model.h"
#include "ui/models/roles.h"
#include "ui/presenters/display_text.h"
#include "ui/presenters/document.h"
#include "ui/views/delegates.h"
#include "ui/views/filter_field.h"
#include "ui/views/theme.h"

#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPainter>
#include <QSlider>
#include <QTreeView>
#include <QScopedValueRollback>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace rp::ui {
namespace {

constexpr int kSteps = 200; ///< of the slider

/// Flagged rows stand on the colour of a warning.
class FlagDelegate : public ToneDelegate {
public:
    using ToneDelegate::ToneDelegate;

protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override {
        ToneDelegate::initStyleOption(option, index);
        if (!index.siblingAtColumn(0).data(BlockTableModel::FlaggedRole).toBool()) return;
        QColor colour = toneColour(Tone::warn, option->palette);
        colour.setAlphaF(0.22F);
        option->backgroundBrush = colour;
    }
};

} // namespace

BlockTableView::BlockTableView(Document& document, QWidget* parent)
    : QWidget(parent), m_document(document), m_model(new BlockTableModel(this)), m_proxy(new BlockTableProxy(*m_model, this)),
      m_filter(new FilterField(this)), m_figure(new QComboBox(this)), m_threshold(new QSlider(Qt::Horizontal, this)),
      m_summary(new QLabel(this)), m_message(new QLabel(this)), m_table(new QTreeView(this)) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(4, 4, 4, 4);
    auto* controls = new QHBoxLayout;
    buildControls(controls);
    layout->addLayout(controls);
    m_message->setAlignment(Qt::AlignCenter);
    layout->addWidget(m_message, 1);
    layout->addWidget(m_table, 1);
    buildTable();
    connect(m_filter, &FilterField::filterChanged, this, &BlockTableView::applyFilter);
    connect(m_figure, &QComboBox::currentIndexChanged, this, &BlockTableView::applyThreshold);
    connect(m_threshold, &QSlider::valueChanged, this, &BlockTableView::applyThreshold);
    connect(&document, &Document::modelChanged, this, &BlockTableView::showModel);
    connect(&document, &Document::reportChanged, this, &BlockTableView::showReport);
    connect(&document, &Document::blockChanged, this, &BlockTableView::showSelection);
    showModel();
}

void BlockTableView::buildControls(QLayout* into) {
    for (int i = 0; i < kBlockFigures; ++i) m_figure->addItem(figureName(static_cast<BlockFigure>(i)));
    m_threshold->setRange(0, kSteps);
    m_threshold->setMinimumWidth(120);
    m_threshold->setToolTip(tr("Rows whose figure is beyond it are coloured: below for the agreement, above for all else"));
    m_threshold->setAccessibleName(tr("Threshold"));
    auto* label = new QLabel(tr("&Flag"), this);
    label->setBuddy(m_figure);
    m_summary->setMinimumWidth(fontMetrics().horizontalAdvance(QStringLiteral("agreement < 0000 dB: 000 of 000")));
    const int height = m_filter->edit()->sizeHint().height(); // beside the line, also when an error stands below it
    for (QWidget* part : std::initializer_list<QWidget*>{label, m_figure, m_threshold, m_summary}) part->setFixedHeight(height);
    auto* row = static_cast<QHBoxLayout*>(into);
    row->addWidget(m_filter, 3);
    row->addSpacing(8);
    row->addWidget(label, 0, Qt::AlignTop);
    row->addWidget(m_figure, 0, Qt::AlignTop);
    row->addWidget(m_threshold, 1, Qt::AlignTop);
    row->addWidget(m_summary, 0, Qt::AlignTop);
}

void BlockTableView::buildTable() {
    m_table->setModel(m_proxy);
    m_table->setItemDelegate(new FlagDelegate(m_table));
    m_table->setUniformRowHeights(true);
    m_table->setAlternatingRowColors(true);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(BlockTableModel::Name, Qt::AscendingOrder);
    m_table->setAccessibleName(tr("Table of blocks"));
    m_table->header()->setStretchLastSection(false);
    m_table->header()->setHighlightSections(false);
    m_table->header()->setResizeContentsPrecision(100); // rows measured for a column's width
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex& current) {
        if (m_isFiltering) return; // the row left, the selection did not
        const QVariant block = current.data(BlockRole);
        if (block.isValid() && block.toInt() != m_document.block()) m_document.setBlock(block.toInt());
    });
}

void BlockTableView::showModel() {
    m_model->setModel(m_document.model());
    const bool hasBlocks = m_model->rowCount() > 0;
    m_message->setText(m_document.model() ? tr("The file holds no blocks.") : tr("Open a model to see its blocks."));
    m_message->setVisible(!hasBlocks);
    m_table->setVisible(hasBlocks);
    showReport();
    showSelection();
}

void BlockTableView::showReport() {
    const QScopedValueRollback filtering(m_isFiltering, true);
    m_model->setReport(m_document.report().get());
    applyFilter(); // a term may speak of what was measured only now
    applyThreshold();
    for (int column = 0; column < BlockTableModel::ColumnCount; ++column) {
        m_table->resizeColumnToContents(column);
        m_table->setColumnWidth(column, std::min(m_table->columnWidth(column) + 6, 260));
    }
}

void BlockTableView::showSelection() {
    const QModelIndex index = m_proxy->mapFromSource(m_model->indexOfBlock(m_document.block()));
    const QModelIndex current = m_table->currentIndex();
    if (!index.isValid() || current.data(BlockRole) == index.data(BlockRole)) return;
    m_table->setCurrentIndex(index);
    m_table->scrollTo(index);
}

void BlockTableView::applyFilter() {
    const QScopedValueRollback filtering(m_isFiltering, true);
    m_proxy->setFilter(m_filter->filter());
    applyThreshold();
    showSelection();
}

std::pair<double, double> BlockTableView::span() const {
    double low = HUGE_VAL, high = -HUGE_VAL;
    for (const BlockFacts& facts : m_model->facts()) {
        const std::optional<double> value = figureOf(facts, static_cast<BlockFigure>(m_figure->currentIndex()));
        if (!value || !(*value > 0) || std::isinf(*value)) continue;
        low = std::min(low, std::log10(*value));
        high = std::max(high, std::log10(*value));
    }
    return {low, high};
}

/// The slider runs over what the blocks have; at the end where nothing is beyond it, nothing is flagged.
void BlockTableView::applyThreshold() {
    const auto figure = static_cast<BlockFigure>(m_figure->currentIndex());
    const auto [low, high] = span();
    const int shown = m_proxy->rowCount(), all = m_model->rowCount();
    const QString blocks = shown == all ? tr("%1 blocks").arg(all) : tr("%1 of %2 blocks").arg(shown).arg(all);
    m_threshold->setEnabled(low <= high);
    if (!(low <= high) || m_threshold->value() == 0) {
        m_model->setThreshold(figure, std::nullopt);
        m_summary->setText(blocks);
        return;
    }
    const double share = m_threshold->value() / static_cast<double>(kSteps);
    const bool isLow = isWorseWhenSmall(figure);
    const double margin = 0.01 * std::max(high - low, 0.1); // the last step reaches every block
    const double place = isLow ? low + share * (high - low + margin) : high - share * (high - low + margin);
    const double threshold = std::pow(10.0, place);
    m_model->setThreshold(figure, threshold);
    m_summary->setText(tr("%1 %2: %3 of %4")
                           .arg(isLow ? QStringLiteral("<") : QStringLiteral(">"), figureText(figure, threshold))
                           .arg(m_model->flaggedCount())
                           .arg(all));
}

} // namespace rp::ui
