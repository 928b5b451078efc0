// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QWidget>

class QCheckBox;
class QComboBox;
class QLabel;
class QSplitter;

namespace rp::ui {

class AnatomyProbe;
class BranchBars;
class Document;
class PositionNorms;
class SpreadPlot;

/// What the branches of the selected block hold, by output channel; where in the window it lies, across the network; and
/// how its weights are spread.
class AnatomyView : public QWidget {
    Q_OBJECT

public:
    explicit AnatomyView(Document& document, QWidget* parent = nullptr);
    BranchBars& bars() { return *m_bars; }
    PositionNorms& norms() { return *m_norms; }
    SpreadPlot& spread() { return *m_spread; }
    QComboBox* order() { return m_order; }
    QComboBox* kernel() { return m_kernel; }
    QLabel* spreadText() { return m_spreadText; }

signals:
    void channelClicked(int channel);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    QWidget* buildBars();
    QWidget* buildSide();
    void showAnatomy();
    void fillChoices();
    void showBars();
    void showSpread();
    void showNorms();

    Document& m_document;
    AnatomyProbe* m_probe;
    QLabel *m_message, *m_spreadText, *m_normsText;
    QSplitter* m_content;
    QComboBox *m_order, *m_kernel;
    QCheckBox* m_shares;
    BranchBars* m_bars;
    PositionNorms* m_norms;
    SpreadPlot* m_spread;
};

} // namespace rp::ui
