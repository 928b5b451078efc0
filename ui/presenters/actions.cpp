// SPDX-License-Identifier: Apache-2.0
#include "ui/presenters/actions.h"

#include <QCoreApplication>

namespace rp::ui {
namespace {

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(Actions)
};

ActionSpec spec(ActionId id, MenuId menu, const QString& text, const char* keys, const QString& does,
                bool startsGroup = false) {
    return {id, menu, text, QString::fromLatin1(keys), does, startsGroup};
}

void addFile(std::vector<ActionSpec>& specs) {
    specs.push_back(spec(ActionId::openModel, MenuId::file, Texts::tr("Open &model…"), "Ctrl+O", Texts::tr("Open a checkpoint")));
    specs.push_back(spec(ActionId::openPicture, MenuId::file, Texts::tr("Open &image…"), "Ctrl+I",
                         Texts::tr("Open a picture or an .npy array as input")));
    specs.push_back(spec(ActionId::compareAgainst, MenuId::file, Texts::tr("Compare &against a deploy file…"),
                         "Ctrl+Shift+O", Texts::tr("Compare with somebody else's deploy file")));
    specs.push_back(spec(ActionId::reload, MenuId::file, Texts::tr("&Reload"), "F5", Texts::tr("Read the model file again")));
    specs.push_back(spec(ActionId::openSession, MenuId::file, Texts::tr("Open &session…"), "Ctrl+Alt+O",
                         Texts::tr("Open a saved session: model, picture, selection and layout"), true));
    specs.push_back(spec(ActionId::saveSession, MenuId::file, Texts::tr("Sa&ve session…"), "Ctrl+Alt+S",
                         Texts::tr("Save what is open, what is selected and how it is shown")));
    specs.push_back(spec(ActionId::reopenSession, MenuId::file, Texts::tr("Reopen &last session"), "",
                         Texts::tr("Show again what was shown when the window was closed last")));
    specs.push_back(spec(ActionId::quit, MenuId::file, Texts::tr("&Quit"), "Ctrl+Q", Texts::tr("Close the window"), true));
}

void addEdit(std::vector<ActionSpec>& specs) {
    specs.push_back(spec(ActionId::undo, MenuId::edit, Texts::tr("&Undo"), "Ctrl+Z",
                         Texts::tr("Take back the last change: assumptions, weights, comparison, engine or dispatch")));
    specs.push_back(spec(ActionId::redo, MenuId::edit, Texts::tr("&Redo"), "Ctrl+Shift+Z; Ctrl+Y", Texts::tr("Make that change again")));
}

void addExport(std::vector<ActionSpec>& specs) {
    specs.push_back(spec(ActionId::copyPicture, MenuId::exports, Texts::tr("&Copy pane as picture"), "Ctrl+Shift+C",
                         Texts::tr("Copy what the selected tab shows")));
    specs.push_back(spec(ActionId::savePicture, MenuId::exports, Texts::tr("Save &pane as picture…"), "Ctrl+S",
                         Texts::tr("Save what the selected tab shows as PNG, SVG or PDF")));
    specs.push_back(spec(ActionId::copyTable, MenuId::exports, Texts::tr("Copy pa&ne as table"), "Ctrl+Alt+C",
                         Texts::tr("Copy the first table, or the numbers of the first chart, of the selected tab as CSV")));
    specs.push_back(spec(ActionId::saveTable, MenuId::exports, Texts::tr("Save pane as CS&V…"), "Ctrl+Shift+S",
                         Texts::tr("Save that table as CSV")));
    specs.push_back(spec(ActionId::saveDepth, MenuId::exports, Texts::tr("Save &depth plot as picture…"), "Ctrl+Shift+D",
                         Texts::tr("Save the difference along the depth as PNG, SVG or PDF")));
    specs.push_back(spec(ActionId::saveBlocks, MenuId::exports, Texts::tr("Save &blocks as CSV…"), "Ctrl+Shift+B",
                         Texts::tr("Save every block with its figures"), true));
    specs.push_back(spec(ActionId::saveTop, MenuId::exports, Texts::tr("Save &top 5 as CSV…"), "Ctrl+Shift+T",
                         Texts::tr("Save the best classes of each phase")));
    specs.push_back(spec(ActionId::saveDetails, MenuId::exports, Texts::tr("Save det&ails as CSV…"), "Ctrl+Shift+A",
                         Texts::tr("Save the table of the selected details tab")));
    specs.push_back(spec(ActionId::saveMap, MenuId::exports, Texts::tr("Save selected &map as NPY…"), "Ctrl+Shift+M",
                         Texts::tr("Save the feature map that was chosen last, the output at first"), true));
    specs.push_back(spec(ActionId::saveKernel, MenuId::exports, Texts::tr("Save &kernel as NPY…"), "Ctrl+Shift+K",
                         Texts::tr("Save the block's fused kernel, rounded to float32 as it is stored")));
    specs.push_back(spec(ActionId::copyCommand, MenuId::exports, Texts::tr("Cop&y as command"), "Ctrl+Shift+X",
                         Texts::tr("Copy the repscope-cli line that runs what is shown and saves the chosen map"), true));
    specs.push_back(spec(ActionId::copyVerifyCommand, MenuId::exports, Texts::tr("Copy ver&ification as command"), "",
                         Texts::tr("Copy the repscope-cli line that verifies this model on this input")));
}

void addView(std::vector<ActionSpec>& specs) {
    specs.push_back(spec(ActionId::phaseTrain, MenuId::view, Texts::tr("Phase &train"), "1",
                         Texts::tr("Train: branches, with the statistics of this input")));
    specs.push_back(spec(ActionId::phaseEval, MenuId::view, Texts::tr("Phase &eval"), "2",
                         Texts::tr("Eval: branches, with running statistics")));
    specs.push_back(spec(ActionId::phaseDeploy, MenuId::view, Texts::tr("Phase &deploy"), "3", Texts::tr("Deploy: fused kernels")));
    specs.push_back(spec(ActionId::zoomIn, MenuId::view, Texts::tr("Zoom &in"), "Ctrl++; Ctrl+=",
                         Texts::tr("Magnify what the selected tab shows"), true));
    specs.push_back(spec(ActionId::zoomOut, MenuId::view, Texts::tr("Zoom &out"), "Ctrl+-", Texts::tr("Show more of it")));
    specs.push_back(spec(ActionId::zoomToFit, MenuId::view, Texts::tr("Zoom to &fit"), "Ctrl+0", Texts::tr("Show all of it")));
    specs.push_back(spec(ActionId::asTable, MenuId::view, Texts::tr("Charts as ta&bles"), "Ctrl+T",
                         Texts::tr("Show the charts and maps of the selected tab as tables of their numbers, or as pictures again")));
    specs.push_back(spec(ActionId::nextTab, MenuId::view, Texts::tr("&Next tab"), "Ctrl+PgDown; Ctrl+Tab",
                         Texts::tr("The tab at the right: activations, kernel …"), true));
    specs.push_back(spec(ActionId::previousTab, MenuId::view, Texts::tr("&Previous tab"), "Ctrl+PgUp; Ctrl+Shift+Tab",
                         Texts::tr("The tab at the left")));
    specs.push_back(spec(ActionId::layoutInspect, MenuId::view, Texts::tr("In&spect"), "Ctrl+1",
                         Texts::tr("Layout to understand a model: blocks, diagram, maps and figures"), true));
    specs.push_back(spec(ActionId::layoutTeach, MenuId::view, Texts::tr("Teac&h"), "Ctrl+2",
                         Texts::tr("Layout to explain: large pictures and the lessons")));
    specs.push_back(spec(ActionId::layoutVerify, MenuId::view, Texts::tr("&Verify"), "Ctrl+3",
                         Texts::tr("Layout to decide: answers, problems and differences")));
    specs.push_back(spec(ActionId::resetLayout, MenuId::view, Texts::tr("&Reset layout"), "",
                         Texts::tr("Put all panes of this layout back where they were at first")));
    specs.push_back(spec(ActionId::presenterMode, MenuId::view, Texts::tr("Presenter &mode"), "F11",
                         Texts::tr("Large type and few panes, for a projector; again to leave")));
    specs.push_back(spec(ActionId::languageEnglish, MenuId::view, Texts::tr("En&glish"), "", Texts::tr("Say everything in English"), true));
    specs.push_back(spec(ActionId::languageChinese, MenuId::view, Texts::tr("简体中文 (&L)"), "", Texts::tr("Say everything in Chinese")));
}

void addGo(std::vector<ActionSpec>& specs) {
    specs.push_back(
        spec(ActionId::nextBlock, MenuId::go, Texts::tr("&Next block"), "PgDown; J", Texts::tr("Select the block after this")));
    specs.push_back(spec(ActionId::previousBlock, MenuId::go, Texts::tr("&Previous block"), "PgUp; K",
                         Texts::tr("Select the block before this")));
    specs.push_back(spec(ActionId::worstBlock, MenuId::go, Texts::tr("&Worst block"), "W",
                         Texts::tr("Select the block that is closest to its limit")));
    specs.push_back(spec(ActionId::filterBlocks, MenuId::go, Texts::tr("&Filter blocks"), "Ctrl+F",
                         Texts::tr("Type a part of a block's name"), true));
    specs.push_back(spec(ActionId::palette, MenuId::go, Texts::tr("&Command palette…"), "Ctrl+K",
                         Texts::tr("Find any action, block, tab or weight set by a part of its name")));
    specs.push_back(spec(ActionId::explainPixel, MenuId::go, Texts::tr("&Explain this pixel"), "X",
                         Texts::tr("Show what adds up to the element under the cursor of a map")));
    specs.push_back(spec(ActionId::pinChannel, MenuId::go, Texts::tr("P&in or unpin channel"), "P",
                         Texts::tr("Keep the channel under the cursor of a map first in the mosaic")));
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
        spec(ActionId::verify, MenuId::run, Texts::tr("&Verify again"), "Ctrl+R", Texts::tr("Run all phases and verify again")));
    specs.push_back(spec(ActionId::cancel, MenuId::run, Texts::tr("&Cancel"), "Esc", Texts::tr("Stop what is under way")));
    specs.push_back(spec(ActionId::keys, MenuId::help, Texts::tr("&Keys"), "F1", Texts::tr("Show or hide this list")));
    return specs;
}

