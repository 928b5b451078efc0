// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/fusion/explain.h"
#include "ui/presenters/step_player.h"
#include "ui/views/kernel_grid.h"

#include <QWidget>

class QHBoxLayout;
class QLabel;
class QListWidget;
class QSlider;
class QSpinBox;
class QToolButton;

namespace rp::ui {

class Document;

/// The derivation of the selected block's kernel, one step of the engine's own log at a time: what the step took, the rule,
/// what came out, and for the cell that is pointed at the products that add up to it.
class DerivationView : public QWidget {
    Q_OBJECT

public:
    explicit DerivationView(Document& document, QWidget* parent = nullptr);
    StepPlayer& player() { return m_player; }
    void setChannels(int output, int input);
    void pointAt(const fusion::Cell& cell); ///< `o` and `i` are those that are shown
    const std::vector<KernelGrid*>& operandGrids() const { return m_operands; }
    KernelGrid* resultGrid() { return m_result; }
    QString explanation() const { return m_plain; } ///< of the cell that is pointed at

protected:
    void changeEvent(QEvent* event) override;

private:
    QWidget* buildSteps();
    QWidget* buildControls();
    QWidget* buildStage();
    void showDerivation();
    void showStep();
    void showGrids(const fusion::Step& step);
    void showCell();
    void showPlaying();
    KernelGrid::Slice operandSlice(const fusion::Step& step, std::size_t operand) const;
    std::vector<KernelGrid::Spot> marksIn(const fusion::Step& step, std::size_t operand, const fusion::Explanation& e) const;
    const fusion::Step* current() const;
    QString emptyText() const;

    Document& m_document;
    StepPlayer m_player;
    fusion::Cell m_cell{false, 0, 0, 1, 1}; ///< y and x; the channels are the spin boxes'
    QString m_plain;
    QWidget* m_content;
    QListWidget* m_list;
    QLabel *m_message, *m_title, *m_formula, *m_position, *m_cellText;
    QToolButton *m_play, *m_back, *m_forward;
    QSlider* m_slider;
    QSpinBox *m_output, *m_input, *m_middle;
    QLabel* m_middleLabel;
    QHBoxLayout* m_row;
    std::vector<KernelGrid*> m_operands;
    std::vector<QLabel*> m_signs;
    QLabel* m_arrow;
    KernelGrid* m_result;
};

} // namespace rp::ui
