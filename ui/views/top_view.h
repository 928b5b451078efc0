// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QWidget>

class QLabel;
class QTableView;

namespace rp::ui {

class Document;
class TopModel;

/// Best classes of the three phases side by side.
class TopView : public QWidget {
    Q_OBJECT

public:
    explicit TopView(Document& document, QWidget* parent = nullptr);
    TopModel& model() { return *m_model; }

private:
    void showTitle();

    Document& m_document;
    TopModel* m_model;
    QLabel* m_title;
    QTableView* m_table;
};

} // namespace rp::ui
