// SPDX-License-Identifier: Apache-2.0
#include "ui/views/map_pane.h"

#include "ui/presenters/display_text.h"
#include "ui/views/painting.h"
#include "ui/views/theme.h"

#include <QMouseEvent>
#include <QPainter>

namespace rp::ui {
namespace {

constexpr int kMargin = 4;

/// One channel of one sample as a map of its own.
TensorD channelOf(const TensorD& map, std::int64_t sample, std::int64_t channel) {
    const std::int64_t h = map.size(2), w = map.size(3);
    const auto start = static_cast<std::size_t>((sample * map.size(1) + channel) * h * w);
    const std::span<const double> values = map.values().subspan(start, static_cast<std::size_t>(h * w));
    return TensorD(Shape{1, 1, h, w}, {values.begin(), values.end()});
}

} // namespace

MapPane::MapPane(MapViewState& state, QWidget* parent)
    : QWidget(parent), m_state(state), m_map(Shape{0, 0, 0, 0}) {
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    connect(&state, &MapViewState::channelChanged, this, &MapPane::render);
    connect(&state, &MapViewState::sampleChanged, this, &MapPane::render);
    connect(&state, &MapViewState::cursorChanged, this, qOverload<>(&QWidget::update));
}

void MapPane::show(const QString& title, const QString& note, const TensorD& map, picture::Range range) {
    m_title = title;
    m_note = note;
    m_map = map;
    m_range = range;
    setAccessibleName(tr("Feature map %1, %2").arg(title, shapeText(map.shape())));
    render();
}

void MapPane::setSelected(bool isSelected) {
    if (isSelected == m_isSelected) return;
    m_isSelected = isSelected;
    update();
}

bool MapPane::showsOneChannel() const {
    return m_state.channel() >= 0 && m_state.channel() < m_map.size(1);
}

int MapPane::captionHeight() const {
    return 2 * fontMetrics().height() + 4;
}

QRect MapPane::pictureRoom() const {
    return rect().adjusted(kMargin, captionHeight() + 2, -kMargin, -kMargin);
}

void MapPane::render() {
    const QRect room = pictureRoom();
    m_image = {};
    if (m_map.count() > 0 && m_state.sample() < m_map.size(0) && !room.isEmpty()) {
        const bool one = showsOneChannel();
        m_layout = fittingLayout(one ? 1 : m_map.size(1), m_map.size(2), m_map.size(3), room.size());
        const TensorD shown = one ? channelOf(m_map, m_state.sample(), m_state.channel()) : m_map;
        const picture::Rgb gap = toRgb(palette().color(QPalette::Window));
        m_image = toImage(picture::mosaic(shown, one ? 0 : m_state.sample(), m_layout, m_range,
                                          picture::ColourMap::diverging, gap));
    }
    m_place = placeIn(m_image.size(), room);
    m_scaled = m_image.isNull() ? QImage() : scaledTo(m_image, m_place.size());
    update();
}

void MapPane::resizeEvent(QResizeEvent*) {
    render();
}

void MapPane::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) render();
    QWidget::changeEvent(event);
}

void MapPane::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    drawCaption(painter);
    if (m_scaled.isNull()) return;
    painter.drawImage(m_place.topLeft(), m_scaled);
    painter.setPen(palette().color(QPalette::Mid));
    painter.drawRect(m_place.adjusted(-1, -1, 0, 0));
    drawCursor(painter);
}

void MapPane::drawCaption(QPainter& painter) const {
    const QFontMetrics metrics = fontMetrics();
    const int line = metrics.height(), width = rect().width() - 2 * kMargin;
    QFont bold = font();
    bold.setBold(true);
    bold.setUnderline(m_isSelected);
    const std::optional<double> value = valueAtCursor();
    const QString note = value ? numberText(*value, 5) : m_note;
    const int noteWidth = metrics.horizontalAdvance(note);
    painter.setFont(bold);
    painter.setPen(palette().color(QPalette::WindowText));
    const QString title = QFontMetrics(bold).elidedText(m_title, Qt::ElideMiddle, width - noteWidth - 6);
    painter.drawText(QRect(kMargin, 1, width, line), Qt::AlignLeft | Qt::AlignVCenter, title);
    painter.setFont(font());
    if (!value) painter.setPen(mutedText(palette()));
    painter.drawText(QRect(kMargin, 1, width, line), Qt::AlignRight | Qt::AlignVCenter, note);
    painter.setPen(mutedText(palette()));
    QString second = shapeText(m_map.shape());
    if (showsOneChannel()) second += tr(", channel %1").arg(m_state.channel());
    painter.drawText(QRect(kMargin, 1 + line, width, line), Qt::AlignLeft | Qt::AlignVCenter,
                     metrics.elidedText(second, Qt::ElideRight, width));
}

/// A frame around the element that the mouse is on, in this pane or in another of the same size.
void MapPane::drawCursor(QPainter& painter) const {
    const auto& cursor = m_state.cursor();
    if (!cursor || !valueAtCursor()) return;
    if (showsOneChannel() && cursor->channel != m_state.channel()) return;
    const std::int64_t cell = showsOneChannel() ? 0 : cursor->channel;
    const std::int64_t column = cell % m_layout.columns, row = cell / m_layout.columns;
    const double scale = m_place.width() / static_cast<double>(m_layout.width());
    const double left = static_cast<double>(column * (m_layout.cellWidth + 1) + cursor->x) * scale;
    const double top = static_cast<double>(row * (m_layout.cellHeight + 1) + cursor->y) * scale;
    const double side = std::max(scale, 5.0); // visible even where an element is less than a pixel
    const QRectF frame(m_place.left() + left + (scale - side) / 2, m_place.top() + top + (scale - side) / 2,
                       side, side);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(Qt::black, 3));
    painter.drawRect(frame);
    painter.setPen(QPen(Qt::white, 1));
    painter.drawRect(frame);
}

std::optional<double> MapPane::valueAtCursor() const {
    const auto& cursor = m_state.cursor();
    if (!cursor || m_map.count() == 0 || m_state.sample() >= m_map.size(0)) return std::nullopt;
    const std::int64_t h = m_map.size(2), w = m_map.size(3);
    if (cursor->height != h || cursor->width != w || cursor->channel >= m_map.size(1)) return std::nullopt;
    return m_map[((m_state.sample() * m_map.size(1) + cursor->channel) * h + cursor->y) * w + cursor->x];
}

std::optional<MapViewState::Cursor> MapPane::elementAt(const QPoint& position) const {
    if (m_image.isNull() || !m_place.contains(position)) return std::nullopt;
    const QPoint inside = position - m_place.topLeft();
    const auto cell =
        m_layout.at(static_cast<std::int64_t>(inside.x()) * m_image.width() / m_place.width(),
                    static_cast<std::int64_t>(inside.y()) * m_image.height() / m_place.height());
    if (!cell) return std::nullopt;
    const int channel = showsOneChannel() ? m_state.channel() : static_cast<int>(cell->channel);
    return MapViewState::Cursor{channel, static_cast<int>(cell->y), static_cast<int>(cell->x),
                                static_cast<int>(m_map.size(2)), static_cast<int>(m_map.size(3))};
}

void MapPane::mouseMoveEvent(QMouseEvent* event) {
    m_state.setCursor(elementAt(event->pos()));
}
void MapPane::leaveEvent(QEvent*) {
    m_state.setCursor(std::nullopt);
}

void MapPane::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return;
    emit pressed();
    if (m_state.channel() >= 0)
        m_state.setChannel(-1);
    else if (const auto element = elementAt(event->pos()))
        m_state.setChannel(element->channel);
}

} // namespace rp::ui
