// SPDX-License-Identifier: Apache-2.0
#include "ui/views/map_pane.h"

#include "ui/presenters/display_text.h"
#include "ui/views/painting.h"
#include "ui/views/theme.h"

#include "core/tensor/statistics.h"

#include <QApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>

#include <cmath>

namespace rp::ui {
namespace {

constexpr int kMargin = 4;
constexpr double kNumberSide = 36; ///< pixels of an element from which its number is readable
constexpr double kWheelStep = 1.25;

} // namespace

MapPane::MapPane(MapViewState& state, QWidget* parent)
    : QWidget(parent), m_state(state), m_map(Shape{0, 0, 0, 0}) {
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    connect(&state, &MapViewState::coloursChanged, this, &MapPane::arrange);
    connect(&state, &MapViewState::channelChanged, this, &MapPane::arrange);
    connect(&state, &MapViewState::sampleChanged, this, &MapPane::arrange);
    for (auto change : {&MapViewState::cursorChanged, &MapViewState::windowChanged})
        connect(&state, change, this, qOverload<>(&QWidget::update));
    connect(&state, &MapViewState::cursorChanged, this, [this] {
        if (hasFocus()) tellAccessibleValue(*this);
    });
    connect(&state, &MapViewState::sampleChanged, this, &MapPane::changed);
}

void MapPane::show(const QString& title, const QString& note, const TensorD& map,
                   std::vector<picture::Range> ranges, std::vector<std::int64_t> order) {
    m_title = title;
    m_note = note;
    m_map = map;
    m_ranges = std::move(ranges);
    m_order = std::move(order);
    m_isPicture = false;
    setAccessibleName(tr("Feature map %1, %2").arg(title, shapeText(map.shape())));
    arrange();
    emit changed();
}

ChartTable MapPane::table() const {
    ChartTable table{{tr("channel"), tr("least"), tr("largest"), tr("mean"), tr("deviation"), tr("not finite")}, {}};
    if (m_map.count() == 0 || m_state.sample() >= m_map.size(0)) return table;
    const auto plane = static_cast<std::size_t>(m_map.size(2) * m_map.size(3));
    for (std::int64_t c = 0; c < m_map.size(1); ++c) {
        const Statistics figures =
            statisticsOf(m_map.values().subspan(static_cast<std::size_t>(m_state.sample() * m_map.size(1) + c) * plane, plane));
        TextRow row{{QString::number(c)}};
        for (double value : {figures.min, figures.max, figures.mean, figures.deviation}) row.cells << QString::number(value, 'g', 9);
        row.cells << QString::number(figures.nans + figures.infinities);
        table.rows.push_back(std::move(row));
    }
    return table;
}

QString MapPane::accessibleValue() const {
    const QString value = cursorText();
    if (value.isEmpty()) return tr("no element is chosen");
    const MapViewState::Cursor& cursor = *m_state.cursor();
    return tr("channel %1, row %2, column %3: %4").arg(cursor.channel).arg(cursor.y).arg(cursor.x).arg(value);
}

void MapPane::showPicture(const QString& title, const QString& note, const TensorD& map) {
    show(title, note, map, {picture::Range{0, 1}});
    m_isPicture = true;
    setAccessibleName(tr("Picture %1, %2").arg(title, shapeText(map.shape())));
    arrange();
}

void MapPane::setSelected(bool isSelected) {
    if (isSelected == m_isSelected) return;
    m_isSelected = isSelected;
    update();
}

bool MapPane::showsOneChannel() const {
    return !m_isPicture && m_state.channel() >= 0 && m_state.channel() < m_map.size(1);
}

int MapPane::captionHeight() const {
    return 2 * fontMetrics().height() + 4;
}

QRect MapPane::pictureRoom() const {
    return rect().adjusted(kMargin, captionHeight() + 2, -kMargin, -kMargin);
}

picture::MosaicStyle MapPane::style() const {
    picture::MosaicStyle style{m_state.colours(), m_ranges, m_order, toRgb(palette().color(QPalette::Window))};
    if (showsOneChannel()) style.order = {m_state.channel()};
    return style;
}

/// The grid for the room that there is; none without numbers or room. The picture itself is made when it is
/// painted: what nobody sees costs nothing.
void MapPane::arrange() {
    const QRect room = pictureRoom();
    m_cutOf = {};
    m_layout = {};
    update();
    if (m_map.count() == 0 || m_state.sample() >= m_map.size(0) || room.isEmpty()) return;
    m_layout = m_isPicture ? picture::pictureLayout(m_map)
                           : fittingLayout(cellCount(), m_map.size(2), m_map.size(3), room.size());
}

/// Where the whole picture stands, most of it outside the room when zoomed: the middle of the shared window in
/// the middle of the room, but no empty edge where the picture is larger than the room.
QRectF MapPane::wholePicture() const {
    const QRect room = pictureRoom();
    const QRect fitting = placeIn({static_cast<int>(m_layout.width()), static_cast<int>(m_layout.height())}, room);
    const auto& window = m_state.window();
    if (window.zoom == 1) return fitting;
    const QSizeF size = QSizeF(fitting.size()) * window.zoom;
    auto origin = [](double start, double extent, double whole, double centre) {
        if (whole <= extent) return start + (extent - whole) / 2;
        return std::clamp(start + extent / 2 - centre * whole, start + extent - whole, start);
    };
    return {QPointF(origin(room.left(), room.width(), size.width(), window.centre.x()),
                    origin(room.top(), room.height(), size.height(), window.centre.y())),
            size};
}

double MapPane::elementSide() const {
    return hasPicture() ? wholePicture().width() / static_cast<double>(m_layout.width()) : 0;
}

bool MapPane::showsNumbers() const {
    return !m_isPicture && elementSide() >= kNumberSide;
}

/// The visible part at the screen's size, kept for as long as nothing moves: hovering only redraws it.
void MapPane::cutOut(const QRect& visible, const QRectF& whole) {
    if (m_cutPlace == visible && m_cutOf == whole) return;
    m_cutPlace = visible;
    m_cutOf = whole;
    const double scale = whole.width() / static_cast<double>(m_layout.width());
    const picture::MosaicPart part{(visible.left() - whole.left()) / scale, (visible.top() - whole.top()) / scale,
                                   visible.width() / scale, visible.height() / scale};
    // As large as the room, so that zooming needs no new memory: fresh pages cost more than painting them.
    const double dense = devicePixelRatioF();
    const QSize room = (QSizeF(pictureRoom().size()) * dense).toSize(), size = (QSizeF(visible.size()) * dense).toSize();
    if (m_cut.size() != room) m_cut = QImage(room, QImage::Format_RGB32);
    m_cut.setDevicePixelRatio(dense);
    picture::Canvas canvas = canvasOf(m_cut);
    canvas.width = size.width();
    canvas.height = size.height();
    if (m_isPicture)
        picture::paintPicture(m_map, m_state.sample(), m_ranges.front(), part, canvas);
    else
        picture::paintMosaic(m_map, m_state.sample(), m_layout, style(), part, canvas);
    if (!showsNumbers()) return;
    QPainter painter(&m_cut);
    painter.setFont(font());
    painter.translate(-visible.topLeft());
    drawNumbers(painter, visible);
}

void MapPane::resizeEvent(QResizeEvent*) {
    arrange();
}

void MapPane::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) arrange();
    QWidget::changeEvent(event);
}

