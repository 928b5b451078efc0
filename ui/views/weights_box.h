// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QWidget>

class QComboBox;

namespace rp::ui {

class Document;

/// Which of a checkpoint's weight sets is open (state_dict, ema …); hidden when there is no choice.
class WeightsBox : public QWidget {
    Q_OBJECT

public:
    explicit WeightsBox(Document& document, QWidget* parent = nullptr);
    QComboBox* box() { return m_box; }

private:
    void refresh();

    Document& m_document;
    QComboBox* m_box;
};

} // namespace rp::ui
