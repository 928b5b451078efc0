// SPDX-License-Identifier: Apache-2.0
#include "ui/presenters/edit_history.h"

#include "ui/presenters/display_text.h"

#include <QFileInfo>

#include <utility>

namespace rp::ui {
namespace {

/// In a few words, for the menu: "Undo engine float64".
QString nameOf(const Edits& before, const Edits& after) {
    if (before.settings.engine != after.settings.engine) return EditHistory::tr("engine %1").arg(toQString(toString(after.settings.engine)));
    if (before.settings.dispatch != after.settings.dispatch) return EditHistory::tr("dispatch %1").arg(toQString(toString(after.settings.dispatch)));
    if (before.against != after.against)
        return after.against.isEmpty() ? EditHistory::tr("compare against nothing")
                                       : EditHistory::tr("compare against %1").arg(QFileInfo(after.against).fileName());
    if (before.weights != after.weights) return EditHistory::tr("weights %1").arg(toQString(after.weights.value_or(std::string())));
    return EditHistory::tr("assumptions");
}

class Edit : public QUndoCommand {
public:
    Edit(EditHistory& history, Edits before, Edits after) : m_history(history), m_before(std::move(before)), m_after(std::move(after)) {
        setText(nameOf(m_before, m_after));
    }
    void undo() override { m_history.apply(m_before); }
    void redo() override { m_history.apply(m_after); } ///< changes nothing when it is pushed

private:
    EditHistory& m_history;
    Edits m_before, m_after;
};

} // namespace

EditHistory::EditHistory(Document& document, QObject* parent)
    : QObject(parent), m_document(document), m_path(document.modelPath()), m_now(document.edits()) {
    connect(&document, &Document::editsChanged, this, &EditHistory::note);
}

void EditHistory::apply(const Edits& edits) {
    m_isApplying = true;
    m_document.setEdits(edits);
    m_isApplying = false;
    m_now = edits;
}

void EditHistory::note() {
    if (m_isApplying) return;
    const Edits before = std::exchange(m_now, m_document.edits());
    if (m_path != m_document.modelPath()) {
        m_path = m_document.modelPath();
        m_stack.clear();
        return;
    }
    if (m_now == before) return;
    const bool isOpening = !m_document.model() || QString::fromStdString(m_document.model()->opened.checkpoint->path.string()) != m_path;
    if (!isOpening) m_stack.push(new Edit(*this, before, m_now));
}

} // namespace rp::ui