void MapPane::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    drawCaption(painter);
    if (!hasPicture()) return;
    const QRectF whole = wholePicture();
    const QRect visible = whole.toRect() & pictureRoom();
    if (visible.isEmpty()) return;
    cutOut(visible, whole);
    painter.drawImage(QRectF(visible), m_cut, QRectF(QPointF(), QSizeF(visible.size()) * m_cut.devicePixelRatioF()));
    painter.setPen(palette().color(hasFocus() ? QPalette::Highlight : QPalette::Mid));
    painter.drawRect(visible.adjusted(-1, -1, 0, 0));
    painter.setClipRect(visible);
    drawPins(painter);
    drawCursor(painter);
}

void MapPane::drawCaption(QPainter& painter) const {
    const QFontMetrics metrics = fontMetrics();
    const int line = metrics.height(), width = rect().width() - 2 * kMargin;
    QFont bold = font();
    bold.setBold(true);
    bold.setUnderline(m_isSelected);
    const QString number = cursorText();
    QString note = number.isEmpty() ? m_note : number;
    // A note that leaves no room for the title gives way.
    if (number.isEmpty() && QFontMetrics(bold).horizontalAdvance(m_title) + metrics.horizontalAdvance(note) + 6 > width) note.clear();
    const int noteWidth = metrics.horizontalAdvance(note);
    painter.setFont(bold);
    painter.setPen(palette().color(QPalette::WindowText));
    const QString title = QFontMetrics(bold).elidedText(m_title, Qt::ElideMiddle, width - noteWidth - 6);
    painter.drawText(QRect(kMargin, 1, width, line), Qt::AlignLeft | Qt::AlignVCenter, title);
    painter.setFont(font());
    if (number.isEmpty()) painter.setPen(mutedText(palette()));
    painter.drawText(QRect(kMargin, 1, width, line), Qt::AlignRight | Qt::AlignVCenter, note);
    painter.setPen(mutedText(palette()));
    QString second = shapeText(m_map.shape());
    if (showsOneChannel()) second += tr(", channel %1").arg(m_state.channel());
    if (m_state.window().zoom > 1) second += tr(", zoom %1×").arg(numberText(m_state.window().zoom, 2));
    painter.drawText(QRect(kMargin, 1 + line, width, line), Qt::AlignLeft | Qt::AlignVCenter,
                     metrics.elidedText(second, Qt::ElideRight, width));
}

