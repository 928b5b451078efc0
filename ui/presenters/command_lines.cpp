// SPDX-License-Identifier: Apache-2.0
#include "ui/presenters/command_lines.h"

#include "ui/presenters/display_text.h"
#include "ui/presenters/document.h"

#include "core/base/shell.h"

#include <algorithm>

namespace rp::ui {
namespace {

using Words = std::vector<std::string>;

Words startOf(const char* command, const LoadedModel& model) {
    Words words{"repscope-cli", command, model.opened.checkpoint->path.string()};
    for (const std::string& text : model.options.assumptions) words.insert(words.end(), {"--assume", text});
    for (const std::string& file : model.options.blocks) words.insert(words.end(), {"--blocks", file});
    if (model.opened.checkpoint->sets.size() > 1) words.insert(words.end(), {"--weights", model.opened.weights->name});
    return words;
}

void addInput(Words& words, const Document& document) {
    if (document.input() && !document.input()->path.isEmpty()) words.insert(words.end(), {"--input", document.input()->path.toStdString()});
}

/// The map's name behind the block's; empty for maps that a run does not make.
std::string captureOf(const BlockMap& map) {
    switch (map.role) {
    case BlockMap::Role::branch:
    case BlockMap::Role::step:
        return map.name.toStdString();
    case BlockMap::Role::sum:
        return "sum";
    case BlockMap::Role::output:
        return "out";
    case BlockMap::Role::input:
    case BlockMap::Role::difference:
        break;
    }
    return {};
}

void addCapture(Words& words, const std::string& block, const std::string& path) {
    std::string file = block + "-" + path + ".npy";
    std::ranges::replace(file, '/', '-');
    if (file.starts_with('-') || file.starts_with('.')) file.insert(0, "map");
    words.insert(words.end(), {"--capture", (block == "." ? "." : block + ".") + path + "=" + file});
}

} // namespace

QString runCommand(const Document& document) {
    if (!document.model()) return {};
    Words words = startOf("run", *document.model());
    const BlockDetailPtr& detail = document.detail();
    const bool isAlone = detail && detail->seeded;
    if (isAlone)
        words.insert(words.end(), {"--block", document.model()->model().blocks[static_cast<std::size_t>(detail->block)].name});
    else
        addInput(words, document);
    words.insert(words.end(), {"--phase", std::string(toString(document.phase())), "--engine", std::string(toString(document.settings().engine)),
                               "--dispatch", std::string(toString(document.settings().dispatch))});
    const BlockMap* map = document.chosenMap();
    if (map && !captureOf(*map).empty())
        addCapture(words, document.model()->model().blocks[static_cast<std::size_t>(detail->block)].name, captureOf(*map));
    return toQString(shellLine(words));
}

QString verifyCommand(const Document& document) {
    if (!document.model()) return {};
    Words words = startOf("verify", *document.model());
    addInput(words, document);
    if (const QString against = document.edits().against; !against.isEmpty()) words.insert(words.end(), {"--against", against.toStdString()});
    return toQString(shellLine(words));
}

} // namespace rp::ui
