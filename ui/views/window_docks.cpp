// SPDX-License-Identifier: Apache-2.0
#include "ui/views/window_docks.h"

#include <QDockWidget>
#include <QMainWindow>
#include <QMenu>
#include <QSettings>

namespace rp::ui {
namespace {

constexpr int kSideWidth = 276;
constexpr double kBottomShare = 0.34; ///< of the window's height

const QString kGeometryKey = QStringLiteral("window/geometry");
const QString kStateKey = QStringLiteral("window/docks");

} // namespace

WindowDocks::WindowDocks(QMainWindow& window, QSettings* settings)
    : QObject(&window), m_window(window), m_settings(settings) {
    window.setDockOptions(QMainWindow::AnimatedDocks | QMainWindow::AllowTabbedDocks |
                          QMainWindow::AllowNestedDocks);
}

QDockWidget* WindowDocks::add(const QString& name, const QString& title, Qt::DockWidgetArea area, int share,
                              QWidget* content, bool isShown) {
    auto* dock = new QDockWidget(title, &m_window);
    dock->setObjectName(name);
    dock->setWidget(content);
    m_window.addDockWidget(area, dock);
    dock->setVisible(isShown);
    m_panes.push_back({dock, area, share, isShown});
    return dock;
}

void WindowDocks::addToggles(QMenu* menu) const {
    for (const Pane& pane : m_panes)
        menu->addAction(pane.dock->toggleViewAction());
}

void WindowDocks::restoreGeometry() {
    if (m_settings) m_window.restoreGeometry(m_settings->value(kGeometryKey).toByteArray());
}

void WindowDocks::restore() {
    const QByteArray state = m_settings ? m_settings->value(kStateKey).toByteArray() : QByteArray();
    if (state.isEmpty() || !m_window.restoreState(state, kVersion)) arrange();
}

void WindowDocks::save() const {
    if (!m_settings) return;
    m_settings->setValue(kGeometryKey, m_window.saveGeometry());
    m_settings->setValue(kStateKey, m_window.saveState(kVersion));
}

void WindowDocks::arrange() {
    for (const Pane& pane : m_panes) {
        pane.dock->setFloating(false); // while the window still knows the pane
        m_window.removeDockWidget(pane.dock);
    }
    QList<QDockWidget*> bottom, side;
    QList<int> widths;
    for (const Pane& pane : m_panes) {
        m_window.addDockWidget(pane.area, pane.dock,
                               pane.area == Qt::BottomDockWidgetArea ? Qt::Horizontal : Qt::Vertical);
        pane.dock->setVisible(pane.isShown);
        if (!pane.isShown) continue;
        if (pane.area == Qt::BottomDockWidgetArea) {
            bottom << pane.dock;
            widths << pane.share * m_window.width() / 100;
        } else {
            side << pane.dock;
        }
    }
    m_window.resizeDocks(side, QList<int>(side.size(), kSideWidth), Qt::Horizontal);
    m_window.resizeDocks(bottom, widths, Qt::Horizontal);
    const int height = static_cast<int>(m_window.height() * kBottomShare);
    m_window.resizeDocks(bottom, QList<int>(bottom.size(), height), Qt::Vertical);
}

} // namespace rp::ui
