// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>

#include <vector>

class QDockWidget;
class QMainWindow;
class QMenu;
class QSettings;
class QWidget;

namespace rp::ui {

/// The panes around the centre, where they stand at first, and what the user made of that last time.
class WindowDocks : public QObject {
    Q_OBJECT

public:
    /// Raised when panes are added or renamed: an older layout is then left aside.
    static constexpr int kVersion = 1;

    /// Without `settings` nothing is remembered.
    WindowDocks(QMainWindow& window, QSettings* settings);

    /// `share` is the part of the area's length that the pane takes at first.
    QDockWidget* add(const QString& name, const QString& title, Qt::DockWidgetArea area, int share,
                     QWidget* content, bool isShown = true);
    void addToggles(QMenu* menu) const; ///< one entry per pane

    void restoreGeometry(); ///< of the window; before it is shown
    void restore();         ///< the panes as they were, or as `arrange` puts them
    void save() const;
    void arrange(); ///< as they are at first

private:
    struct Pane {
        QDockWidget* dock;
        Qt::DockWidgetArea area;
        int share;
        bool isShown;
    };

    QMainWindow& m_window;
    QSettings* m_settings;
    std::vector<Pane> m_panes;
};

} // namespace rp::ui
