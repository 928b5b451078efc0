// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QWidget>

class QLabel;
class QSpinBox;
class QSplitter;
class QTableView;

namespace rp::ui {

class ComparisonProbe;
class Document;
class KernelGrid;
class TextTable;

/// The second model beside the first, paired block by block: how far their kernels are apart, why, and both kernels
/// with their difference.
class CompareView : public QWidget {
    Q_OBJECT

public:
    explicit CompareView(Document& document, QWidget* parent = nullptr);
    ComparisonProbe& probe() { return *m_probe; }
    QTableView* pairs() { return m_table; }
    QLabel* headline() { return m_headline; }

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    QWidget* buildKernels();
    void showComparison();
    void showSelection();
    void showKernels();
    void showSlices();
    void chooseRow(int row);
    QString describe() const;
    QString causeOf(const QString& block) const;

    Document& m_document;
    ComparisonProbe* m_probe;
    QLabel *m_headline, *m_message, *m_kernelMessage;
    QSplitter* m_content;
    TextTable* m_rows;
    QTableView* m_table;
    QSpinBox *m_output, *m_input;
    KernelGrid *m_a, *m_b, *m_difference;
};

} // namespace rp::ui
