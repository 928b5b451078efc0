// SPDX-License-Identifier: Apache-2.0
#include "ui/views/activations_view.h"

#include "ui/presenters/display_text.h"
#include "ui/presenters/document.h"
#include "ui/views/map_pane.h"
#include "ui/views/range_legend.h"

#include <QComboBox>
#include <QGridLayout>
#include <QLabel>
#include <QSlider>
#include <QSpinBox>

#include <algorithm>

namespace rp::ui {
namespace {

using Role = BlockMap::Role;

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
    layout->setSpacing(3);
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
    m_description = new QLabel(this);
    m_description->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    layout->addWidget(m_description);

    connect(&document, &Document::detailChanged, this, &ActivationsView::showDetail);
    connect(&document, &Document::activityChanged, this, [this] {
        if (!m_document.detail()) showDetail();
    });
    connect(&document, &Document::sampleChanged, m_state, &MapViewState::setSample);
    m_state->setSample(document.sample());
    connect(&document, &Document::chosenMapChanged, this, &ActivationsView::markChosen);
    connect(&document, &Document::blockChanged, m_state, [this] {
        m_state->setWindow({});
        m_state->clearPins(); // another block's channels have nothing to do with these
    });
    connect(m_state, &MapViewState::cursorChanged, this, &ActivationsView::tellCursor);
    for (auto change : {&MapViewState::coloursChanged, &MapViewState::scopeChanged})
        connect(m_state, change, this, &ActivationsView::showDetail);
    showDetail();
}

QComboBox* ActivationsView::addChoice(QLayout* into, const QString& label, const QStringList& texts,
                                      const QString& tip) {
    static_cast<QHBoxLayout*>(into)->addSpacing(6);
    auto* words = new QLabel(label, this);
    auto* box = new QComboBox(this);
    box->addItems(texts);
    box->setToolTip(tip);
    words->setBuddy(box);
    into->addWidget(words);
    into->addWidget(box);
    return box;
}

void ActivationsView::buildControls(QLayout* into) {
    m_legend = new RangeLegend(this);
    m_legend->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    m_legend->setMaximumWidth(320);
    m_sampleLabel = new QLabel(tr("Sample"), this);
    m_sample = new QSpinBox(this);
    m_channel = new QSpinBox(this);
    m_channel->setRange(-1, -1);
    m_channel->setSpecialValueText(tr("all"));
    m_channel->setToolTip(tr("Show one channel in all panes; a click on a picture does the same"));
    auto* channelLabel = new QLabel(tr("&Channel"), this);
    channelLabel->setBuddy(m_channel);
    static_cast<QHBoxLayout*>(into)->addWidget(m_legend, 1);
    m_colours = addChoice(into, tr("C&olours"), {tr("diverging"), tr("sequential")},
                          tr("Diverging: zero is white. Sequential: dark to bright. NaN and infinity are magenta in both."));
    m_scope = addChoice(into, tr("&Range"), {tr("block"), tr("channel"), tr("locked"), tr("network")},
                        tr("Which values take the end colours: one range for all maps of the block that can be compared, "
                           "one for each channel, those of now for whatever is selected next, or one for what all blocks put out"));
    m_order = addChoice(into, tr("&Sort"), {tr("as stored"), tr("error"), tr("energy"), tr("gamma"), tr("contribution")},
                        tr("Order of the channels, largest first: mean square of the difference, mean square of the "
                           "sum, largest |γ| of the branches' norms, or what the chosen branch (else the first) adds of all branches' energy"));
    m_strictness = new QSlider(Qt::Horizontal, this);
    m_strictness->setRange(0, 100);
    m_strictness->setFixedWidth(70);
    m_strictness->setAccessibleName(tr("Hide small channels"));
    m_strictness->setToolTip(tr("Hide channels whose figure is small; the line below tells how many are left. P or Shift+click pins a channel: it stays first"));
    into->addWidget(m_strictness);
    connect(m_strictness, &QSlider::valueChanged, this, &ActivationsView::showDetail);
    connect(m_state, &MapViewState::pinsChanged, this, &ActivationsView::showDetail);
    static_cast<QHBoxLayout*>(into)->addStretch();
    for (QWidget* widget : std::initializer_list<QWidget*>{m_sampleLabel, m_sample, channelLabel, m_channel})
        into->addWidget(widget);
    connect(m_channel, &QSpinBox::valueChanged, m_state, &MapViewState::setChannel);
    connect(m_state, &MapViewState::channelChanged, m_channel, &QSpinBox::setValue);
    connect(m_sample, &QSpinBox::valueChanged, &m_document, &Document::setSample);
    connect(&m_document, &Document::sampleChanged, m_sample, &QSpinBox::setValue);
    connect(m_colours, &QComboBox::currentIndexChanged, m_state,
            [this](int i) { m_state->setColours(static_cast<picture::ColourMap>(i)); });
    connect(m_scope, &QComboBox::currentIndexChanged, m_state, [this](int i) { m_state->setScope(static_cast<RangeScope>(i)); });
    connect(m_order, &QComboBox::currentIndexChanged, this, &ActivationsView::showDetail);
}

QString ActivationsView::describe(const BlockDetail& detail) const {
    QString text = tr("Phase %1, %2").arg(toQString(toString(detail.phase)), toQString(toString(detail.settings.engine)));
    if (detail.seeded) text += tr(", on a seeded input");
    switch (m_state->scope()) {
    case RangeScope::block:
        return text + tr("; one colour range for all but x and Δ");
    case RangeScope::channel:
        return text + tr("; every channel has a colour range of its own");
    case RangeScope::locked:
        return text + tr("; colour ranges are locked");
    case RangeScope::network:
        return text + (m_document.currentRun() && m_document.currentRun()->networkRange
                           ? tr("; one colour range for what all blocks put out, but for x and Δ")
                           : tr("; the network was not run whole: one colour range for this block"));
    }
    return text;
}

void ActivationsView::showDetail() {
    const BlockDetailPtr& detail = m_document.detail();
    if (m_state->scope() != RangeScope::locked) m_locked = {};
    const bool hasMaps = detail && !detail->problem && !detail->maps.empty();
    m_message->setVisible(!hasMaps);
    for (QWidget* control : std::initializer_list<QWidget*>{m_channel, m_colours, m_scope, m_order})
        control->setEnabled(hasMaps);
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

/// One range for the whole map, or one per channel.
std::vector<picture::Range> ActivationsView::rangesOf(const BlockMap& map) {
    const picture::ColourMap colours = m_state->colours();
    if (m_state->scope() == RangeScope::channel) {
        std::vector<picture::Range> ranges;
        for (const picture::ChannelFigures& channel : map.channels)
            ranges.push_back(picture::rangeOf(channel, colours));
        return ranges;
    }
    if (m_state->scope() == RangeScope::locked) {
        auto& locked = m_locked[static_cast<std::size_t>(map.role)];
        if (!locked) locked = map.range;
        return {locked->of(colours)};
    }
    const PhaseRunPtr& run = m_document.currentRun();
    const bool isOutput = map.role != Role::input && map.role != Role::difference;
    if (m_state->scope() == RangeScope::network && isOutput && run && run->networkRange) return {run->networkRange->of(colours)};
    return {map.range.of(colours)};
}

/// Order and filter by the figure that is sorted by; the line below the maps says what is left.
void ActivationsView::selectFrom(const BlockDetail& detail, std::int64_t channels) {
    const auto by = static_cast<ChannelOrder>(m_order->currentIndex());
    const BlockMap* chosen = m_document.chosenMap();
    const std::vector<double> figures = channelFigures(detail, by, chosen ? chosen->name : QString());
    m_strictness->setEnabled(!figures.empty());
    m_selection = selectChannels(figures, channels, m_strictness->value() / 100.0, m_state->pinned());
    QString text = describe(detail);
    if (by != ChannelOrder::stored && figures.empty()) text += tr("; there is no such figure here: channels as stored");
    if (m_selection.least) text += tr("; %1 of %2 channels, from %3 on").arg(channels - m_selection.hidden).arg(channels).arg(numberText(*m_selection.least, 3));
    m_description->setText(text);
    m_description->setToolTip(text);
}

/// Of the output, the sum or the branches, which share it.
void ActivationsView::showLegend(const BlockDetail& detail) {
    for (const BlockMap& map : detail.maps) {
        if (map.role == Role::input || map.role == Role::difference) continue;
        if (m_state->scope() == RangeScope::channel)
            m_legend->setChannels(m_state->colours());
        else
            m_legend->setRange(rangesOf(map).front(), map.range.largest, m_state->colours());
        return;
    }
}

void ActivationsView::showMaps(const BlockDetail& detail) {
    std::int64_t channels = 0;
    bool hasBranches = false;
    for (const BlockMap& map : detail.maps) {
        channels = std::max(channels, map.values.size(1));
        hasBranches = hasBranches || map.role == Role::branch;
    }
    showLegend(detail);
    m_channel->setMaximum(static_cast<int>(channels) - 1);
    if (m_state->channel() >= channels) m_state->setChannel(-1);
    const BlockMap* sum = detail.find(Role::sum);
    const std::int64_t outputs = sum ? sum->values.size(1) : channels;
    selectFrom(detail, outputs);
    arrangePanes(detail.maps.size());
    bool firstBranch = true;
    for (std::size_t i = 0; i < detail.maps.size(); ++i) {
        const BlockMap& map = detail.maps[i];
        const bool isDelta = map.role == Role::difference;
        const QString note = isDelta || map.role == Role::input
                                 ? QStringLiteral("max |%1| %2").arg(isDelta ? QStringLiteral("Δ") : QStringLiteral("x"),
                                                                     numberText(map.range.largest, 3))
                                 : QString();
        const QString title =
            isDelta ? QStringLiteral("Δ %1").arg(detail.differenceOf) : titleOf(map, firstBranch, hasBranches);
        if (map.role == Role::branch) firstBranch = false;
        const bool isOrdered = map.values.size(1) == outputs;
        m_panes[i]->show(title, note, map.values, rangesOf(map), isOrdered ? m_selection.order : std::vector<std::int64_t>());
    }
    markChosen();
}

/// One row for up to three maps, two rows for more.
void ActivationsView::arrangePanes(std::size_t count) {
    while (m_panes.size() + m_spare.size() < count) {
        auto* pane = new MapPane(*m_state, this);
        connect(pane, &MapPane::pressed, this, [this, pane] {
            const auto index = static_cast<std::size_t>(std::ranges::find(m_panes, pane) - m_panes.begin());
            const BlockDetailPtr& detail = m_document.detail();
            if (detail && index < detail->maps.size()) m_document.chooseMap(keyOf(detail->maps[index]));
        });
        connect(pane, &MapPane::pinned, m_state, &MapViewState::togglePin);
        connect(pane, &MapPane::picked, this, &ActivationsView::picked);
        connect(pane, &MapPane::questioned, this, &ActivationsView::questioned);
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

void ActivationsView::markChosen() {
    const BlockDetailPtr& detail = m_document.detail();
    const BlockMap* chosen = m_document.chosenMap();
    for (std::size_t i = 0; detail && i < m_panes.size() && i < detail->maps.size(); ++i)
        m_panes[i]->setSelected(&detail->maps[i] == chosen);
}

void ActivationsView::zoomBy(double factor) {
    MapViewState::Window window = m_state->window();
    window.zoom *= factor;
    m_state->setWindow(window);
}

void ActivationsView::zoomToFit() {
    m_state->setWindow({});
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
