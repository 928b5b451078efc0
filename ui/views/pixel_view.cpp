// SPDX-License-Identifier: Apache-2.0
#include "ui/views/pixel_view.h"

#include "ui/models/text_table.h"
#include "ui/presenters/display_text.h"
#include "ui/presenters/document.h"
#include "ui/presenters/pixel_probe.h"
#include "ui/views/pixel_sheet.h"
#include "ui/views/tables.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QItemSelectionModel>
#include <QLabel>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QSplitter>

namespace rp::ui {

PixelView::PixelView(Document& document, QWidget* parent)
    : QWidget(parent), m_document(document), m_probe(new PixelProbe(document, this)), m_headline(new QLabel(this)),
      m_message(new QLabel(this)), m_content(new QSplitter(this)), m_channels(new TextTable({}, this)),
      m_sheet(new PixelSheet) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(4, 4, 4, 4);
    auto* controls = new QHBoxLayout;
    m_channel = addNumber(controls, tr("Output &channel"));
    m_y = addNumber(controls, tr("&y"));
    m_x = addNumber(controls, tr("&x"));
    auto* hint = new QLabel(tr("X or Ctrl+click in a map explains its element"), this);
    hint->setEnabled(false);
    hint->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    controls->addSpacing(8);
    controls->addWidget(hint, 1);
    layout->addLayout(controls);
    m_headline->setWordWrap(true);
    m_headline->setTextInteractionFlags(Qt::TextSelectableByMouse);
    layout->addWidget(m_headline);
    m_message->setAlignment(Qt::AlignCenter);
    m_message->setWordWrap(true);
    layout->addWidget(m_message, 1);
    m_channelTable = makeTable(m_channels, this);
    m_channelTable->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed); // one line each, and there may be thousands
    m_channelTable->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 6);
    m_channelTable->horizontalHeader()->setResizeContentsPrecision(50);
    m_channelTable->setAccessibleName(tr("Input channels, those that count most first"));
    m_channelTable->setToolTip(tr("What each input channel adds, by branch; those that count most first"));
    auto* scroll = new QScrollArea(this);
    scroll->setWidget(m_sheet);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus);
    m_content->addWidget(m_channelTable);
    m_content->addWidget(scroll);
    m_content->setStretchFactor(0, 2);
    m_content->setStretchFactor(1, 5);
    m_content->setSizes({310, 640});
    m_content->setChildrenCollapsible(false);
    layout->addWidget(m_content, 1);
    connect(m_probe, &PixelProbe::changed, this, &PixelView::showPixel);
    connect(&document, &Document::activityChanged, this, [this] {
        if (!m_probe->explanation()) m_message->setText(m_probe->message());
    });
    connect(m_channelTable->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &PixelView::showSheet);
    showPixel();
}

QSpinBox* PixelView::addNumber(QLayout* into, const QString& label) {
    auto* words = new QLabel(label, this);
    auto* box = new QSpinBox(this);
    box->setKeyboardTracking(false);
    words->setBuddy(box);
    into->addWidget(words);
    into->addWidget(box);
    connect(box, &QSpinBox::valueChanged, this, [this] { m_probe->choose(m_channel->value(), m_y->value(), m_x->value()); });
    return box;
}

void PixelView::choose(const MapViewState::Cursor& element) {
    const Shape shape = m_probe->outShape();
    if (element.height != shape[2] || element.width != shape[3] || element.channel >= shape[1]) return;
    m_probe->choose(element.channel, element.y, element.x);
}

void PixelView::showEvent(QShowEvent*) {
    m_probe->setActive(true);
}

void PixelView::hideEvent(QHideEvent*) {
    m_probe->setActive(false);
}

void PixelView::showPixel() {
    const PixelPtr& pixel = m_probe->explanation();
    showNumbers();
    m_message->setVisible(!pixel);
    m_content->setVisible(pixel != nullptr);
    m_headline->setVisible(pixel != nullptr);
    m_message->setText(m_probe->message());
    m_headline->setText(pixel ? describe() : QString());
    if (pixel) showChannels();
    showSheet();
}

