// SPDX-License-Identifier: Apache-2.0
#include "ui/views/recent_menu.h"

#include <QBuffer>
#include <QDir>
#include <QFileInfo>
#include <QImage>
#include <QPixmap>
#include <QProxyStyle>

namespace rp::ui {
namespace {

constexpr int kThumbnail = 48; ///< pixels of its longer side

/// As large as its thumbnails; a menu's icons are small otherwise.
class ThumbnailStyle : public QProxyStyle {
public:
    int pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const override {
        return metric == PM_SmallIconSize ? kThumbnail * 2 / 3 : QProxyStyle::pixelMetric(metric, option, widget);
    }
};

} // namespace

RecentMenu::RecentMenu(const QString& title, RecentFiles files, std::function<void(const QString&)> open,
                       QWidget* parent)
    : QMenu(title, parent), m_files(std::move(files)), m_open(std::move(open)) {
    setToolTipsVisible(true);
    auto* style = new ThumbnailStyle;
    style->setParent(this);
    setStyle(style);
    connect(this, &QMenu::aboutToShow, this, &RecentMenu::fill); // files come and go meanwhile
    fill();
}

void RecentMenu::add(const QString& path) {
    m_files.add(path);
    fill();
}

void RecentMenu::setThumbnail(const QString& path, const QImage& picture) {
    if (picture.isNull()) return;
    QByteArray png;
    QBuffer buffer(&png);
    buffer.open(QIODevice::WriteOnly);
    picture.scaled(kThumbnail, kThumbnail, Qt::KeepAspectRatio, Qt::SmoothTransformation).save(&buffer, "PNG");
    m_files.setThumbnail(path, png);
}

void RecentMenu::fill() {
    clear();
    bool isMissing = false;
    for (const QString& path : m_files.paths()) {
        const QFileInfo file(path);
        QString text = QStringLiteral("%1  (%2)").arg(file.fileName(), file.dir().dirName());
        text.replace(QLatin1Char('&'), QStringLiteral("&&"));
        QAction* action = addAction(text, this, [this, path] { m_open(path); });
        action->setToolTip(path);
        QPixmap picture;
        if (picture.loadFromData(m_files.thumbnail(path), "PNG")) action->setIcon(picture);
        isMissing = isMissing || !file.exists();
        action->setEnabled(file.exists());
    }
    if (isEmpty()) {
        addAction(tr("None yet"))->setEnabled(false);
        return;
    }
    addSeparator();
    if (isMissing)
        connect(
            addAction(tr("Forget those that are gone")), &QAction::triggered, this,
            [this] {
                m_files.removeMissing();
                fill();
            },
            Qt::QueuedConnection);
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
