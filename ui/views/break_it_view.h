// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/presenters/break_it.h"
#include "ui/views/map_view_state.h"

#include <QWidget>

class QButtonGroup;
class QComboBox;
class QLabel;
class QPushButton;

#include <utility>

namespace rp::ui {

class MapPane;
class TextTable;

/// Choose a fault, say what it will do, see what it does and whether the diagnosis recognises it.
class BreakItView : public QWidget {
    Q_OBJECT

public:
    explicit BreakItView(Document& document, QWidget* parent = nullptr);
    BreakIt& breakIt() { return m_breakIt; }
    /// False: this block has no such fault (yet: they are sought when a block is selected).
    bool chooseFault(const QString& code);
    void predict(const Prediction& prediction);
    void reveal();
    QString judgement() const; ///< of the prediction, as it is shown

private:
    QWidget* buildQuestions();
    QWidget* buildAnswers();
    void showFaults();
    void showVariants();
    void showOutcome();
    int chosenFault() const;

    Document& m_document;
    BreakIt m_breakIt;
    MapViewState m_state;
    QComboBox *m_kind, *m_variant;
    QButtonGroup *m_reach, *m_size;
    QPushButton *m_reveal, *m_undo;
    QLabel *m_message, *m_judgement, *m_said, *m_remedy;
    MapPane* m_map;
    TextTable* m_ranked;
    QWidget* m_answers;
    std::pair<int, int> m_predicted; ///< reach and size, as they were chosen when the outcome was revealed
};

} // namespace rp::ui
