// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/presenters/document.h"

#include <QByteArray>
#include <QDir>

namespace rp::ui {

/// What one looks at and how, so that it can be looked at again (docs/formats.md, "Sessions").
struct SessionState {
    QString model, picture; ///< absolute paths; no picture: the seeded input
    Edits edits;            ///< `against` and `blocks` absolute
    Phase phase = Phase::eval;
    QString block; ///< name; empty for none
    std::optional<MapKey> map;
    int sample = 0, channel = -1;
    QString layout, tab; ///< as `MainWindow::arrange` takes them
    QByteArray docks;    ///< QMainWindow::saveState
    QString filter;
    int colours = 0, scope = 0, order = 0; ///< of the maps, as their boxes count them
};

/// JSON. Paths below `folder` are relative to it, so that the folder can be moved or passed on.
QByteArray toJson(const SessionState& state, const QDir& folder);
/// Throws `formatForeign` for another kind of file or a newer version, `malformed` for a damaged one, naming the member.
SessionState fromJson(const QByteArray& text, const QDir& folder, const QString& where);

/// As above, from a file of at most `kMostSessionBytes`; also throws `fileMissing`, `fileUnreadable`, `limitExceeded`.
constexpr qint64 kMostSessionBytes = 1 << 20;
SessionState readSession(const QString& path);
void writeSession(const QString& path, const SessionState& state); ///< atomic; throws `writeFailed`
bool isSessionName(const QString& path);                           ///< ends in .repscope

} // namespace rp::ui