/// The number of every element that is seen, in ink that reads on its colour.
void MapPane::drawNumbers(QPainter& painter, const QRect& visible) const {
    const QPoint first = pixelAt(visible.topLeft()), last = pixelAt(visible.bottomRight());
    for (int y = first.y(); y <= last.y(); ++y)
        for (int x = first.x(); x <= last.x(); ++x) {
            const auto element = elementAt({x, y});
            if (!element) continue;
            const QRectF cell = elementRect(*element);
            const std::int64_t at = ((m_state.sample() * m_map.size(1) + element->channel) * m_map.size(2) + element->y) *
                                        m_map.size(3) + element->x;
            const picture::Range& range = m_ranges[m_ranges.size() > 1 ? static_cast<std::size_t>(element->channel) : 0];
            painter.setPen(textOn(toQColor(picture::colourOf(m_map[at], range, m_state.colours()))));
            painter.drawText(cell, Qt::AlignCenter, fittingNumber(m_map[at], static_cast<int>(cell.width()) - 6, fontMetrics()));
        }
}

std::int64_t MapPane::cellCount() const {
    if (showsOneChannel()) return 1;
    return m_order.empty() ? m_map.size(1) : static_cast<std::int64_t>(m_order.size());
}

std::int64_t MapPane::cellOf(std::int64_t channel) const {
    if (m_isPicture || showsOneChannel()) return 0;
    if (m_order.empty()) return channel;
    const auto found = std::ranges::find(m_order, channel);
    return found == m_order.end() ? -1 : found - m_order.begin(); // a filter may have hidden it
}

QRectF MapPane::elementRect(const MapViewState::Cursor& cursor) const {
    const QRectF whole = wholePicture();
    const double scale = whole.width() / static_cast<double>(m_layout.width());
    const std::int64_t cell = cellOf(cursor.channel);
    const std::int64_t column = cell % m_layout.columns, row = cell / m_layout.columns;
    return {whole.left() + static_cast<double>(column * (m_layout.cellWidth + 1) + cursor.x) * scale,
            whole.top() + static_cast<double>(row * (m_layout.cellHeight + 1) + cursor.y) * scale, scale, scale};
}

