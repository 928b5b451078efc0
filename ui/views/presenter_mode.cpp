// SPDX-License-Identifier: Apache-2.0
#include "ui/views/presenter_mode.h"

#include <QApplication>
#include <QDockWidget>
#include <QMainWindow>
#include <QStatusBar>

namespace rp::ui {

PresenterMode::PresenterMode(QMainWindow& window) : QObject(&window), m_window(window) {}

/// The application's font, and those of widgets that have set one of their own.
void PresenterMode::scale(double factor) {
    QList<std::pair<QWidget*, QFont>> own;
    for (QWidget* widget : m_window.findChildren<QWidget*>()) {
        if (!widget->testAttribute(Qt::WA_SetFont) || !(widget->font().resolveMask() & QFont::SizeResolved)) continue;
        QFont font = widget->font();
        font.setPointSizeF(font.pointSizeF() * factor);
        own.append({widget, font});
    }
    QFont font = QApplication::font();
    font.setPointSizeF(font.pointSizeF() * factor);
    QApplication::setFont(font);
    for (const auto& [widget, larger] : own) widget->setFont(larger);
}

void PresenterMode::setOn(bool isOn) {
    if (isOn == m_isOn) return;
    m_isOn = isOn;
    if (isOn) {
        m_panes = m_window.saveState();
        for (QDockWidget* dock : m_window.findChildren<QDockWidget*>())
            if (dock->objectName() != QStringLiteral("lessonsDock")) dock->hide();
    }
    m_window.statusBar()->setVisible(!isOn);
    scale(isOn ? kFactor : 1 / kFactor);
    if (!isOn) m_window.restoreState(m_panes);
}

} // namespace rp::ui
