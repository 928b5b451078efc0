// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>
#include <QStringList>

namespace rp::test {

/// Whether the system's Python can import `module`.
bool pythonHas(const QString& module);

/// Runs a script with arguments in `directory`; empty when it ended with 0, else its output.
QString runPython(const QString& script, const QString& directory, const QStringList& arguments = {});

/// A script of tests/data with arguments, in `directory`, likewise.
QString runDataScript(const QString& name, const QString& directory, const QStringList& arguments = {});

} // namespace rp::test
