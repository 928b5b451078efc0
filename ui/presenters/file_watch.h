// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QDateTime>
#include <QFileSystemWatcher>
#include <QObject>
#include <QTimer>

namespace rp::ui {

/// Tells when another content stands under a path: written in place, or put there by a rename. A file that is
/// gone is waited for. Several writes in a row are one change.
class FileWatch : public QObject {
    Q_OBJECT

public:
    explicit FileWatch(QObject* parent = nullptr);

    void setPath(const QString& path); ///< empty: watches nothing
    const QString& path() const { return m_path; }
    void setQuietTime(int milliseconds) { m_quiet.setInterval(milliseconds); }

signals:
    void changed();

private:
    struct Stamp {
        qint64 bytes = -1; ///< -1: no such file
        QDateTime time;
        quint64 node = 0; ///< a replaced file has another one
        friend bool operator==(const Stamp&, const Stamp&) = default;
    };

    Stamp stampNow() const;
    void look();
    void tell();

    QFileSystemWatcher m_watcher;
    QTimer m_quiet; ///< runs while writes may follow
    QString m_path;
    Stamp m_seen;
};

} // namespace rp::ui
