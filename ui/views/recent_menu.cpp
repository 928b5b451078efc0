// SPDX-License-Identifier: Apache-2.0
#include "ui/views/recent_menu.h"

#include <QDir>
#include <QFileInfo>

namespace rp::ui {

RecentMenu::RecentMenu(const QString& title, RecentFiles files, std::function<void(const QString&)> open,
                       QWidget* parent)
    : QMenu(title, parent), m_files(std::move(files)), m_open(std::move(open)) {
    setToolTipsVisible(true);
    connect(this, &QMenu::aboutToShow, this, &RecentMenu::fill); // files come and go meanwhile
    fill();
}

void RecentMenu::add(const QString& path) {
    m_files.add(path);
    fill();
}

void RecentMenu::fill() {
    clear();
    for (const QString& path : m_files.paths()) {
        const QFileInfo file(path);
        QString text = QStringLiteral("%1  (%2)").arg(file.fileName(), file.dir().dirName());
        text.replace(QLatin1Char('&'), QStringLiteral("&&"));
        QAction* action = addAction(text, this, [this, path] { m_open(path); });
        action->setToolTip(path);
        action->setEnabled(file.exists());
    }
    if (isEmpty()) {
        addAction(tr("None yet"))->setEnabled(false);
        return;
    }
    addSeparator();
    // Queued: clearing must not delete the action that asks for it.
    connect(
        addAction(tr("Forget all")), &QAction::triggered, this,
        [this] {
            m_files.clear();
            fill();
        },
        Qt::QueuedConnection);
}

} // namespace rp::ui
