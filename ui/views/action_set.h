// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/presenters/actions.h"

#include <QAction>

#include <map>
#include <set>

class QMainWindow;
class QMenu;

namespace rp::ui {

/// The actions of `actionSpecs` as QActions of a window, and its menus made of them.
class ActionSet : public QObject {
    Q_OBJECT

public:
    explicit ActionSet(QMainWindow& window);

    QAction* operator[](ActionId id) const { return m_actions.at(id); }
    QMenu* menu(MenuId id) const { return m_menus.at(id); }
    /// Says what an action does; once for each.
    template<class Function>
    void on(ActionId id, QObject* context, Function function) {
        connect(m_actions.at(id), &QAction::triggered, context, std::move(function));
        m_handled.insert(id);
    }
    std::vector<ActionId> unhandled() const;

private:
    std::map<ActionId, QAction*> m_actions;
    std::map<MenuId, QMenu*> m_menus;
    std::set<ActionId> m_handled;
};

} // namespace rp::ui
