// SPDX-License-Identifier: Apache-2.0
#pragma once

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
    const QStringList& paths() const { return m_paths; } ///< also of files that are gone

private:
    void store() const;

    QString m_key;
    QSettings* m_settings;
    QStringList m_paths;
};

} // namespace rp::ui
