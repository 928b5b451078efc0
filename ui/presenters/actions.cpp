// SPDX-License-Identifier: Apache-2.0
#include "ui/presenters/actions.h"

#include <QCoreApplication>

namespace rp::ui {
namespace {

QString translated(const char* text) {
    return QCoreApplication::translate("Actions", text);
}

ActionSpec spec(ActionId id, MenuId menu, const char* text, const char* keys, const char* does,
                bool startsGroup = false) {
    return {id, menu, translated(text), QString::fromLatin1(keys), translated(does), startsGroup};
}

void addFile(std::vector<ActionSpec>& specs) {
    specs.push_back(spec(ActionId::openModel, MenuId::file, "Open &model…", "Ctrl+O", "Open a checkpoint"));
    specs.push_back(spec(ActionId::openPicture, MenuId::file, "Open &image…", "Ctrl+I",
                         "Open a picture or an .npy array as input"));
    specs.push_back(spec(ActionId::compareAgainst, MenuId::file, "Compare &against a deploy file…",
                         "Ctrl+Shift+O", "Compare with somebody else's deploy file"));
    specs.push_back(spec(ActionId::reload, MenuId::file, "&Reload", "F5", "Read the model file again"));
    specs.push_back(spec(ActionId::openSession, MenuId::file, "Open &session…", "Ctrl+Alt+O",
                         "Open a saved session: model, picture, selection and layout", true));
    specs.push_back(spec(ActionId::saveSession, MenuId::file, "Sa&ve session…", "Ctrl+Alt+S",
                         "Save what is open, what is selected and how it is shown"));
    specs.push_back(spec(ActionId::reopenSession, MenuId::file, "Reopen &last session", "",
                         "Show again what was shown when the window was closed last"));
    specs.push_back(spec(ActionId::quit, MenuId::file, "&Quit", "Ctrl+Q", "Close the window", true));
}

void addEdit(std::vector<ActionSpec>& specs) {
    specs.push_back(spec(ActionId::undo, MenuId::edit, "&Undo", "Ctrl+Z",
                         "Take back the last change: assumptions, weights, comparison, engine or dispatch"));
    specs.push_back(spec(ActionId::redo, MenuId::edit, "&Redo", "Ctrl+Shift+Z; Ctrl+Y", "Make that change again"));
}

void addExport(std::vector<ActionSpec>& specs) {
    specs.push_back(spec(ActionId::copyPicture, MenuId::exports, "&Copy pane as picture", "Ctrl+Shift+C",
                         "Copy what the selected tab shows"));
    specs.push_back(spec(ActionId::savePicture, MenuId::exports, "Save &pane as picture…", "Ctrl+S",
                         "Save what the selected tab shows as PNG, SVG or PDF"));
    specs.push_back(spec(ActionId::copyTable, MenuId::exports, "Copy pa&ne as table", "Ctrl+Alt+C",
                         "Copy the first table, or the numbers of the first chart, of the selected tab as CSV"));
    specs.push_back(spec(ActionId::saveTable, MenuId::exports, "Save pane as CS&V…", "Ctrl+Shift+S",
                         "Save that table as CSV"));
    specs.push_back(spec(ActionId::saveDepth, MenuId::exports, "Save &depth plot as picture…", "Ctrl+Shift+D",
                         "Save the difference along the depth as PNG, SVG or PDF"));
    specs.push_back(spec(ActionId::saveBlocks, MenuId::exports, "Save &blocks as CSV…", "Ctrl+Shift+B",
                         "Save every block with its figures", true));
    specs.push_back(spec(ActionId::saveTop, MenuId::exports, "Save &top 5 as CSV…", "Ctrl+Shift+T",
                         "Save the best classes of each phase"));
    specs.push_back(spec(ActionId::saveDetails, MenuId::exports, "Save det&ails as CSV…", "Ctrl+Shift+A",
                         "Save the table of the selected details tab"));
    specs.push_back(spec(ActionId::saveMap, MenuId::exports, "Save selected &map as NPY…", "Ctrl+Shift+M",
                         "Save the feature map that was chosen last, the output at first", true));
    specs.push_back(spec(ActionId::saveKernel, MenuId::exports, "Save &kernel as NPY…", "Ctrl+Shift+K",
                         "Save the block's fused kernel, rounded to float32 as it is stored"));
    specs.push_back(spec(ActionId::copyCommand, MenuId::exports, "Cop&y as command", "Ctrl+Shift+X",
                         "Copy the repscope-cli line that runs what is shown and saves the chosen map", true));
    specs.push_back(spec(ActionId::copyVerifyCommand, MenuId::exports, "Copy ver&ification as command", "",
                         "Copy the repscope-cli line that verifies this model on this input"));
}

void addView(std::vector<ActionSpec>& specs) {
    specs.push_back(spec(ActionId::phaseTrain, MenuId::view, "Phase &train", "1",
                         "Train: branches, with the statistics of this input"));
    specs.push_back(spec(ActionId::phaseEval, MenuId::view, "Phase &eval", "2",
                         "Eval: branches, with running statistics"));
    specs.push_back(spec(ActionId::phaseDeploy, MenuId::view, "Phase &deploy", "3", "Deploy: fused kernels"));
    specs.push_back(spec(ActionId::zoomIn, MenuId::view, "Zoom &in", "Ctrl++; Ctrl+=", "Magnify what the selected tab shows",
                         true));
    specs.push_back(spec(ActionId::zoomOut, MenuId::view, "Zoom &out", "Ctrl+-", "Show more of it"));
    specs.push_back(spec(ActionId::zoomToFit, MenuId::view, "Zoom to &fit", "Ctrl+0", "Show all of it"));
    specs.push_back(spec(ActionId::asTable, MenuId::view, "Charts as ta&bles", "Ctrl+T",
                         "Show the charts and maps of the selected tab as tables of their numbers, or as pictures again"));
    specs.push_back(spec(ActionId::nextTab, MenuId::view, "&Next tab", "Ctrl+PgDown; Ctrl+Tab",
                         "The tab at the right: activations, kernel …", true));
    specs.push_back(spec(ActionId::previousTab, MenuId::view, "&Previous tab", "Ctrl+PgUp; Ctrl+Shift+Tab",
                         "The tab at the left"));
    specs.push_back(spec(ActionId::layoutInspect, MenuId::view, "In&spect", "Ctrl+1",
                         "Layout to understand a model: blocks, diagram, maps and figures", true));
    specs.push_back(spec(ActionId::layoutTeach, MenuId::view, "Teac&h", "Ctrl+2",
                         "Layout to explain: large pictures and the lessons"));
    specs.push_back(spec(ActionId::layoutVerify, MenuId::view, "&Verify", "Ctrl+3",
                         "Layout to decide: answers, problems and differences"));
    specs.push_back(spec(ActionId::resetLayout, MenuId::view, "&Reset layout", "",
                         "Put all panes of this layout back where they were at first"));
    specs.push_back(spec(ActionId::presenterMode, MenuId::view, "Presenter m&ode", "F11",
                         "Large type and few panes, for a projector; again to leave"));
    specs.push_back(spec(ActionId::languageEnglish, MenuId::view, "En&glish", "", "Say everything in English", true));
    specs.push_back(spec(ActionId::languageChinese, MenuId::view, "简体中文 (&L)", "", "Say everything in Chinese"));
}

void addGo(std::vector<ActionSpec>& specs) {
    specs.push_back(
        spec(ActionId::nextBlock, MenuId::go, "&Next block", "PgDown; J", "Select the block after this"));
    specs.push_back(spec(ActionId::previousBlock, MenuId::go, "&Previous block", "PgUp; K",
                         "Select the block before this"));
    specs.push_back(spec(ActionId::worstBlock, MenuId::go, "&Worst block", "W",
                         "Select the block that is closest to its limit"));
    specs.push_back(spec(ActionId::filterBlocks, MenuId::go, "&Filter blocks", "Ctrl+F",
                         "Type a part of a block's name", true));
    specs.push_back(spec(ActionId::palette, MenuId::go, "&Command palette…", "Ctrl+K",
                         "Find any action, block, tab or weight set by a part of its name"));
    specs.push_back(spec(ActionId::explainPixel, MenuId::go, "&Explain this pixel", "X",
                         "Show what adds up to the element under the cursor of a map"));
    specs.push_back(spec(ActionId::pinChannel, MenuId::go, "P&in or unpin channel", "P",
                         "Keep the channel under the cursor of a map first in the mosaic"));
}

} // namespace

std::vector<ActionSpec> actionSpecs() {
    std::vector<ActionSpec> specs;
    addFile(specs);
    addEdit(specs);
    addExport(specs);
    addView(specs);
    addGo(specs);
    specs.push_back(
        spec(ActionId::verify, MenuId::run, "&Verify again", "Ctrl+R", "Run all phases and verify again"));
    specs.push_back(spec(ActionId::cancel, MenuId::run, "&Cancel", "Esc", "Stop what is under way"));
    specs.push_back(spec(ActionId::keys, MenuId::help, "&Keys", "F1", "Show or hide this list"));
    return specs;
}

QString menuTitle(MenuId menu) {
    switch (menu) {
    case MenuId::file:
        return translated("&File");
    case MenuId::edit:
        return translated("E&dit");
    case MenuId::exports:
        return translated("&Export");
    case MenuId::view:
        return translated("&View");
    case MenuId::go:
        return translated("&Go");
    case MenuId::run:
        return translated("&Run");
    case MenuId::help:
        return translated("&Help");
    }
    return {};
}

std::vector<ViewKey> viewKeys() {
    return {
        {translated("Space (hold)"), translated("Show the other form, eval or deploy, while it is held")},
        {translated("Wheel, drag"), translated("In the maps: zoom about the mouse, move what is seen")},
        {translated("Click, Enter"), translated("In the maps: one channel alone, or all again")},
        {translated("Ctrl+click"), translated("In the maps: explain this element")},
        {translated("Shift+click"), translated("In the activations: pin this channel, or let it go")},
        {translated("Arrow keys"), translated("In a map: from element to element. In the diagram: from box to box")},
        {translated("Tab, Enter"), translated("In the diagram: the next box; choose its map")},
    };
}

} // namespace rp::ui
