// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/error.h"

#include <QString>
#include <QTest>

#include <string>

namespace rp::test {

/// Empty when `action` throws an `Error` with `code` whose text contains `word`; otherwise what happened.
template<class Action>
QString refusal(ErrorCode code, const QString& word, Action action) {
    try {
        action();
    } catch (const Error& error) {
        const QString text = QString::fromUtf8(error.what());
        if (error.code() == code && text.contains(word)) return {};
        return QStringLiteral("%1: %2").arg(QString::fromStdString(std::string(toString(error.code()))),
                                            text);
    }
    return QStringLiteral("no error");
}

/// A table of defects for a data-driven test: adds the columns `bytesColumn`, "code" and "word", and gives the
/// function that adds a row to them.
inline auto defectRows(const char* bytesColumn) {
    QTest::addColumn<QByteArray>(bytesColumn);
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("word");
    return [](const char* name, const std::string& bytes, ErrorCode code, const char* word) {
        QTest::newRow(name) << QByteArray::fromStdString(bytes) << static_cast<int>(code) << QString::fromUtf8(word);
    };
}

/// Runs `action`; whatever core throws must be an `Error`. True when nothing was thrown.
template<class Action>
bool succeedsOrRefuses(Action action) {
    try {
        action();
        return true;
    } catch (const Error&) {
        return false;
    }
}

} // namespace rp::test
