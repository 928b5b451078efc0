// SPDX-License-Identifier: Apache-2.0
#include "ui/presenters/file_watch.h"

#include <QFile>
#include <QFileInfo>

#include <sys/stat.h>

namespace rp::ui {

FileWatch::FileWatch(QObject* parent) : QObject(parent) {
    m_quiet.setSingleShot(true);
    m_quiet.setInterval(250);
    connect(&m_quiet, &QTimer::timeout, this, &FileWatch::tell);
    connect(&m_watcher, &QFileSystemWatcher::fileChanged, this, &FileWatch::look);
    connect(&m_watcher, &QFileSystemWatcher::directoryChanged, this, &FileWatch::look);
}

void FileWatch::setPath(const QString& path) {
    const QString absolute = path.isEmpty() ? QString() : QFileInfo(path).absoluteFilePath();
    if (absolute == m_path) return;
    m_quiet.stop();
    if (const QStringList old = m_watcher.files() + m_watcher.directories(); !old.isEmpty())
        m_watcher.removePaths(old);
    m_path = absolute;
    m_seen = stampNow();
    if (m_path.isEmpty()) return;
    // The folder as well: a rename takes the watched file away, and the folder says when a new one is there.
    for (const QString& watched : {m_path, QFileInfo(m_path).absolutePath()})
        if (QFile::exists(watched)) m_watcher.addPath(watched);
}

FileWatch::Stamp FileWatch::stampNow() const {
    struct stat status {};
    if (m_path.isEmpty() || ::stat(QFile::encodeName(m_path).constData(), &status) != 0) return {};
    return {static_cast<qint64>(status.st_size), QFileInfo(m_path).lastModified(), status.st_ino};
}

void FileWatch::look() {
    if (!m_watcher.files().contains(m_path) && QFile::exists(m_path)) m_watcher.addPath(m_path);
    if (stampNow() != m_seen) m_quiet.start();
}

void FileWatch::tell() {
    const Stamp now = stampNow();
    if (now == m_seen) return;
    m_seen = now;
    if (now.bytes >= 0) emit changed();
}

} // namespace rp::ui
