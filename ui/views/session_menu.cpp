// SPDX-License-Identifier: Apache-2.0
#include "ui/views/session_menu.h"

#include "ui/presenters/display_text.h"
#include "ui/views/action_set.h"
#include "ui/views/activations_view.h"
#include "ui/views/block_tree_view.h"
#include "ui/views/main_window.h"
#include "ui/views/window_docks.h"

#include <QComboBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QLineEdit>
#include <QSettings>
#include <QStatusBar>
#include <QTabWidget>

#include <algorithm>
#include <utility>

namespace rp::ui {
namespace {

const QString kLastKey = QStringLiteral("session/last");

/// Before anything is changed.
void requireFiles(const SessionState& state) {
    QStringList files{state.model, state.picture, state.edits.against};
    for (const std::string& file : state.edits.blocks) files << toQString(file);
    for (const QString& file : files)
        if (!file.isEmpty() && !QFileInfo::exists(file))
            throw Error(ErrorCode::fileMissing, {file.toStdString(), "a file that the session names", "nothing of that name", "put it back, or mend the path in the session"});
}

} // namespace

SessionMenu::SessionMenu(Document& document, ActionSet& actions, QSettings* settings, MainWindow& window)
    : QObject(&window), m_document(document), m_settings(settings), m_window(window) {
    const QString kind = tr("Sessions (*.repscope)");
    actions.on(ActionId::openSession, this, [this, kind] {
        const QString path = QFileDialog::getOpenFileName(&m_window, tr("Open session"), {}, kind);
        if (!path.isEmpty()) open(path);
    });
    actions.on(ActionId::saveSession, this, [this, kind] {
        const QString path = QFileDialog::getSaveFileName(&m_window, tr("Save session"), QStringLiteral("session.repscope"), kind);
        if (!path.isEmpty() && save(path)) m_window.statusBar()->showMessage(tr("Saved %1").arg(path));
    });
    QAction* reopen = actions[ActionId::reopenSession];
    reopen->setEnabled(settings && settings->contains(kLastKey));
    actions.on(ActionId::reopenSession, this, [this] {
        attempt([this] { apply(fromJson(m_settings->value(kLastKey).toByteArray(), QDir::root(), tr("the last session"))); });
    });
    connect(&document, &Document::modelChanged, this, &SessionMenu::select);
    connect(&document, &Document::settled, this, &SessionMenu::finish, Qt::QueuedConnection);
}

bool SessionMenu::attempt(const std::function<void()>& act) {
    try {
        act();
        return true;
    } catch (const Error& error) {
        m_document.report(toProblem(error));
        m_window.statusBar()->showMessage(toQString(error.what()));
        return false;
    }
}

SessionState SessionMenu::state() const {
    SessionState state;
    state.model = QFileInfo(m_document.modelPath()).absoluteFilePath();
    if (const QString& picture = m_document.inputPath(); !picture.isEmpty()) state.picture = QFileInfo(picture).absoluteFilePath();
    state.edits = m_document.edits();
    if (!state.edits.against.isEmpty()) state.edits.against = QFileInfo(state.edits.against).absoluteFilePath();
    for (std::string& file : state.edits.blocks) file = QFileInfo(toQString(file)).absoluteFilePath().toStdString();
    state.phase = m_document.phase();
    if (m_document.model() && m_document.block() >= 0) state.block = toQString(m_document.model()->model().blocks[static_cast<std::size_t>(m_document.block())].name);
    if (const BlockMap* map = m_document.chosenMap()) state.map = keyOf(*map);
    state.sample = m_document.sample();
    const auto* tabs = m_window.centralWidget()->findChild<QTabWidget*>();
    state.layout = nameOf(m_window.findChild<WindowDocks*>()->layout());
    state.tab = m_window.tabNames().value(tabs->currentIndex());
    state.docks = m_window.saveState(WindowDocks::kVersion);
    state.filter = m_window.findChild<BlockTreeView*>()->filter()->text();
    auto* maps = m_window.findChild<ActivationsView*>();
    state.channel = maps->state().channel();
    state.colours = maps->colours()->currentIndex();
    state.scope = maps->scope()->currentIndex();
    state.order = maps->order()->currentIndex();
    return state;
}

bool SessionMenu::apply(const SessionState& state) {
    return attempt([&] {
        requireFiles(state);
        m_waiting = state;
        m_document.setSettings(state.edits.settings);
        m_document.setPhase(state.phase);
        families::OpenOptions options;
        options.weights = state.edits.weights;
        options.assumptions = state.edits.assumptions;
        options.blocks = state.edits.blocks;
        m_document.openModel(state.model, options);
        m_document.openPicture(state.picture);
        m_document.compareAgainst(state.edits.against);
        m_window.findChild<BlockTreeView*>()->filter()->setText(state.filter);
        auto* maps = m_window.findChild<ActivationsView*>();
        maps->colours()->setCurrentIndex(std::min(state.colours, maps->colours()->count() - 1));
        maps->scope()->setCurrentIndex(std::min(state.scope, maps->scope()->count() - 1));
        maps->order()->setCurrentIndex(std::min(state.order, maps->order()->count() - 1));
        m_window.arrange(state.layout, {});
        if (!state.docks.isEmpty()) m_window.restoreState(state.docks, WindowDocks::kVersion);
        m_window.arrange({}, state.tab);
    });
}

/// The block, as soon as there are blocks.
void SessionMenu::select() {
    if (!m_waiting || !m_document.model()) return;
    if (m_document.modelPath() != m_waiting->model) {
        m_waiting.reset(); // somebody opened another one meanwhile
        return;
    }
    const std::vector<Block>& blocks = m_document.model()->model().blocks;
    for (std::size_t i = 0; i < blocks.size(); ++i)
        if (toQString(blocks[i].name) == m_waiting->block) m_document.setBlock(static_cast<int>(i));
    if (m_waiting->map) m_document.chooseMap(*m_waiting->map);
}

/// What only a computed block has.
void SessionMenu::finish() {
    if (m_document.isBusy()) return;
    const std::optional<SessionState> state = std::exchange(m_waiting, std::nullopt);
    if (!state || m_document.modelPath() != state->model || !m_document.model() || m_document.openError()) return;
    m_document.setSample(state->sample);
    m_window.findChild<ActivationsView*>()->state().setChannel(state->channel);
    m_window.arrange({}, state->tab); // a tab that only some models have
}

bool SessionMenu::open(const QString& path) {
    bool isApplied = false;
    return attempt([&] { isApplied = apply(readSession(path)); }) && isApplied;
}

bool SessionMenu::save(const QString& path) {
    return attempt([&] {
        if (!m_document.model()) throw Error(ErrorCode::usage, {path.toStdString(), "a model to remember", "none is open", "open one first"});
        writeSession(path, state());
    });
}

void SessionMenu::keepLast() {
    if (m_settings && m_document.model()) m_settings->setValue(kLastKey, toJson(state(), QDir::root()));
}

} // namespace rp::ui
