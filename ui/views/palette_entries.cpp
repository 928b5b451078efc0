// SPDX-License-Identifier: Apache-2.0
#include "ui/views/palette_entries.h"

#include "ui/presenters/display_text.h"
#include "ui/presenters/document.h"

#include <QAction>
#include <QCoreApplication>
#include <QDockWidget>
#include <QMainWindow>
#include <QMenu>
#include <QMenuBar>
#include <QPointer>
#include <QTabWidget>

namespace rp::ui {
namespace {

using Entries = std::vector<PaletteEntry>;

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(Palette)
};

/// Menus nest three deep at most; each level names its entries.
void addMenu(Entries& entries, const QMenu& menu, const QString& kind) {
    for (QAction* action : menu.actions()) {
        if (action->isSeparator() || !action->isEnabled() || !action->isVisible()) continue;
        const QString text = withoutMnemonic(action->text());
        if (const QMenu* inner = action->menu()) {
            addMenu(entries, *inner, kind + QStringLiteral(" › ") + text);
            continue;
        }
        const QPointer<QAction> guarded(action); // lists of recent files are filled anew
        entries.push_back({kind, text, action->shortcut().toString(QKeySequence::NativeText), action->statusTip(), [guarded] {
                               if (guarded) guarded->trigger();
                           }});
    }
}

/// A tab of a pane that is hidden, or behind others, brings its pane with it.
void showTab(QTabWidget& tabs, QWidget& page) {
    for (QWidget* above = tabs.parentWidget(); above; above = above->parentWidget())
        if (auto* dock = qobject_cast<QDockWidget*>(above)) {
            dock->show();
            dock->raise();
        }
    tabs.setTabVisible(tabs.indexOf(&page), true);
    tabs.setCurrentWidget(&page);
    page.setFocus(Qt::ShortcutFocusReason);
}

void addTabs(Entries& entries, QMainWindow& window) {
    for (QTabWidget* tabs : window.findChildren<QTabWidget*>())
        for (int tab = 0; tab < tabs->count(); ++tab) {
            if (!tabs->isTabEnabled(tab)) continue; // it has nothing to show
            const QPointer<QTabWidget> guarded(tabs);
            const QPointer<QWidget> page(tabs->widget(tab));
            entries.push_back({Texts::tr("Tab"), withoutMnemonic(tabs->tabText(tab)), {}, tabs->tabToolTip(tab), [guarded, page] {
                                   if (guarded && page) showTab(*guarded, *page);
                               }});
        }
}

void addWeights(Entries& entries, Document& document) {
    const families::OpenedModel& opened = document.model()->opened;
    if (opened.checkpoint->sets.size() < 2) return;
    for (const io::WeightSet& set : opened.checkpoint->sets) {
        const QString name = toQString(set.name);
        entries.push_back({Texts::tr("Weights"), name.isEmpty() ? Texts::tr("the file itself") : name, {},
                           Texts::tr("Read this weight set of the file"), [&document, name] { document.setWeights(name); }});
    }
}

void addBlocks(Entries& entries, Document& document) {
    const std::vector<Block>& blocks = document.model()->model().blocks;
    for (std::size_t i = 0; i < blocks.size(); ++i)
        entries.push_back({Texts::tr("Block"), blocks[i].name.empty() ? QStringLiteral(".") : toQString(blocks[i].name), {},
                           blockHeadline(blocks[i], toQString(toString(blocks[i].form))),
                           [&document, i] { document.setBlock(static_cast<int>(i)); }});
}

} // namespace

QString withoutMnemonic(QString text) {
    for (qsizetype i = 0; i < text.size(); ++i)
        if (text[i] == QLatin1Char('&')) text.remove(i, 1); // of "&&" the second stays
    return text;
}

std::vector<PaletteEntry> paletteEntries(QMainWindow& window, Document& document) {
    Entries entries;
    for (const QAction* action : window.menuBar()->actions())
        if (const QMenu* menu = action->menu()) addMenu(entries, *menu, withoutMnemonic(action->text()));
    addTabs(entries, window);
    if (document.model()) {
        addWeights(entries, document);
        addBlocks(entries, document);
    }
    return entries;
}

} // namespace rp::ui
