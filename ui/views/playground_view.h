// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/presenters/playground.h"

#include <QWidget>

class QComboBox;
class QGridLayout;
class QLabel;
class QPushButton;

namespace rp::ui {

class KernelGrid;

/// The tiny example: numbers to change at the left, what becomes of them at the right.
class PlaygroundView : public QWidget {
    Q_OBJECT

public:
    explicit PlaygroundView(QWidget* parent = nullptr);
    ~PlaygroundView() override;
    Playground& playground() { return m_playground; }
    void setExample(const QString& name); ///< "repvgg", "chain"
    const std::vector<KernelGrid*>& fieldGrids() const { return m_grids; }
    QString message() const;

private:
    void build();
    void showResult();
    void enter(std::size_t field, int row, int column, const QString& text);

    Playground m_playground;
    QComboBox* m_example;
    QPushButton *m_undo, *m_redo;
    QLabel* m_message;
    QWidget* m_stage;
    QGridLayout* m_layout;
    std::vector<KernelGrid*> m_grids;   ///< by field
    std::vector<KernelGrid*> m_folded;  ///< by branch
    KernelGrid *m_fused = nullptr, *m_bias = nullptr, *m_branches = nullptr, *m_deploy = nullptr, *m_difference = nullptr;
};

} // namespace rp::ui
