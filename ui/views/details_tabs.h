// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QTabWidget>

class QAbstractItemModel;
class QTableView;

namespace rp::ui {

class Document;
class TextTable;

/// The text behind the pictures: five answers, problems, dispatch trace, assumptions.
class DetailsTabs : public QTabWidget {
    Q_OBJECT

public:
    explicit DetailsTabs(Document& document, QWidget* parent = nullptr);
    QTableView* problems() { return m_problemTable; }
    QAbstractItemModel* currentTable() const; ///< what the selected tab shows

private:
    QTableView* addTable(TextTable* model, const QString& title, const QString& tip);
    void showReport();
    void showProblems();
    void showTrace();
    void goToBlockOf(const QModelIndex& index);

    Document& m_document;
    TextTable *m_answers, *m_problems, *m_trace;
    QTableView *m_problemTable, *m_traceTable;
    std::size_t m_problemCount = 0;
};

} // namespace rp::ui
