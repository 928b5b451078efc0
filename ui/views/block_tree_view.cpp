// SPDX-License-Identifier: Apache-2.0
#include "ui/views/block_tree_view.h"

#include "ui/models/block_tree_model.h"
#include "ui/models/roles.h"
#include "ui/presenters/display_text.h"
#include "ui/presenters/document.h"
#include "ui/views/delegates.h"

#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QSortFilterProxyModel>
#include <QTreeView>
#include <QVBoxLayout>

namespace rp::ui {

BlockTreeView::BlockTreeView(Document& document, QWidget* parent)
    : QWidget(parent), m_document(document), m_model(new BlockTreeModel(this)),
      m_proxy(new QSortFilterProxyModel(this)), m_headline(new QLabel(this)), m_filter(new QLineEdit(this)),
      m_tree(new QTreeView(this)) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(m_headline);
    layout->addWidget(m_filter);
    layout->addWidget(m_tree, 1);
    m_headline->setWordWrap(true);
    m_headline->setTextFormat(Qt::PlainText);
    m_filter->setPlaceholderText(tr("Filter blocks"));
    m_filter->setClearButtonEnabled(true);
    m_proxy->setSourceModel(m_model);
    m_proxy->setFilterRole(SearchRole);
    m_proxy->setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_proxy->setRecursiveFilteringEnabled(true);
    m_proxy->setAutoAcceptChildRows(true);
    m_tree->setModel(m_proxy);
    m_tree->setItemDelegate(new ToneDelegate(m_tree));
    m_tree->setUniformRowHeights(true);
    m_tree->setTextElideMode(Qt::ElideMiddle);
    m_tree->setAccessibleName(tr("Blocks"));
    m_tree->header()->setStretchLastSection(false);
    m_tree->header()->setSectionResizeMode(BlockTreeModel::NameColumn, QHeaderView::Stretch);
    m_tree->header()->setSectionResizeMode(BlockTreeModel::FormColumn, QHeaderView::ResizeToContents);
    m_tree->header()->setSectionResizeMode(BlockTreeModel::LocalColumn, QHeaderView::ResizeToContents);
    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString& text) {
        m_proxy->setFilterFixedString(text);
        m_tree->expandAll();
        showSelection();
    });
    connect(m_tree->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex& current) {
                // Following the document is no choice of the user's.
                const QVariant block = current.data(BlockRole);
                if (block.isValid() && block.toInt() != m_document.block())
                    m_document.setBlock(block.toInt());
            });
    connect(&document, &Document::modelChanged, this, &BlockTreeView::showModel);
    connect(&document, &Document::blockChanged, this, &BlockTreeView::showSelection);
    connect(&document, &Document::reportChanged, this, [this] { m_model->setReport(m_document.report()); });
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

void BlockTreeView::showModel() {
    m_model->setModel(m_document.model());
    m_headline->setText(headline());
    m_tree->expandAll();
    showSelection();
}

void BlockTreeView::showSelection() {
    const QModelIndex index = m_proxy->mapFromSource(m_model->indexOfBlock(m_document.block()));
    if (!index.isValid() || index == m_tree->currentIndex()) return;
    m_tree->setCurrentIndex(index);
    m_tree->scrollTo(index);
}

} // namespace rp::ui
