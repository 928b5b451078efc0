// SPDX-License-Identifier: Apache-2.0
#include "tests/support/python.h"

#include <QFile>
#include <QProcess>

#ifndef REPSCOPE_TEST_PYTHON
#define REPSCOPE_TEST_PYTHON "/usr/bin/python3"
#endif

namespace rp::test {

QString runPython(const QString& script, const QString& directory, const QStringList& arguments) {
    QProcess process;
    process.setWorkingDirectory(directory);
    process.setProcessChannelMode(QProcess::MergedChannels);
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert("PYTHONPATH", QStringLiteral(REPSCOPE_TEST_DATA_DIR)); // modules that scripts there share
    environment.insert("PYTHONDONTWRITEBYTECODE", "1");
    process.setProcessEnvironment(environment);
    process.start(QStringLiteral(REPSCOPE_TEST_PYTHON), QStringList{"-c", script} + arguments);
    if (!process.waitForStarted()) return process.errorString();
    if (!process.waitForFinished(300'000)) return QStringLiteral("no end within five minutes");
    if (process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0) return {};
    return QString::fromUtf8(process.readAll()) + QStringLiteral(" (exit code %1)").arg(process.exitCode());
}

QString runDataScript(const QString& name, const QString& directory, const QStringList& arguments) {
    QFile file(QStringLiteral(REPSCOPE_TEST_DATA_DIR "/") + name);
    if (!file.open(QIODevice::ReadOnly)) return file.errorString();
    return runPython(QString::fromUtf8(file.readAll()), directory, arguments);
}

bool pythonHas(const QString& module) {
    // Importing PyTorch takes seconds; finding it does not.
    return runPython("import sys, importlib.util\nsys.exit(importlib.util.find_spec('" + module +
                         "') is None)",
                     ".")
        .isEmpty();
}

} // namespace rp::test
