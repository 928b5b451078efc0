// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QMainWindow>

class QLabel;
class QSettings;
class QTabWidget;

namespace rp::ui {

class ActionSet;
class ActivationsView;
class Document;
class SessionMenu;
class PresenterMode;
class WindowDocks;

/// Wires the views; holds no state of its own beside the layout.
class MainWindow : public QMainWindow {
    Q_OBJECT

public:
    /// Layout and recent files are kept in `settings`, which must outlive the window; without, nothing is.
    explicit MainWindow(Document& document, QSettings* settings = nullptr, QWidget* parent = nullptr);
    ActionSet& actionSet() { return *m_actions; }
    SessionMenu& sessions() { return *m_sessions; }
    QStringList tabNames() const; ///< "diagram", "activations" …
    /// Layout and tab by name, each empty to leave it as it is. False: there is no such tab. The window must be shown.
    bool arrange(const QString& layout, const QString& tab);
    /// Size, place, layouts and tab of a window that goes; shows this one.
    void takePlaceOf(MainWindow& old);

signals:
    void languageWanted(const QString& code);

protected:
    void showEvent(QShowEvent* event) override;
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void buildBars();
    QWidget* buildCentre();
    /// `name` is what layouts and sessions call the tab.
    int addTab(const char* name, const QString& title, QWidget* content);
    void showTab(QWidget& page); ///< also one that the layout does not offer
    void buildDocks();
    void buildLessons();
    void wireActions();
    void wireUndo();
    void wireNavigation();
    void wirePixel();
    void watchFiles();
    void showTitle();
    void showBlock();

    Document& m_document;
    ActionSet* m_actions;
    WindowDocks* m_docks;
    QTabWidget* m_tabs;
    QLabel *m_blockHeadline, *m_inputLabel;
    ActivationsView* m_activations = nullptr;
    PresenterMode* m_presenter = nullptr;
    SessionMenu* m_sessions;
    bool m_isArranged = false;
};

} // namespace rp::ui
