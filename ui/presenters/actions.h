// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

#include <vector>

namespace rp::ui {

enum class ActionId {
    openModel,
    openPicture,
    compareAgainst,
    reload,
    openSession,
    saveSession,
    reopenSession,
    copyPicture,
    savePicture,
    copyTable,
    saveTable,
    saveDepth,
    saveBlocks,
    saveTop,
    saveDetails,
    saveMap,
    saveKernel,
    copyCommand,
    copyVerifyCommand,
    quit,
    undo,
    redo,
    phaseTrain,
    phaseEval,
    phaseDeploy,
    zoomIn,
    zoomOut,
    zoomToFit,
    asTable,
    nextTab,
    previousTab,
    layoutInspect,
    layoutTeach,
    layoutVerify,
    resetLayout,
    presenterMode,
    languageEnglish,
    languageChinese,
    nextBlock,
    previousBlock,
    worstBlock,
    filterBlocks,
    palette,
    explainPixel,
    pinChannel,
    verify,
    cancel,
    keys,
};

enum class MenuId { file, edit, exports, view, go, run, help };

/// Something that the window can be asked to do by menu or key.
struct ActionSpec {
    ActionId id;
    MenuId menu;
    QString text; ///< with its mnemonic
    QString keys; ///< portable, "; " between alternatives; empty for none
    QString does; ///< one line for the key sheet and the status bar
    bool startsGroup = false;
};

/// All of them, in the order of the menus.
std::vector<ActionSpec> actionSpecs();
QString menuTitle(MenuId menu);

/// What keys and mouse do inside the views, for the key sheet: no menu entries.
struct ViewKey {
    QString key, does;
};
std::vector<ViewKey> viewKeys();

} // namespace rp::ui
