// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QIcon>
#include <QPalette>

namespace rp::ui {

enum class Transport { back, play, pause, forward };

/// Drawn in the text's colour, so that they are seen on light and dark.
QIcon transportIcon(Transport what, const QPalette& palette);

} // namespace rp::ui
