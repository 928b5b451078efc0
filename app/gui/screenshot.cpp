// SPDX-License-Identifier: Apache-2.0
#include "app/gui/screenshot.h"

#include "ui/presenters/document.h"

#include <QCoreApplication>
#include <QWidget>

#include <cstdio>

Screenshot::Screenshot(rp::ui::Document& document, QWidget& window, QString target, QObject* parent)
    : QObject(parent), m_document(document), m_window(window), m_target(std::move(target)) {
    // Queued: the views hear of the last result first.
    connect(&document, &rp::ui::Document::settled, this, &Screenshot::take, Qt::QueuedConnection);
}

void Screenshot::take() {
    if (m_document.isBusy()) return; // a view asked for more; it settles again
    if (const auto& error = m_document.openError()) {
        std::fprintf(stderr, "repscope: %s\n", error->what());
        QCoreApplication::exit(3);
        return;
    }
    if (!m_window.grab().save(m_target)) {
        std::fprintf(stderr, "repscope: %s: expected a picture file that can be written (.png .jpg)\n",
                     qPrintable(m_target));
        QCoreApplication::exit(3);
        return;
    }
    QCoreApplication::exit(0);
}
