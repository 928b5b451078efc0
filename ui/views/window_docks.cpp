// SPDX-License-Identifier: Apache-2.0
#include "ui/views/window_docks.h"

#include <QDockWidget>
#include <QMainWindow>
#include <QMenu>
#include <QSettings>

#include <algorithm>

namespace rp::ui {
namespace {

const QString kGeometryKey = QStringLiteral("window/geometry");
const QString kLayoutKey = QStringLiteral("window/layout");

QString stateKey(LayoutId layout) {
    return QStringLiteral("window/docks-") + nameOf(layout);
}
QString tabKey(LayoutId layout) {
    return QStringLiteral("window/tab-") + nameOf(layout);
}

} // namespace

WindowDocks::WindowDocks(QMainWindow& window, QSettings* settings)
    : QObject(&window), m_window(window), m_settings(settings) {
    window.setDockOptions(QMainWindow::AnimatedDocks | QMainWindow::AllowTabbedDocks |
                          QMainWindow::AllowNestedDocks);
}

QDockWidget* WindowDocks::add(const QString& name, const QString& title, QWidget* content) {
    auto* dock = new QDockWidget(title, &m_window);
    dock->setObjectName(name);
    dock->setWidget(content);
    m_window.addDockWidget(Qt::RightDockWidgetArea, dock);
    dock->hide(); // until it has its place: all in one area would need a very high window
    m_panes.push_back(dock);
    return dock;
}

void WindowDocks::addToggles(QMenu* menu) const {
    for (QDockWidget* dock : m_panes)
        menu->addAction(dock->toggleViewAction());
}

QDockWidget* WindowDocks::find(const QString& name) const {
    const auto found = std::ranges::find(m_panes, name, &QObject::objectName);
    return found == m_panes.end() ? nullptr : *found;
}

void WindowDocks::restoreGeometry() {
    if (m_settings) m_window.restoreGeometry(m_settings->value(kGeometryKey).toByteArray());
}

void WindowDocks::restore() {
    if (m_settings) {
        const QString last = m_settings->value(kLayoutKey).toString();
        for (const LayoutId layout : kLayouts) {
            m_states[layout] = m_settings->value(stateKey(layout)).toByteArray();
            if (const QVariant tab = m_settings->value(tabKey(layout)); tab.isValid())
                m_tabs[layout] = tab.toString();
            if (nameOf(layout) == last) m_layout = layout;
        }
    }
    show(m_layout);
}

void WindowDocks::setLayout(LayoutId layout) {
    if (layout == m_layout) return;
    m_states[m_layout] = m_window.saveState(kVersion);
    show(layout);
}

void WindowDocks::takeFrom(WindowDocks& other) {
    other.m_states[other.m_layout] = other.m_window.saveState(kVersion);
    m_states = other.m_states;
    m_tabs = other.m_tabs;
    show(other.m_layout);
}

void WindowDocks::show(LayoutId layout) {
    m_layout = layout;
    m_window.setCorner(Qt::BottomLeftCorner, layoutSpec(layout).sideReachesBottom ? Qt::LeftDockWidgetArea
                                                                                  : Qt::BottomDockWidgetArea);
    const QByteArray& state = m_states[layout];
    if (state.isEmpty() || !m_window.restoreState(state, kVersion)) arrange();
    if (!m_tabs.contains(layout)) m_tabs[layout] = layoutSpec(layout).tab;
    emit layoutChanged(layout, QString(m_tabs[layout])); // a copy: showing the tab sets it
}

void WindowDocks::save() {
    if (!m_settings) return;
    m_states[m_layout] = m_window.saveState(kVersion);
    m_settings->setValue(kGeometryKey, m_window.saveGeometry());
    m_settings->setValue(kLayoutKey, nameOf(m_layout));
    for (const LayoutId layout : kLayouts) {
        if (!m_states[layout].isEmpty()) m_settings->setValue(stateKey(layout), m_states[layout]);
        if (m_tabs.contains(layout)) m_settings->setValue(tabKey(layout), m_tabs[layout]);
    }
}

void WindowDocks::arrange() {
    const LayoutSpec spec = layoutSpec(m_layout);
    for (QDockWidget* dock : m_panes) {
        dock->setFloating(false); // while the window still knows the pane
        m_window.removeDockWidget(dock);
    }
    QList<QDockWidget*> bottom, side;
    QList<int> widths;
    const auto put = [this](QDockWidget* dock, Qt::DockWidgetArea area, bool isShown) {
        m_window.addDockWidget(area, dock, area == Qt::BottomDockWidgetArea ? Qt::Horizontal : Qt::Vertical);
        dock->setVisible(isShown);
    };
    for (const DockPlace& place : spec.places) {
        QDockWidget* dock = find(place.dock);
        if (!dock) continue;
        put(dock, place.area, true);
        if (place.area == Qt::BottomDockWidgetArea) {
            bottom << dock;
            widths << place.share * m_window.width() / 100;
        } else {
            side << dock;
        }
    }
    for (QDockWidget* dock : m_panes)
        if (!bottom.contains(dock) && !side.contains(dock)) put(dock, Qt::RightDockWidgetArea, false);
    m_window.resizeDocks(side, QList<int>(side.size(), spec.sideWidth), Qt::Horizontal);
    m_window.resizeDocks(bottom, widths, Qt::Horizontal);
    const int height = static_cast<int>(m_window.height() * spec.bottomShare);
    m_window.resizeDocks(bottom, QList<int>(bottom.size(), height), Qt::Vertical);
}

} // namespace rp::ui