/// A frame around the element that the mouse is on, in this pane or in another of the same size.
void MapPane::drawCursor(QPainter& painter) const {
    const auto& cursor = m_state.cursor();
    if (!cursor || !valueAtCursor()) return;
    if (showsOneChannel() && cursor->channel != m_state.channel()) return;
    if (cellOf(cursor->channel) < 0) return;
    QRectF frame = elementRect(*cursor);
    const double grow = std::max(0.0, 5 - frame.width()) / 2; // visible even where an element is less than a pixel
    frame.adjust(-grow, -grow, grow, grow);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(Qt::black, 3));
    painter.drawRect(frame);
    painter.setPen(QPen(Qt::white, 1));
    painter.drawRect(frame);
}

/// A corner of the cells of pinned channels.
void MapPane::drawPins(QPainter& painter) const {
    if (m_isPicture || showsOneChannel()) return;
    painter.setPen(Qt::NoPen);
    painter.setBrush(palette().color(QPalette::Highlight));
    for (int channel : m_state.pinned()) {
        if (channel >= m_map.size(1) || cellOf(channel) < 0) continue;
        const QPointF corner = elementRect({channel, 0, 0, 0, 0}).topLeft();
        painter.drawPolygon(QPolygonF({corner, corner + QPointF(9, 0), corner + QPointF(0, 9)}));
    }
}

std::optional<double> MapPane::valueAtCursor() const {
    const auto& cursor = m_state.cursor();
    if (!cursor || m_map.count() == 0 || m_state.sample() >= m_map.size(0)) return std::nullopt;
    const std::int64_t h = m_map.size(2), w = m_map.size(3);
    if (cursor->height != h || cursor->width != w || cursor->channel >= m_map.size(1)) return std::nullopt;
    return m_map[((m_state.sample() * m_map.size(1) + cursor->channel) * h + cursor->y) * w + cursor->x];
}

/// The number under the cursor; of a picture, that of each of its channels.
QString MapPane::cursorText() const {
    const std::optional<double> value = valueAtCursor();
    if (!value) return {};
    if (!m_isPicture) return numberText(*value, 5);
    QStringList texts;
    const MapViewState::Cursor& cursor = *m_state.cursor();
    for (std::int64_t c = 0; c < m_map.size(1); ++c)
        texts << numberText(m_map[((m_state.sample() * m_map.size(1) + c) * m_map.size(2) + cursor.y) * m_map.size(3) + cursor.x], 3);
    return texts.join(QStringLiteral("  "));
}

/// Pixel of the one-pixel-per-element image below a point of the widget.
QPoint MapPane::pixelAt(const QPointF& position) const {
    const QRectF whole = wholePicture();
    if (!hasPicture() || whole.isEmpty()) return {-1, -1};
    const double scale = whole.width() / static_cast<double>(m_layout.width());
    return {static_cast<int>(std::floor((position.x() - whole.left()) / scale)),
            static_cast<int>(std::floor((position.y() - whole.top()) / scale))};
}

std::optional<MapViewState::Cursor> MapPane::elementAt(const QPoint& pixel) const {
    if (!hasPicture()) return std::nullopt;
    const auto cell = m_layout.at(pixel.x(), pixel.y());
    if (!cell) return std::nullopt;
    const int channel = showsOneChannel() || m_order.empty()
                            ? static_cast<int>(cell->channel)
                            : static_cast<int>(m_order[static_cast<std::size_t>(cell->channel)]);
    return MapViewState::Cursor{showsOneChannel() ? m_state.channel() : channel, static_cast<int>(cell->y),
                                static_cast<int>(cell->x), static_cast<int>(m_map.size(2)),
                                static_cast<int>(m_map.size(3))};
}

void MapPane::zoomAbout(const QPointF& position, double factor) {
    const QRectF whole = wholePicture();
    const QRect room = pictureRoom();
    if (whole.isEmpty()) return;
    MapViewState::Window window = m_state.window();
    const double wanted = std::clamp(window.zoom * factor, 1.0, MapViewState::kMostZoom);
    // The point under the mouse stays there: it is `offset` from the middle before and after.
    const QPointF point((position.x() - whole.left()) / whole.width(), (position.y() - whole.top()) / whole.height());
    const QPointF offset = position - QRectF(room).center();
    const QSizeF size = whole.size() * (wanted / window.zoom);
    window.zoom = wanted;
    window.centre = {point.x() - offset.x() / size.width(), point.y() - offset.y() / size.height()};
    m_state.setWindow(window);
}

