// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/views/layouts.h"

#include <QObject>

#include <map>
#include <vector>

class QDockWidget;
class QMainWindow;
class QMenu;
class QSettings;
class QWidget;

namespace rp::ui {

/// The panes around the centre: where they stand in each layout at first, and what the user made of that.
class WindowDocks : public QObject {
    Q_OBJECT

public:
    /// Raised when panes are added or renamed: an older layout is then left aside.
    static constexpr int kVersion = 2;

    /// Without `settings` nothing is remembered.
    WindowDocks(QMainWindow& window, QSettings* settings);

    /// Where it stands, and whether it is seen, is what `layoutSpec` says.
    QDockWidget* add(const QString& name, const QString& title, QWidget* content);
    void addToggles(QMenu* menu) const; ///< one entry per pane

    LayoutId layout() const { return m_layout; }
    /// Leaves the current layout as it stands, to come back to it.
    void setLayout(LayoutId layout);
    /// What is remembered of a layout beside its panes.
    void takeFrom(WindowDocks& other); ///< of a window with the same panes
    void setTab(const QString& tab) { m_tabs[m_layout] = tab; }

    void restoreGeometry(); ///< of the window; before it is shown
    void restore();         ///< the panes as they were, or as `arrange` puts them
    void save();
    void arrange(); ///< as they are in this layout at first

signals:
    /// `tab` is the one in the centre that goes with it.
    void layoutChanged(rp::ui::LayoutId layout, const QString& tab);

private:
    void show(LayoutId layout);
    QDockWidget* find(const QString& name) const;

    QMainWindow& m_window;
    QSettings* m_settings;
    std::vector<QDockWidget*> m_panes;
    LayoutId m_layout = LayoutId::inspect;
    std::map<LayoutId, QByteArray> m_states; ///< of those left or remembered
    std::map<LayoutId, QString> m_tabs;
};

} // namespace rp::ui
