// SPDX-License-Identifier: Apache-2.0
#include "ui/views/flip_key.h"

#include "ui/presenters/document.h"
#include "ui/presenters/navigation.h"

#include <QAbstractButton>
#include <QAbstractSpinBox>
#include <QApplication>
#include <QComboBox>
#include <QKeyEvent>
#include <QLineEdit>

namespace rp::ui {
namespace {

bool needsSpace(const QWidget* widget) {
    return qobject_cast<const QAbstractButton*>(widget) || qobject_cast<const QLineEdit*>(widget) ||
           qobject_cast<const QAbstractSpinBox*>(widget) || qobject_cast<const QComboBox*>(widget);
}

} // namespace

FlipKey::FlipKey(Document& document, QWidget& window)
    : QObject(&window), m_document(document), m_window(window) {
    qApp->installEventFilter(this);
}

bool FlipKey::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::WindowDeactivate && watched == &m_window) release();
    if (event->type() != QEvent::KeyPress && event->type() != QEvent::KeyRelease) return false;
    const auto& key = *static_cast<QKeyEvent*>(event);
    if (key.key() != Qt::Key_Space) return false;
    if (event->type() == QEvent::KeyRelease) {
        const bool wasHeld = m_before.has_value();
        if (!key.isAutoRepeat()) release();
        return wasHeld;
    }
    const auto* widget = qobject_cast<QWidget*>(watched);
    if (!widget || widget->window() != &m_window || needsSpace(widget)) return false;
    return press(key);
}

bool FlipKey::press(const QKeyEvent& event) {
    if (event.modifiers() != Qt::NoModifier) return false;
    if (event.isAutoRepeat() || m_before) return m_before.has_value();
    m_before = m_document.phase();
    m_document.setPhase(otherForm(*m_before));
    return true;
}

void FlipKey::release() {
    if (!m_before) return;
    m_document.setPhase(*m_before);
    m_before.reset();
}

} // namespace rp::ui
