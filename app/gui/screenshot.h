// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>

class QWidget;

namespace rp::ui {
class Document;
}

/// Saves a picture of the window once everything shown is computed, and ends the program: 0, or 3 with a
/// sentence on standard error when a file could not be opened or the picture not be written.
class Screenshot : public QObject {
    Q_OBJECT

public:
    Screenshot(rp::ui::Document& document, QWidget& window, QString target, QObject* parent = nullptr);

private:
    void take();

    rp::ui::Document& m_document;
    QWidget& m_window;
    QString m_target;
};
