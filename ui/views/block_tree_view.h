// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QWidget>

class QLabel;
class QLineEdit;
class QSortFilterProxyModel;
class QTreeView;

namespace rp::ui {

class BlockTreeModel;
class Document;

/// What the file holds, block by block, with a filter.
class BlockTreeView : public QWidget {
    Q_OBJECT

public:
    explicit BlockTreeView(Document& document, QWidget* parent = nullptr);
    QLineEdit* filter() { return m_filter; }
    QTreeView* tree() { return m_tree; }

private:
    void showModel();
    void showSelection();
    QString headline() const;

    Document& m_document;
    BlockTreeModel* m_model;
    QSortFilterProxyModel* m_proxy;
    QLabel* m_headline;
    QLineEdit* m_filter;
    QTreeView* m_tree;
};

} // namespace rp::ui
