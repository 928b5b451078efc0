// SPDX-License-Identifier: Apache-2.0
#include "ui/views/command_palette.h"

#include "ui/views/palette_list.h"

#include <QAccessible>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QVBoxLayout>

#include <algorithm>

namespace rp::ui {
namespace {

constexpr int kWidth = 640, kRows = 12, kTop = 48;

} // namespace

CommandPalette::CommandPalette(Collect collect, QWidget& window)
    : QFrame(&window), m_collect(std::move(collect)), m_window(window), m_line(new QLineEdit(this)), m_list(new QListView(this)),
      m_hint(new QLabel(this)), m_model(new PaletteModel(this)) {
    setObjectName(QStringLiteral("commandPalette"));
    setAccessibleName(tr("Command palette"));
    setAutoFillBackground(true);
    setFrameShape(QFrame::StyledPanel);
    setLineWidth(2);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 8, 8, 8);
    layout->setSpacing(6);
    for (QWidget* part : std::initializer_list<QWidget*>{m_line, m_list, m_hint}) layout->addWidget(part);
    m_line->setPlaceholderText(tr("An action, a block, a tab …"));
    m_line->setAccessibleName(tr("What to do or where to go"));
    m_line->installEventFilter(this);
    m_list->setModel(m_model);
    m_list->setItemDelegate(new PaletteDelegate(m_list));
    m_list->setFocusPolicy(Qt::NoFocus); // keys stay with the line
    m_list->setUniformItemSizes(true);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setAccessibleName(tr("Matches"));
    m_hint->setForegroundRole(QPalette::PlaceholderText);
    m_hint->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    connect(m_line, &QLineEdit::textChanged, this, &CommandPalette::rank);
    connect(m_list, &QListView::clicked, this, &CommandPalette::runCurrent);
    window.installEventFilter(this);
    hide();
}

void CommandPalette::open() {
    if (isVisible()) return close();
    m_focusBefore = m_window.focusWidget();
    m_model->setEntries(m_collect());
    m_line->clear();
    rank({});
    place();
    show();
    raise();
    m_line->setFocus(Qt::ShortcutFocusReason);
}

void CommandPalette::close() {
    if (isHidden()) return;
    const bool hadFocus = m_line->hasFocus();
    hide();
    if (hadFocus && m_focusBefore) m_focusBefore->setFocus(Qt::OtherFocusReason);
    m_model->setEntries({}); // they name actions and tabs that may go
}

void CommandPalette::place() {
    const int width = std::min(kWidth, m_window.width() - 40);
    const int rows = kRows * (m_list->sizeHintForRow(0) > 0 ? m_list->sizeHintForRow(0) : 24);
    const int height = std::min(rows + m_line->sizeHint().height() + m_hint->sizeHint().height() + 32, m_window.height() - 2 * kTop);
    setGeometry((m_window.width() - width) / 2, kTop, width, height);
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event) {
    if (isHidden()) return false;
    if (watched == &m_window) {
        if (event->type() == QEvent::Resize) place();
        return false;
    }
    switch (event->type()) {
    case QEvent::ShortcutOverride: { // the window's own Esc, Page Down … must not take them
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key != Qt::Key_Escape && key != Qt::Key_PageUp && key != Qt::Key_PageDown) return false;
        event->accept();
        return true;
    }
    case QEvent::KeyPress:
        return keyPressed(static_cast<QKeyEvent*>(event)->key());
    case QEvent::FocusOut:
        if (static_cast<QFocusEvent*>(event)->reason() != Qt::ActiveWindowFocusReason) close();
        return false;
    default:
        return false;
    }
}

bool CommandPalette::keyPressed(int key) {
    switch (key) {
    case Qt::Key_Escape:
        close();
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        runCurrent();
        return true;
    case Qt::Key_Up:
    case Qt::Key_Down:
        step(key == Qt::Key_Up ? -1 : 1);
        return true;
    case Qt::Key_PageUp:
    case Qt::Key_PageDown:
        step(key == Qt::Key_PageUp ? 1 - kRows : kRows - 1);
        return true;
    case Qt::Key_Tab:
    case Qt::Key_Backtab:
        return true; // there is nowhere else to go inside
    default:
        return false;
    }
}

void CommandPalette::rank(const QString& query) {
    m_model->rank(query);
    m_list->setCurrentIndex(m_model->index(0));
    tellCurrent();
}

/// Round and round by one, to the ends by pages.
void CommandPalette::step(int by) {
    const int count = m_model->rowCount();
    if (count == 0) return;
    int row = m_list->currentIndex().row() + by;
    row = std::abs(by) == 1 ? (row + count) % count : std::clamp(row, 0, count - 1);
    m_list->setCurrentIndex(m_model->index(row));
    tellCurrent();
}

/// The keyboard focus stays in the line, so a screen reader hears of the choice as the line's description.
void CommandPalette::tellCurrent() {
    const QModelIndex current = m_list->currentIndex();
    m_hint->setText(current.isValid() ? m_model->entry(current.row()).does : tr("Nothing of that name"));
    m_line->setAccessibleDescription(current.isValid() ? current.data(Qt::AccessibleTextRole).toString() : m_hint->text());
    QAccessibleEvent event(m_line, QAccessible::DescriptionChanged);
    QAccessible::updateAccessibility(&event);
}

void CommandPalette::runCurrent() {
    const QModelIndex current = m_list->currentIndex();
    if (!current.isValid()) return;
    const std::function<void()> run = m_model->entry(current.row()).run; // closing drops the entries
    close();
    run();
}

} // namespace rp::ui
