// SPDX-License-Identifier: Apache-2.0
#include "ui/views/block_tree_view.h"

#include "ui/models/block_tree_model.h"
#include "ui/models/roles.h"
#include "ui/presenters/display_text.h"
#include "ui/presenters/document.h"
#include "ui/views/delegates.h"
#include "ui/views/filter_field.h"

#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QSortFilterProxyModel>
#include <QTreeView>
#include <QScopedValueRollback>
#include <QVBoxLayout>

namespace rp::ui {

/// Blocks by a filter; a stage stays as long as one of its blocks does.
class BlockTreeProxy : public QSortFilterProxyModel {
public:
    explicit BlockTreeProxy(QObject* parent) : QSortFilterProxyModel(parent) { setRecursiveFilteringEnabled(true); }
    void setFacts(std::vector<BlockFacts> facts) {
        m_facts = std::move(facts);
        invalidateFilter();
    }
    void setFilter(BlockFilter filter) {
        m_filter = std::move(filter);
        invalidateFilter();
    }

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override {
        const int block = sourceModel()->index(row, 0, parent).data(BlockRole).toInt();
        return block >= 0 && static_cast<std::size_t>(block) < m_facts.size() && m_filter.accepts(m_facts[static_cast<std::size_t>(block)]);
    }

private:
    std::vector<BlockFacts> m_facts;
    BlockFilter m_filter;
};

BlockTreeView::BlockTreeView(Document& document, QWidget* parent)
    : QWidget(parent), m_document(document), m_model(new BlockTreeModel(this)),
      m_proxy(new BlockTreeProxy(this)), m_headline(new QLabel(this)), m_filter(new FilterField(this)),
      m_tree(new QTreeView(this)) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(m_headline);
    layout->addWidget(m_filter);
    layout->addWidget(m_tree, 1);
    m_headline->setWordWrap(true);
    m_headline->setTextFormat(Qt::PlainText);
    m_proxy->setSourceModel(m_model);
    m_tree->setModel(m_proxy);
    m_tree->setItemDelegate(new ToneDelegate(m_tree));
    m_tree->setUniformRowHeights(true);
    m_tree->setTextElideMode(Qt::ElideMiddle);
    m_tree->setAccessibleName(tr("Blocks"));
    m_tree->header()->setStretchLastSection(false);
    m_tree->header()->setSectionResizeMode(BlockTreeModel::NameColumn, QHeaderView::Stretch);
    m_tree->header()->setSectionResizeMode(BlockTreeModel::FormColumn, QHeaderView::ResizeToContents);
    m_tree->header()->setSectionResizeMode(BlockTreeModel::LocalColumn, QHeaderView::ResizeToContents);
    connect(m_filter, &FilterField::filterChanged, this, [this] {
        {
            const QScopedValueRollback filtering(m_isFiltering, true);
            m_proxy->setFilter(m_filter->filter());
        }
        m_tree->expandAll();
        showSelection();
    });
    connect(m_tree->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex& current) {
                if (m_isFiltering) return; // the row left, the selection did not
                // Following the document is no choice of the user's.
                const QVariant block = current.data(BlockRole);
                if (block.isValid() && block.toInt() != m_document.block())
                    m_document.setBlock(block.toInt());
            });
    connect(&document, &Document::modelChanged, this, &BlockTreeView::showModel);
    connect(&document, &Document::blockChanged, this, &BlockTreeView::showSelection);
    connect(&document, &Document::reportChanged, this, &BlockTreeView::showReport);
    showModel();
}

QString BlockTreeView::headline() const {
    if (!m_document.model()) return tr("No model");
    const Model& model = m_document.model()->model();
    const auto blocks = static_cast<int>(model.blocks.size());
    QString text = model.variant.empty() ? toQString(model.family) : toQString(model.variant);
    text += QLatin1Char('\n');
    text += tr("%1 form, %2 keys, blocks: %3")
                .arg(toQString(toString(model.form)), toQString(model.layout))
                .arg(blocks);
    for (const QString& line : costLines(m_document.model()->cost))
        text += QLatin1Char('\n') + line;
    return text;
}

QLineEdit* BlockTreeView::filter() {
    return m_filter->edit();
}

/// What a filter asks may have been measured only now.
void BlockTreeView::showReport() {
    const QScopedValueRollback filtering(m_isFiltering, true);
    m_model->setReport(m_document.report());
    const LoadedModelPtr& model = m_document.model();
    m_proxy->setFacts(model ? factsOf(*model, m_document.report().get()) : std::vector<BlockFacts>());
    m_tree->expandAll();
    showSelection();
}

void BlockTreeView::showModel() {
    m_model->setModel(m_document.model());
    m_headline->setText(headline());
    showReport();
}

void BlockTreeView::showSelection() {
    const QModelIndex index = m_proxy->mapFromSource(m_model->indexOfBlock(m_document.block()));
    if (!index.isValid() || index == m_tree->currentIndex()) return;
    m_tree->setCurrentIndex(index);
    m_tree->scrollTo(index);
}

} // namespace rp::ui
