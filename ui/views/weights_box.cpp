// SPDX-License-Identifier: Apache-2.0
#include "ui/views/weights_box.h"

#include "ui/presenters/display_text.h"
#include "ui/presenters/document.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>

namespace rp::ui {

WeightsBox::WeightsBox(Document& document, QWidget* parent)
    : QWidget(parent), m_document(document), m_box(new QComboBox(this)) {
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    auto* label = new QLabel(tr("Wei&ghts"), this);
    label->setBuddy(m_box);
    layout->addWidget(label);
    layout->addWidget(m_box, 1);
    m_box->setToolTip(tr("The file holds several sets of weights; another one is read at once"));
    m_box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    connect(m_box, &QComboBox::activated, this,
            [this] { m_document.setWeights(m_box->currentData().toString()); });
    connect(&document, &Document::modelChanged, this, &WeightsBox::refresh);
    refresh();
}

void WeightsBox::refresh() {
    m_box->clear();
    if (m_document.model()) {
        const families::OpenedModel& opened = m_document.model()->opened;
        for (const io::WeightSet& set : opened.checkpoint->sets) {
            const QString name = toQString(set.name);
            m_box->addItem(name.isEmpty() ? tr("the file itself") : name, name);
        }
        m_box->setCurrentIndex(m_box->findData(toQString(opened.weights->name)));
    }
    setVisible(m_box->count() > 1);
}

} // namespace rp::ui
