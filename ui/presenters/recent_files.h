// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QMap>
#include <QStringList>

class QSettings;

namespace rp::ui {

/// Files that were opened, newest first; remembered in `settings`, or as long as it lives without.
class RecentFiles {
public:
    static constexpr int kMost = 8;

    RecentFiles(QString key, QSettings* settings);

    void add(const QString& path);
    void clear();
    void removeMissing(); ///< forgets files that are gone
    const QStringList& paths() const { return m_paths; } ///< also of files that are gone
    /// A small PNG of what it looks like, kept as long as the path is.
    void setThumbnail(const QString& path, const QByteArray& png);
    QByteArray thumbnail(const QString& path) const { return m_thumbnails.value(path); }

private:
    void store();

    QString m_key;
    QSettings* m_settings;
    QStringList m_paths;
    QMap<QString, QByteArray> m_thumbnails;
};

} // namespace rp::ui
