// SPDX-License-Identifier: Apache-2.0
#include "ui/views/action_set.h"

#include <QMainWindow>
#include <QMenuBar>

namespace rp::ui {

ActionSet::ActionSet(QMainWindow& window) : QObject(&window) {
    for (const ActionSpec& spec : actionSpecs()) {
        QMenu*& menu = m_menus[spec.menu];
        if (!menu) menu = window.menuBar()->addMenu(menuTitle(spec.menu));
        if (spec.startsGroup) menu->addSeparator();
        QAction* action = menu->addAction(spec.text);
        if (!spec.keys.isEmpty()) action->setShortcuts(QKeySequence::listFromString(spec.keys));
        action->setStatusTip(spec.does);
        QString tip = spec.does;
        if (!action->shortcut().isEmpty())
            tip += QStringLiteral(" (%1)").arg(action->shortcut().toString(QKeySequence::NativeText));
        action->setToolTip(tip);
        m_actions[spec.id] = action;
    }
}

std::vector<ActionId> ActionSet::unhandled() const {
    std::vector<ActionId> ids;
    for (const auto& [id, action] : m_actions)
        if (!m_handled.contains(id)) ids.push_back(id);
    return ids;
}

} // namespace rp::ui
