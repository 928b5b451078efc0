// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/presenters/recent_files.h"

#include <QMenu>

#include <functional>

namespace rp::ui {

/// Files that were opened before, newest first; those that are gone are grey.
class RecentMenu : public QMenu {
    Q_OBJECT

public:
    RecentMenu(const QString& title, RecentFiles files, std::function<void(const QString&)> open,
               QWidget* parent = nullptr);
    void add(const QString& path);
    void setThumbnail(const QString& path, const QImage& picture);

private:
    void fill();

    RecentFiles m_files;
    std::function<void(const QString&)> m_open;
};

} // namespace rp::ui