void MapPane::panBy(const QPointF& pixels) {
    const QRectF whole = wholePicture(), room = pictureRoom();
    MapViewState::Window window = m_state.window();
    // From where the picture stands, not from a centre that was beyond the edge.
    auto moved = [](double start, double extent, double origin, double size, double by) {
        const double half = std::min(0.5, extent / 2 / size);
        return std::clamp((start + extent / 2 - origin - by) / size, half, 1 - half);
    };
    window.centre = {moved(room.left(), room.width(), whole.left(), whole.width(), pixels.x()),
                     moved(room.top(), room.height(), whole.top(), whole.height(), pixels.y())};
    m_state.setWindow(window);
}

void MapPane::mouseMoveEvent(QMouseEvent* event) {
    const bool held = m_pressedAt && event->buttons().testFlag(Qt::LeftButton) && m_state.window().zoom > 1;
    if (held && (m_isDragged || (event->pos() - *m_pressedAt).manhattanLength() >= QApplication::startDragDistance())) {
        panBy(event->pos() - *m_pressedAt);
        m_pressedAt = event->pos();
        m_isDragged = true;
        return;
    }
    m_state.setCursor(pictureRoom().contains(event->pos()) ? elementAt(pixelAt(event->position())) : std::nullopt);
}

void MapPane::leaveEvent(QEvent*) {
    m_state.setCursor(std::nullopt);
}

void MapPane::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return;
    m_pressedAt = event->pos();
    m_isDragged = false;
    emit pressed();
}

void MapPane::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton || !m_pressedAt) return;
    m_pressedAt.reset();
    if (m_isDragged) return;
    const bool onPicture = pictureRoom().contains(event->pos());
    const std::optional<MapViewState::Cursor> element = onPicture ? elementAt(pixelAt(event->position())) : std::nullopt;
    if (element) emit picked(*element);
    if (element && event->modifiers().testFlag(Qt::ControlModifier))
        emit questioned();
    else if (element && event->modifiers().testFlag(Qt::ShiftModifier))
        emit pinned(element->channel);
    else
        toggleChannel(element);
}

void MapPane::toggleChannel(const std::optional<MapViewState::Cursor>& element) {
    if (m_isPicture) return;
    if (m_state.channel() >= 0)
        m_state.setChannel(-1);
    else if (element)
        m_state.setChannel(element->channel);
}

void MapPane::wheelEvent(QWheelEvent* event) {
    if (!hasPicture()) return QWidget::wheelEvent(event);
    zoomAbout(event->position(), std::pow(kWheelStep, event->angleDelta().y() / 120.0));
    event->accept();
}

/// Over the gap between two channels, and along with it what is seen.
void MapPane::moveCursor(int columns, int rows) {
    if (!hasPicture()) return;
    const auto& cursor = m_state.cursor();
    QPoint pixel(0, 0);
    if (cursor && valueAtCursor() && cellOf(cursor->channel) >= 0) {
        pixel = pixelAt(elementRect(*cursor).center()) + QPoint(columns, rows);
        if (!elementAt(pixel)) pixel += QPoint(columns, rows);
    }
    const auto element = elementAt(pixel);
    if (!element) return;
    m_state.setCursor(element);
    const QRectF rect = elementRect(*element);
    const QRect room = pictureRoom();
    if (!QRectF(room).contains(rect)) panBy(QRectF(room).center() - rect.center());
}

void MapPane::keyPressEvent(QKeyEvent* event) {
    switch (event->key()) {
    case Qt::Key_Left:
        return moveCursor(-1, 0);
    case Qt::Key_Right:
        return moveCursor(1, 0);
    case Qt::Key_Up:
        return moveCursor(0, -1);
    case Qt::Key_Down:
        return moveCursor(0, 1);
    case Qt::Key_Return:
    case Qt::Key_Enter:
        emit pressed();
        if (m_state.cursor() && valueAtCursor()) emit picked(*m_state.cursor());
        return toggleChannel(m_state.cursor());
    default:
        QWidget::keyPressEvent(event);
    }
}

} // namespace rp::ui
