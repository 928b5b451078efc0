// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/presenters/document.h"
#include "ui/views/main_window.h"

#include <QDropEvent>
#include <QMimeData>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>
#include <QUrl>

#include <memory>

namespace rp::test {

/// Any warning fails the test, but for what the offscreen platform cannot do.
inline void failOnWarnings() {
    QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support).*")));
}

/// Waits until nothing of the document's is under way.
inline bool settle(ui::Document& document) {
    QSignalSpy settled(&document, &ui::Document::settled);
    return !document.isBusy() || settled.wait(60000);
}

/// Files dragged over a window and let go there.
inline void drop(QWidget& window, const QStringList& paths) {
    QMimeData data;
    QList<QUrl> urls;
    for (const QString& path : paths) urls << QUrl::fromLocalFile(path);
    data.setUrls(urls);
    QDragEnterEvent enter(QPoint(50, 50), Qt::CopyAction, &data, Qt::LeftButton, {});
    QCoreApplication::sendEvent(&window, &enter);
    if (!enter.isAccepted()) return;
    QDropEvent dropped(QPointF(50, 50), Qt::CopyAction, &data, Qt::LeftButton, {});
    QCoreApplication::sendEvent(&window, &dropped);
}

/// A window on its own document, for one test function.
class OpenWindow {
protected:
    bool show() {
        failOnWarnings();
        m_document = std::make_unique<ui::Document>();
        m_window = std::make_unique<ui::MainWindow>(*m_document);
        m_window->show();
        return QTest::qWaitForWindowExposed(m_window.get());
    }
    void close() {
        m_window.reset();
        m_document.reset();
    }
    bool settle() { return test::settle(*m_document); }

    std::unique_ptr<ui::Document> m_document;
    std::unique_ptr<ui::MainWindow> m_window;
};

} // namespace rp::test
