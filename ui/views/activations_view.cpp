// SPDX-License-Identifier: Apache-2.0
#include "ui/views/activations_view.h"

#include "ui/presenters/display_text.h"
#include "ui/presenters/document.h"
#include "ui/views/map_pane.h"
#include "ui/views/painting.h"
#include "ui/views/range_legend.h"

#include <QGridLayout>
#include <QLabel>
#include <QSpinBox>

#include <algorithm>

namespace rp::ui {
namespace {

using Role = BlockMap::Role;

bool sharesRange(Role role) {
    return role == Role::branch || role == Role::sum || role == Role::output;
}

/// "+ rbr_1x1", "= sum": the panes read as the formula that they are.
QString titleOf(const BlockMap& map, bool firstBranch, bool hasBranches) {
    if (map.role == Role::branch && !firstBranch) return QStringLiteral("+ ") + map.name;
    if (map.role == Role::sum && hasBranches) return QStringLiteral("= ") + map.name;
    return map.name;
}

} // namespace

ActivationsView::ActivationsView(Document& document, QWidget* parent)
    : QWidget(parent), m_document(document), m_state(new MapViewState(this)) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(4, 4, 4, 4);
    auto* controls = new QHBoxLayout;
    buildControls(controls);
    layout->addLayout(controls);
    m_message = new QLabel(this);
    m_message->setAlignment(Qt::AlignCenter);
    m_message->setWordWrap(true);
    layout->addWidget(m_message, 1);
    m_grid = new QGridLayout;
    m_grid->setSpacing(2);
    layout->addLayout(m_grid, 1);

    connect(&document, &Document::detailChanged, this, &ActivationsView::showDetail);
    connect(&document, &Document::activityChanged, this, [this] {
        if (!m_document.detail()) showDetail();
    });
    connect(&document, &Document::sampleChanged, m_state, &MapViewState::setSample);
    connect(m_state, &MapViewState::cursorChanged, this, &ActivationsView::tellCursor);
    showDetail();
}

void ActivationsView::buildControls(QLayout* into) {
    m_description = new QLabel(this);
    m_description->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_legend = new RangeLegend(this);
    m_legend->setFixedWidth(260);
    m_sampleLabel = new QLabel(tr("Sample"), this);
    m_sample = new QSpinBox(this);
    m_channel = new QSpinBox(this);
    m_channel->setRange(-1, -1);
    m_channel->setSpecialValueText(tr("all"));
    m_channel->setToolTip(tr("Show one channel in all panes; a click on a picture does the same"));
    auto* channelLabel = new QLabel(tr("&Channel"), this);
    channelLabel->setBuddy(m_channel);
    static_cast<QHBoxLayout*>(into)->addWidget(m_description, 1);
    for (QWidget* widget :
         std::initializer_list<QWidget*>{m_legend, m_sampleLabel, m_sample, channelLabel, m_channel})
        into->addWidget(widget);
    connect(m_channel, &QSpinBox::valueChanged, m_state, &MapViewState::setChannel);
    connect(m_state, &MapViewState::channelChanged, m_channel, &QSpinBox::setValue);
    connect(m_sample, &QSpinBox::valueChanged, &m_document, &Document::setSample);
    connect(&m_document, &Document::sampleChanged, m_sample, &QSpinBox::setValue);
}

QString ActivationsView::describe(const BlockDetail& detail) const {
    QString text = tr("Phase %1, %2")
                       .arg(toQString(toString(detail.phase)), toQString(toString(detail.settings.engine)));
    if (detail.seeded) text += tr(", on a seeded input");
    return text + tr("; one colour range for all but x and Δ");
}

void ActivationsView::showDetail() {
    const BlockDetailPtr& detail = m_document.detail();
    const bool hasMaps = detail && !detail->problem && !detail->maps.empty();
    m_message->setVisible(!hasMaps);
    m_channel->setEnabled(hasMaps);
    m_legend->setVisible(hasMaps);
    const int samples = m_document.sampleCount();
    m_sample->setMaximum(std::max(0, samples - 1));
    m_sample->setVisible(samples > 1);
    m_sampleLabel->setVisible(samples > 1);
    if (hasMaps) {
        showMaps(*detail);
        return;
    }
    arrangePanes(0);
    m_description->clear();
    if (detail && detail->problem)
        m_message->setText(toSentence(toProblem(*detail->problem)));
    else if (m_document.isBusy())
        m_message->setText(tr("Computing…"));
    else
        m_message->setText(m_document.model() ? tr("Select a block at the left.")
                                              : tr("Open a checkpoint and a picture, or drop them here."));
}

