// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/presenters/session_file.h"

class QSettings;

namespace rp::ui {

class ActionSet;
class MainWindow;

/// Saves what the window shows as a session, and brings it back: what needs the model waits for it.
class SessionMenu : public QObject {
    Q_OBJECT

public:
    /// The last session is kept in `settings`; without, there is none to reopen.
    SessionMenu(Document& document, ActionSet& actions, QSettings* settings, MainWindow& window);

    SessionState state() const;
    /// Files that are not there change nothing and are named among the problems; then false.
    bool apply(const SessionState& state);
    bool open(const QString& path); ///< likewise for a damaged session
    bool save(const QString& path);
    void keepLast();

private:
    bool attempt(const std::function<void()>& act);
    void select();
    void finish();

    Document& m_document;
    QSettings* m_settings;
    MainWindow& m_window;
    std::optional<SessionState> m_waiting; ///< what is still to be selected
};

} // namespace rp::ui
