// SPDX-License-Identifier: Apache-2.0
#include "ui/views/window_host.h"

#include "ui/presenters/language.h"
#include "ui/views/main_window.h"

#include <QSettings>

namespace rp::ui {
namespace {

const QString kLanguageKey = QStringLiteral("language");

} // namespace

QString rememberedLanguage(const QSettings* settings) {
    const QString chosen = settings ? settings->value(kLanguageKey).toString() : QString();
    return chosen.isEmpty() ? systemLanguage() : chosen;
}

WindowHost::WindowHost(Document& document, QSettings* settings) : m_document(document), m_settings(settings) {
    makeWindow();
}

WindowHost::~WindowHost() = default;

void WindowHost::makeWindow() {
    m_window = std::make_unique<MainWindow>(m_document, m_settings);
    // Queued: the window that asks is not destroyed under its own menu.
    connect(m_window.get(), &MainWindow::languageWanted, this, &WindowHost::setLanguage, Qt::QueuedConnection);
}

void WindowHost::setLanguage(const QString& code) {
    if (code == currentLanguage()) return;
    useLanguage(code);
    if (m_settings) m_settings->setValue(kLanguageKey, code);
    const std::unique_ptr<MainWindow> old = std::move(m_window);
    makeWindow();
    old->hide();
    m_window->takePlaceOf(*old);
    emit windowChanged();
}

} // namespace rp::ui
