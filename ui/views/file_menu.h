// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>

class QSettings;
class QWidget;

namespace rp::ui {

class ActionSet;
class Document;
class RecentMenu;

/// Everything that opens a file: dialogs, what comes with the program, and what was open before.
class FileMenu : public QObject {
    Q_OBJECT

public:
    FileMenu(Document& document, ActionSet& actions, QSettings* settings, QWidget* window);

private:
    void addBundled(ActionSet& actions);
    void addRecent(ActionSet& actions, QSettings* settings);
    void keepThumbnails();

    Document& m_document;
    QWidget* m_window;
    RecentMenu *m_models = nullptr, *m_pictures = nullptr;
};

} // namespace rp::ui
