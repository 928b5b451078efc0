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

QString bundledModel() {
    const QDir folder = demoFolder();
    const QStringList models = folder.entryList({QStringLiteral("*.pth")}, QDir::Files, QDir::Name);
    return models.isEmpty() ? QString() : folder.filePath(models.front());
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
