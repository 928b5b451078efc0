// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/presenters/document.h"

#include <QUndoStack>

namespace rp::ui {

/// Remembers what is asked of the open model (weights, assumptions, the file it is compared against, engine, dispatch), whoever
/// asks, so that it can be taken back. Another model begins anew.
class EditHistory : public QObject {
    Q_OBJECT

public:
    explicit EditHistory(Document& document, QObject* parent = nullptr);
    QUndoStack& stack() { return m_stack; }
    void apply(const Edits& edits); ///< without another entry

private:
    void note();

    Document& m_document;
    QUndoStack m_stack;
    QString m_path; ///< of the model that the history belongs to
    Edits m_now;
    bool m_isApplying = false;
};

} // namespace rp::ui
