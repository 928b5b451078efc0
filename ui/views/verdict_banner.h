// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QFrame>

class QLabel;
class QProgressBar;
class QToolButton;

namespace rp::ui {

class Document;

/// Does it agree? The first thing to be seen: verdict, what it means, its figures, and where to look; while
/// work is under way its progress and a way to stop it.
class VerdictBanner : public QFrame {
    Q_OBJECT

public:
    explicit VerdictBanner(Document& document, QWidget* parent = nullptr);
    QString text() const; ///< headline and sentence

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void refresh();
    void fitSentence();

    Document& m_document;
    QLabel *m_headline, *m_sentence, *m_figures;
    QToolButton *m_look, *m_cancel;
    QProgressBar* m_progress;
    QColor m_colour;
    int m_block = -1;
    QString m_whole; ///< sentence, however little of it fits
};

} // namespace rp::ui
