// SPDX-License-Identifier: Apache-2.0
#include "ui/presenters/recent_files.h"

#include <QFileInfo>
#include <QSettings>
#include <QVariant>

#include <algorithm>
#include <utility>

namespace rp::ui {

RecentFiles::RecentFiles(QString key, QSettings* settings) : m_key(std::move(key)), m_settings(settings) {
    if (!m_settings) return;
    m_paths = m_settings->value(m_key).toStringList().mid(0, kMost);
    const QVariantList pictures = m_settings->value(m_key + QStringLiteral("Thumbnails")).toList();
    for (qsizetype i = 0; i < std::min(m_paths.size(), pictures.size()); ++i) m_thumbnails[m_paths[i]] = pictures[i].toByteArray();
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

void RecentFiles::removeMissing() {
    m_paths.removeIf([](const QString& path) { return !QFileInfo::exists(path); });
    store();
}

void RecentFiles::setThumbnail(const QString& path, const QByteArray& png) {
    const QString absolute = QFileInfo(path).absoluteFilePath();
    if (!m_paths.contains(absolute) || m_thumbnails.value(absolute) == png) return;
    m_thumbnails[absolute] = png;
    store();
}

void RecentFiles::store() {
    m_thumbnails.removeIf([this](const std::pair<const QString&, QByteArray&>& entry) { return !m_paths.contains(entry.first); });
    if (!m_settings) return;
    QVariantList pictures; // in the order of the paths
    for (const QString& path : m_paths) pictures << thumbnail(path);
    m_settings->setValue(m_key, m_paths);
    m_settings->setValue(m_key + QStringLiteral("Thumbnails"), pictures);
}

} // namespace rp::ui
