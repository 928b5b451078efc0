// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/views/palette_entries.h"

#include <QFrame>
#include <QPointer>

class QLabel;
class QLineEdit;
class QListView;

namespace rp::ui {

class PaletteModel;

/// Over the top of its window: a line to type in and what answers it, best first. Enter or a click runs, Esc or
/// leaving it closes; the keyboard focus goes back to where it was.
class CommandPalette : public QFrame {
    Q_OBJECT

public:
    using Collect = std::function<std::vector<PaletteEntry>()>;

    /// `collect` is asked every time it opens.
    CommandPalette(Collect collect, QWidget& window);

    void open();
    void close();
    QLineEdit* line() { return m_line; }
    QListView* list() { return m_list; }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    bool keyPressed(int key);
    void rank(const QString& query);
    void step(int by);
    void tellCurrent();
    void runCurrent();
    void place();

    Collect m_collect;
    QWidget& m_window;
    QLineEdit* m_line;
    QListView* m_list;
    QLabel* m_hint; ///< what the current entry does, or that nothing matches
    PaletteModel* m_model;
    QPointer<QWidget> m_focusBefore;
};

} // namespace rp::ui
