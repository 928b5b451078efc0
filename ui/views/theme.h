// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/presenters/tone.h"

#include <QColor>
#include <QIcon>
#include <QPalette>

namespace rp::ui {

/// Every colour that the palette does not have, chosen to be readable on it.
bool isDark(const QPalette& palette);
QColor toneColour(Tone tone, const QPalette& palette);
/// The same meaning as a shape, for those who do not see the colour.
QIcon toneIcon(Tone tone, const QPalette& palette);
/// Lines of a chart that must be told apart: blue, orange, grey, purple.
QColor seriesColour(int series, const QPalette& palette);
QColor mutedText(const QPalette& palette);
/// Black or white, whichever reads better on `background`.
QColor textOn(const QColor& background);

QPalette lightPalette();
QPalette darkPalette();

} // namespace rp::ui