void ActivationsView::showMaps(const BlockDetail& detail) {
    std::vector<const TensorD*> shared;
    std::int64_t channels = 0;
    bool hasBranches = false;
    for (const BlockMap& map : detail.maps) {
        if (sharesRange(map.role)) shared.push_back(&map.values);
        channels = std::max(channels, map.values.size(1));
        hasBranches = hasBranches || map.role == Role::branch;
    }
    for (const TensorD& branch : detail.unseenBranches)
        shared.push_back(&branch);
    const SharedRange common = commonRange(shared);
    m_legend->setRange(common.range, common.largest);
    m_description->setText(describe(detail));
    m_description->setToolTip(m_description->text());
    m_channel->setMaximum(static_cast<int>(channels) - 1);
    if (m_state->channel() >= channels) m_state->setChannel(-1);
    arrangePanes(detail.maps.size());
    bool firstBranch = true;
    for (std::size_t i = 0; i < detail.maps.size(); ++i) {
        const BlockMap& map = detail.maps[i];
        const bool shares = sharesRange(map.role);
        const SharedRange own = shares ? common : commonRange({&map.values});
        const QString note =
            shares ? QString()
                   : QStringLiteral("max |%1| %2")
                         .arg(map.role == Role::difference ? QStringLiteral("Δ") : QStringLiteral("x"),
                              numberText(own.largest, 3));
        const QString title = map.role == Role::difference ? QStringLiteral("Δ %1").arg(detail.differenceOf)
                                                           : titleOf(map, firstBranch, hasBranches);
        if (map.role == Role::branch) firstBranch = false;
        m_panes[i]->show(title, note, map.values, own.range);
        m_panes[i]->setSelected(title == m_chosen);
    }
}

/// One row for up to three maps, two rows for more.
void ActivationsView::arrangePanes(std::size_t count) {
    while (m_panes.size() + m_spare.size() < count) {
        auto* pane = new MapPane(*m_state, this);
        connect(pane, &MapPane::pressed, this, [this, pane] { choosePane(pane); });
        m_spare.push_back(pane);
        pane->hide();
    }
    for (MapPane* pane : m_panes)
        m_grid->removeWidget(pane);
    while (m_panes.size() < count) {
        m_panes.push_back(m_spare.back());
        m_spare.pop_back();
    }
    while (m_panes.size() > count) {
        m_panes.back()->hide();
        m_spare.push_back(m_panes.back());
        m_panes.pop_back();
    }
    const int columns = count <= 3 ? static_cast<int>(count) : static_cast<int>((count + 1) / 2);
    for (int column = 0; column < m_grid->columnCount(); ++column)
        m_grid->setColumnStretch(column, column < columns);
    for (std::size_t i = 0; i < m_panes.size(); ++i) {
        m_grid->addWidget(m_panes[i], static_cast<int>(i) / columns, static_cast<int>(i) % columns);
        m_grid->setColumnStretch(static_cast<int>(i) % columns, 1);
        m_panes[i]->QWidget::show();
    }
}

void ActivationsView::choosePane(const MapPane* pane) {
    m_chosen = pane->title();
    for (MapPane* other : m_panes)
        other->setSelected(other->title() == m_chosen);
}

const MapPane* ActivationsView::selectedPane() const {
    const auto chosen =
        std::ranges::find_if(m_panes, [this](const MapPane* pane) { return pane->title() == m_chosen; });
    if (chosen != m_panes.end()) return *chosen;
    const BlockDetailPtr& detail = m_document.detail();
    const MapPane* output = nullptr;
    for (std::size_t i = 0; detail && i < m_panes.size() && i < detail->maps.size(); ++i)
        if (detail->maps[i].role != Role::difference) output = m_panes[i];
    return output;
}

const TensorD* ActivationsView::selectedMap() const {
    const MapPane* pane = selectedPane();
    return pane ? &pane->map() : nullptr;
}

void ActivationsView::tellCursor() {
    const auto& cursor = m_state->cursor();
    if (!cursor) {
        emit hovered({});
        return;
    }
    QStringList values;
    for (const MapPane* pane : m_panes)
        if (const auto value = pane->valueAtCursor())
            values << QStringLiteral("%1 %2").arg(pane->title(), numberText(*value, 5));
    emit hovered(tr("channel %1, y %2, x %3:   %4")
                     .arg(cursor->channel)
                     .arg(cursor->y)
                     .arg(cursor->x)
                     .arg(values.join(QStringLiteral("    "))));
}

} // namespace rp::ui
