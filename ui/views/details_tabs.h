// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QTabWidget>

class QAbstractItemModel;
class QTableView;

namespace rp::ui {

class Document;
class TextTable;

/// The text behind the pictures: five answers, problems, dispatch trace, the chosen map, assumptions.
class DetailsTabs : public QTabWidget {
    Q_OBJECT

public:
    explicit DetailsTabs(Document& document, QWidget* parent = nullptr);
    QTableView* problems() { return m_problemTable; }
    QTableView* mapTable() { return m_mapTable; }
    void showMapTab(); ///< the figures of the chosen map
    QAbstractItemModel* currentTable() const; ///< what the selected tab shows

private:
    QTableView* addTable(TextTable* model, const QString& title, const QString& tip);
    void showReport();
    void showProblems();
    void showTrace();
    void showMap();
    void goToBlockOf(const QModelIndex& index);

    Document& m_document;
    TextTable *m_answers, *m_problems, *m_trace, *m_map;
    QTableView *m_problemTable, *m_traceTable, *m_mapTable;
    std::size_t m_problemCount = 0;
};

} // namespace rp::ui
