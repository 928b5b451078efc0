// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

#include <functional>
#include <vector>

class QMainWindow;

namespace rp::ui {

class Document;

/// Something that the command palette offers.
struct PaletteEntry {
    QString kind; ///< its menu, or "Block", "Tab", "Weights"
    QString text;
    QString keys; ///< as the platform writes them; empty for none
    QString does; ///< one line; may be empty
    std::function<void()> run;

    QString title() const { return kind + QStringLiteral(": ") + text; }
};

/// What can be done now: every enabled entry of the window's menus (which are made of `actionSpecs`), the tabs that can
/// be chosen, the model's weight sets when there are several, and its blocks.
std::vector<PaletteEntry> paletteEntries(QMainWindow& window, Document& document);

/// A menu text without mnemonics: "Open &model…" is "Open model…".
QString withoutMnemonic(QString text);

} // namespace rp::ui
