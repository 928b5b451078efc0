// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/jobs/snapshots.h"

#include <QWidget>

class QComboBox;
class QHBoxLayout;
class QLabel;
class QSpinBox;
class QTableView;

namespace rp::ui {

class Document;
class KernelGrid;
class TextTable;

/// How the selected block's kernel comes about: each branch's kernel embedded in the common window, their
/// sum, and the log of rules. Shows the slice [o, i]; a step of the log shows its own result beside the sum.
class KernelView : public QWidget {
    Q_OBJECT

public:
    explicit KernelView(Document& document, QWidget* parent = nullptr);
    const std::vector<KernelGrid*>& grids() const { return m_grids; }
    QComboBox* content() { return m_content; }

private:
    void buildControls(QLayout* into);
    void buildSteps();
    void showDerivation();
    void showSlices();
    bool showsNorms() const;
    void limitIndices();
    QString headline() const;
    void arrangeGrids(std::size_t count);

    Document& m_document;
    QSpinBox *m_output, *m_input;
    QComboBox* m_content; ///< one slice, or the norm by position over all channels
    QLabel *m_headline, *m_message;
    QWidget* m_row;
    QHBoxLayout* m_rowLayout;
    std::vector<KernelGrid*> m_grids;
    std::vector<QLabel*> m_signs; ///< "+" and "=" between the grids
    TextTable* m_steps;
    QTableView* m_stepTable;
};

} // namespace rp::ui
