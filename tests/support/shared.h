// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QFileInfo>
#include <QString>

namespace rp::test {

/// A file, or with an empty path the folder, of the real checkpoints that are shared beside the repository and never copied into it: below the folder that
/// REPSCOPE_SHARED names, else `../shared`. Empty when it is not there; the test then skips.
inline QString sharedFile(const QString& path) {
    const QString folder = qEnvironmentVariable("REPSCOPE_SHARED", QStringLiteral(REPSCOPE_SOURCE_DIR "/../shared"));
    const QFileInfo file(folder + "/checkpoints/" + path);
    return file.exists() ? file.absoluteFilePath() : QString();
}

} // namespace rp::test
