// SPDX-License-Identifier: Apache-2.0
#include "ui/views/filter_field.h"

#include "ui/views/theme.h"

#include <QLabel>
#include <QLineEdit>
#include <QVBoxLayout>

namespace rp::ui {

FilterField::FilterField(QWidget* parent) : QWidget(parent), m_edit(new QLineEdit(this)), m_error(new QLabel(this)) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    layout->addWidget(m_edit);
    layout->addWidget(m_error);
    m_edit->setPlaceholderText(tr("Filter: stage3 k=3 snr<100 …"));
    m_edit->setClearButtonEnabled(true);
    m_edit->setToolTip(BlockFilter::help());
    m_edit->setAccessibleName(tr("Filter of blocks"));
    m_edit->setAccessibleDescription(BlockFilter::help());
    m_error->setWordWrap(true);
    m_error->setTextFormat(Qt::PlainText);
    m_error->hide();
    connect(m_edit, &QLineEdit::textChanged, this, &FilterField::read);
}

QString FilterField::error() const {
    return m_error->isHidden() ? QString() : m_error->text();
}

void FilterField::read(const QString& text) {
    BlockFilter filter(text);
    m_error->setVisible(!filter.isValid());
    m_error->setText(filter.error());
    QPalette colours = palette();
    colours.setColor(QPalette::WindowText, toneColour(Tone::fail, colours));
    m_error->setPalette(colours);
    if (!filter.isValid()) return;
    m_filter = std::move(filter);
    emit filterChanged();
}

} // namespace rp::ui
