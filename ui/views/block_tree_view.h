// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QWidget>

class QLabel;
class QLineEdit;
class QTreeView;

namespace rp::ui {

class BlockTreeModel;
class BlockTreeProxy;
class Document;
class FilterField;

/// What the file holds, block by block, with a filter.
class BlockTreeView : public QWidget {
    Q_OBJECT

public:
    explicit BlockTreeView(Document& document, QWidget* parent = nullptr);
    QLineEdit* filter();
    QTreeView* tree() { return m_tree; }

private:
    void showModel();
    void showReport();
    void showSelection();
    QString headline() const;

    Document& m_document;
    BlockTreeModel* m_model;
    BlockTreeProxy* m_proxy;
    QLabel* m_headline;
    FilterField* m_filter;
    QTreeView* m_tree;
    bool m_isFiltering = false; ///< rows come and go by themselves
};

} // namespace rp::ui
