// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>

#include <functional>

class QDockWidget;
class QMainWindow;

namespace rp::ui {

class ActionSet;
class Document;

/// What leaves the window: pictures of panes, tables, the selected feature map. A file that cannot be written
/// becomes a row of the problems.
class ExportMenu : public QObject {
    Q_OBJECT

public:
    ExportMenu(Document& document, ActionSet& actions, QMainWindow& window);

    // To a named file; false when it could not be written.
    bool savePane(const QString& path);  ///< the selected tab, .png or .svg
    bool saveDepth(const QString& path); ///< the plot along the depth, .png or .svg
    bool saveBlocks(const QString& path);
    bool saveTop(const QString& path);
    bool saveDetails(const QString& path); ///< the table of the selected details tab
    bool saveMap(const QString& path);     ///< the chosen map, in the engine's precision
    bool saveKernel(const QString& path);  ///< the block's fused kernel, as it is stored
    void copyPane() const;

    /// Copying and saving its pane in the context menu of a dock.
    void offer(QDockWidget& dock);

private:
    void ask(const QString& title, const QString& name, const QString& filter,
             const std::function<bool(const QString&)>& save);
    bool saveWidget(QWidget& widget, const QString& path);
    bool attempt(const std::function<void()>& write);
    QWidget* pane() const;
    QString nameOf(const QString& what) const;

    Document& m_document;
    QMainWindow& m_window;
};

} // namespace rp::ui
