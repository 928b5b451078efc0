// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/model/model.h"

#include <QObject>

#include <optional>

class QKeyEvent;
class QWidget;

namespace rp::ui {

class Document;

/// Shows the other form of the model while the space bar is held in `window`. Where a space means something
/// else (text, buttons, boxes), it keeps its meaning.
class FlipKey : public QObject {
    Q_OBJECT

public:
    FlipKey(Document& document, QWidget& window);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    bool press(const QKeyEvent& event);
    void release();

    Document& m_document;
    QWidget& m_window;
    std::optional<Phase> m_before; ///< set while the key is held
};

} // namespace rp::ui
