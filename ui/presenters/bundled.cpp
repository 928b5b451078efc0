// SPDX-License-Identifier: Apache-2.0
#include "ui/presenters/bundled.h"

#include <QCoreApplication>
#include <QDir>

namespace rp::ui {
namespace {

QDir folderOf(const QString& name) {
    const QString installed = QCoreApplication::applicationDirPath() + QStringLiteral("/../share/repscope/") + name;
    if (QDir(installed).exists()) return QDir(QDir::cleanPath(installed));
    return QDir(QStringLiteral(REPSCOPE_RESOURCE_DIR "/") + name);
}

QDir demoFolder() {
    return folderOf(QStringLiteral("demo"));
}

} // namespace

QStringList bundledModels() {
    const QDir folder = demoFolder();
    QStringList paths;
    for (const QString& name : {QStringLiteral("repvgg-shapes.pth"), QStringLiteral("ecbsr-x2.pth")})
        if (folder.exists(name)) paths << folder.filePath(name);
    return paths;
}

QString bundledLessonFolder() {
    return folderOf(QStringLiteral("lessons")).path();
}

QStringList bundledPictures() {
    const QDir folder = demoFolder();
    QStringList paths;
    for (const QString& name :
         folder.entryList({QStringLiteral("*.jpg"), QStringLiteral("*.png")}, QDir::Files, QDir::Name))
        paths << folder.filePath(name);
    return paths;
}

} // namespace rp::ui