/// Which element, within what there is.
void PixelView::showNumbers() {
    const Shape shape = m_probe->outShape();
    const fusion::PixelPlace& place = m_probe->place();
    const std::initializer_list<std::tuple<QSpinBox*, std::int64_t, std::int64_t>> boxes{
        {m_channel, shape[1], place.channel}, {m_y, shape[2], place.y}, {m_x, shape[3], place.x}};
    for (const auto& [box, size, value] : boxes) {
        const QSignalBlocker quiet(box);
        box->setEnabled(size > 0);
        box->setMaximum(std::max(0, static_cast<int>(size) - 1));
        box->setValue(static_cast<int>(value));
    }
}

/// The sum in one line, and how far the fused kernel and the map on screen are from it.
QString PixelView::describe() const {
    const fusion::PixelExplanation& pixel = *m_probe->explanation();
    QStringList parts;
    for (const fusion::PixelTerm& branch : pixel.branches)
        parts << QStringLiteral("%1 %2").arg(toQString(branch.name), numberText(branch.value, 6));
    QString text;
    if (parts.size() > 1)
        text = tr("%1 = %2.  Fused kernel, rounded to float32: %3, Δ %4.")
                   .arg(parts.join(QStringLiteral("  +  ")), numberText(pixel.sum, 8), numberText(pixel.fused.value, 8),
                        numberText(pixel.fused.value - pixel.sum, 3));
    else if (parts.size() == 1)
        text = tr("%1.  Rounded to float32: %2, Δ %3.")
                   .arg(parts.front(), numberText(pixel.fused.value, 8), numberText(pixel.fused.value - pixel.sum, 3));
    else
        text = tr("The file's kernel gives %1.").arg(numberText(pixel.fused.value, 8));
    if (const std::optional<double> map = m_probe->mapValue()) {
        const BlockDetail& detail = *m_document.detail();
        const bool isMerged = m_document.model()->fusion.blocks[static_cast<std::size_t>(detail.block)].fusable; // else it runs its branches
        const double own = (detail.phase == Phase::deploy && isMerged) || parts.isEmpty() ? pixel.fused.value : pixel.sum;
        text += tr("  The map of phase %1, %2, holds %3 (%4 away).")
                    .arg(toQString(toString(detail.phase)), toQString(toString(detail.settings.engine)), numberText(*map, 8),
                         numberText(std::abs(*map - own), 2));
        if (detail.phase == Phase::train) text += tr("  Phase train normalizes with the statistics of this input; the kernels shown hold the running ones.");
    }
    if (pixel.isInRim) text += tr("  This element lies on the border where the branches themselves give something else.");
    return text;
}

void PixelView::showChannels() {
    const fusion::PixelExplanation& pixel = *m_probe->explanation();
    QStringList headers{tr("Input")};
    for (const fusion::PixelTerm& branch : pixel.branches) headers << toQString(branch.name);
    headers << tr("fused");
    std::vector<TextRow> rows;
    for (std::int64_t channel : pixel.order) {
        const auto i = static_cast<std::size_t>(channel);
        TextRow row{{QString::number(pixel.firstChannel + channel)}};
        for (const fusion::PixelTerm& branch : pixel.branches) row.cells << numberText(branch.channels[i], 4);
        row.cells << numberText(pixel.fused.channels[i], 4);
        rows.push_back(std::move(row));
    }
    m_channels->setHeaders(headers);
    m_channels->setRows(std::move(rows));
    m_channelTable->setCurrentIndex(m_channels->index(0, 0));
}

void PixelView::showSheet() {
    const PixelPtr& pixel = m_probe->explanation();
    const int row = m_channelTable->currentIndex().row();
    if (pixel && row >= 0 && row < static_cast<int>(pixel->order.size()))
        m_sheet->show(pixel, pixel->order[static_cast<std::size_t>(row)]);
    else
        m_sheet->show(nullptr, 0);
}

} // namespace rp::ui
