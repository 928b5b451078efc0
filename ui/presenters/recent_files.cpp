// SPDX-License-Identifier: Apache-2.0
#include "ui/presenters/recent_files.h"

#include <QFileInfo>
#include <QSettings>

namespace rp::ui {

RecentFiles::RecentFiles(QString key, QSettings* settings) : m_key(std::move(key)), m_settings(settings) {
    if (m_settings) m_paths = m_settings->value(m_key).toStringList().mid(0, kMost);
}

void RecentFiles::add(const QString& path) {
    if (path.isEmpty()) return;
    const QString absolute = QFileInfo(path).absoluteFilePath();
    m_paths.removeAll(absolute);
    m_paths.prepend(absolute);
    m_paths = m_paths.mid(0, kMost);
    store();
}

void RecentFiles::clear() {
    m_paths.clear();
    store();
}

void RecentFiles::store() const {
    if (m_settings) m_settings->setValue(m_key, m_paths);
}

} // namespace rp::ui
