// SPDX-License-Identifier: Apache-2.0
#include "ui/presenters/bundled.h"

#include <QCoreApplication>
#include <QDir>

namespace rp::ui {
namespace {

QDir demoFolder() {
    const QString installed =
        QCoreApplication::applicationDirPath() + QStringLiteral("/../share/repscope/demo");
    if (QDir(installed).exists()) return QDir(QDir::cleanPath(installed));
    return QDir(QStringLiteral(REPSCOPE_RESOURCE_DIR "/demo"));
}

} // namespace

QStringList bundledModels() {
    const QDir folder = demoFolder();
    QStringList paths;
    for (const QString& name : {QStringLiteral("repvgg-shapes.pth"), QStringLiteral("ecbsr-x2.pth")})
        if (folder.exists(name)) paths << folder.filePath(name);
    return paths;
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
