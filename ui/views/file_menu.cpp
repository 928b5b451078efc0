// SPDX-License-Identifier: Apache-2.0
#include "ui/views/file_menu.h"

#include "ui/presenters/bundled.h"
#include "ui/presenters/document.h"
#include "ui/views/action_set.h"
#include "ui/views/block_diagram_view.h"
#include "ui/views/input_view.h"
#include "ui/views/recent_menu.h"

#include <QFileDialog>
#include <QFileInfo>

namespace rp::ui {

FileMenu::FileMenu(Document& document, ActionSet& actions, QSettings* settings, QWidget* window)
    : QObject(window), m_document(document), m_window(window) {
    actions.on(ActionId::openModel, this, [this] {
        const QString path =
            QFileDialog::getOpenFileName(m_window, tr("Open model"), {},
                                         tr("Checkpoints (*.pth *.pt *.bin *.safetensors);;All files (*)"));
        if (!path.isEmpty()) m_document.openModel(path);
    });
    actions.on(ActionId::openPicture, this, [this] {
        const QString path = QFileDialog::getOpenFileName(
            m_window, tr("Open image"), {},
            tr("Pictures and arrays (*.jpg *.jpeg *.png *.bmp *.webp *.tif *.tiff *.npy);;All files (*)"));
        if (!path.isEmpty()) m_document.openPicture(path);
    });
    actions.on(ActionId::compareAgainst, this, [this] {
        const QString path = QFileDialog::getOpenFileName(m_window, tr("Compare against"));
        if (!path.isEmpty()) m_document.compareAgainst(path);
    });
    actions.on(ActionId::reload, &document, [this] { m_document.reloadModel(); });
    actions.on(ActionId::quit, window, [window] { window->close(); });
    addRecent(actions, settings);
    addBundled(actions);
}

void FileMenu::addRecent(ActionSet& actions, QSettings* settings) {
    m_models = new RecentMenu(
        tr("Recent &models"), RecentFiles(QStringLiteral("recent/models"), settings),
        [this](const QString& path) { m_document.openModel(path); }, m_window);
    m_pictures = new RecentMenu(
        tr("Recent ima&ges"), RecentFiles(QStringLiteral("recent/pictures"), settings),
        [this](const QString& path) { m_document.openPicture(path); }, m_window);
    m_models->setObjectName(QStringLiteral("recentModels"));
    m_pictures->setObjectName(QStringLiteral("recentPictures"));
    for (RecentMenu* recent : {m_models, m_pictures})
        actions.menu(MenuId::file)->insertMenu(actions[ActionId::compareAgainst], recent);
    // Only what could be opened is worth remembering.
    connect(&m_document, &Document::modelChanged, this, [this] {
        if (m_document.model())
            m_models->add(QString::fromStdString(m_document.model()->opened.checkpoint->path.string()));
    });
    connect(&m_document, &Document::inputChanged, this, [this] {
        if (m_document.input()) m_pictures->add(m_document.input()->path);
    });
    connect(&m_document, &Document::settled, this, &FileMenu::keepThumbnails);
}

/// The picture as the network sees it; of a model, its diagram. Taken when everything is there.
void FileMenu::keepThumbnails() {
    if (!m_document.model() || !m_document.input()) return;
    if (const auto* input = m_window->findChild<InputView*>()) m_pictures->setThumbnail(m_document.input()->path, input->image());
    if (auto* diagram = m_window->findChild<BlockDiagramView*>(); diagram && diagram->isVisible())
        m_models->setThumbnail(QString::fromStdString(m_document.model()->opened.checkpoint->path.string()), diagram->viewport()->grab().toImage());
}

void FileMenu::addBundled(ActionSet& actions) {
    auto* bundled = new QMenu(tr("&Bundled"), m_window);
    for (const QString& model : bundledModels())
        bundled->addAction(QFileInfo(model).fileName(), this, [this, model] { m_document.openModel(model); });
    bundled->addSeparator();
    for (const QString& picture : bundledPictures())
        bundled->addAction(QFileInfo(picture).fileName(), this,
                           [this, picture] { m_document.openPicture(picture); });
    actions.menu(MenuId::file)->insertMenu(actions[ActionId::compareAgainst], bundled);
}

} // namespace rp::ui
