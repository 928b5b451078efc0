// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QImage>
#include <QWidget>

namespace rp::ui {

class Document;

/// The input as the network gets it (resized, cropped), with its normalisation taken back for the eye.
class InputView : public QWidget {
    Q_OBJECT

public:
    explicit InputView(Document& document, QWidget* parent = nullptr);
    const QImage& image() const { return m_image; }
    QSize sizeHint() const override { return {200, 130}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void refresh();

    Document& m_document;
    QImage m_image;
};

} // namespace rp::ui
