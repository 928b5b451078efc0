// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QWidget>

class QLabel;
class QLineEdit;

namespace rp::ui {

class Document;
class TextTable;

/// What the file does not say, the value in force and who said so; and a line to say otherwise. What cannot
/// be understood is told beside the line, and nothing is read again.
class AssumptionsPane : public QWidget {
    Q_OBJECT

public:
    explicit AssumptionsPane(Document& document, QWidget* parent = nullptr);
    QLineEdit* line() { return m_line; }
    QString error() const;

private:
    QLayout* buildLine();
    void showRows();
    void showModel();
    void apply();
    void showError(const QString& text);

    Document& m_document;
    TextTable* m_rows;
    QLineEdit* m_line;
    QLabel* m_error;
    bool m_isApplied = false; ///< what was typed is being read; its error belongs here
};

} // namespace rp::ui