QString menuTitle(MenuId menu) {
    switch (menu) {
    case MenuId::file:
        return Texts::tr("&File");
    case MenuId::edit:
        return Texts::tr("E&dit");
    case MenuId::exports:
        return Texts::tr("&Export");
    case MenuId::view:
        return Texts::tr("&View");
    case MenuId::go:
        return Texts::tr("&Go");
    case MenuId::run:
        return Texts::tr("&Run");
    case MenuId::help:
        return Texts::tr("&Help");
    }
    return {};
}

std::vector<ViewKey> viewKeys() {
    return {
        {Texts::tr("Space (hold)"), Texts::tr("Show the other form, eval or deploy, while it is held")},
        {Texts::tr("Wheel, drag"), Texts::tr("In the maps: zoom about the mouse, move what is seen")},
        {Texts::tr("Click, Enter"), Texts::tr("In the maps: one channel alone, or all again")},
        {Texts::tr("Ctrl+click"), Texts::tr("In the maps: explain this element")},
        {Texts::tr("Shift+click"), Texts::tr("In the activations: pin this channel, or let it go")},
        {Texts::tr("Arrow keys"), Texts::tr("In a map: from element to element. In the diagram: from box to box")},
        {Texts::tr("Tab, Enter"), Texts::tr("In the diagram: the next box; choose its map")},
    };
}

} // namespace rp::ui
