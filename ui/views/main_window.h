// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QMainWindow>

class QLabel;

namespace rp::ui {

class ActivationsView;
class Document;

/// Wires the views; holds no state of its own beside the layout.
class MainWindow : public QMainWindow {
    Q_OBJECT

public:
    explicit MainWindow(Document& document, QWidget* parent = nullptr);

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void buildActions();
    QWidget* buildCentre();
    QWidget* buildBottom();
    void askForModel();
    void askForPicture();
    void showTitle();
    void showBlock();

    Document& m_document;
    QLabel *m_blockHeadline, *m_inputLabel;
    ActivationsView* m_activations;
};

} // namespace rp::ui
