// SPDX-License-Identifier: Apache-2.0
#include "ui/views/assumptions_pane.h"

#include "ui/models/rows.h"
#include "ui/presenters/display_text.h"
#include "ui/presenters/document.h"
#include "ui/views/tables.h"
#include "ui/views/theme.h"

#include <QLabel>
#include <QLineEdit>
#include <QRegularExpression>
#include <QToolButton>
#include <QVBoxLayout>

namespace rp::ui {
namespace {

QStringList split(const QString& line) {
    static const QRegularExpression gap(QStringLiteral("[\\s;]+"));
    return line.split(gap, Qt::SkipEmptyParts);
}

} // namespace

AssumptionsPane::AssumptionsPane(Document& document, QWidget* parent)
    : QWidget(parent), m_document(document), m_rows(new TextTable({tr("Of"), tr("In force")}, this)),
      m_line(new QLineEdit(this)), m_error(new QLabel(this)) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    QTableView* table = makeTable(m_rows, this);
    table->setFrameShape(QFrame::NoFrame);
    table->setAccessibleName(tr("Assumptions"));
    layout->addWidget(table, 1);
    layout->addLayout(buildLine());
    layout->addWidget(m_error);
    m_error->setWordWrap(true);
    m_error->hide();
    connect(&document, &Document::modelChanged, this, &AssumptionsPane::showModel);
    connect(&document, &Document::inputChanged, this, &AssumptionsPane::showRows);
    connect(&document, &Document::problemsChanged, this, [this] {
        if (m_isApplied && m_document.openError()) showError(toSentence(toProblem(*m_document.openError())));
    });
    showModel();
}

QLayout* AssumptionsPane::buildLine() {
    auto* row = new QHBoxLayout;
    auto* label = new QLabel(tr("A&ssume"), this);
    label->setBuddy(m_line);
    m_line->setPlaceholderText(tr("eps=1e-3  stage3.*:stride=2,groups=4"));
    m_line->setToolTip(
        tr("As after --assume, several with blanks between: eps momentum stride padding dilation "
           "groups identity se activation; for blocks that match a pattern, or for all"));
    m_line->setClearButtonEnabled(true);
    auto* button = new QToolButton(this);
    button->setText(tr("Apply"));
    row->addWidget(label);
    row->addWidget(m_line, 1);
    row->addWidget(button);
    connect(m_line, &QLineEdit::returnPressed, this, &AssumptionsPane::apply);
    connect(button, &QToolButton::clicked, this, &AssumptionsPane::apply);
    connect(m_line, &QLineEdit::textEdited, this, [this] { showError({}); });
    return row;
}

QString AssumptionsPane::error() const {
    return m_error->text();
}

void AssumptionsPane::showRows() {
    m_rows->setRows(m_document.model() ? assumptionRows(*m_document.model(), m_document.input().get())
                                       : std::vector<TextRow>());
}

void AssumptionsPane::showModel() {
    QStringList texts;
    if (m_document.model())
        for (const std::string& text : m_document.model()->options.assumptions)
            texts << toQString(text);
    m_line->setText(texts.join(QStringLiteral("  ")));
    m_line->setEnabled(m_document.model() != nullptr);
    m_isApplied = false;
    showError({});
    showRows();
}

void AssumptionsPane::apply() {
    const QStringList texts = split(m_line->text());
    std::vector<std::string> plain;
    for (const QString& text : texts)
        plain.push_back(text.toStdString());
    try {
        families::Assumptions{plain};
    } catch (const Error& error) {
        showError(toSentence(toProblem(error)));
        return;
    }
    showError({});
    m_document.setAssumptions(texts);
    m_isApplied = true;
}

void AssumptionsPane::showError(const QString& text) {
    QPalette colours = palette();
    colours.setColor(QPalette::WindowText, toneColour(Tone::fail, palette()));
    m_error->setPalette(colours);
    m_error->setText(text);
    m_error->setVisible(!text.isEmpty());
}

} // namespace rp::ui
