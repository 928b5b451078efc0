// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>
#include <QString>

#include <functional>

class QDockWidget;
class QMainWindow;
class QMenu;
class QPoint;
class QWidget;

namespace rp::ui {

class ActionSet;
class Document;

/// What leaves the window: every pane as a picture or table, arrays, and command lines. A file that cannot be written
/// becomes a row of the problems.
class ExportMenu : public QObject {
    Q_OBJECT

public:
    ExportMenu(Document& document, ActionSet& actions, QMainWindow& window);

    // To a named file; false when it could not be written.
    bool savePane(const QString& path);  ///< the selected tab, .png, .svg or .pdf
    bool saveDepth(const QString& path); ///< the plot along the depth, likewise
    bool savePicture(QWidget& pane, const QString& path);
    bool saveTable(QWidget& pane, QWidget* target, const QString& path); ///< as `tableOf` finds it, .csv
    /// float32 when nothing is lost by it, else float64
    bool saveTensor(QWidget& source, const QString& path);
    bool saveBlocks(const QString& path);
    bool saveTop(const QString& path);
    bool saveDetails(const QString& path); ///< the table of the selected details tab
    bool saveMap(const QString& path);     ///< the chosen map, in the engine's precision
    bool saveKernel(const QString& path);  ///< the block's fused kernel, as it is stored
    void copyPane() const;
    void copyTable(QWidget& pane, QWidget* target = nullptr) const;

    /// From now on the pane's context menu copies and saves its picture and the table and array under the mouse, and shows
    /// charts as tables. A dock gets a submenu of the window's Export menu as well.
    void offer(QWidget& pane);

private:
    void ask(const QString& title, const QString& name, const QString& filter,
             const std::function<bool(const QString&)>& save);
    void askPicture(QWidget& pane, const QString& name);
    void askTable(QWidget& pane, QWidget* target, const QString& name);
    void fill(QMenu& menu, QWidget& pane, QWidget* target);
    void wireCommands(ActionSet& actions);
    void say(const QString& text) const;
    bool attempt(const std::function<void()>& write);
    QWidget* pane() const;
    QString nameOf(const QString& what) const;

    Document& m_document;
    QMainWindow& m_window;
    QMenu* m_menu;
};

} // namespace rp::ui
