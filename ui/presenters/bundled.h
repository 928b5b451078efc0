// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>
#include <QStringList>

namespace rp::ui {

/// What is shipped with the program: beside the executable when installed (../share/repscope), else in the
/// source tree. Empty when it is not there.
QStringList bundledModels();   ///< the one that opens when none is named comes first
QString bundledLessonFolder();
QStringList bundledPictures(); ///< in alphabetical order

} // namespace rp::ui
